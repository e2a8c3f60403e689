// tests/invariants/check.mjs: what must hold across the five schemas whenever no event is under way. Every SELECT below
// finds what breaks its sentence; nothing may be found. Also a command: `node tests/invariants/check.mjs`.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { drained, query } from '../lib/db.mjs';

// Numbers of states as proto/deal.h lists them.
const RECRUITING = 0, CLOSING = 1, ENDED_WELL = 5, FAILED = 6, CANCELLED = 7;
const RESERVED = 0, HELD = 1, CAPTURED = 2, HANDED_OVER = 3, SETTLED = 4, REJECTED = 5, RELEASED = 6, DISPUTED = 7, REFUNDED = 8;
const LEFT = 0;
const LIVE = [RESERVED, HELD, CAPTURED, HANDED_OVER, SETTLED, DISPUTED].join();
const INSIDE = [HELD, CAPTURED, HANDED_OVER, SETTLED, DISPUTED].join();

const owners = ['auth', 'deal', 'pay', 'chat', 'push'];
const hex = (column) => `LOWER(HEX(${column}))`;

/** The state of each share beside that of its money. */
const MONEY_OF_SHARE = `gonggu_deal.share s LEFT JOIN gonggu_pay.hold h ON h.share_id = s.id
    LEFT JOIN gonggu_pay.escrow_share e ON e.share_id = s.id`;
const share = (says, states, wrong) => ({
    says,
    sql: `SELECT ${hex('s.id')}, s.state, h.state, s.captured_won, s.refunded_won, e.captured, e.refunded, e.paid_out
        FROM ${MONEY_OF_SHARE} WHERE s.state IN (${states}) AND NOT COALESCE(${wrong}, FALSE)`,
});

