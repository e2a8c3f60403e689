// tests/bench/peers/near.mjs: nearby search as a competent Node developer would write it: Fastify with a schema for the reply,
// mysql2 with prepared statements, one table with a spatial index: the rectangle around the point by the index, the circle and
// the order by the distance.
import cluster from 'node:cluster';
import Fastify from 'fastify';
import mysql from 'mysql2/promise';

const { PEER_PORT, PEER_DB_PORT, PEER_DB_USER, PEER_DB_PASSWORD, PEER_DB_NAME, PEER_PROCESSES } = process.env;
const METRES_PER_DEGREE = 111_195, RADIUS_M = 3000, EARTH_M = 6_371_000;
const CATEGORIES = ['fruit_vegetable', 'grain', 'meat_fish', 'dairy_egg', 'snack', 'drink', 'kitchen', 'household', 'baby', 'pet', 'beauty', 'clothing', 'other'];
const ORDERS = { near: 'distance_m, id', new: 'id DESC', closing: 'closes_at, id', left: 'portions - host_portions - taken, id', saved: 'saves DESC, id DESC' };
const uuid = (b) => b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const number = { type: 'integer' }, text = { type: 'string' };
const item = {
    type: 'object',
    properties: { id: text, title: text, category: text, unit: text, photo: text, total_won: number, portions: number, left: number, saves: number, views: number, comments: number, closes_at: text, created_at: text, distance_m: number },
};

if (cluster.isPrimary) {
    for (let i = 0; i < Number(PEER_PROCESSES); i++) cluster.fork();
    let up = 0;
    cluster.on('listening', () => ++up === Number(PEER_PROCESSES) && console.log('ready'));
} else {
    const pool = mysql.createPool({ host: '127.0.0.1', port: Number(PEER_DB_PORT), user: PEER_DB_USER, password: PEER_DB_PASSWORD, database: PEER_DB_NAME, connectionLimit: 16, maxPreparedStatements: 100 });
    const app = Fastify({ logger: false });

    app.get('/deals', {
        schema: {
            querystring: { type: 'object', required: ['lat', 'lng'], properties: { lat: { type: 'number', minimum: -90, maximum: 90 }, lng: { type: 'number', minimum: -180, maximum: 180 }, category: { type: 'string', enum: CATEGORIES }, sort: { type: 'string', enum: Object.keys(ORDERS), default: 'near' }, limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 } } },
            response: { 200: { type: 'object', properties: { items: { type: 'array', items: item } } } },
        },
    }, async (request) => {
        const { lat, lng, category, sort, limit } = request.query;
        const up = RADIUS_M / METRES_PER_DEGREE, aside = up / Math.cos((lat * Math.PI) / 180);
        const box = `POLYGON((${[[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([x, y]) => `${lng + x * aside * 1.001} ${lat + y * up * 1.001}`).join(',')}))`;
        const [rows] = await pool.execute(
            `SELECT id, title, category, unit, photo, total_won, portions, portions - host_portions - taken AS \`left\`, saves, views, comments, closes_at, created_at,
                ROUND(ST_Distance_Sphere(place, ST_GeomFromText(?), ${EARTH_M})) AS distance_m
             FROM deal WHERE MBRContains(ST_GeomFromText(?), place) AND closes_at > ?${category === undefined ? '' : ' AND category = ?'}
             HAVING distance_m <= ${RADIUS_M} ORDER BY ${ORDERS[sort]} LIMIT ${limit}`,
            [`POINT(${lng} ${lat})`, box, new Date(), ...(category === undefined ? [] : [CATEGORIES.indexOf(category)])],
        );
        return { items: rows.map((r) => ({ ...r, id: uuid(r.id), category: CATEGORIES[r.category] })) };
    });
    await app.listen({ port: Number(PEER_PORT), host: '127.0.0.1', backlog: 1024 });
}
