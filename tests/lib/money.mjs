// tests/lib/money.mjs: counting money and notices of a group of people.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { until } from './wait.mjs';

/** Waits until every wallet has exactly so many won, none of them held. `expected` is a list of [person, won]. */
export function wallets(expected, within) {
    return until('the wallets are as they should be', async () => {
        const seen = await Promise.all(expected.map(([person]) => person.wallet()));
        const wrong = seen.flatMap((w, i) =>
            w.posted_won === expected[i][1] && w.held_won === 0 && w.available_won === w.posted_won
                ? []
                : [`${expected[i][0].nickname}: ${JSON.stringify(w)} instead of ${expected[i][1]}`],
        );
        if (wrong.length > 0) throw new Error(wrong.join('; '));
        return true;
    }, { within });
}

/** Kinds of the notices about this deal (null: about none) in someone's inbox, sorted. */
export async function kinds(person, deal) {
    const { items } = await person.inbox();
    return items.filter((n) => (n.deal ?? null) === (deal?.id ?? null)).map((n) => n.kind).sort();
}

/** What comes beside the story, by the hour or by how full a deal is: counted only where a test names it. */
const BESIDE = new Set(['nearly_full', 'full', 'closing_day', 'closing_hour', 'pickup_today', 'pickup_soon', 'code', 'review', 'chat', 'mention']);

/** Waits until the inbox holds exactly these kinds about the deal; one too many fails at once. */
export async function noticed(person, deal, ...expected) {
    expected.sort();
    let seen = [];
    await until(`${person.nickname} is told ${expected}`, async () => {
        seen = (await kinds(person, deal)).filter((kind) => !BESIDE.has(kind) || expected.includes(kind));
        return isDeepStrictEqual(seen, expected) || seen.length > expected.length;
    }).catch((error) => {
        throw new Error(`${error.message}; the inbox has ${seen}`);
    });
    assert.deepEqual(seen, expected, `notices of ${person.nickname}`);
}