const INVARIANTS = [
    // ---- the ledger ----
    { says: 'P7 every won that is held has an owner, a reason, a deadline and a way out', sql: 'SELECT what, HEX(id), won, reason FROM gonggu_pay.orphan_won' },
    { says: 'P1 all accounts add up to zero', sql: 'SELECT SUM(posted) FROM gonggu_pay.account HAVING SUM(posted) <> 0' },
    {
        says: 'P1 the two entries of a transfer cancel out',
        sql: `SELECT ${hex('t.id')}, COUNT(e.amount), SUM(e.amount), MAX(e.amount), t.amount FROM gonggu_pay.transfer t
            LEFT JOIN gonggu_pay.entry e ON e.transfer_id = t.id GROUP BY t.id, t.amount
            HAVING NOT (COUNT(e.amount) = 2 AND SUM(e.amount) = 0 AND MAX(e.amount) = t.amount)`,
    },
    {
        says: 'an account holds what its entries say, numbered without a gap',
        sql: `SELECT ${hex('a.id')}, a.posted, SUM(e.amount), a.version, COUNT(e.version), MAX(e.version)
            FROM gonggu_pay.account a LEFT JOIN gonggu_pay.entry e ON e.account_id = a.id GROUP BY a.id, a.posted, a.version
            HAVING NOT (a.posted = COALESCE(SUM(e.amount), 0) AND a.version = COUNT(e.version)
                AND a.version = COALESCE(MAX(e.version), 0))`,
    },
    {
        says: 'P2 what a wallet has pending is the sum of its pending holds and withdrawals, and is covered',
        sql: `SELECT ${hex('w.id')}, w.posted, w.pending_debits, w.held, w.leaving FROM (SELECT a.id, a.posted, a.pending_debits,
            (SELECT COALESCE(SUM(h.amount), 0) FROM gonggu_pay.hold h WHERE h.user_id = a.id AND h.state = 'pending') AS held,
            (SELECT COALESCE(SUM(o.amount), 0) FROM gonggu_pay.withdrawal o WHERE o.user_id = a.id AND o.state IN ('pending', 'review')) AS leaving
            FROM gonggu_pay.account a WHERE a.kind = 'wallet') w
            WHERE NOT (w.pending_debits = w.held + w.leaving AND w.pending_debits <= w.posted)`,
    },
    // ---- neighbours' own moves ----
    {
        says: 'every remittance is one transfer between its two wallets, and the other way round',
        sql: `SELECT ${hex('t.id')} FROM gonggu_pay.transfer t LEFT JOIN gonggu_pay.remittance r ON r.id = t.id
                AND r.sender_id = t.debit_account AND r.recipient_id = t.credit_account AND r.amount = t.amount
            WHERE t.kind = 'remit' AND r.id IS NULL`,
    },
    {
        says: 'a withdrawal has left the wallet exactly when the bank has it',
        sql: `SELECT ${hex('w.id')}, w.state FROM gonggu_pay.withdrawal w LEFT JOIN gonggu_pay.transfer t ON t.id = w.id
                AND t.kind = 'withdraw' AND t.debit_account = w.user_id AND t.amount = w.amount
            WHERE (w.state = 'posted') <> (t.id IS NOT NULL)`,
    },
    {
        says: 'P13 what is paid of a 1/N request was sent to its creator for it',
        sql: `SELECT ${hex('q.id')}, p.user_id FROM gonggu_pay.money_request q JOIN (SELECT request_id, user_id, SUM(paid) AS paid
                FROM gonggu_pay.request_part GROUP BY request_id, user_id) p ON p.request_id = q.id
            WHERE p.paid <> (SELECT COALESCE(SUM(r.amount), 0) FROM gonggu_pay.remittance r
                WHERE r.request_id = q.id AND r.sender_id = p.user_id AND r.recipient_id = q.creator_id)`,
    },
    {
        says: 'P13 the parts of a round are its bill',
        sql: `SELECT ${hex('o.request_id')}, o.round FROM gonggu_pay.request_round o JOIN gonggu_pay.request_part p
            ON p.request_id = o.request_id AND p.round = o.round GROUP BY o.request_id, o.round, o.total, o.own
            HAVING SUM(p.amount) + o.own <> o.total`,
    },
    {
        says: 'what the provider took back of charges is what was reversed in the ledger',
        sql: `SELECT ${hex('c.user_id')}, SUM(c.reversed) FROM gonggu_pay.charge c GROUP BY c.user_id
            HAVING SUM(c.reversed) <> (SELECT COALESCE(SUM(t.amount), 0) FROM gonggu_pay.transfer t
                WHERE t.kind = 'reversal' AND t.debit_account = c.user_id)`,
    },
    {
        says: 'P6 an escrow account holds what was captured less refunds and payouts',
        sql: `SELECT ${hex('a.id')}, a.posted, SUM(e.captured - e.refunded - e.paid_out) FROM gonggu_pay.account a
            LEFT JOIN gonggu_pay.escrow_share e ON e.deal_id = a.id WHERE a.kind = 'escrow'
            GROUP BY a.id, a.posted HAVING a.posted <> COALESCE(SUM(e.captured - e.refunded - e.paid_out), 0)`,
    },
    {
        says: 'P8 transfers of a share are what its escrow row says',
        sql: `SELECT ${hex('e.share_id')}, e.captured, e.refunded, e.paid_out FROM gonggu_pay.escrow_share e
            LEFT JOIN gonggu_pay.transfer t ON t.share_id = e.share_id
            GROUP BY e.share_id, e.captured, e.refunded, e.paid_out
            HAVING e.captured <> COALESCE(SUM(IF(t.kind = 'capture', t.amount, 0)), 0)
                OR e.refunded <> COALESCE(SUM(IF(t.kind = 'refund', t.amount, 0)), 0)
                OR e.paid_out <> COALESCE(SUM(IF(t.kind = 'payout', t.amount, 0)), 0)`,
    },
    {
        says: 'P3 a hold is pending or has exactly one ending',
        sql: `SELECT ${hex('h.share_id')}, h.state, r.state FROM gonggu_pay.hold h
            LEFT JOIN gonggu_pay.hold_resolution r ON r.share_id = h.share_id
            WHERE (h.state IN ('pending', 'refused') AND r.share_id IS NOT NULL)
                OR (h.state NOT IN ('pending', 'refused') AND (r.share_id IS NULL OR r.state <> h.state))`,
    },
    {
        says: 'P7 no orphan won: a pending hold belongs to a deal whose outcome is open',
        sql: `SELECT ${hex('h.share_id')}, d.state FROM gonggu_pay.hold h LEFT JOIN gonggu_deal.deal d ON d.id = h.deal_id
            WHERE h.state = 'pending' AND (d.id IS NULL OR d.state NOT IN (${RECRUITING}, ${CLOSING}))`,
    },
    {
        says: 'P7 the escrow of a finished deal is empty',
        sql: `SELECT ${hex('a.id')}, a.posted, d.state FROM gonggu_pay.account a JOIN gonggu_deal.deal d ON d.id = a.id
            WHERE a.kind = 'escrow' AND d.state IN (${ENDED_WELL}, ${FAILED}, ${CANCELLED}) AND a.posted <> 0`,
    },
    // ---- seats and their money ----
    { says: 'no seat waits for an answer that will not come', sql: `SELECT ${hex('id')} FROM gonggu_deal.share WHERE state = ${RESERVED}` },
    share('D6 a held seat has a pending hold', HELD, "h.state = 'pending' AND h.amount = s.max_won"),
    share('a captured share is in escrow, to the won', CAPTURED, "h.state = 'captured' AND e.captured = s.captured_won AND e.refunded = s.refunded_won AND e.captured - e.refunded = s.amount_won AND e.paid_out = 0"),
    share('the money of a share in dispute stands still', DISPUTED, "h.state = 'captured' AND e.captured - e.refunded = s.amount_won AND e.paid_out = 0"),
    share('a share that was handed over is paid out', `${HANDED_OVER}`, 'FALSE'),
    share('a settled share is out of escrow, to the won', SETTLED, "h.state = 'captured' AND e.captured = s.captured_won AND e.refunded = s.refunded_won AND e.paid_out = s.amount_won AND e.captured = e.refunded + e.paid_out"),
    share('a rejected seat holds no money', REJECTED, "COALESCE(h.state, 'refused') IN ('refused', 'voided', 'expired')"),
    share('a released seat holds no money', RELEASED, "COALESCE(h.state, 'refused') IN ('refused', 'voided', 'expired') OR (h.state = 'captured' AND e.refunded = e.captured)"),
    share('a refunded share has everything back', REFUNDED, "h.state = 'captured' AND e.refunded = e.captured AND e.paid_out = 0"),
    {
        says: 'D1 taken is the sum of live quantities and never over capacity',
        sql: `SELECT ${hex('d.id')}, d.taken, SUM(s.quantity), d.extras, SUM(s.tolerance) FROM gonggu_deal.deal d
            LEFT JOIN gonggu_deal.share s ON s.deal_id = d.id AND s.state IN (${LIVE})
            GROUP BY d.id, d.taken, d.portions, d.host_portions, d.max_portions, d.extras
            HAVING d.taken <> COALESCE(SUM(s.quantity), 0) OR d.taken > COALESCE(d.max_portions, d.portions - d.host_portions)
                OR d.extras <> COALESCE(SUM(s.tolerance), 0)`,
    },
    {
        says: 'D2 D3 all shares and the part of the host are what was settled, to the won',
        sql: `SELECT ${hex('d.id')}, d.settled_won, d.host_won, SUM(s.amount_won), SUM(s.allotted), d.sold_portions FROM gonggu_deal.deal d
            LEFT JOIN gonggu_deal.share s ON s.deal_id = d.id AND s.state IN (${INSIDE}) WHERE d.settled_won IS NOT NULL
            GROUP BY d.id, d.settled_won, d.host_won, d.sold_portions
            HAVING COALESCE(SUM(s.amount_won), 0) + d.host_won <> d.settled_won OR COALESCE(SUM(s.allotted), 0) > d.sold_portions`,
    },
    {
        says: 'D3 whole boxes only',
        sql: `SELECT ${hex('id')}, sold_portions, portions, boxes_max FROM gonggu_deal.deal
            WHERE boxes_max IS NOT NULL AND sold_portions % (portions DIV boxes_max) <> 0`,
    },
    {
        says: 'D2 what somebody carries is what his shares left over, and less than two won',
        sql: `SELECT ${hex('c.user_id')}, c.carry, SUM(s.carry_delta) FROM gonggu_deal.carry c
            LEFT JOIN gonggu_deal.share s ON s.user_id = c.user_id GROUP BY c.user_id, c.carry
            HAVING c.carry <> COALESCE(SUM(s.carry_delta), 0) OR ABS(c.carry) >= 2000000000`,
    },
    {
        says: 'D5 nobody pays for terms he has not accepted',
        sql: `SELECT ${hex('s.id')}, s.terms, d.terms FROM gonggu_deal.share s JOIN gonggu_deal.deal d ON d.id = s.deal_id
            WHERE s.allotted IS NOT NULL AND s.terms <> d.terms`,
    },
    {
        says: 'D5 every version of the terms is kept',
        sql: `SELECT ${hex('d.id')}, d.terms, COUNT(t.version) FROM gonggu_deal.deal d
            JOIN gonggu_deal.terms t ON t.deal_id = d.id GROUP BY d.id, d.terms HAVING COUNT(t.version) <> d.terms`,
    },
    { says: 'no change of a share waits for an answer that will not come', sql: `SELECT ${hex('id')}, want_quantity FROM gonggu_deal.share WHERE want_quantity IS NOT NULL` },
    {
        says: 'D7 the waiting list is what the deal counts of it; nobody waits at a closed deal',
        sql: `SELECT ${hex('d.id')}, d.queue, SUM(w.state = 0), d.offered, SUM(w.offered) FROM gonggu_deal.deal d
            LEFT JOIN gonggu_deal.wait w ON w.deal_id = d.id AND w.live_user IS NOT NULL GROUP BY d.id, d.queue, d.offered, d.state
            HAVING d.queue <> COALESCE(SUM(w.state = 0), 0) OR d.offered <> COALESCE(SUM(w.offered), 0)
                OR (d.state <> ${RECRUITING} AND COUNT(w.id) > 0)`,
    },
    {
        says: 'D7 nobody waits while portions are free',
        sql: `SELECT ${hex('id')}, queue, taken, offered FROM gonggu_deal.deal
            WHERE state = ${RECRUITING} AND queue > 0 AND taken + offered < COALESCE(max_portions, portions - host_portions)`,
    },
    {
        says: 'a dispute is open exactly while its share is in dispute',
        sql: `SELECT ${hex('s.id')}, s.state, x.state FROM gonggu_deal.share s
            LEFT JOIN gonggu_deal.dispute x ON x.open_share = s.id WHERE (s.state = ${DISPUTED}) <> (x.id IS NOT NULL)`,
    },
    {
        says: "a deal's version counts its events",
        // A week after they are published events are forgotten, the oldest first.
        sql: `SELECT ${hex('d.id')}, d.version, COUNT(o.id) FROM gonggu_deal.deal d
            JOIN gonggu_deal.outbox o ON o.aggregate = d.id GROUP BY d.id, d.version
            HAVING d.version <> MAX(o.sequence) OR COUNT(o.id) <> 1 + MAX(o.sequence) - MIN(o.sequence)`,
    },
    {
        says: 'a deal that is over has no live seat',
        sql: `SELECT ${hex('d.id')}, d.state, s.state FROM gonggu_deal.deal d JOIN gonggu_deal.share s ON s.deal_id = d.id
            WHERE d.state IN (${FAILED}, ${CANCELLED}) AND s.state IN (${LIVE})`,
    },
    // ---- what can be found, and what is counted ----
    {
        says: 'exactly the deals that recruit are listed, with what is left of them',
        sql: `SELECT ${hex('d.id')}, d.state, l.left_n FROM gonggu_deal.deal d LEFT JOIN gonggu_deal.listing l ON l.deal_id = d.id
            WHERE NOT ((d.state = ${RECRUITING}) = (l.deal_id IS NOT NULL)
                AND COALESCE(l.left_n = COALESCE(d.max_portions, d.portions - d.host_portions) - d.taken - d.offered, TRUE))`,
    },
    {
        says: 'a cell counts the deals listed in it',
        sql: `SELECT c.cell, c.n, COUNT(l.deal_id) FROM gonggu_deal.listing_cell c LEFT JOIN gonggu_deal.listing l ON l.cell = c.cell
            GROUP BY c.cell, c.n HAVING c.n <> COUNT(l.deal_id)`,
    },
    {
        says: 'words of the listing belong to listed deals',
        sql: `SELECT ${hex('w.deal_id')}, MIN(w.word) FROM gonggu_deal.listing_word w LEFT JOIN gonggu_deal.listing l
            ON l.deal_id = w.deal_id AND l.cell = w.cell WHERE l.deal_id IS NULL GROUP BY w.deal_id`,
    },
    {
        says: 'saves and comments of a deal are as many as there are',
        sql: `SELECT ${hex('e.deal_id')}, e.saves, e.comments FROM gonggu_deal.deal_extra e WHERE NOT (
            e.saves = (SELECT COUNT(b.user_id) FROM gonggu_deal.bookmark b WHERE b.deal_id = e.deal_id)
            AND e.comments = (SELECT COUNT(c.id) FROM gonggu_deal.comment c WHERE c.deal_id = e.deal_id AND c.state = 0))`,
    },
    {
        says: 'votes for a request are as many as voters',
        sql: `SELECT ${hex('w.id')}, w.votes FROM gonggu_deal.wish w
            WHERE w.votes <> (SELECT COUNT(v.user_id) FROM gonggu_deal.wish_vote v WHERE v.wish_id = w.id)`,
    },
    // ---- chat ----
    {
        says: 'every deal has its room',
        sql: `SELECT ${hex('d.id')} FROM gonggu_deal.deal d LEFT JOIN gonggu_chat.room r ON r.id = d.id WHERE r.id IS NULL`,
    },
    {
        says: 'C3 the log of a room is 1, 2, 3 ... without a gap',
        sql: `SELECT ${hex('r.id')}, r.last_seq, COUNT(e.seq), MAX(e.seq), r.messages, SUM(e.type = 0) FROM gonggu_chat.room r
            LEFT JOIN gonggu_chat.entry e ON e.room_id = r.id GROUP BY r.id, r.last_seq, r.messages
            HAVING NOT (r.last_seq = COUNT(e.seq) AND r.last_seq = COALESCE(MAX(e.seq), 0)
                AND r.messages = COALESCE(SUM(e.type = 0), 0))`,
    },
    {
        says: 'who is in a deal is in its room',
        sql: `SELECT ${hex('p.deal_id')}, ${hex('p.user_id')} FROM (SELECT deal_id, user_id FROM gonggu_deal.share
                WHERE state IN (${INSIDE}) UNION SELECT id, host_id FROM gonggu_deal.deal) p
            LEFT JOIN gonggu_chat.member m ON m.room_id = p.deal_id AND m.user_id = p.user_id AND m.left_seq IS NULL
            WHERE m.user_id IS NULL`,
    },
    {
        says: 'nobody else is in the room',
        sql: `SELECT ${hex('m.room_id')}, ${hex('m.user_id')} FROM gonggu_chat.member m JOIN gonggu_deal.deal d ON d.id = m.room_id
            WHERE m.left_seq IS NULL AND m.user_id <> d.host_id AND NOT EXISTS (SELECT 1 FROM gonggu_deal.share s
                WHERE s.deal_id = m.room_id AND s.user_id = m.user_id AND s.state <> ${REJECTED}
                AND NOT (s.state = ${RELEASED} AND s.reason = ${LEFT}))`,
    },
    // ---- the inbox ----
    {
        says: 'an inbox counts what is unread, and its version counts its events',
        sql: `SELECT ${hex('i.user_id')}, i.unread, i.version, o.events FROM gonggu_push.inbox i
            LEFT JOIN (SELECT aggregate, MAX(sequence) AS events FROM gonggu_push.outbox GROUP BY aggregate) o ON o.aggregate = i.user_id
            WHERE i.version <> COALESCE(o.events, i.version) OR i.unread <> (SELECT COUNT(*) FROM gonggu_push.notice n
                WHERE n.user_id = i.user_id AND n.read_at IS NULL)`,
    },
    {
        says: 'N1 one notice per event and person',
        sql: 'SELECT HEX(event_id), HEX(user_id), COUNT(*) FROM gonggu_push.notice GROUP BY event_id, user_id HAVING COUNT(*) > 1',
    },
    // ---- copies of nicknames, events ----
    ...['deal', 'chat', 'push'].map((s) => ({
        says: `${s} knows everybody by name`,
        sql: `SELECT ${hex('u.id')} FROM gonggu_auth.users u LEFT JOIN gonggu_${s}.person p ON p.user_id = u.id
            WHERE u.nickname IS NOT NULL AND (p.nickname IS NULL OR CAST(p.nickname AS BINARY) <> CAST(u.nickname AS BINARY))`,
    })),
    ...owners.map((s) => ({
        // Test stacks keep the outbox for ever, however far a test moves the clock.
        says: `events of ${s} are numbered without gaps`,
        sql: `SELECT ${hex('aggregate')}, COUNT(*), MAX(sequence) FROM gonggu_${s}.outbox GROUP BY aggregate
            HAVING COUNT(*) <> MAX(sequence)`,
    })),
    ...owners.map((s) => ({ says: `no event of ${s} waits to be published`, sql: `SELECT HEX(id) FROM gonggu_${s}.outbox WHERE published_at IS NULL` })),
    ...owners.map((s) => ({ says: `no event is parked at ${s}`, sql: `SELECT HEX(id), topic, sequence, reason FROM gonggu_${s}.inbox_parked` })),
    ...owners.map((s) => ({ says: `no aggregate is stopped at ${s}`, sql: `SELECT topic, HEX(aggregate) FROM gonggu_${s}.inbox_aggregate WHERE poisoned` })),
    // ---- trust and order ----
    {
        says: 'the admin log is numbered without a gap',
        sql: 'SELECT COUNT(*), MAX(number) FROM gonggu_auth.admin_log HAVING COUNT(*) <> COALESCE(MAX(number), 0)',
    },
    {
        says: 'whoever is suspended has no open session',
        sql: `SELECT ${hex('u.id')}, ${hex('s.id')} FROM gonggu_auth.users u JOIN gonggu_auth.sessions s ON s.user_id = u.id
            AND s.ended_at IS NULL WHERE u.suspended_at IS NOT NULL AND s.opened_at < u.suspended_at`,
    },
    {
        says: 'a report is decided exactly when it is not open, and stands in the admin log',
        sql: `SELECT ${hex('r.id')}, r.state FROM gonggu_auth.report r LEFT JOIN gonggu_auth.admin_log l
            ON l.report_id = r.id AND l.action IN (4, 5) WHERE (r.state = 0) = (l.number IS NOT NULL)`,
    },
];

