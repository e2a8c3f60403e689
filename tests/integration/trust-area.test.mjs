// tests/integration/trust-area.test.mjs: neighbourhoods: areas, proofs by position, what is kept of them and what is not.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { authCommand } from '../lib/admins.mjs';
import { expect, expectProblem, send } from '../lib/api.mjs';
import * as clock from '../lib/clock.mjs';
import { drained, id, number, query, value } from '../lib/db.mjs';
import { signUp } from '../lib/people.mjs';
import { root, stack } from '../lib/stack.mjs';
import { until } from '../lib/wait.mjs';

const CHEONGUN = { lat: 37.58921, lng: 126.96938, code: 11110101 };
const CHEONHO = { lat: 37.54438, lng: 127.12764, code: 11740109 };
const GANGIL = { lat: 37.56747, lng: 127.1734, code: 11740110 };
const HERE = 9_900_000_000 + Math.floor(Math.random() * 9e7); // an area of this run's own
const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

/** Two measurements, four seconds apart, the second a metre further. */
const samples = (place, { accuracy = 25, age = 1000, step = 0.00001, apart = 4000 } = {}) => [
    { lat: round(place.lat), lng: round(place.lng), accuracy_m: accuracy, measured_at: clock.fromNow(-age - apart) },
    { lat: round(place.lat + step), lng: round(place.lng), accuracy_m: accuracy, measured_at: clock.fromNow(-age) },
];
const prove = (person, place, how) => person.send('POST', '/v1/auth/neighbourhoods', { json: { samples: samples(place, how) } });
const claims = (person) => JSON.parse(Buffer.from(person.token.split('.')[1], 'base64url'));

