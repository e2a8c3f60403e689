// tests/bench/lib/tokens.mjs: access tokens as the auth service signs them, made with the bench stack's own key: thousands
// of neighbours without thousands of log-ins.
import { createHash, createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto';
import { secret } from '../../lib/stack.mjs';

const key = createPrivateKey(secret('signing_key.pem'));
const { x, y } = createPublicKey(key).export({ format: 'jwk' });
const kid = createHash('sha256').update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y })).digest('base64url');
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'ES256', typ: 'JWT', kid });

/** {id, token} of a neighbour who never existed; good for an hour. */
export function neighbour(id = randomUUID()) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: 'gonggu', aud: 'gonggu', sub: id, sid: randomUUID(), sv: 1, iat: now, nbf: now, exp: now + 3600 };
    const text = `${HEADER}.${encode(claims)}`;
    return { id, token: `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}` };
}
export const neighbours = (n) => Array.from({ length: n }, () => neighbour());
