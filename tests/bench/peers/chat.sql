CREATE TABLE message (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    room_id BINARY(16) NOT NULL,
    sender_id BINARY(16) NOT NULL,
    cid BINARY(16) NOT NULL,
    body VARCHAR(2000) NOT NULL,
    at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_cid (room_id, sender_id, cid)
) ENGINE=InnoDB;
CREATE TABLE member (
    room_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    PRIMARY KEY (room_id, user_id),
    KEY ix_member_user (user_id)
) ENGINE=InnoDB;
