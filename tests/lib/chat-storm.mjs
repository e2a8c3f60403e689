// tests/lib/chat-storm.mjs: many steady clients talk while instances and Redis are killed at random; then they are judged.
import { setTimeout as sleep } from 'node:timers/promises';
import { untilMember } from './chat.mjs';
import { SteadyClient, judge } from './chat-steady.mjs';
import { join, openDeal } from './deals.mjs';
import { signUpMany } from './people.mjs';
import { kill } from './stack.mjs';
import { until } from './wait.mjs';

/** Numbers that look random and are the same for the same seed. */
export function dice(seed) {
    let x = seed >>> 0 || 1;
    return (n) => {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        return (x >>> 0) % n;
    };
}

/**
 * `clients` sockets of `people` neighbours in `rooms` rooms talk for `seconds`; a victim of `victims` dies every
 * `every` seconds. Resolves with what was counted once every client has been judged.
 */
export async function storm({ clients, people, rooms, seconds, every, victims, addresses, seed, perSecond }) {
    const roll = dice(seed);
    const neighbours = await signUpMany(people, 50_000);
    const places = [];
    for (let r = 0; r < rooms; r++) {
        const [host, ...guests] = neighbours.filter((_, i) => i % rooms === r);
        const deal = await openDeal(host, { portions: 40, host_portions: 2, min_portions: 2, total_won: 40_000 });
        for (const guest of guests) await join(guest, deal, 1);
        for (const one of [host, ...guests]) await untilMember(one, deal.id);
        const from = guests.length + 2; // the card, the host, the guests
        places.push({ room: deal.id, host, from, members: [host, ...guests], clients: [] });
    }
    const instance = () => addresses[roll(addresses.length)];
    for (let i = 0; i < clients; i++) {
        const place = places[i % rooms];
        const person = place.members[Math.floor(i / rooms) % place.members.length];
        place.clients.push(new SteadyClient(person, place.room, place.from, instance));
    }
    const all = places.flatMap((p) => p.clients);
    try {
        return await talk({ all, places, clients, seconds, every, victims, roll, perSecond });
    } finally {
        all.forEach((c) => c.stop());
    }
}

async function talk({ all, places, clients, seconds, every, victims, roll, perSecond }) {
    await until('everybody is connected', () => all.every((c) => c.connects > 0), { within: 30_000 });
    const deaths = [];
    const end = Date.now() + seconds * 1000;
    const reaper = (async () => {
        while (Date.now() < end - 2000) {
            await sleep(every * 1000);
            const spared = victims.filter((v) => !deaths.includes(v)); // each dies once before any dies twice
            const victim = spared.length > 0 ? spared[roll(spared.length)] : victims[roll(victims.length)];
            deaths.push(victim);
            await kill(victim).catch(() => {});
            for (let i = 0; i < all.length / 20; i++) all[roll(all.length)].drop();
        }
    })();
    let said = 0;
    while (Date.now() < end) {
        for (let i = 0; i < Math.ceil(perSecond / 10); i++) all[roll(all.length)].say(`말 ${++said}`);
        await sleep(100);
    }
    await reaper;
    await until('everything is acknowledged', () => all.every((c) => c.waiting === 0), { within: 60_000 });
    const counted = { clients, deaths: deaths.join(' '), said, entries: 0, acknowledged: 0, connects: 0 };
    for (const place of places) {
        const last = Math.max(...place.clients.flatMap((c) => [...c.acknowledged.values()]), place.from);
        await until('everybody has everything', () => place.clients.every((c) => c.position >= last), { within: 60_000 });
        const { entries, acknowledged } = await judge(place.clients, place.room, place.host, place.from);
        counted.entries += entries;
        counted.acknowledged += acknowledged;
    }
    counted.connects = all.reduce((sum, c) => sum + c.connects, 0);
    return counted;
}
