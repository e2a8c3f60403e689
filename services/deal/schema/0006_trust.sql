-- Comments, reviews, facts, the request board, calendar feeds.

CREATE TABLE comment (
    id BINARY(16) NOT NULL PRIMARY KEY, -- UUIDv7: also the order
    deal_id BINARY(16) NOT NULL,
    author_id BINARY(16) NOT NULL,
    reply_to BINARY(16) NULL,           -- the comment it answers; answers to answers hang on the same
    text VARCHAR(500) NOT NULL,
    state TINYINT NOT NULL DEFAULT 0,
    reports BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    KEY ix_comment_deal (deal_id, id),
    KEY ix_comment_author (author_id, id),
    KEY ix_comment_reports (reports, id),
    CONSTRAINT fk_comment_deal FOREIGN KEY (deal_id) REFERENCES deal (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE comment_report (
    comment_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (comment_id, user_id),
    KEY ix_comment_report_user (user_id),
    CONSTRAINT fk_comment_report FOREIGN KEY (comment_id) REFERENCES comment (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Answers to the fixed questions after a deal is done: one per pair and direction. 0 no, 1 yes, NULL not asked.
CREATE TABLE review (
    deal_id BINARY(16) NOT NULL,
    from_id BINARY(16) NOT NULL,
    about_id BINARY(16) NOT NULL,
    about_host TINYINT NOT NULL,
    on_time TINYINT NOT NULL,
    as_described TINYINT NULL,
    friendly TINYINT NOT NULL,
    again TINYINT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (deal_id, from_id, about_id),
    KEY ix_review_about (about_id, about_host),
    KEY ix_review_from (from_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What happened, once per deal and kind; levels are counted from these and nothing else.
CREATE TABLE fact (
    user_id BINARY(16) NOT NULL,
    deal_id BINARY(16) NOT NULL,
    kind TINYINT NOT NULL,
    at DATETIME(3) NOT NULL,
    struck TINYINT NOT NULL DEFAULT 0, -- taken back after an appeal
    PRIMARY KEY (user_id, deal_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE appeal (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    deal_id BINARY(16) NOT NULL,
    kind TINYINT NOT NULL,
    text VARCHAR(1000) NOT NULL,
    state TINYINT NOT NULL DEFAULT 0, -- 0 open, 1 upheld, 2 rejected
    answer VARCHAR(1000) NULL,
    decided_by BINARY(16) NULL,
    created_at DATETIME(3) NOT NULL,
    decided_at DATETIME(3) NULL,
    UNIQUE KEY uq_appeal (user_id, deal_id, kind),
    KEY ix_appeal_line (state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE wish (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    title VARCHAR(60) NOT NULL,
    text VARCHAR(500) NOT NULL,
    category TINYINT NOT NULL,
    cell BIGINT NOT NULL,
    votes BIGINT NOT NULL DEFAULT 0,
    deal_id BINARY(16) NULL, -- a deal that was opened for it
    created_at DATETIME(3) NOT NULL,
    KEY ix_wish_cell (cell, id),
    KEY ix_wish_user (user_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE wish_vote (
    wish_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    PRIMARY KEY (wish_id, user_id),
    KEY ix_wish_vote_user (user_id),
    CONSTRAINT fk_wish_vote FOREIGN KEY (wish_id) REFERENCES wish (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The address of a calendar feed is its key; only its hash is kept.
CREATE TABLE calendar (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_calendar_token (token_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
