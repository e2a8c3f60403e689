// tests/integration/signing-keys.test.mjs: signing keys change under load and nobody notices.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { value } from '../lib/db.mjs';
import { changeKeys, kids } from '../lib/key-change.mjs';
import { signUp } from '../lib/people.mjs';

describe('signing keys', () => {
    it('A11 a change under load: tokens of both keys are good everywhere, not one spurious 401', async () => {
        const { asked, wrong, keys } = await changeKeys([await signUp(), await signUp()], 1);
        assert.deepEqual(wrong, []);
        assert.ok(asked > 60, `${asked} requests`);
        assert.ok((await kids()).includes(keys[0]), 'the old key stays until its tokens are out');
        assert.equal(await value(`SELECT COUNT(*) FROM gonggu_auth.signing_key WHERE sealed LIKE '%PRIVATE KEY%'`), '0');
    });
});