describe('areas', () => {
    it('the table holds what data/seoul-areas.csv says', async () => {
        const csv = readFileSync(join(root, 'services/auth/data/seoul-areas.csv'), 'utf8').trim().split('\n').slice(1);
        const rows = await query(`SELECT code, district, name, name_en, lat, lng, size_m2 FROM gonggu_auth.area
            WHERE code BETWEEN 11000000 AND 11999999 ORDER BY code`);
        const expected = csv.map((line) => {
            const [code, district, name, english, lat, lng, km2] = line.split(',');
            return [code, district, name, english, ...[lat, lng, km2].map((x) => String(Math.round(x * 1e6)))];
        });
        assert.equal(expected.length, 467);
        assert.deepEqual(rows, expected.sort((a, b) => a[0] - b[0]));
    });

    it('everybody can list and search them, page by page', async () => {
        const all = [];
        for (let next = ''; next !== undefined; ) {
            const page = expect(await send('GET', `/v1/auth/areas?limit=100${next && `&cursor=${next}`}`), 200);
            all.push(...page.items);
            next = page.next;
        }
        assert.ok(all.length >= 467);
        assert.equal(new Set(all.map((a) => a.code)).size, all.length);
        const found = async (q) => expect(await send('GET', `/v1/auth/areas?q=${encodeURIComponent(q)}`), 200).items;
        assert.deepEqual((await found('청운')).map((a) => a.code), [CHEONGUN.code]);
        assert.deepEqual((await found('cheongun')).map((a) => a.name), ['청운동']);
        assert.deepEqual(await found('%'), []);
        const district = expect(await send('GET', `/v1/auth/areas?district=${encodeURIComponent('강동구')}&limit=100`), 200).items;
        assert.ok(district.length > 5 && district.every((a) => a.district === '강동구'));
    });

    it('an outline an operator brings decides over the nearest centre', async () => {
        // A square around the centre of Gangil-dong that is said to be somewhere else.
        const [s, n, w, e] = [GANGIL.lat - 0.002, GANGIL.lat + 0.002, GANGIL.lng - 0.002, GANGIL.lng + 0.002].map(round);
        const feature = (properties, ring) => ({ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } });
        const square = [[w, s], [e, s], [e, n], [w, n], [w, s]];
        const file = join(tmpdir(), `gonggu-areas-${process.pid}.json`);
        const write = (...features) => writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
        write(feature({ code: HERE, district: '시험구', name_ko: '시험동', name_en: 'Siheom-dong' }, square), feature({ code: 'x' }, square));
        assert.throws(() => authCommand('--import-areas', file), /feature 2: `code`/);
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_auth.area WHERE code = ${HERE}`), 0, 'all or nothing is looked at first');
        write(feature({ code: HERE, district: '시험구', name_ko: '시험동', name_en: 'Siheom-dong' }, square));
        assert.match(authCommand('--import-areas', file), /1 areas imported/);
        assert.match(authCommand('--import-areas', file), /1 areas imported/, 'and again');
        assert.equal(expect(await prove(await signUp(), GANGIL), 201).code, HERE);
        assert.equal(expect(await prove(await signUp(), { ...GANGIL, lat: GANGIL.lat + 0.003 }), 201).code, GANGIL.code);
        // Moved away again, so that other tests find the old world.
        write(feature({ code: HERE, district: '시험구', name_ko: '시험동' }, [[0, 0], [0.001, 0], [0.001, 0.001], [0, 0]]));
        authCommand('--import-areas', file);
    });
});

describe('a file of areas that is hostile', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gonggu-areas-'));
    after(() => rmSync(folder, { recursive: true }));
    const square = [[127, 37.5], [127.01, 37.5], [127.01, 37.51], [127, 37.51], [127, 37.5]];
    const good = { type: 'Feature', properties: { code: HERE + 1, district: '시험구', name_ko: '시험동' }, geometry: { type: 'Polygon', coordinates: [square] } };
    const collection = (...features) => JSON.stringify({ type: 'FeatureCollection', features });
    const change = (properties = {}, geometry = {}) => ({ ...good, properties: { ...good.properties, ...properties }, geometry: { ...good.geometry, ...geometry } });
    const circle = Array.from({ length: 100_002 }, (_, i) => [127 + Math.cos(i / 16000) / 100, 37.5 + Math.sin(i / 16000) / 100]);
    const bad = {
        'nothing': ['', /not JSON/],
        'not JSON': ['<xml/>', /not JSON/],
        'a depth that breaks stacks': ['['.repeat(1_000_000), /not JSON/],
        'bytes that are no text': [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), /not JSON/],
        'another document': [JSON.stringify(good), /not a GeoJSON FeatureCollection/],
        'a second feature of the same code': [collection(good, change({ name_ko: '다른동' })), /two features have the code/],
        'a code that is a statement': [collection(change({ code: '1; DROP TABLE area' })), /feature 1: `code`/],
        'a code out of bounds': [collection(change({ code: 12345678901 })), /feature 1: `code`/],
        'a name too long': [collection(change({ name_ko: '동'.repeat(41) })), /feature 1: `name_ko`/],
        'a name of control characters': [collection(change({ name_ko: 'a\u0007b' })), /feature 1: `name_ko`/],
        'a name that ends before its end': [collection(change({ name_ko: 'a\u0000b' })), /no text may have/],
        'no district': [collection(good, change({ code: HERE + 2, district: null })), /feature 2: `name_ko` and `district`/],
        'a point': [collection(change({}, { type: 'Point', coordinates: [127, 37.5] })), /Polygon/],
        'a line there and back': [collection(change({}, { coordinates: [[[127, 37], [127.1, 37], [127, 37], [127, 37]]] })), /encloses nothing/],
        'a ring that is open': [collection(change({}, { coordinates: [square.slice(0, 4)] })), /cannot be read/],
        'a place off the globe': [collection(change({}, { coordinates: [[[127, 137], ...square.slice(1, 4), [127, 137]]] })), /cannot be read/],
        'numbers beyond numbers': [collection(good).replace('127.01', '1e999'), /cannot be read/],
        'corners without end': [collection(change({}, { coordinates: [[...circle, circle[0]]] })), /100,000 corners/],
    };

    for (const [what, [text, says]] of Object.entries(bad))
        it(`${what}: refused with a reason, and nothing is written`, () => {
            const file = join(folder, 'areas.json');
            writeFileSync(file, text);
            assert.throws(() => authCommand('--import-areas', file), says);
        });

    it('no file, a folder, one that is too large: refused with a reason', () => {
        const large = join(folder, 'large.json');
        writeFileSync(large, '');
        truncateSync(large, 513 * 2 ** 20);
        assert.throws(() => authCommand('--import-areas', join(folder, 'none')), /No such file/);
        assert.throws(() => authCommand('--import-areas', folder), /it is no file/);
        assert.throws(() => authCommand('--import-areas', large), /larger than 512 MiB/);
    });

    it('after all of them the table is as it was, and a name that looks like a statement is a name', async () => {
        assert.equal(await number(`SELECT COUNT(*) FROM gonggu_auth.area WHERE code BETWEEN ${HERE + 1} AND ${HERE + 9}`), 0);
        assert.equal(await number('SELECT COUNT(*) FROM gonggu_auth.area WHERE code BETWEEN 11000000 AND 11999999'), 467);
        const file = join(folder, 'areas.json');
        const name = `'); DROP TABLE area; --`;
        writeFileSync(file, collection(change({ name_ko: name }, { coordinates: [[[0, 1], [0.001, 1], [0.001, 1.001], [0, 1]]] })));
        assert.match(authCommand('--import-areas', file), /1 areas imported/);
        assert.equal(await value(`SELECT name FROM gonggu_auth.area WHERE code = ${HERE + 1}`), name);
    });
});

