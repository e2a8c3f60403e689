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

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
}

/** A PNG of one colour; `notes` become tEXt chunks. */
export function png([red, green, blue], notes = []) {
    const size = 8;
    const head = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 2, 0, 0, 0]);
    const row = Buffer.concat([Buffer.from([0]), Buffer.concat(Array(size).fill(Buffer.from([red, green, blue])))]);
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        chunk('IHDR', head),
        ...notes.map((note) => chunk('tEXt', Buffer.from(note, 'latin1'))),
        chunk('IDAT', deflateSync(Buffer.concat(Array(size).fill(row)))),
        chunk('IEND', Buffer.alloc(0)),
    ]);
}
