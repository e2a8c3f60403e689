-- Holds that change their size, shares that are frozen by a dispute, and a way out for every won.

-- The number of the last change of size that was applied; each change leaves a row behind.
ALTER TABLE hold ADD COLUMN resize BIGINT NOT NULL DEFAULT 0;
CREATE TABLE hold_resize (
    share_id BINARY(16) NOT NULL,
    number BIGINT NOT NULL,
    before_won BIGINT NOT NULL,
    after_won BIGINT NOT NULL,
    made_at DATETIME(3) NOT NULL,
    PRIMARY KEY (share_id, number),
    CONSTRAINT ck_hold_resize_won CHECK (before_won >= 0 AND after_won >= 0),
    CONSTRAINT fk_hold_resize FOREIGN KEY (share_id) REFERENCES hold (share_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A share with a dispute_id is frozen. What deal said meanwhile waits in owed_refund and owed_to. `exit_at`: what is
-- still here then goes back to the neighbour by itself.
ALTER TABLE escrow_share ADD COLUMN dispute_id BINARY(16) NULL;
ALTER TABLE escrow_share ADD COLUMN owed_refund BIGINT NOT NULL DEFAULT 0;
ALTER TABLE escrow_share ADD COLUMN owed_to BINARY(16) NULL;
ALTER TABLE escrow_share ADD COLUMN exit_at DATETIME(3) NULL;
ALTER TABLE escrow_share ADD CONSTRAINT ck_escrow_share_thawed CHECK (closed_at IS NULL OR dispute_id IS NULL);
ALTER TABLE escrow_share ADD CONSTRAINT ck_escrow_share_owed CHECK (owed_refund >= 0);
UPDATE escrow_share e JOIN hold h ON h.share_id = e.share_id SET e.exit_at = DATE_ADD(h.expires_at, INTERVAL 45 DAY);
INSERT INTO due (kind, subject, due_at, next_try_at, attempts)
    SELECT 'pay.escrow_exit', deal_id, MAX(exit_at), MAX(exit_at), 0 FROM escrow_share
    WHERE closed_at IS NULL GROUP BY deal_id;

-- Every won that is not free, with whose it is, why, until when, and what lets it go by itself.
CREATE VIEW held_won AS
    SELECT 'hold' AS what, h.share_id AS id, h.user_id AS account_id, h.user_id AS owner_id, h.amount AS won,
        'a seat in a deal' AS reason, h.expires_at AS deadline, d.due_at AS exit_at
    FROM hold h LEFT JOIN due d ON d.kind = 'pay.hold_expire' AND d.subject = h.share_id
    WHERE h.state = 'pending' AND h.amount > 0
    UNION ALL
    SELECT 'escrow', e.share_id, e.deal_id, h.user_id, e.captured - e.refunded - e.paid_out,
        CASE WHEN e.dispute_id IS NULL THEN 'a deal that takes place' ELSE 'a dispute' END, e.exit_at, d.due_at
    FROM escrow_share e LEFT JOIN hold h ON h.share_id = e.share_id
    LEFT JOIN due d ON d.kind = 'pay.escrow_exit' AND d.subject = e.deal_id
    WHERE e.closed_at IS NULL AND e.captured > e.refunded + e.paid_out
    UNION ALL
    SELECT 'withdrawal', w.id, w.user_id, w.user_id, w.amount, w.state, COALESCE(d.due_at, r.opened_at),
        COALESCE(d.due_at, r.opened_at)
    FROM withdrawal w LEFT JOIN due d ON d.kind = 'pay.withdrawal' AND d.subject = w.id
    LEFT JOIN review r ON r.subject = w.id AND r.state <> 'decided'
    WHERE w.state IN ('pending', 'review')
    UNION ALL
    SELECT 'account', a.id, a.id, NULL, a.posted, NULL, NULL, NULL FROM account a
    WHERE a.kind = 'escrow' AND a.posted <> (SELECT COALESCE(SUM(s.captured - s.refunded - s.paid_out), 0)
        FROM escrow_share s WHERE s.deal_id = a.id)
    UNION ALL
    SELECT 'account', a.id, a.id, NULL, a.pending_debits, NULL, NULL, NULL FROM account a
    WHERE a.kind = 'wallet' AND a.pending_debits <>
        (SELECT COALESCE(SUM(h.amount), 0) FROM hold h WHERE h.user_id = a.id AND h.state = 'pending')
        + (SELECT COALESCE(SUM(w.amount), 0) FROM withdrawal w WHERE w.user_id = a.id AND w.state IN ('pending', 'review'));

-- No row, at any instant.
CREATE VIEW orphan_won AS
    SELECT what, id, account_id, owner_id, won, reason, deadline, exit_at FROM held_won
    WHERE owner_id IS NULL OR reason IS NULL OR deadline IS NULL OR exit_at IS NULL;
