-- The history of a wallet, by instant, by kind and by deal; what explains a line.

ALTER TABLE entry ADD KEY ix_entry_at (account_id, made_at, version);
ALTER TABLE entry ADD KEY ix_entry_kind (account_id, kind, made_at, version);
ALTER TABLE entry ADD KEY ix_entry_deal_at (account_id, deal_id, made_at, version);

-- Pay's copy of what deal knows of a share: whose it is, which terms were accepted, when it was handed over.
CREATE TABLE share_copy (
    share_id BINARY(16) NOT NULL PRIMARY KEY,
    deal_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    terms BIGINT NULL,
    settled_at DATETIME(3) NULL,
    KEY ix_share_copy_deal (deal_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
