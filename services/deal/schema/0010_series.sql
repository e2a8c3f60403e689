-- Deals that open again and again. The times of the first one are kept as the clock on the wall shows them in its zone.
CREATE TABLE series (
    id BINARY(16) NOT NULL PRIMARY KEY,
    host_id BINARY(16) NOT NULL,
    first_deal BINARY(16) NOT NULL, -- what every next one is like
    last_deal BINARY(16) NOT NULL,
    rule VARCHAR(120) CHARACTER SET ascii NOT NULL,
    zone VARCHAR(60) CHARACTER SET ascii NOT NULL,
    made BIGINT NOT NULL, -- openings so far, the first included
    last_day BIGINT NOT NULL, -- local day of the last occurrence, also of one that was left out
    next_at DATETIME(3) NULL, -- NULL: it has ended
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_series_first (first_deal),
    KEY ix_series_host (host_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Neighbours who want the same every time.
CREATE TABLE series_order (
    series_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    quantity BIGINT NOT NULL,
    tolerance BIGINT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (series_id, user_id),
    KEY ix_series_order_user (user_id),
    CONSTRAINT fk_series_order FOREIGN KEY (series_id) REFERENCES series (id) ON DELETE CASCADE,
    CONSTRAINT ck_series_order CHECK (quantity >= 1 AND tolerance >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
