-- An account with a passkey or a payment PIN whose owner has proved nothing but his phone, from a device not known: it
-- waits, is told on every device, and can be stopped there.
CREATE TABLE recovery (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    asked_at DATETIME(3) NOT NULL,
    ready_at DATETIME(3) NOT NULL, -- from then on the phone is enough
    until_at DATETIME(3) NOT NULL, -- and after this no longer
    CONSTRAINT ck_recovery_order CHECK (asked_at < ready_at AND ready_at < until_at),
    CONSTRAINT fk_recovery_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
