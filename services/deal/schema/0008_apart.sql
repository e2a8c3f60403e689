-- Who blocked this user: lists ask it both ways round.
ALTER TABLE blocked ADD KEY ix_blocked_by (blocked_id, user_id);
