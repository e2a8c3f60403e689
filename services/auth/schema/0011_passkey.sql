-- Passkeys: public keys of authenticators, and the challenges that are under way.
CREATE TABLE passkey (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    credential_hash BINARY(32) NOT NULL, -- SHA-256 of the credential's id, which may be long
    credential VARBINARY(1023) NOT NULL,
    point BINARY(65) NOT NULL,
    counter BIGINT NOT NULL,
    name VARCHAR(40) NOT NULL,
    made_at DATETIME(3) NOT NULL,
    used_at DATETIME(3) NULL,
    UNIQUE KEY uq_passkey_credential (credential_hash),
    KEY ix_passkey_user (user_id),
    CONSTRAINT fk_passkey_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE passkey_challenge (
    id BINARY(16) NOT NULL PRIMARY KEY,
    purpose TINYINT NOT NULL,
    challenge BINARY(32) NOT NULL,
    user_id BINARY(16) NULL,
    act_digest BINARY(32) NULL, -- step-up: of the one act it agrees to
    expires_at DATETIME(3) NOT NULL,
    KEY ix_passkey_challenge_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