describe('neighbourhoods', () => {
    afterEach(() => clock.reset());

    it('two at most, in the token with their age from the next refresh on, given up one by one', async () => {
        const person = await signUp();
        const first = expect(await prove(person, CHEONGUN), 201);
        assert.equal(first.code, CHEONGUN.code);
        assert.equal(first.name, '청운동');
        assert.equal(Date.parse(first.valid_until) - Date.parse(first.proved_at), 30 * clock.DAY);
        assert.equal(claims(person).areas, undefined);
        await person.refresh();
        assert.equal(claims(person).areas, `${CHEONGUN.code}@${Math.floor(Date.parse(first.proved_at) / 1000)}`);

        clock.advance(clock.HOUR);
        await person.refresh();
        expect(await prove(person, CHEONHO), 201);
        clock.advance(clock.HOUR);
        await person.refresh();
        expectProblem(await prove(person, GANGIL), 409, 'areas_full');
        assert.match(claims(person).areas, new RegExp(`^${CHEONHO.code}@\\d+ ${CHEONGUN.code}@\\d+$`));
        expect(await person.send('DELETE', `/v1/auth/neighbourhoods/${CHEONGUN.code}`), 204);
        expectProblem(await person.send('DELETE', `/v1/auth/neighbourhoods/${CHEONGUN.code}`), 404, 'not_found');
        expectProblem(await person.send('DELETE', '/v1/auth/neighbourhoods/x'), 404, 'not_found');
        expect(await prove(person, GANGIL), 201);
        const list = expect(await person.get('/v1/auth/neighbourhoods'), 200).items;
        assert.deepEqual(list.map((h) => h.code).sort(), [CHEONHO.code, GANGIL.code]);
        clock.reset();
    });

    it('A9 a proof is good for 30 days', async () => {
        const person = await signUp();
        expect(await prove(person, CHEONGUN), 201);
        clock.advance(30 * clock.DAY - clock.HOUR);
        try {
            await person.logIn();
            assert.match(claims(person).areas, /^11110101@/);
            clock.advance(clock.HOUR + clock.SECOND);
            await person.refresh();
            assert.equal(claims(person).areas, undefined);
            assert.deepEqual(expect(await person.get('/v1/auth/neighbourhoods'), 200).items, []);
            await until('the row is gone', async () => (await number(`SELECT COUNT(*) FROM gonggu_auth.neighbourhood WHERE user_id = ${id(person.id)}`)) === 0);
        } finally {
            clock.reset();
        }
    });

    it('A9 what is not plausible proves nothing: inexact, old, said once, frozen, too fast, nowhere', async () => {
        const person = await signUp();
        const refused = async (place, how, code) => expectProblem(await prove(person, place, how), 422, code);
        await refused(CHEONGUN, { accuracy: 151 }, 'position_inaccurate');
        await refused(CHEONGUN, { age: 121_000 }, 'position_old');
        await refused(CHEONGUN, { age: -31_000 }, 'position_old');
        await refused(CHEONGUN, { apart: 2000 }, 'position_doubted');
        await refused(CHEONGUN, { apart: -4000 }, 'position_doubted');
        await refused(CHEONGUN, { accuracy: 5, step: 0 }, 'position_doubted');
        await refused(CHEONGUN, { step: 0.02 }, 'position_doubted');
        await refused({ lat: 36.35, lng: 127.38 }, {}, 'area_unknown');
        expectProblem(await person.send('POST', '/v1/auth/neighbourhoods', { json: { samples: samples(CHEONGUN).slice(1) } }), 422, 'invalid', '/samples');
        const wild = samples(CHEONGUN).map((s) => ({ ...s, lat: 91, accuracy_m: 0 }));
        expectProblem(await person.send('POST', '/v1/auth/neighbourhoods', { json: { samples: wild } }), 422, 'invalid', '/samples/0/lat');
        assert.deepEqual(expect(await person.get('/v1/auth/neighbourhoods'), 200).items, []);
        // 14 km in no time, after a good proof.
        expect(await prove(person, CHEONGUN), 201);
        await refused(CHEONHO, {}, 'position_doubted');
        clock.advance(10 * clock.MINUTE);
        try {
            expect(await prove(await person.refresh(), CHEONHO), 201);
        } finally {
            clock.reset();
        }
    });

    it('nobody proves a place more than five times a day', async () => {
        const person = await signUp();
        for (let i = 0; i < 5; i++) expect(await prove(person, CHEONGUN), 201);
        expectProblem(await prove(person, CHEONGUN), 429, 'area_budget');
    });

    it('A9 no raw coordinate stands in a table, an event, a log or Kafka; only the area and the cell', async () => {
        const person = await signUp();
        const place = { lat: 37.587654, lng: 126.971357 };
        const other = { lat: 37.587663, lng: 126.971366 };
        const at = (p, age) => ({ ...p, accuracy_m: 17, measured_at: clock.fromNow(-age) });
        const proved = expect(await person.send('POST', '/v1/auth/neighbourhoods', { json: { samples: [at(place, 6000), at(other, 1000)] } }), 201);
        assert.deepEqual([proved.cell_lat, proved.cell_lng], [37.5875, 126.9725]);
        const far = [at({ lat: 36.357913, lng: 127.381931 }, 6000), at({ lat: 36.357924, lng: 127.381942 }, 1000)];
        expectProblem(await person.send('POST', '/v1/auth/neighbourhoods', { json: { samples: far } }), 422, 'position_doubted');
        await drained();

        const raw = /37\.?5876(54|63)|126\.?9713(57|66)|36\.?3579(13|24)|127\.?3819(31|42)/;
        const tables = await query(`SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables WHERE table_schema LIKE 'gonggu\\_%'`);
        let cells = 0;
        for (const [table] of tables)
            for (const row of await query(`SELECT * FROM ${table}`)) {
                const text = row.join('\t');
                assert.doesNotMatch(text, raw, `${table} keeps a position`);
                if (text.includes('37587500')) cells++;
            }
        assert.ok(cells > 0, 'the scan would see the cell');
        const files = (dir) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.path, f.name));
        const logs = [...files(stack.logs), ...files(join(stack.data, 'nginx')), ...files(join(stack.data, 'kafka')).filter((f) => f.endsWith('.log'))];
        assert.ok(logs.length > 20);
        for (const file of logs) assert.doesNotMatch(readFileSync(file, 'latin1'), raw, `${file} holds a position`);
        assert.equal(await value(`SELECT COUNT(*) FROM gonggu_auth.neighbourhood WHERE user_id = ${id(person.id)}`), '1');
    });
});

describe('the list of devices', () => {
    it('A13 says in which neighbourhood each has last proved to be, for thirty days, and no more than that', async () => {
        const person = await signUp();
        const other = await person.anotherDevice('Mozilla/5.0 (iPhone) Safari/604.1');
        const places = async () => Object.fromEntries(expect(await other.get('/v1/auth/sessions'), 200).items.map((s) => [s.current ? 'other' : 'first', s.place]));
        expect(await prove(person, CHEONGUN), 201);
        assert.deepEqual(await places(), { first: '청운동', other: undefined });
        expect(await person.send('DELETE', `/v1/auth/neighbourhoods/${CHEONGUN.code}`), 204);
        assert.deepEqual(await places(), { first: undefined, other: undefined });
    });
});
