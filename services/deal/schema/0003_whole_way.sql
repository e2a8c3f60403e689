-- The whole way of a deal: boxes, delivery, versions of the terms, waiting list, changes of a share, hand-over, disputes.

ALTER TABLE deal
    ADD COLUMN unit_amount BIGINT NULL,
    ADD COLUMN measure TINYINT NULL,
    ADD COLUMN boxes_max BIGINT NULL,               -- NULL: one lot; else portions and prices are those of all boxes
    ADD COLUMN fill_minutes BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN ceiling_won BIGINT NULL,             -- NULL: total_won
    ADD COLUMN max_portions BIGINT NULL,            -- NULL: all but the host's
    ADD COLUMN each_max BIGINT NULL,
    ADD COLUMN delivery_won BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN delivery_rule TINYINT NOT NULL DEFAULT 1,
    ADD COLUMN shortage_rule TINYINT NOT NULL DEFAULT 0,
    ADD COLUMN windows VARCHAR(300) CHARACTER SET ascii NULL, -- "from until ..." in ms; NULL: pickup_from to pickup_until
    ADD COLUMN terms BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN accept_by DATETIME(3) NULL,          -- shares of older terms are released then
    ADD COLUMN extras BIGINT NOT NULL DEFAULT 0,    -- tolerances of live shares
    ADD COLUMN offered BIGINT NOT NULL DEFAULT 0,   -- portions kept for offers to the waiting list
    ADD COLUMN queued BIGINT NOT NULL DEFAULT 0,    -- places on the waiting list ever: their order
    ADD COLUMN queue BIGINT NOT NULL DEFAULT 0,     -- neighbours who wait and have no offer
    ADD COLUMN sold_portions BIGINT NULL,           -- from confirmed on: what is bought, the host's among it
    ADD COLUMN settled_won BIGINT NULL,             -- what all shares and the host's part add up to
    ADD COLUMN host_won BIGINT NULL,
    ADD COLUMN came_portions BIGINT NULL,           -- from arrived on
    ADD COLUMN handover_key BINARY(32) NULL,        -- signs the codes in pictures
    DROP CONSTRAINT ck_deal_receipt,
    ADD CONSTRAINT ck_deal_ceiling CHECK (receipt_won IS NULL OR receipt_won <= COALESCE(ceiling_won, total_won)),
    ADD CONSTRAINT ck_deal_seats CHECK (offered >= 0 AND extras >= 0 AND queue >= 0
        AND taken + offered <= COALESCE(max_portions, portions - host_portions)),
    ADD CONSTRAINT ck_deal_settled CHECK (host_won IS NULL OR host_won >= 0);

ALTER TABLE share
    ADD COLUMN terms BIGINT NOT NULL DEFAULT 1,     -- version accepted
    ADD COLUMN want_quantity BIGINT NULL,           -- a change that waits for pay
    ADD COLUMN want_tolerance BIGINT NULL,
    ADD COLUMN want_won BIGINT NULL,
    ADD COLUMN want_terms BIGINT NULL,
    ADD COLUMN resize BIGINT NOT NULL DEFAULT 0,    -- number of the last change pay was asked for
    ADD COLUMN pickup_window TINYINT NULL,
    ADD COLUMN received BIGINT NULL,
    ADD COLUMN because VARCHAR(400) NULL,
    ADD COLUMN no_show TINYINT NOT NULL DEFAULT 0,
    ADD COLUMN carry_delta BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN handed_at DATETIME(3) NULL;

-- What a neighbour has paid above his exact parts so far, in thousand-millionths of a won.
CREATE TABLE carry (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    carry BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE wait (
    id BINARY(16) NOT NULL PRIMARY KEY,
    deal_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    live_user BINARY(16) NULL, -- user_id while waiting or offered
    position BIGINT NOT NULL,
    state TINYINT NOT NULL,
    quantity BIGINT NOT NULL,
    tolerance BIGINT NOT NULL,
    offered BIGINT NOT NULL DEFAULT 0,
    offered_until DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_wait_live (deal_id, live_user),
    UNIQUE KEY uq_wait_position (deal_id, position),
    KEY ix_wait_line (deal_id, state, position),
    CONSTRAINT fk_wait_deal FOREIGN KEY (deal_id) REFERENCES deal (id),
    CONSTRAINT ck_wait_quantity CHECK (quantity >= 1 AND tolerance >= 0 AND offered >= 0 AND offered <= quantity)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Every version of the terms as it was agreed to.
CREATE TABLE terms (
    deal_id BINARY(16) NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL, -- DealEdit as JSON
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (deal_id, version),
    CONSTRAINT fk_terms_deal FOREIGN KEY (deal_id) REFERENCES deal (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE dispute (
    id BINARY(16) NOT NULL PRIMARY KEY,
    deal_id BINARY(16) NOT NULL,
    share_id BINARY(16) NOT NULL,
    open_share BINARY(16) NULL, -- share_id until it has ended: one open dispute per share
    state TINYINT NOT NULL,
    message VARCHAR(1000) NOT NULL,
    answer VARCHAR(1000) NULL,
    decision VARCHAR(1000) NULL,
    photos VARCHAR(500) CHARACTER SET ascii NOT NULL,
    amount_won BIGINT NOT NULL,
    asked_won BIGINT NOT NULL,
    offered_won BIGINT NULL,
    refund_won BIGINT NULL,
    decided_by BINARY(16) NULL,
    opened_at DATETIME(3) NOT NULL,
    answered_at DATETIME(3) NULL,
    ended_at DATETIME(3) NULL,
    due_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_dispute_open (open_share),
    KEY ix_dispute_share (share_id),
    KEY ix_dispute_line (ended_at, opened_at, id),
    CONSTRAINT fk_dispute_share FOREIGN KEY (share_id) REFERENCES share (id),
    CONSTRAINT ck_dispute_won CHECK (asked_won <= amount_won AND COALESCE(offered_won, 0) <= amount_won
        AND COALESCE(refund_won, 0) <= amount_won)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE draft (
    id BINARY(16) NOT NULL PRIMARY KEY,
    host_id BINARY(16) NOT NULL,
    body MEDIUMTEXT NOT NULL, -- DealDraftBody as JSON
    saved_at DATETIME(3) NOT NULL,
    KEY ix_draft_host (host_id, saved_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who keeps apart from whom, as auth tells.
CREATE TABLE blocked (
    user_id BINARY(16) NOT NULL,
    blocked_id BINARY(16) NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Accounts that are leaving; `version` counts what deal has told about the account.
CREATE TABLE account (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    closing TINYINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
