// tests/bench/what/transfers_two_phase.mjs: what pay's rules and hash chain cost: hold and capture into one hot escrow.
import { ledgerBench } from '../lib/ledger.mjs';

export default ledgerBench('phases', 'hold and capture into one hot escrow');
