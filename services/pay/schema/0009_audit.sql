-- The auditor's own notes, the stop it puts on an account, and the daily seal over all entries.

-- A stopped account neither gives nor takes. `stopped_for` says what is wrong with it.
ALTER TABLE account ADD COLUMN stopped_for VARCHAR(200) NULL;

-- How far the entries of an account have been checked, and what the last good one says: the next ones follow it.
CREATE TABLE audit_mark (
    account_id BINARY(16) NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    hash BINARY(32) NOT NULL,
    CONSTRAINT fk_audit_mark FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Once a day: a Merkle root over what every account has gained since the last seal. One row per seal, numbered.
CREATE TABLE seal (
    number BIGINT NOT NULL PRIMARY KEY,
    day INT NOT NULL,
    accounts BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    root BINARY(32) NOT NULL,
    made_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The leaves of a seal, in order: the root over the entries from_version .. to_version of one account.
CREATE TABLE seal_account (
    account_id BINARY(16) NOT NULL,
    to_version BIGINT NOT NULL,
    from_version BIGINT NOT NULL,
    seal BIGINT NOT NULL,
    leaf BIGINT NOT NULL,
    root BINARY(32) NOT NULL,
    PRIMARY KEY (account_id, to_version),
    UNIQUE KEY uq_seal_account_leaf (seal, leaf),
    CONSTRAINT ck_seal_account_range CHECK (from_version > 0 AND to_version >= from_version),
    CONSTRAINT fk_seal_account FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT fk_seal_account_seal FOREIGN KEY (seal) REFERENCES seal (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
