-- Preferences, mutes, digests, keyword alerts, text messages and what they cost.

CREATE TABLE preference (
    user_id BINARY(16) NOT NULL,
    kind TINYINT NOT NULL,
    web TINYINT NOT NULL, -- enum push_mode
    sms BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE mute (
    user_id BINARY(16) NOT NULL,
    deal_id BINARY(16) NOT NULL,
    until_at DATETIME(3) NULL, -- NULL: until it is taken away
    PRIMARY KEY (user_id, deal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One window of one person; its row is what keeps it from being sent twice.
CREATE TABLE digest (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    window_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    UNIQUE KEY uq_digest_window (user_id, window_at),
    KEY ix_digest_window (window_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE keyword (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    word VARCHAR(30) NOT NULL, -- as it is shown
    folded VARCHAR(30) NOT NULL, -- as it is looked for
    lat BIGINT NOT NULL, -- micro-degrees, rounded to about 100 m
    lng BIGINT NOT NULL,
    radius_m INT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_keyword_word (user_id, folded),
    KEY ix_keyword_place (lat, lng)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A number that somebody says is his, until the code proves it.
CREATE TABLE phone_code (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    phone VARCHAR(11) CHARACTER SET ascii NOT NULL,
    code_hash BINARY(32) NOT NULL,
    tries INT NOT NULL,
    expires_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Every text message: what it was, what it cost, what the gateway says became of it.
CREATE TABLE sms (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    notice_id BINARY(16) NULL, -- NULL: a code
    type TINYINT NOT NULL, -- 0 none (refused by a budget), 1 SMS, 2 LMS
    bytes INT NOT NULL,
    cost_won INT NOT NULL,
    state TINYINT NOT NULL, -- enum push_sms_state
    request VARCHAR(60) CHARACTER SET ascii NULL, -- the gateway's id
    asks INT NOT NULL DEFAULT 0,
    at DATETIME(3) NOT NULL,
    reported_at DATETIME(3) NULL,
    KEY ix_sms_user (user_id, at),
    UNIQUE KEY uq_sms_notice (notice_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What was spent, by day and person; the person of zeroes is all together.
CREATE TABLE sms_budget (
    day INT NOT NULL, -- of Seoul, since 1970
    user_id BINARY(16) NOT NULL,
    messages BIGINT NOT NULL,
    won BIGINT NOT NULL,
    PRIMARY KEY (day, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Hourly from now on: what is too old is deleted.
INSERT INTO due (kind, subject, due_at, next_try_at, attempts)
    VALUES ('push.keep', 0x00000000000000000000000000000100, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 0);
