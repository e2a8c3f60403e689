-- Leaving. A purged account stays as a row without anything of the person: its id and its number of events are what
-- other rows and other services refer to.

ALTER TABLE users
    MODIFY COLUMN login_id VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    MODIFY COLUMN nickname VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NULL,
    MODIFY COLUMN phone VARCHAR(11) CHARACTER SET ascii COLLATE ascii_bin NULL,
    MODIFY COLUMN password VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN closing_id BINARY(16) NULL, -- the newest attempt
    ADD COLUMN closed_at DATETIME(3) NULL,
    ADD COLUMN purged_at DATETIME(3) NULL;

CREATE TABLE closing (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    state TINYINT NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    closed_at DATETIME(3) NULL,
    purge_at DATETIME(3) NULL,
    deal_answered BOOLEAN NOT NULL DEFAULT FALSE,
    pay_answered BOOLEAN NOT NULL DEFAULT FALSE,
    KEY ix_closing_user (user_id),
    CONSTRAINT fk_closing_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What had to be settled first, as deal and pay said.
CREATE TABLE closing_item (
    closing_id BINARY(16) NOT NULL,
    service VARCHAR(10) CHARACTER SET ascii NOT NULL,
    no INT NOT NULL,
    kind TINYINT NOT NULL,
    item_id BINARY(16) NULL,
    title VARCHAR(80) NULL,
    amount_won BIGINT NULL,
    PRIMARY KEY (closing_id, service, no),
    CONSTRAINT fk_closing_item_closing FOREIGN KEY (closing_id) REFERENCES closing (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE purge_receipt (
    closing_id BINARY(16) NOT NULL,
    service VARCHAR(10) CHARACTER SET ascii NOT NULL,
    row_count BIGINT NOT NULL,
    received_at DATETIME(3) NOT NULL,
    PRIMARY KEY (closing_id, service),
    CONSTRAINT fk_purge_receipt_closing FOREIGN KEY (closing_id) REFERENCES closing (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
