// tests/bench/what/holds.mjs: 1,000 holds a second offered to one hot escrow, each placed and captured.
import assert from 'node:assert/strict';
import { dropLedger, freshLedger, ledgerSide, ledgerSum } from '../lib/ledger.mjs';

const GOAL_MS = 50;

export default {
    title: 'one hot escrow, 1,000 holds/s offered, placed and captured; p99 from when each was due',
    unit: 'holds/s',
    async prepare() {
        freshLedger();
        return { ours: ledgerSide('ours', 'offered', 1000, 10, 64) };
    },
    check: async () => assert.equal(ledgerSum(), '0'),
    end: async () => dropLedger(),
    rows: (what, name, { ours }) => [{ name, what: what.title, unit: what.unit, ours, peer: null, ratio: null, goal: `p99 < ${GOAL_MS} ms`, met: ours.p99_ms < GOAL_MS }],
};
