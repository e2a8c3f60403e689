// tests/lib/pictures.mjs: small real pictures to upload, and what a phone adds to them.
import { crc32 } from './crc.mjs';
import { deflateSync } from 'node:zlib';

/** A JPEG of one grey pixel. */
export const jpeg = Buffer.from(
    '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQ' +
        'Ew8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
    'base64',
);

/** The same picture as a phone writes it: with an EXIF segment that tells where it was taken. */
export function jpegWithPlace(place) {
    const exif = Buffer.concat([Buffer.from('Exif\0\0II*\0\b\0\0\0', 'latin1'), Buffer.from(`GPS ${place}`)]);
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1]), lengthOf(exif), exif]);
    return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

function lengthOf(bytes) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length + 2);
    return length;
}

/** A chunk of a PNG. */
export function pngChunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
}

/** A PNG of one colour; `notes` become tEXt chunks. */
export function png([red, green, blue], notes = [], size = 8) {
    const head = Buffer.from([0, 0, size >> 8, size & 255, 0, 0, size >> 8, size & 255, 8, 2, 0, 0, 0]);
    const row = Buffer.concat([Buffer.from([0]), Buffer.concat(Array(size).fill(Buffer.from([red, green, blue])))]);
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        pngChunk('IHDR', head),
        ...notes.map((note) => pngChunk('tEXt', Buffer.from(note, 'latin1'))),
        pngChunk('IDAT', deflateSync(Buffer.concat(Array(size).fill(row)))),
        pngChunk('IEND', Buffer.alloc(0)),
    ]);
}

/** 64x48 pixels of one orange, as HEIC and as JPEG. */
export const heic = Buffer.from(
    'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAeRtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAA' +
        'AAAAACAAAAEGlkYXQAAAAAAEAAMAAAAExpbG9jAQAAAERAAAMAAQAAAAAAAAIIAAEAAAAAAAAAGgACAAEAAAAAAAAAAQAAAAAAAAAIAAMAAAAA' +
        'AAACIgABAAAAAAAAAL4AAABNaWluZgAAAAAAAwAAABVpbmZlAgAAAQABAABodmMxAAAAABVpbmZlAgAAAAACAABncmlkAAAAABVpbmZlAgAAAQ' +
        'ADAABFeGlmAAAAANhpcHJwAAAAtmlwY28AAAB2aHZjQwEDcAAAAAAAAAAAAB7wAPz9+PgAAA8DIAABABhAAQwB//8DcAAAAwCQAAADAAADAB66' +
        'AkAhAAEAKkIBAQNwAAADAJAAAAMAAAMAHqAggQWW6uSmubgQEDAgAAADACAAAAMAISIAAQAGRAHBc8CJAAAAFGlzcGUAAAAAAAAAQAAAAEAAAA' +
        'AUaXNwZQAAAAAAAABAAAAAMAAAABBwaXhpAAAAAAMICAgAAAAaaXBtYQAAAAAAAAACAAECgQIAAgIDhAAAAChpcmVmAAAAAAAAAA5kaW1nAAIA' +
        'AQABAAAADmNkc2MAAwABAAIAAADgbWRhdAAAABYoAa8ZgO9Jpb//fWX/o9y/1CtaY+bgAAAABkV4aWYAAElJKgAIAAAABgASAQMAAQAAAAEAAA' +
        'AaAQUAAQAAAFYAAAAbAQUAAQAAAF4AAAAoAQMAAQAAAAIAAAATAgMAAQAAAAEAAABphwQAAQAAAGYAAAAAAAAAOGMAAOgDAAA4YwAA6AMAAAYA' +
        'AJAHAAQAAAAwMjEwAZEHAAQAAAABAgMAAKAHAAQAAAAwMTAwAaADAAEAAAD//wAAAqAEAAEAAABAAAAAA6AEAAEAAAAwAAAAAAAAAA==',
    'base64',
);
const orange = Buffer.from(
    '/9j/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE' +
        '4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAwAEADASIAAhEBAxEB/8QAHwAA' +
        'AQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2' +
        'JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKz' +
        'tLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtR' +
        'EAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElK' +
        'U1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5e' +
        'bn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCOiiiuE9EKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKACiiigD//2Q==',
    'base64',
);

/** The orange JPEG with an EXIF segment that names its direction (1 to 8) and where it was taken. */
export function jpegTurned(orientation) {
    const place = Buffer.from('37.556123\0\0\0');
    const tiff = Buffer.alloc(38 + place.length);
    tiff.write('MM\0*', 'latin1');
    tiff.writeUInt32BE(8, 4);
    tiff.writeUInt16BE(2, 8);
    [0x010e, 2, 0, place.length, 0, 38, 0x0112, 3, 0, 1, orientation, 0].forEach((word, i) => tiff.writeUInt16BE(word, 10 + 2 * i));
    place.copy(tiff, 38);
    const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
    return Buffer.concat([orange.subarray(0, 2), Buffer.from([0xff, 0xe1]), lengthOf(exif), exif, orange.subarray(2)]);
}
