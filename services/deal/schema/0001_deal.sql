-- Deals, their shares, photos, and deal's own copy of nicknames.

CREATE TABLE person (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    nickname VARCHAR(20) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE deal (
    id BINARY(16) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL, -- events of this deal so far
    host_id BINARY(16) NOT NULL,
    state TINYINT NOT NULL,
    reason TINYINT NULL,
    title VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
    description VARCHAR(4000) NOT NULL,
    category TINYINT NOT NULL,
    unit VARCHAR(20) NOT NULL,
    photos VARCHAR(1000) CHARACTER SET ascii NOT NULL, -- names, separated by commas
    total_won BIGINT NOT NULL,
    portions BIGINT NOT NULL,
    host_portions BIGINT NOT NULL,
    min_portions BIGINT NOT NULL,
    taken BIGINT NOT NULL DEFAULT 0,  -- firm portions of live shares
    waiting BIGINT NOT NULL DEFAULT 0, -- shares still reserved
    joined BIGINT NOT NULL DEFAULT 0,  -- shares ever: the order of joining
    receipt_won BIGINT NULL,
    receipt VARCHAR(80) CHARACTER SET ascii NULL,
    closes_at DATETIME(3) NOT NULL,
    place VARCHAR(80) NOT NULL,
    note VARCHAR(300) NULL,
    lat BIGINT NOT NULL, -- micro-degrees, exact: for participants only
    lng BIGINT NOT NULL,
    cell_lat BIGINT NOT NULL, -- centre of the grid cell: for everybody
    cell_lng BIGINT NOT NULL,
    pickup_from DATETIME(3) NOT NULL,
    pickup_until DATETIME(3) NOT NULL,
    wrong_codes BIGINT NOT NULL DEFAULT 0,
    wrong_codes_since DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    KEY ix_deal_near (state, cell_lat, cell_lng),
    KEY ix_deal_new (state, created_at, id),
    KEY ix_deal_host (host_id, created_at),
    CONSTRAINT ck_deal_taken CHECK (taken >= 0 AND taken <= portions - host_portions),
    CONSTRAINT ck_deal_waiting CHECK (waiting >= 0),
    CONSTRAINT ck_deal_portions CHECK (portions >= 2 AND host_portions >= 0 AND host_portions < portions
        AND min_portions >= 1 AND min_portions <= portions - host_portions),
    CONSTRAINT ck_deal_receipt CHECK (receipt_won IS NULL OR receipt_won <= total_won)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE share (
    id BINARY(16) NOT NULL PRIMARY KEY, -- also the id of its hold
    deal_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    live_user BINARY(16) NULL, -- user_id while the share counts: one live share per neighbour and deal
    position BIGINT NOT NULL,  -- order of joining
    state TINYINT NOT NULL,
    reason TINYINT NULL,
    quantity BIGINT NOT NULL,
    tolerance BIGINT NOT NULL,
    allotted BIGINT NULL,
    max_won BIGINT NOT NULL,
    amount_won BIGINT NULL,
    captured_won BIGINT NULL,
    refunded_won BIGINT NOT NULL DEFAULT 0,
    code CHAR(6) CHARACTER SET ascii NOT NULL,
    reserved_until DATETIME(3) NOT NULL,
    joined_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_share_live (deal_id, live_user),
    UNIQUE KEY uq_share_position (deal_id, position),
    UNIQUE KEY uq_share_code (deal_id, code),
    KEY ix_share_user (user_id, deal_id),
    CONSTRAINT fk_share_deal FOREIGN KEY (deal_id) REFERENCES deal (id),
    CONSTRAINT ck_share_quantity CHECK (quantity >= 1 AND tolerance >= 0),
    CONSTRAINT ck_share_amount CHECK (amount_won IS NULL OR (amount_won >= 0 AND amount_won <= max_won)),
    CONSTRAINT ck_share_refunded CHECK (refunded_won >= 0 AND (captured_won IS NULL OR refunded_won <= captured_won))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who uploaded which picture; the bytes are files named by their hash.
CREATE TABLE photo (
    name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    owner_id BINARY(16) NOT NULL,
    bytes BIGINT NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (owner_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
