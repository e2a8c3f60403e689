-- Deals that do not recruit any more are found by the same questions. They lie apart, so that those who look for what
-- can be joined never read them; state comes first in every order, since a question is always about one.
CREATE TABLE listing_past (
    state TINYINT NOT NULL,
    cell BIGINT NOT NULL,
    deal_id BINARY(16) NOT NULL,
    category TINYINT NOT NULL,
    measure TINYINT NOT NULL,
    unit_won BIGINT NOT NULL,
    portion_won BIGINT NOT NULL,
    left_n BIGINT NOT NULL,
    saves BIGINT NOT NULL DEFAULT 0,
    closes_at DATETIME(3) NOT NULL,
    stamp BIGINT NOT NULL,
    PRIMARY KEY (state, cell, deal_id),
    UNIQUE KEY uq_past_deal (deal_id),
    KEY ix_past_new (state, deal_id),
    KEY ix_past_closing (state, closes_at, deal_id),
    KEY ix_past_left (state, left_n, deal_id),
    KEY ix_past_saves (state, saves, deal_id),
    KEY ix_past_unit (state, measure, unit_won, deal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE listing_past_word (
    word VARCHAR(40) NOT NULL,
    state TINYINT NOT NULL,
    cell BIGINT NOT NULL,
    deal_id BINARY(16) NOT NULL,
    PRIMARY KEY (word, state, cell, deal_id),
    KEY ix_past_word_deal (deal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE listing_past_cell (
    state TINYINT NOT NULL,
    cell BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (state, cell),
    CONSTRAINT ck_past_cell CHECK (n >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Those from before this: the service writes their rows.
INSERT INTO due (kind, subject, due_at, next_try_at)
    SELECT 'deal.list', id, created_at, created_at FROM deal WHERE state <> 0
    ON DUPLICATE KEY UPDATE next_try_at = VALUES(next_try_at);
