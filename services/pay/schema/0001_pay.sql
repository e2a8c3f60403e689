-- The ledger (double entry, append-only), holds, escrow per share, charges.
-- Rows of transfer, entry and hold_resolution are only ever inserted.

-- An account has the id of its owner: a wallet that of the user, an escrow that of the deal. The provider's account is
-- the outside: what came in stands there as a debit, so that all accounts always add up to zero.
CREATE TABLE account (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(10) CHARACTER SET ascii NOT NULL,
    posted BIGINT NOT NULL DEFAULT 0,
    pending_debits BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 0,
    last_hash BINARY(32) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_account_kind CHECK (kind IN ('wallet', 'escrow', 'provider', 'fees')),
    CONSTRAINT ck_account_pending CHECK (pending_debits >= 0),
    CONSTRAINT ck_account_version CHECK (version >= 0),
    CONSTRAINT ck_account_covered CHECK (kind = 'provider' OR posted - pending_debits >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE transfer (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(10) CHARACTER SET ascii NOT NULL,
    debit_account BINARY(16) NOT NULL,
    credit_account BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    deal_id BINARY(16) NULL,
    share_id BINARY(16) NULL,
    made_at DATETIME(3) NOT NULL,
    KEY ix_transfer_share (share_id),
    CONSTRAINT ck_transfer_kind CHECK (kind IN ('charge', 'capture', 'refund', 'payout')),
    CONSTRAINT ck_transfer_amount CHECK (amount > 0),
    CONSTRAINT ck_transfer_sides CHECK (debit_account <> credit_account),
    CONSTRAINT fk_transfer_debit FOREIGN KEY (debit_account) REFERENCES account (id),
    CONSTRAINT fk_transfer_credit FOREIGN KEY (credit_account) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The two sides of each transfer. `amount` is signed; `hash` covers the row and the hash before it.
CREATE TABLE entry (
    account_id BINARY(16) NOT NULL,
    version BIGINT NOT NULL,
    transfer_id BINARY(16) NOT NULL,
    kind VARCHAR(10) CHARACTER SET ascii NOT NULL,
    amount BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    deal_id BINARY(16) NULL,
    share_id BINARY(16) NULL,
    made_at DATETIME(3) NOT NULL,
    previous_hash BINARY(32) NOT NULL,
    hash BINARY(32) NOT NULL,
    PRIMARY KEY (account_id, version),
    UNIQUE KEY uq_entry_transfer (transfer_id, account_id),
    KEY ix_entry_deal (account_id, deal_id, version),
    CONSTRAINT ck_entry_version CHECK (version > 0),
    CONSTRAINT ck_entry_amount CHECK (amount <> 0),
    CONSTRAINT fk_entry_account FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT fk_entry_transfer FOREIGN KEY (transfer_id) REFERENCES transfer (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One per share, also the refused ones. `step` counts the events told about the share.
CREATE TABLE hold (
    share_id BINARY(16) NOT NULL PRIMARY KEY,
    deal_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL,
    step BIGINT NOT NULL,
    placed_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    KEY ix_hold_user (user_id, placed_at, share_id),
    KEY ix_hold_pending (user_id, state, amount),
    KEY ix_hold_deal (deal_id, share_id),
    CONSTRAINT ck_hold_state CHECK (state IN ('pending', 'captured', 'voided', 'refused', 'expired')),
    CONSTRAINT ck_hold_amount CHECK (amount >= 0),
    CONSTRAINT fk_hold_user FOREIGN KEY (user_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How a pending hold ended: its key makes a second ending impossible, whatever a program believes.
CREATE TABLE hold_resolution (
    share_id BINARY(16) NOT NULL PRIMARY KEY,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL,
    captured BIGINT NOT NULL,
    made_at DATETIME(3) NOT NULL,
    CONSTRAINT ck_hold_resolution_state CHECK (state IN ('captured', 'voided', 'expired')),
    CONSTRAINT ck_hold_resolution_captured CHECK (captured >= 0 AND (captured = 0 OR state = 'captured')),
    CONSTRAINT fk_hold_resolution FOREIGN KEY (share_id) REFERENCES hold (share_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What the deal's escrow account holds for each share. Closed: everything has left.
CREATE TABLE escrow_share (
    share_id BINARY(16) NOT NULL PRIMARY KEY,
    deal_id BINARY(16) NOT NULL,
    captured BIGINT NOT NULL,
    refunded BIGINT NOT NULL DEFAULT 0,
    paid_out BIGINT NOT NULL DEFAULT 0,
    closed_at DATETIME(3) NULL,
    KEY ix_escrow_share_deal (deal_id, share_id),
    CONSTRAINT ck_escrow_share_parts CHECK (captured >= 0 AND refunded >= 0 AND paid_out >= 0),
    CONSTRAINT ck_escrow_share_sum CHECK (refunded + paid_out <= captured),
    CONSTRAINT ck_escrow_share_closed CHECK (closed_at IS NULL OR refunded + paid_out = captured),
    CONSTRAINT fk_escrow_share_hold FOREIGN KEY (share_id) REFERENCES hold (share_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE charge (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL,
    payment_key VARCHAR(200) NOT NULL,
    checkout_url VARCHAR(500) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    UNIQUE KEY uq_charge_payment (payment_key),
    KEY ix_charge_user (user_id, created_at),
    CONSTRAINT ck_charge_state CHECK (state IN ('created', 'done', 'failed')),
    CONSTRAINT ck_charge_amount CHECK (amount > 0),
    CONSTRAINT fk_charge_user FOREIGN KEY (user_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
