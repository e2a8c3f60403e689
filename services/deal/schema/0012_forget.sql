-- What is kept of one person is found by the person.
ALTER TABLE wait ADD KEY ix_wait_user (user_id);
