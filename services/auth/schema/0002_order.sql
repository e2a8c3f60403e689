-- Roles, suspension, blocks, reports, what admins decided, and what happened to an account.

ALTER TABLE users
    ADD COLUMN admin BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN suspended_at DATETIME(3) NULL,
    ADD COLUMN suspended_until DATETIME(3) NULL, -- NULL while suspended_at is set: until an admin ends it
    ADD COLUMN suspended_for VARCHAR(200) NULL,
    ADD KEY ix_users_admin (admin);

CREATE TABLE block (
    user_id BINARY(16) NOT NULL,
    blocked_id BINARY(16) NOT NULL,
    blocked_at DATETIME(3) NOT NULL,
    PRIMARY KEY (user_id, blocked_id),
    KEY ix_block_at (user_id, blocked_at, blocked_id),
    CONSTRAINT fk_block_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_block_blocked FOREIGN KEY (blocked_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE report (
    id BINARY(16) NOT NULL PRIMARY KEY, -- sorts by time
    reporter_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    reason TINYINT NOT NULL,
    detail VARCHAR(1000) NULL,
    context TINYINT NOT NULL,
    context_id BINARY(16) NULL,
    context_seq BIGINT NULL,
    state TINYINT NOT NULL DEFAULT 0,
    reported_at DATETIME(3) NOT NULL,
    decided_at DATETIME(3) NULL,
    decision VARCHAR(200) NULL,
    KEY ix_report_queue (state, id),
    KEY ix_report_reporter (reporter_id, id),
    KEY ix_report_user (user_id, state),
    CONSTRAINT fk_report_reporter FOREIGN KEY (reporter_id) REFERENCES users (id),
    CONSTRAINT fk_report_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Append only: the program has no statement that changes or deletes a row, and each row's hash covers the one before,
-- so that a change by other hands shows.
CREATE TABLE admin_log (
    number BIGINT NOT NULL PRIMARY KEY,
    at DATETIME(3) NOT NULL,
    admin_id BINARY(16) NULL, -- NULL: the command line
    action TINYINT NOT NULL,
    user_id BINARY(16) NOT NULL,
    report_id BINARY(16) NULL,
    until DATETIME(3) NULL,
    reason VARCHAR(200) NOT NULL,
    hash BINARY(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What happened to an account, for its owner; kept for 180 days.
CREATE TABLE security_log (
    user_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL, -- sorts by time
    at DATETIME(3) NOT NULL,
    kind TINYINT NOT NULL,
    device VARCHAR(80) NULL,
    address VARCHAR(45) CHARACTER SET ascii NULL,
    note VARCHAR(200) NULL,
    PRIMARY KEY (user_id, id),
    KEY ix_security_log_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO due (kind, subject, due_at, next_try_at)
VALUES ('auth.security_clean', 0x00000000000000000000000000000002, '2020-01-01 00:00:00', '2020-01-01 00:00:00');
