-- Where a session has last proved to be: the area, as everywhere. And the codes of the last hour are looked at together.

ALTER TABLE sessions
    ADD COLUMN area_code BIGINT NULL,
    ADD COLUMN area_at DATETIME(3) NULL;

ALTER TABLE phone_code ADD KEY ix_phone_code_expires (expires_at);
