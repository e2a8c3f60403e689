-- Webhooks that were acted on: one that is sent again is answered without asking the provider. And the first day of
-- reconciliation falls due at once.
CREATE TABLE seen_webhook (
    digest BINARY(32) NOT NULL PRIMARY KEY,
    seen_at DATETIME(3) NOT NULL,
    KEY ix_seen_webhook_at (seen_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO due (kind, subject, due_at, next_try_at)
    VALUES ('pay.reconcile', 0x00000000000080008000000000000001, '2026-01-01', '2026-01-01');
