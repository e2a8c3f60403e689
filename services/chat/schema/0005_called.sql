-- When a room was last told of, and whether a message since then calls somebody by name: most do not, and then none is
-- looked for.

ALTER TABLE room
    ADD COLUMN noticed_at DATETIME(3) NULL,
    ADD COLUMN called BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE room SET called = TRUE WHERE noticing = TRUE;
