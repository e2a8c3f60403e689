// tests/lib/events.mjs: events as services publish them, straight into Kafka: for what a real flow takes too long to reach.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { uuid } from './api.mjs';
import * as clock from './clock.mjs';
import { stack } from './stack.mjs';

/** A CloudEvent of an aggregate of its own; `owner` is the service whose topic it goes to. */
export const event = (owner, type, data, { subject = uuid(), sequence = 1, time = clock.fromNow(0) } = {}) => ({
    specversion: '1.0', id: uuid(), source: `gonggu/${owner}`, type, subject, time, sequence, datacontenttype: 'application/json', data,
});

/** Publishes events of one owner, each in the partition of its aggregate. */
export async function publish(owner, ...events) {
    for (const subject of new Set(events.map((e) => e.subject))) {
        const headers = ['-H', 'content-type=application/cloudevents+json'];
        const child = spawn('kcat', ['-b', stack.kafka, '-P', '-t', `gonggu.${owner}`, '-k', subject, ...headers], { stdio: ['pipe', 'ignore', 'inherit'] });
        child.stdin.end(events.filter((e) => e.subject === subject).map((e) => JSON.stringify(e) + '\n').join(''));
        const [code] = await once(child, 'exit');
        assert.equal(code, 0, 'kcat');
    }
}
