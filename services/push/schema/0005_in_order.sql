-- A large audience goes in the order of people, in parts that several instances work on side by side: rows and index
-- entries come to lie where their neighbours are. Instances of the release before go on by `done_to` while this one
-- rolls out; a fan-out that they began is begun again, and who has been told is left out.
ALTER TABLE fanout
    ADD COLUMN done_user BINARY(16) NULL, -- everybody up to this one has been told
    ADD COLUMN part TINYINT NOT NULL DEFAULT 0, -- of `parts`: people by the last byte of their id
    ADD COLUMN parts TINYINT NOT NULL DEFAULT 1,
    ADD KEY ix_fanout_event (event_id, announcing);

ALTER TABLE keyword
    DROP PRIMARY KEY,
    ADD PRIMARY KEY (user_id, id),
    ADD UNIQUE KEY uq_keyword_id (id);

-- Nobody asks for it.
ALTER TABLE notice DROP KEY ix_notice_deal;

-- Unused since 0002.
DROP TABLE delivery;
