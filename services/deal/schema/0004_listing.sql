-- What can be found: one narrow row for every deal that recruits, lying beside those of the same grid cell, so that
-- looking around a point reads a few runs of rows. It follows the deal in the same transaction.

CREATE TABLE listing (
    cell BIGINT NOT NULL,       -- row * 100000 + column of the grid, see find.h
    deal_id BINARY(16) NOT NULL, -- UUIDv7: also the order of opening
    category TINYINT NOT NULL,
    measure TINYINT NOT NULL,    -- what unit_won compares: 100 g, 100 ml, a piece
    unit_won BIGINT NOT NULL,
    portion_won BIGINT NOT NULL,
    left_n BIGINT NOT NULL,      -- portions that can still be joined
    saves BIGINT NOT NULL DEFAULT 0,
    closes_at DATETIME(3) NOT NULL,
    stamp BIGINT NOT NULL,       -- of title, tags and what else the row was written from
    PRIMARY KEY (cell, deal_id),
    UNIQUE KEY uq_listing_deal (deal_id),
    KEY ix_listing_closing (closes_at, deal_id),
    KEY ix_listing_left (left_n, deal_id),
    KEY ix_listing_saves (saves, deal_id),
    KEY ix_listing_unit (measure, unit_won, deal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Words of titles and tags, see words.h.
CREATE TABLE listing_word (
    word VARCHAR(40) NOT NULL,
    cell BIGINT NOT NULL,
    deal_id BINARY(16) NOT NULL,
    PRIMARY KEY (word, cell, deal_id),
    KEY ix_listing_word_new (word, deal_id),
    KEY ix_listing_word_deal (deal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How many deals recruit in a cell: for the map, and to know which cells to look into.
CREATE TABLE listing_cell (
    cell BIGINT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL,
    CONSTRAINT ck_listing_cell CHECK (n >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE deal
    ADD COLUMN tags VARCHAR(400) NOT NULL DEFAULT '', -- separated by line feeds
    ADD COLUMN shop_url VARCHAR(500) NULL;

-- What is counted of a deal beside its terms.
CREATE TABLE deal_extra (
    deal_id BINARY(16) NOT NULL PRIMARY KEY,
    views BIGINT NOT NULL DEFAULT 0,
    saves BIGINT NOT NULL DEFAULT 0,
    comments BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE bookmark (
    user_id BINARY(16) NOT NULL,
    deal_id BINARY(16) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (user_id, deal_id),
    KEY ix_bookmark_new (user_id, created_at, deal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Deals opened before this: their rows are written by the service.
INSERT INTO deal_extra (deal_id) SELECT id FROM deal;
INSERT INTO due (kind, subject, due_at, next_try_at)
    SELECT 'deal.list', id, created_at, created_at FROM deal WHERE state = 0;
