-- Everything that changes what a client shows is an entry of its own; rooms of two neighbours; what members set.

ALTER TABLE entry
    ADD COLUMN target BIGINT NULL,                    -- edit, delete, reaction, pin: the message
    ADD COLUMN extra TEXT NULL,                       -- JSON of ChatExtra: what only some entries have
    ADD COLUMN revised BIGINT NULL,                   -- seq of the edit or delete this message stands for
    ADD COLUMN deleted BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE room
    ADD COLUMN kind TINYINT NOT NULL DEFAULT 0,
    ADD COLUMN blocked BOOLEAN NOT NULL DEFAULT FALSE, -- of two neighbours: one has blocked the other
    ADD COLUMN notice_seq BIGINT NULL,                -- the pinned notice
    ADD COLUMN shown_seq BIGINT NOT NULL DEFAULT 0,   -- newest message or card: what the list of rooms shows
    ADD COLUMN shown_at DATETIME(3) NULL,             -- and its time, by which the list is sorted
    ADD COLUMN members BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN noticing BOOLEAN NOT NULL DEFAULT FALSE, -- a look for those who have not read is due
    ADD COLUMN noticed_seq BIGINT NOT NULL DEFAULT 0, -- everybody was told up to here
    ADD COLUMN expected BIGINT NOT NULL DEFAULT 0,    -- shares of the confirmed deal, and (paid) how many of them are captured
    ADD COLUMN paid BIGINT NOT NULL DEFAULT 0;

UPDATE room r SET r.members = (SELECT COUNT(*) FROM member m WHERE m.room_id = r.id AND m.left_seq IS NULL),
    r.noticed_seq = r.last_seq, r.shown_at = r.changed_at,
    r.shown_seq = COALESCE((SELECT MAX(e.seq) FROM entry e WHERE e.room_id = r.id AND e.type IN (0, 3)), 0);

ALTER TABLE member
    ADD COLUMN pinned_at DATETIME(3) NULL,
    ADD COLUMN muted BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN muted_until DATETIME(3) NULL;

ALTER TABLE person
    ADD COLUMN inbox_unread BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN changed_at DATETIME(3) NULL,
    ADD KEY ix_person_changed (changed_at);

-- Earlier wordings of edited and deleted messages: seen in reports, forgotten after thirty days.
CREATE TABLE wording (
    room_id BINARY(16) NOT NULL,
    target BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- of the entry that brought it: the message, or an edit of it
    body VARCHAR(2000) NULL,
    extra TEXT NULL,
    replaced_at DATETIME(3) NOT NULL,
    PRIMARY KEY (room_id, target, seq),
    KEY ix_wording_replaced (room_id, replaced_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE reaction (
    room_id BINARY(16) NOT NULL,
    target BIGINT NOT NULL,
    user_id BINARY(16) NOT NULL,
    emoji VARCHAR(8) NOT NULL,
    PRIMARY KEY (room_id, target, user_id, emoji),
    KEY ix_reaction_user (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The service's own copy of who has blocked whom.
CREATE TABLE block (
    user_id BINARY(16) NOT NULL,
    blocked_id BINARY(16) NOT NULL,
    PRIMARY KEY (user_id, blocked_id),
    KEY ix_block_blocked (blocked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How deals stand, for those who watch them.
CREATE TABLE progress (
    deal_id BINARY(16) NOT NULL PRIMARY KEY,
    state VARCHAR(20) NOT NULL,
    taken BIGINT NOT NULL,
    portions BIGINT NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    KEY ix_progress_changed (changed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Reported messages. Never changed: each hash covers the one before it.
CREATE TABLE report (
    number BIGINT NOT NULL PRIMARY KEY,
    id BINARY(16) NOT NULL,
    room_id BINARY(16) NOT NULL,
    seq BIGINT NOT NULL,
    reporter_id BINARY(16) NOT NULL,
    accused_id BINARY(16) NOT NULL,
    reason TINYINT NOT NULL,
    body VARCHAR(500) NULL,
    snapshot MEDIUMTEXT NOT NULL,
    hash BINARY(32) NOT NULL,
    at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_report_id (id),
    UNIQUE KEY uq_report_message (room_id, seq, reporter_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE report_chain (
    id TINYINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    hash BINARY(32) NOT NULL
) ENGINE=InnoDB;
INSERT INTO report_chain (id, number, hash) VALUES (1, 0, REPEAT(CHAR(0), 32));

-- Uploaded pictures: who may see one is who may see the room.
CREATE TABLE image (
    room_id BINARY(16) NOT NULL,
    owner_id BINARY(16) NOT NULL,
    name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (room_id, owner_id, name),
    KEY ix_image_owner (owner_id),
    KEY ix_image_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
