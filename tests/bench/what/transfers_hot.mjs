// tests/bench/what/transfers_hot.mjs: what pay's rules and hash chain cost: transfers into one hot escrow.
import { ledgerBench } from '../lib/ledger.mjs';

export default ledgerBench('hot', 'transfers into one hot escrow');
