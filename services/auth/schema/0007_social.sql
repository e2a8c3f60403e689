-- Log-in by other services: who there is whom here, and what is under way.
CREATE TABLE social_link (
    provider VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- the person's id over there
    user_id BINARY(16) NOT NULL,
    linked_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE KEY uq_social_link_user (user_id, provider),
    CONSTRAINT fk_social_link_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One attempt of one browser, known by the hash of its cookie. While somebody is at the other service it has a state.
-- When he comes back as a stranger it keeps who he is there until he has proved a phone.
CREATE TABLE social_attempt (
    cookie_hash BINARY(32) NOT NULL PRIMARY KEY,
    provider VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state_hash BINARY(32) NULL,      -- NULL: came back, the state is used up
    verifier VARCHAR(64) CHARACTER SET ascii NOT NULL,
    nonce VARCHAR(64) CHARACTER SET ascii NOT NULL,
    user_id BINARY(16) NULL,         -- linking from inside this user's session
    subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    nickname VARCHAR(60) NULL,       -- proposed by the other service
    expires_at DATETIME(3) NOT NULL,
    KEY ix_social_attempt_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
