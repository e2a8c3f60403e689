// tests/integration/market-photos.test.mjs: pictures: looked at, cleaned, made smaller behind the request.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { expect, expectProblem, send } from '../lib/api.mjs';
import { signUp } from '../lib/people.mjs';
import { heic, jpegTurned, png } from '../lib/pictures.mjs';
import { stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

/** Width and height in the header of a WebP as libvips writes it. */
function webpSize(bytes) {
    assert.equal(bytes.subarray(0, 4).toString(), 'RIFF');
    const kind = bytes.subarray(12, 16).toString();
    if (kind === 'VP8X') return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
    assert.equal(kind, 'VP8 ');
    return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
}

describe('pictures', () => {
    let host;
    before(async () => {
        host = await signUp('사진');
    });
    const upload = async (raw, type = 'image/jpeg') => expect(await host.send('PUT', '/v1/deal/photos', { raw, type }), 201);
    const sized = (photo, size) =>
        until(`${size} of ${photo.name} is made`, async () => {
            const reply = await send('GET', `${photo.url}?size=${size}`);
            assert.equal(reply.status, 200);
            assert.equal(reply.headers.get('content-type'), 'image/webp', 'served as it is so far');
            return reply;
        });

    it('three sizes are made as WebP behind the request; until then the picture itself is served, for seconds only', async () => {
        const photo = await upload(png([10, 200, Math.floor(Math.random() * 250)], [], 900), 'image/png');
        const first = await send('GET', `${photo.url}?size=small`);
        assert.equal(first.status, 200);
        if (first.headers.get('content-type') === 'image/png') assert.doesNotMatch(first.headers.get('cache-control'), /immutable/);
        for (const [size, edge] of [['small', 320], ['medium', 800], ['large', 900]]) {
            const reply = await sized(photo, size);
            assert.deepEqual(webpSize(reply.bytes), [edge, edge], 'fits, and is never enlarged');
            assert.match(reply.headers.get('cache-control'), /immutable/);
        }
        for (const base of stack.instances.deal) assert.equal((await send('GET', `${photo.url}?size=small`, { base })).headers.get('content-type'), 'image/webp');
        expectProblem(await send('GET', `${photo.url}?size=huge`), 422, 'invalid');
        expectProblem(await send('GET', '/v1/deal/photos/0123456789abcdef0123456789abcdef01234567.jpg?size=small'), 404, 'not_found');
        expectProblem(await send('GET', `/v1/deal/photos/${photo.name.replace('.png', '.small.webp')}`), 404, 'not_found');
    });

    it('a picture taken on its side stands upright: by its one tag as uploaded, by its pixels when made smaller', async () => {
        const photo = await upload(jpegTurned(6));
        const { bytes } = await send('GET', photo.url);
        assert.ok(!bytes.includes('37.55'), 'the place is gone');
        assert.ok(bytes.includes('Exif'), 'the direction is not');
        assert.deepEqual(webpSize((await sized(photo, 'small')).bytes), [48, 64]);
    });

    it('HEIC is taken and becomes JPEG', async () => {
        const photo = await upload(heic, 'image/heic');
        assert.match(photo.name, /\.jpg$/);
        const served = await send('GET', photo.url);
        assert.equal(served.headers.get('content-type'), 'image/jpeg');
        assert.equal(served.bytes.subarray(0, 3).toString('hex'), 'ffd8ff');
        assert.ok(!served.bytes.includes('Exif'));
        assert.deepEqual(webpSize((await sized(photo, 'small')).bytes), [64, 48]);
        expectProblem(await host.send('PUT', '/v1/deal/photos', { raw: heic.subarray(0, 500), type: 'image/heic' }), 415, 'bad_photo');
    });

    it('the same picture of two people is kept once', async () => {
        const other = await signUp('둘째');
        const picture = png([1, 2, Math.floor(Math.random() * 250)]);
        const [a, b] = [await upload(picture, 'image/png'), expect(await other.send('PUT', '/v1/deal/photos', { raw: picture, type: 'image/png' }), 201)];
        assert.equal(a.name, b.name);
    });
});
