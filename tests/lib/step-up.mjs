// tests/lib/step-up.mjs: proofs of step-up as auth signs them, so that a test can also make wrong ones: of another act,
// another session, too old.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { send, uuid } from './api.mjs';
import { now } from './clock.mjs';
import { secret } from './stack.mjs';

const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
let kid;

/** SHA-256 of the act's canonical text. */
export function actDigest({ purpose, payee, amount_won, deal = '', terms = 0 }) {
    return createHash('sha256').update(`purpose=${purpose}\npayee=${payee}\namount_won=${amount_won}\ndeal=${deal}\nterms=${terms}\n`).digest('base64url');
}

/** A proof that this person agrees to the act; `claims` overrides what it says. */
export async function prove(person, { claims, ...act }) {
    kid ??= JSON.parse((await send('GET', '/v1/auth/jwks.json')).text).keys[0].kid;
    const { iss, aud, sub, sid } = JSON.parse(Buffer.from(person.token.split('.')[1], 'base64url').toString());
    const seconds = Math.floor(now() / 1000);
    const body = { iss, aud, act: actDigest(act), sub, sid, jti: uuid(), nbf: seconds, exp: seconds + 120, ...claims };
    const signed = `${text({ alg: 'ES256', typ: 'stepup+jwt', kid })}.${text(body)}`;
    const key = createPrivateKey(secret('signing_key.pem'));
    return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
