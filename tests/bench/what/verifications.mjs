// tests/bench/what/verifications.mjs: access tokens that one core checks in a second: signature and all claims of a token not
// seen before, against the signature alone by bare OpenSSL; and a token that was seen before.
import { join } from 'node:path';
import { secretsFolder } from '../../lib/stack.mjs';
import { limit } from '../lib/limits.mjs';

const side = (how) => limit('token', how, 3, join(secretsFolder, 'signing_key.pem'));

export default {
    title: 'access tokens verified on one core',
    unit: 'tokens/s',
    sides: { bare: 'EVP_DigestVerify of OpenSSL, no claims', again: 'ours, of a token seen before' },
    goals: { bare: 0.9 },
    prepare: async () => ({ ours: side('ours'), bare: side('bare'), again: side('again') }),
};
