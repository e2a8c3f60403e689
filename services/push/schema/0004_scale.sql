-- Large audiences: the place of a notice in its inbox is counted apart from the events of that inbox, so that a hundred
-- thousand rows can be written first and announced afterwards. And the tags of a deal are looked through too.

-- `place` is that of the newest notice. It begins far above the versions: instances of the release before still take
-- those for places while this one rolls out.
ALTER TABLE inbox
    ADD COLUMN place BIGINT NOT NULL DEFAULT 1000000;
UPDATE inbox SET place = version + 1000000;

-- `announcing`: everybody has his row, now the counts are announced. `tags`: folded, with spaces between them.
ALTER TABLE fanout
    ADD COLUMN announcing BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN tags VARCHAR(500) NULL;
