// tests/lib/chat-frames.mjs: the frames of the chat socket, held against the document that is printed of them.
import assert from 'node:assert/strict';
import { faults, printed } from './schema.mjs';

const document = printed('chat.asyncapi');
const payload = (message) => document.components.messages[message].payload;
const words = document.components.schemas.ChatEntry.properties;

/** Every kind of entry and of card, by the document. */
export const ENTRIES = words.type.enum;
export const CARDS = words.card.enum;

export const faultsOfClientFrame = (frame) => faults(document, payload('ChatFrameIn'), frame);
export const faultsOfServerFrame = (frame) => faults(document, payload('ChatFrameOut'), frame);
export const faultsOfEntry = (entry) => faults(document, document.components.schemas.ChatEntry, entry);

/** Throws unless the server may say so. */
export function checkServerFrame(frame) {
    assert.deepEqual(faultsOfServerFrame(frame), [], `not what proto/gen/chat.asyncapi.json says: ${JSON.stringify(frame)}`);
}

/** Throws unless the client may say so: what the server has accepted must be in the document. */
export function checkClientFrame(frame) {
    assert.deepEqual(faultsOfClientFrame(frame), [], `accepted, and not in proto/gen/chat.asyncapi.json: ${JSON.stringify(frame)}`);
}

/** The same for an entry that came over HTTP. */
export function checkEntry(entry) {
    assert.deepEqual(faultsOfEntry(entry), [], `not what proto/gen/chat.asyncapi.json says: ${JSON.stringify(entry)}`);
}
