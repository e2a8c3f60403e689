-- The payment PIN: argon2id over the PIN keyed with the service's secret, so that the table alone is no use to a thief.
CREATE TABLE pin (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    hash VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    tries INT NOT NULL DEFAULT 0, -- since the last right one; at five it is locked
    set_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_pin_tries CHECK (tries BETWEEN 0 AND 5),
    CONSTRAINT fk_pin_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
