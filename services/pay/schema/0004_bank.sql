-- Bank accounts, withdrawals, what a person must look at, and cancellations by the provider.

CREATE TABLE bank_account (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    bank CHAR(3) CHARACTER SET ascii NOT NULL,
    bank_name VARCHAR(60) NOT NULL,
    number VARCHAR(20) CHARACTER SET ascii NOT NULL,
    holder VARCHAR(80) NOT NULL,
    added_at DATETIME(3) NOT NULL,
    removed_at DATETIME(3) NULL,
    KEY ix_bank_account_user (user_id, removed_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Two-phase: while pending or in review the amount is part of the wallet's pending debits. `bank_date` is the bank's own
-- day (yyyy-mm-dd in Seoul) of what it booked: reconciliation asks by it.
CREATE TABLE withdrawal (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    bank_account_id BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL,
    day INT NOT NULL,
    asked_at DATETIME(3) NULL,
    bank_transfer VARCHAR(64) NULL,
    bank_date VARCHAR(10) NULL,
    reason VARCHAR(60) NULL,
    created_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    KEY ix_withdrawal_user (user_id, created_at, id),
    KEY ix_withdrawal_open (user_id, state, amount),
    KEY ix_withdrawal_date (bank_date, state),
    CONSTRAINT ck_withdrawal_state CHECK (state IN ('pending', 'posted', 'voided', 'review')),
    CONSTRAINT ck_withdrawal_amount CHECK (amount > 0),
    CONSTRAINT fk_withdrawal_user FOREIGN KEY (user_id) REFERENCES account (id),
    CONSTRAINT fk_withdrawal_account FOREIGN KEY (bank_account_id) REFERENCES bank_account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Held for review: what the program refuses to guess. One open row for each (kind, subject).
CREATE TABLE review (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(30) CHARACTER SET ascii NOT NULL,
    subject BINARY(16) NOT NULL,
    user_id BINARY(16) NULL,
    amount BIGINT NOT NULL,
    detail VARCHAR(300) NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL DEFAULT 'open',
    opened_at DATETIME(3) NOT NULL,
    proposal VARCHAR(10) CHARACTER SET ascii NULL,
    reason VARCHAR(300) NULL,
    proposed_by BINARY(16) NULL,
    proposed_at DATETIME(3) NULL,
    decided_by BINARY(16) NULL,
    decided_at DATETIME(3) NULL,
    UNIQUE KEY uq_review_subject (kind, subject),
    KEY ix_review_state (state, opened_at, id),
    CONSTRAINT ck_review_state CHECK (state IN ('open', 'proposed', 'decided')),
    CONSTRAINT ck_review_two CHECK (decided_by IS NULL OR decided_by <> proposed_by)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What the provider took back of a charge that was done, and its own day of the payment.
ALTER TABLE charge ADD COLUMN reversed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE charge ADD COLUMN provider_date VARCHAR(10) NULL;
ALTER TABLE charge ADD CONSTRAINT ck_charge_reversed CHECK (reversed >= 0 AND reversed <= amount);
ALTER TABLE charge ADD KEY ix_charge_date (provider_date);

-- The id of a proof is a UUID. Events about a person are numbered.
ALTER TABLE used_proof MODIFY proof_id BINARY(16) NOT NULL;
ALTER TABLE person ADD COLUMN step BIGINT NOT NULL DEFAULT 0;
