// tests/bench/what/transfers.mjs: what pay's rules and hash chain cost: transfers between spread wallets, 8 connections.
import assert from 'node:assert/strict';
import { dropLedger, freshLedger, ledgerSide, ledgerSum } from '../lib/ledger.mjs';

const SECONDS = 5;

export default {
    title: 'transfers between spread wallets, 8 connections',
    unit: 'transfers/s',
    sides: { ours: 'ours', raw: 'the same prepared statements without rules and chain', combined: 'ours, 64 in each transaction' },
    pairs: [['ours', 'raw', 0.8], ['combined', 'raw', 1]],
    async prepare() {
        freshLedger();
        return {
            ours: ledgerSide('ours', 'spread', 8, SECONDS),
            raw: ledgerSide('raw', 'spread', 8, SECONDS),
            combined: ledgerSide('ours', 'spread', 2, SECONDS, 64),
        };
    },
    check: async () => assert.equal(ledgerSum(), '0'),
    end: async () => dropLedger(),
};
