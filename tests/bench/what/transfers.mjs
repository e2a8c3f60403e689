// tests/bench/what/transfers.mjs: what pay's rules and hash chain cost: transfers between spread wallets.
import { ledgerBench } from '../lib/ledger.mjs';

export default ledgerBench('spread', 'transfers between spread wallets');
