// tests/conformance/chat/fixture.mjs: the server under test. Another server brings another file with these exports and
// names it in CHAT_FIXTURE.
import { act, join, openDeal } from '../../lib/deals.mjs';
import { untilMember } from '../../lib/chat.mjs';
import { signUp } from '../../lib/people.mjs';
import { stack } from '../../lib/stack.mjs';
export { WebSocket, frame } from '../../lib/websocket.mjs';

/** Base addresses of the instances. */
export const instances = stack.instances.chat;

/** Somebody with an account: {id, token}. */
export const person = () => signUp('적합', 50_000);

/** A room with a host and guests: {id, host, guests}. */
export async function room(n = 2) {
    const [host, ...guests] = await Promise.all(Array.from({ length: n + 1 }, person));
    const deal = await openDeal(host);
    for (const guest of guests) await join(guest, deal, 1);
    for (const one of [host, ...guests]) await untilMember(one, deal.id);
    return { id: deal.id, host, guests, deal };
}

/** A room that has the host only, and nothing said in it. */
export async function emptyRoom(host) {
    const deal = await openDeal(host);
    await untilMember(host, deal.id);
    return { id: deal.id, host, guests: [], deal };
}

/** Takes somebody out of the room. */
export const leave = (one, place) => act(one, place.deal, 'leave');
