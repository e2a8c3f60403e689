-- 1/N requests: one neighbour asks several for their part of up to five bills.

CREATE TABLE money_request (
    id BINARY(16) NOT NULL PRIMARY KEY,
    creator_id BINARY(16) NOT NULL,
    title VARCHAR(120) NOT NULL,
    memo VARCHAR(200) NULL,
    deal_id BINARY(16) NULL,
    room_id BINARY(16) NULL,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL DEFAULT 'open',
    step BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    reminded_at DATETIME(3) NULL,
    ended_at DATETIME(3) NULL,
    KEY ix_request_creator (creator_id, created_at, id),
    CONSTRAINT ck_request_state CHECK (state IN ('open', 'done', 'cancelled'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE request_round (
    request_id BINARY(16) NOT NULL,
    round INT NOT NULL,
    title VARCHAR(120) NULL,
    total BIGINT NOT NULL,
    split VARCHAR(10) CHARACTER SET ascii NOT NULL,
    own BIGINT NOT NULL,
    receipt VARCHAR(300) NULL,
    PRIMARY KEY (request_id, round),
    CONSTRAINT ck_round_number CHECK (round BETWEEN 1 AND 5),
    CONSTRAINT ck_round_total CHECK (total > 0 AND own >= 0 AND own <= total),
    CONSTRAINT fk_round_request FOREIGN KEY (request_id) REFERENCES money_request (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE request_part (
    request_id BINARY(16) NOT NULL,
    round INT NOT NULL,
    user_id BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    paid BIGINT NOT NULL DEFAULT 0,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL,
    place INT NOT NULL,
    PRIMARY KEY (request_id, round, user_id),
    KEY ix_part_user (user_id, request_id),
    CONSTRAINT ck_part_state CHECK (state IN ('open', 'paid', 'declined', 'cancelled')),
    CONSTRAINT ck_part_paid CHECK (amount >= 0 AND paid >= 0 AND paid <= amount),
    CONSTRAINT ck_part_whole CHECK (state <> 'paid' OR paid = amount),
    CONSTRAINT fk_part_round FOREIGN KEY (request_id, round) REFERENCES request_round (request_id, round)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE request_reminder (
    id BINARY(16) NOT NULL PRIMARY KEY,
    request_id BINARY(16) NOT NULL,
    remind_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    KEY ix_reminder_request (request_id, remind_at),
    CONSTRAINT fk_reminder_request FOREIGN KEY (request_id) REFERENCES money_request (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
