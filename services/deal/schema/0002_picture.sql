-- Stored pictures: one row for each, however many neighbours uploaded it (table photo), and whether smaller ones exist.
CREATE TABLE picture (
    id BINARY(16) NOT NULL PRIMARY KEY, -- follows from the name: subject of the work that makes the smaller ones
    name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sized TINYINT NOT NULL DEFAULT 0, -- 0: not yet, 1: small, medium and large are there, 2: it cannot be decoded
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_picture_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
