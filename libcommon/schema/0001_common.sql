-- What libcommon keeps in every service's schema: events out and in, idempotency, due work, ended sessions.

CREATE TABLE outbox (
    position BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id BINARY(16) NOT NULL,
    topic VARCHAR(100) CHARACTER SET ascii NOT NULL,
    aggregate BINARY(16) NOT NULL,
    sequence BIGINT NOT NULL,
    type VARCHAR(100) CHARACTER SET ascii NOT NULL,
    envelope MEDIUMTEXT NOT NULL,
    traceparent VARCHAR(55) CHARACTER SET ascii NOT NULL,
    created_at DATETIME(3) NOT NULL,
    published_at DATETIME(3) NULL,
    UNIQUE KEY uq_outbox_id (id),
    UNIQUE KEY uq_outbox_sequence (aggregate, sequence),
    KEY ix_outbox_unpublished (published_at, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What the broker has acknowledged of each partition: a lower offset later on means that it lost data, and all is
-- published again.
CREATE TABLE outbox_partition (
    topic VARCHAR(100) CHARACTER SET ascii NOT NULL,
    part INT NOT NULL,
    next_offset BIGINT NOT NULL,
    PRIMARY KEY (topic, part)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How far each aggregate of a topic has been applied here, whether later events of it wait in inbox_parked, and how
-- often the owner was asked for what is missing.
CREATE TABLE inbox_aggregate (
    topic VARCHAR(100) CHARACTER SET ascii NOT NULL,
    aggregate BINARY(16) NOT NULL,
    applied BIGINT NOT NULL,
    poisoned BOOLEAN NOT NULL DEFAULT FALSE,
    parked BOOLEAN NOT NULL DEFAULT FALSE,
    asks INT NOT NULL DEFAULT 0,
    next_ask_at DATETIME(3) NULL,
    updated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (topic, aggregate)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Events that came early, or behind a poisoned one, until their turn comes.
CREATE TABLE inbox_parked (
    topic VARCHAR(100) CHARACTER SET ascii NOT NULL,
    aggregate BINARY(16) NOT NULL,
    sequence BIGINT NOT NULL,
    id BINARY(16) NOT NULL,
    envelope MEDIUMTEXT NOT NULL,
    reason VARCHAR(500) NOT NULL,
    parked_at DATETIME(3) NOT NULL,
    PRIMARY KEY (topic, aggregate, sequence),
    KEY ix_inbox_parked_id (id),
    KEY ix_inbox_parked_at (parked_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Up to which instant each partition has been read completely (the time rule of due work).
CREATE TABLE consumed (
    topic VARCHAR(100) CHARACTER SET ascii NOT NULL,
    part INT NOT NULL,
    complete_until DATETIME(3) NOT NULL,
    PRIMARY KEY (topic, part)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE idempotency (
    user_id BINARY(16) NOT NULL,
    idempotency_key BINARY(16) NOT NULL,
    route VARCHAR(120) CHARACTER SET ascii NOT NULL,
    body_hash BINARY(32) NOT NULL,
    status SMALLINT NOT NULL,
    reply MEDIUMTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (user_id, route, idempotency_key),
    KEY ix_idempotency_created (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE due (
    kind VARCHAR(60) CHARACTER SET ascii NOT NULL,
    subject BINARY(16) NOT NULL,
    due_at DATETIME(3) NOT NULL,
    next_try_at DATETIME(3) NOT NULL,
    attempts INT NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, subject),
    KEY ix_due_next (kind, next_try_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE ended_session (
    position BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    session_id BINARY(16) NULL,
    version BIGINT NOT NULL,
    ended_at DATETIME(3) NOT NULL,
    KEY ix_ended_session_at (ended_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
