// tests/bench/what/near.mjs: nearby search among a million deals, six of ten of them in one big city: random points, the
// default radius, the first page; every tenth question with a category, every tenth in another order. The points are so
// many that what is kept of lists hardly answers any.
import assert from 'node:assert/strict';
import { send, expect } from '../../lib/api.mjs';
import { processes, stack } from '../../lib/stack.mjs';
import { databasePid, sql, startPeer } from '../lib/peer.mjs';
import { load } from '../lib/wrk.mjs';

const DEALS = Number(process.env.GONGGU_BENCH_DEALS ?? 1_000_000), CHUNK = 100_000, SECONDS = Number(process.env.GONGGU_BENCH_SECONDS ?? 10), GOAL_MS = 50;
const CITY = { lat: 37.42, lng: 126.76, height: 0.28, width: 0.42 };
const hash = (salt) => `(CONV(LEFT(MD5(CONCAT('${salt}', seq)), 8), 16, 10) / 4294967296)`;
const inCity = `${hash('c')} < 0.6`;
const degree = (city, spread, country, wide, salt) => `CAST((CASE WHEN ${inCity} THEN ${city} + ${spread} * ${hash(salt)} ELSE ${country} + ${wide} * ${hash(salt)} END) * 1000000 AS SIGNED)`;

/** Deals straight into the tables, as the service would have written them. */
function fill() {
    if (Number(sql('SELECT COALESCE(SUM(n), 0) FROM gonggu_deal.listing_cell')) >= DEALS) return;
    for (let from = 1; from <= DEALS; from += CHUNK) {
        const to = Math.min(from + CHUNK - 1, DEALS);
        sql(`SET SESSION unique_checks = 0, foreign_key_checks = 0;
            INSERT IGNORE INTO deal (id, version, host_id, state, title, description, category, unit, photos, total_won, portions, host_portions, min_portions, closes_at, place, lat, lng, cell_lat, cell_lng, pickup_from, pickup_until, created_at)
            SELECT UNHEX(CONCAT(LPAD(HEX(1760000000000 + seq), 12, '0'), '70008000', LPAD(HEX(seq), 12, '0'))), 1, UNHEX(REPLACE(UUID(), '-', '')), 0, CONCAT('나눔 ', seq), '한 상자를 나눕니다.', seq % 8, '1kg', CONCAT(SHA2(seq, 256), '.jpg'),
                10000 + seq % 90000, 10, 1, 4, UTC_TIMESTAMP(3) + INTERVAL (60 + seq % 20000) MINUTE, '역 앞', lat, lng, FLOOR(lat / 5000) * 5000 + 2500, FLOOR(lng / 5000) * 5000 + 2500,
                UTC_TIMESTAMP(3) + INTERVAL 20 DAY, UTC_TIMESTAMP(3) + INTERVAL 21 DAY, UTC_TIMESTAMP(3)
            FROM (SELECT seq, ${degree(CITY.lat, CITY.height, 34.5, 3.5, 'a')} lat, ${degree(CITY.lng, CITY.width, 126.5, 2.5, 'o')} lng FROM seq_${from}_to_${to}) places`, 'gonggu_deal');
    }
    sql(`INSERT INTO deal_extra (deal_id) SELECT id FROM deal ON DUPLICATE KEY UPDATE deal_extra.deal_id = deal.id;
        TRUNCATE listing; TRUNCATE listing_cell;
        INSERT INTO listing (cell, deal_id, category, measure, unit_won, portion_won, left_n, closes_at, stamp)
        SELECT FLOOR((lat + 90000000) / 5000) * 100000 + FLOOR((lng + 180000000) / 5000) cell, id, category, 0, total_won DIV 100, total_won DIV 10, portions - host_portions - taken, closes_at, 0
        FROM deal WHERE state = 0 ORDER BY cell, id;
        INSERT INTO listing_cell (cell, n) SELECT l.cell, COUNT(*) FROM listing l GROUP BY l.cell ON DUPLICATE KEY UPDATE n = VALUES(n);
        ANALYZE TABLE listing, listing_cell, deal, deal_extra`, 'gonggu_deal');
}

