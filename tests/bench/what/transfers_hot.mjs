// tests/bench/what/transfers_hot.mjs: what pay's rules and hash chain cost: transfers into one hot escrow, 8 connections.
import assert from 'node:assert/strict';
import { dropLedger, freshLedger, ledgerSide, ledgerSum } from '../lib/ledger.mjs';

const SECONDS = 5;

export default {
    title: 'transfers into one hot escrow, 8 connections',
    unit: 'transfers/s',
    sides: { ours: 'ours', raw: 'the same prepared statements without rules and chain', combined: 'ours, 64 in each transaction' },
    pairs: [['ours', 'raw', 0.8], ['combined', 'raw', 1]],
    async prepare() {
        freshLedger();
        return {
            ours: ledgerSide('ours', 'hot', 8, SECONDS),
            raw: ledgerSide('raw', 'hot', 8, SECONDS),
            combined: ledgerSide('ours', 'hot', 2, SECONDS, 64),
        };
    },
    check: async () => assert.equal(ledgerSum(), '0'),
    end: async () => dropLedger(),
};
