-- Rooms, who is in them, and each room's log.

CREATE TABLE person (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    nickname VARCHAR(20) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A deal's room; its id is the deal's.
CREATE TABLE room (
    id BINARY(16) NOT NULL PRIMARY KEY,
    host_id BINARY(16) NOT NULL,
    title VARCHAR(60) NOT NULL,
    is_open BOOLEAN NOT NULL DEFAULT TRUE,
    last_seq BIGINT NOT NULL DEFAULT 0,  -- entries so far
    messages BIGINT NOT NULL DEFAULT 0,  -- of them written by people
    announced BIGINT NOT NULL DEFAULT 0, -- events of this room so far
    changed_at DATETIME(3) NOT NULL,
    KEY ix_room_changed (changed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE member (
    room_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    joined_seq BIGINT NOT NULL,
    left_seq BIGINT NULL, -- sees nothing above it
    read_seq BIGINT NOT NULL,
    changed_at DATETIME(3) NOT NULL,
    PRIMARY KEY (room_id, user_id),
    KEY ix_member_user (user_id, left_seq),
    KEY ix_member_changed (changed_at),
    CONSTRAINT fk_member_room FOREIGN KEY (room_id) REFERENCES room (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The log: seq is 1, 2, 3 ... in each room, given under the room's row lock.
CREATE TABLE entry (
    room_id BINARY(16) NOT NULL,
    seq BIGINT NOT NULL,
    messages BIGINT NOT NULL, -- written by people up to and with this entry: unread counts are a subtraction
    type TINYINT NOT NULL,
    sender_id BINARY(16) NULL,
    cid BINARY(16) NULL,
    body VARCHAR(2000) NULL,
    card TINYINT NULL,
    amount_won BIGINT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (room_id, seq),
    UNIQUE KEY uq_entry_cid (room_id, sender_id, cid),
    CONSTRAINT fk_entry_room FOREIGN KEY (room_id) REFERENCES room (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