/** Sentences that do not hold, each with the rows that break it. Call it when events have drained. */
export async function violations() {
    const tagged = INVARIANTS.map(({ sql }, i) => `SELECT ${i}, CONCAT_WS(' ', ${columns(sql)}) FROM (${named(sql)}) v${i} LIMIT 5`);
    const rows = await query(tagged.join(';\n'));
    const found = new Map();
    for (const [i, row] of rows) {
        const { says } = INVARIANTS[i];
        found.set(says, [...(found.get(says) ?? []), row]);
    }
    return Object.fromEntries(found);
}

// The columns of a SELECT get the names c0, c1 ..., so that a SELECT around it can join them to one text.
function parts(sql) {
    const end = sql.search(/\sFROM\s/);
    const list = [];
    let depth = 0, begin = 'SELECT '.length;
    for (let i = begin; i <= end; i++) {
        if (sql[i] === '(') depth++;
        if (sql[i] === ')') depth--;
        if (i === end || (sql[i] === ',' && depth === 0)) {
            list.push(sql.slice(begin, i).trim());
            begin = i + 1;
        }
    }
    return { list, rest: sql.slice(end) };
}
const columns = (sql) => parts(sql).list.map((_, i) => `COALESCE(c${i}, 'NULL')`).join(', ');
function named(sql) {
    const { list, rest } = parts(sql);
    return `SELECT ${list.map((column, i) => `${column} AS c${i}`).join(', ')}${rest}`;
}

/** Waits until every event has been applied, then asserts every invariant. */
export async function checkInvariants() {
    await drained();
    assert.deepEqual(await violations(), {}, 'invariants across the schemas');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    await drained();
    const found = await violations();
    for (const [says, rows] of Object.entries(found)) console.log(`NOT TRUE: ${says}\n    ${rows.join('\n    ')}`);
    console.log(`${INVARIANTS.length} invariants, ${Object.keys(found).length} broken`);
    process.exitCode = Object.keys(found).length === 0 ? 0 : 1;
}
