// tests/bench/what/holds.mjs: 1,000 holds a second offered on one hot deal, placed as pay's consumer places them, while the
// auditor walks the same ledger, as often as in the service.
import assert from 'node:assert/strict';
import { dropLedger, freshLedger, ledgerSide, ledgerSum } from '../lib/ledger.mjs';
import { sql } from '../lib/peer.mjs';

const GOAL_MS = 50;

export default {
    title: 'holds of one hot deal, 1,000/s offered, the auditor on; p99 from when each was due to its commit',
    unit: 'holds/s',
    async prepare() {
        freshLedger();
        return { ours: ledgerSide('ours', 'offered', 1000, 10) };
    },
    /** Every hold is there with its event, and the auditor found nothing. */
    async check() {
        assert.equal(ledgerSum(), '0');
        const found = sql(`SELECT COUNT(*) > 0, SUM(pending_debits) = (SELECT COUNT(*) FROM hold WHERE state = 'pending'), SUM(stopped_for IS NOT NULL),
            (SELECT COUNT(*) FROM hold) = (SELECT COUNT(*) FROM outbox) FROM account`, 'bench_pay');
        assert.equal(found, '1\t1\t0\t1');
    },
    end: async () => dropLedger(),
    rows: (what, name, { ours }) => [{ name, what: what.title, unit: what.unit, ours, peer: null, ratio: null, goal: `p99 < ${GOAL_MS} ms`, met: ours.p99_ms < GOAL_MS }],
};
