-- The inbox, the devices, and push's own copy of who is who and who is in what.

CREATE TABLE person (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    nickname VARCHAR(20) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who waits for or is in which deal, with the share's title kept for later events that do not carry it.
CREATE TABLE share (
    share_id BINARY(16) NOT NULL PRIMARY KEY,
    deal_id BINARY(16) NOT NULL,
    host_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    title VARCHAR(60) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE inbox (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL, -- events of this inbox so far
    unread BIGINT NOT NULL,
    CONSTRAINT ck_inbox_unread CHECK (unread >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per (event, person): the id follows from both.
CREATE TABLE notice (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    event_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL, -- ascending in this inbox; reading takes a version too, so there are gaps
    kind TINYINT NOT NULL,
    deal_id BINARY(16) NULL,
    title VARCHAR(80) NOT NULL, -- of the deal, or the device
    who VARCHAR(20) NULL,
    amount_won BIGINT NULL,
    at DATETIME(3) NOT NULL,
    read_at DATETIME(3) NULL,
    UNIQUE KEY uq_notice_event (event_id, user_id),
    UNIQUE KEY uq_notice_position (user_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE device (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    endpoint VARCHAR(1000) CHARACTER SET ascii NOT NULL,
    endpoint_hash BINARY(32) NOT NULL,
    p256dh BINARY(65) NOT NULL,
    auth BINARY(16) NOT NULL,
    lang TINYINT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_device_endpoint (endpoint_hash),
    KEY ix_device_user (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One notice on its way to one device; gone when it is there or given up. Due work `push.deliver` carries it.
CREATE TABLE delivery (
    id BINARY(16) NOT NULL PRIMARY KEY,
    notice_id BINARY(16) NOT NULL,
    device_id BINARY(16) NOT NULL,
    give_up_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_delivery_notice FOREIGN KEY (notice_id) REFERENCES notice (id) ON DELETE CASCADE,
    CONSTRAINT fk_delivery_device FOREIGN KEY (device_id) REFERENCES device (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
