-- Pictures that are being stored and are nobody's yet: what is still here after an hour was given up, and its file goes.
CREATE TABLE stray_picture (
    id BINARY(16) NOT NULL PRIMARY KEY, -- follows from the name, like that of picture
    name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    since DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
