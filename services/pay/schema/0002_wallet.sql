-- Wallets of neighbours: who they are to pay, what they send each other, and what they may send.

-- New kinds of accounts and of moves. What is allowed is the program's table of names; the database keeps the sums.
ALTER TABLE account DROP CONSTRAINT ck_account_kind;
ALTER TABLE account DROP CONSTRAINT ck_account_covered;
ALTER TABLE account ADD CONSTRAINT ck_account_covered
    CHECK (kind IN ('provider', 'suspense') OR posted - pending_debits >= 0);
ALTER TABLE transfer DROP CONSTRAINT ck_transfer_kind;

-- Pay's copy of the people, from auth's events. `nickname` is NULL once the account was purged.
CREATE TABLE person (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    nickname VARCHAR(60) NULL,
    closing_at DATETIME(3) NULL,
    purged_at DATETIME(3) NULL,
    KEY ix_person_nickname (nickname)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE block (
    user_id BINARY(16) NOT NULL,
    blocked_id BINARY(16) NOT NULL,
    PRIMARY KEY (user_id, blocked_id),
    KEY ix_block_blocked (blocked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Pay's copy of the deals its money belongs to, for titles and contacts.
CREATE TABLE deal_copy (
    deal_id BINARY(16) NOT NULL PRIMARY KEY,
    host_id BINARY(16) NOT NULL,
    title VARCHAR(120) NOT NULL,
    terms_version BIGINT NULL,
    receipt VARCHAR(200) NULL,
    receipt_won BIGINT NULL,
    KEY ix_deal_copy_host (host_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What the ledger does not know of a move between neighbours. One row per transfer of kind remit.
CREATE TABLE remittance (
    id BINARY(16) NOT NULL PRIMARY KEY,
    sender_id BINARY(16) NOT NULL,
    recipient_id BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    memo VARCHAR(200) NULL,
    deal_id BINARY(16) NULL,
    room_id BINARY(16) NULL,
    request_id BINARY(16) NULL,
    made_at DATETIME(3) NOT NULL,
    KEY ix_remittance_sender (sender_id, made_at, recipient_id),
    KEY ix_remittance_recipient (recipient_id, made_at),
    CONSTRAINT ck_remittance_amount CHECK (amount > 0),
    CONSTRAINT ck_remittance_sides CHECK (sender_id <> recipient_id),
    CONSTRAINT fk_remittance_transfer FOREIGN KEY (id) REFERENCES transfer (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What went out of a wallet by its owner's will, per day of Seoul: the limit of a day. Written under the lock of the
-- wallet's account.
CREATE TABLE spent (
    user_id BINARY(16) NOT NULL,
    day INT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (user_id, day),
    CONSTRAINT ck_spent_amount CHECK (amount >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Step-up proofs that were used: each counts once.
CREATE TABLE used_proof (
    proof_id BINARY(32) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    used_at DATETIME(3) NOT NULL,
    KEY ix_used_proof_at (used_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