/** The peer's table, from the same deals: all that a list shows, and the middle of the cell as a point. */
function fillPeer() {
    sql(`CREATE DATABASE IF NOT EXISTS bench_places CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE USER IF NOT EXISTS 'bench'@'%' IDENTIFIED BY 'bench'; GRANT ALL ON bench_places.* TO 'bench'@'%'`);
    if (sql("SHOW TABLES LIKE 'deal'", 'bench_places')) return;
    sql(`CREATE TABLE filling (id BINARY(16) NOT NULL PRIMARY KEY, title VARCHAR(100) NOT NULL, category TINYINT NOT NULL, unit VARCHAR(40) NOT NULL, photo VARCHAR(80) NOT NULL, total_won BIGINT NOT NULL, portions INT NOT NULL,
            host_portions INT NOT NULL, taken INT NOT NULL, saves INT NOT NULL, views INT NOT NULL, comments INT NOT NULL, closes_at DATETIME(3) NOT NULL, created_at DATETIME(3) NOT NULL, place POINT NOT NULL) ENGINE=InnoDB;
        INSERT INTO filling SELECT d.id, d.title, d.category, d.unit, d.photos, d.total_won, d.portions, d.host_portions, d.taken, x.saves, x.views, x.comments, d.closes_at, d.created_at, POINT(d.cell_lng / 1e6, d.cell_lat / 1e6)
            FROM gonggu_deal.deal d JOIN gonggu_deal.deal_extra x ON x.deal_id = d.id WHERE d.state = 0;
        ALTER TABLE filling ADD SPATIAL INDEX ix_place (place); ANALYZE TABLE filling; RENAME TABLE filling TO deal`, 'bench_places');
}

const somewhere = () => ({ lat: (CITY.lat + CITY.height * Math.random()).toFixed(3), lng: (CITY.lng + CITY.width * Math.random()).toFixed(3) });
const question = (query) => ({ path: `/v1/deal/deals?${new URLSearchParams(query)}` });
let peer;

/** Eight ask for some seconds. */
async function ask(base, list, seconds) {
    const result = await load(base, list, { connections: 8, once: false, seconds });
    assert.deepEqual(Object.keys(result.statuses), ['200']);
    return { operations: result.requests, seconds: result.seconds, p50: result.p50, p99: result.p99 };
}
const questions = () =>
    Array.from({ length: 20_000 }, (_, i) => question({ ...somewhere(), ...(i % 10 === 1 && { category: 'household' }), ...(i % 10 === 2 && { sort: ['new', 'closing', 'left', 'saved'][(i / 10 | 0) % 4] }) }));

/** Before anything is timed: both find what looking at every deal finds, and the same deals by every order and filter. */
async function same() {
    const get = async (base, path) => expect(await send('GET', path, { base }), 200).items;
    const both = (query) => {
        const { path } = question(query);
        return Promise.all([get(stack.instances.deal[0], path), get(peer.base, path.replace('/v1/deal/', '/'))]);
    };
    for (let i = 0; i < 3; i++) {
        const { lat, lng } = somewhere();
        const all = sql(`SELECT ROUND(12742000 * ASIN(LEAST(1, SQRT(POW(SIN(RADIANS(cell_lat / 1e6 - ${lat}) / 2), 2) + COS(RADIANS(cell_lat / 1e6)) * COS(RADIANS(${lat})) * POW(SIN(RADIANS(cell_lng / 1e6 - ${lng}) / 2), 2))))) m
            FROM gonggu_deal.deal WHERE state = 0 HAVING m <= 3000 ORDER BY m LIMIT 50`).split('\n').filter(Boolean).map(Number);
        for (const found of await both({ lat, lng, limit: 50 })) assert.deepEqual(found.map((d) => d.distance_m), all);
        for (const more of [{ category: 'household' }, { sort: 'new' }, { sort: 'closing' }, { sort: 'left' }, { sort: 'saved' }]) {
            const [ours, theirs] = await both({ lat, lng, ...more });
            assert.deepEqual(theirs.map((d) => d.id), ours.map((d) => d.id), JSON.stringify(more));
        }
    }
}

export default {
    title: `nearby search among ${DEALS.toLocaleString('en')} deals, 8 connections`,
    unit: 'searches/s',
    sides: { peer: 'Fastify + mysql2, spatial index' },
    async prepare() {
        fill();
        fillPeer();
        peer = await startPeer('near', 28192, { processes: stack.instances.deal.length, env: { PEER_DB_NAME: 'bench_places' } });
        await same();
        const theirs = () => questions().map(({ path }) => ({ path: path.replace('/v1/deal/', '/') }));
        return {
            ours: {
                warm: () => ask(stack.instances.deal[0], questions(), 3),
                run: () => ask(stack.instances.deal[0], questions(), SECONDS),
                pids: async () => [(await processes())['deal-1'].pid, databasePid()],
            },
            peer: { warm: () => ask(peer.base, theirs(), 3), run: () => ask(peer.base, theirs(), SECONDS), pids: async () => [peer.pids[0], databasePid()] },
        };
    },
    async end() {
        peer?.stop();
    },
    rows: (what, name, { ours, peer: theirs }) => [{
        name, what: `${what.title}; against ${what.sides.peer}`, unit: what.unit, ours, peer: theirs, ratio: Number((ours.rate / theirs.rate).toPrecision(3)), goal: `p99 < ${GOAL_MS} ms`, met: ours.p99_ms < GOAL_MS,
    }],
};
