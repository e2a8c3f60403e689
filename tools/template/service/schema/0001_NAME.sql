-- Notes, and how many each person keeps (the row that is locked before one is added).

CREATE TABLE notebook (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    kept BIGINT NOT NULL,
    CHECK (kept >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE note (
    note_id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    text VARCHAR(500) NOT NULL,
    at DATETIME(3) NOT NULL,
    KEY ix_note_user (user_id, note_id),
    CONSTRAINT fk_note_notebook FOREIGN KEY (user_id) REFERENCES notebook (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
