-- Accounts, proofs of phone, sessions, budgets.

CREATE TABLE users (
    id BINARY(16) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL, -- events of this account so far
    login_id VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    nickname VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
    phone VARCHAR(11) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    password VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- PHC string
    session_version BIGINT NOT NULL DEFAULT 1,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_users_login_id (login_id),
    UNIQUE KEY uq_users_nickname (nickname),
    UNIQUE KEY uq_users_phone (phone)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A code sent by SMS. Only its keyed hash is kept; the row goes away soon after it expired.
CREATE TABLE phone_code (
    id BINARY(16) NOT NULL PRIMARY KEY,
    phone VARCHAR(11) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    code_hash BINARY(32) NOT NULL,
    tries INT NOT NULL DEFAULT 0,
    expires_at DATETIME(3) NOT NULL,
    used_at DATETIME(3) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A device that is logged in. Refresh tokens follow from (id, salt, generation) and the service's secret: none is stored.
CREATE TABLE sessions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    salt BINARY(16) NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at DATETIME(3) NOT NULL,
    device VARCHAR(80) NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    end_reason TINYINT NULL,
    KEY ix_sessions_user (user_id, ended_at, opened_at),
    CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How much of something one phone, address or account has used in a window of time.
CREATE TABLE budget (
    budget_key BINARY(32) NOT NULL,
    window_no BIGINT NOT NULL,
    used BIGINT NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    PRIMARY KEY (budget_key, window_no),
    KEY ix_budget_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The hourly cleaning of budgets is due work like any other; it sets itself again.
INSERT INTO due (kind, subject, due_at, next_try_at)
VALUES ('auth.budget_clean', 0x00000000000000000000000000000001, '2020-01-01 00:00:00', '2020-01-01 00:00:00');
