-- Correcting entries, and what the daily reconciliation found.

-- Proposed by one administrator, decided by another. Applied ones have their transfer; nothing is ever updated.
CREATE TABLE correction (
    id BINARY(16) NOT NULL PRIMARY KEY,
    debit_account BINARY(16) NOT NULL,
    credit_account BINARY(16) NOT NULL,
    amount BIGINT NOT NULL,
    reason VARCHAR(300) NOT NULL,
    review_id BINARY(16) NULL,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL DEFAULT 'proposed',
    proposed_by BINARY(16) NOT NULL,
    proposed_at DATETIME(3) NOT NULL,
    decided_by BINARY(16) NULL,
    decided_at DATETIME(3) NULL,
    transfer_id BINARY(16) NULL,
    UNIQUE KEY uq_correction_transfer (transfer_id),
    KEY ix_correction_state (state, proposed_at, id),
    CONSTRAINT ck_correction_state CHECK (state IN ('proposed', 'applied', 'rejected')),
    CONSTRAINT ck_correction_amount CHECK (amount > 0),
    CONSTRAINT ck_correction_two CHECK (decided_by IS NULL OR decided_by <> proposed_by),
    CONSTRAINT ck_correction_transfer CHECK ((state = 'applied') = (transfer_id IS NOT NULL)),
    CONSTRAINT fk_correction_transfer FOREIGN KEY (transfer_id) REFERENCES transfer (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One report for each day of provider and bank and each run over it; the newest counts.
CREATE TABLE reconciliation (
    id BINARY(16) NOT NULL PRIMARY KEY,
    day VARCHAR(10) CHARACTER SET ascii NOT NULL,
    state VARCHAR(10) CHARACTER SET ascii NOT NULL,
    charges BIGINT NOT NULL,
    charges_won BIGINT NOT NULL,
    reversals_won BIGINT NOT NULL,
    withdrawals BIGINT NOT NULL,
    withdrawals_won BIGINT NOT NULL,
    healed BIGINT NOT NULL,
    unexplained BIGINT NOT NULL,
    made_at DATETIME(3) NOT NULL,
    KEY ix_reconciliation_day (day, made_at),
    CONSTRAINT ck_reconciliation_state CHECK (state IN ('clean', 'open'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What did not agree, and what became of it: healed (an event we had missed), or held for review.
CREATE TABLE reconciliation_finding (
    report_id BINARY(16) NOT NULL,
    number INT NOT NULL,
    kind VARCHAR(30) CHARACTER SET ascii NOT NULL,
    reference VARCHAR(64) NOT NULL,
    ours BIGINT NULL,
    theirs BIGINT NULL,
    outcome VARCHAR(10) CHARACTER SET ascii NOT NULL,
    PRIMARY KEY (report_id, number),
    CONSTRAINT ck_finding_outcome CHECK (outcome IN ('healed', 'review')),
    CONSTRAINT fk_finding_report FOREIGN KEY (report_id) REFERENCES reconciliation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
