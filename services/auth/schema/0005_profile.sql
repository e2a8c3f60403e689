-- What neighbours see of an account. The picture is small (320 pixels, WebP), so it stays with the account,
-- which knows it by its hash.
ALTER TABLE users
    ADD COLUMN introduction VARCHAR(300) CHARACTER SET utf8mb4 NULL,
    ADD COLUMN picture CHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL;

CREATE TABLE avatar (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    bytes MEDIUMBLOB NOT NULL,
    CONSTRAINT fk_avatar_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
