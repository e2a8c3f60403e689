// pwa/src/deals/calendar.ts: days of a month on Seoul's clock, and a pick-up as a calendar file (RFC 5545).
import type { Deal } from '@/api/gen';

const SEOUL_MS = 9 * 3_600_000;
export const dayOf = (at: number): string => new Date(at + SEOUL_MS).toISOString().slice(0, 10);

/** Weeks of a month ("2026-11") from Sunday on; '' where no day of it lies. */
export function weeks(month: string): string[][] {
    const [year = 2000, number = 1] = month.split('-').map(Number);
    const first = new Date(Date.UTC(year, number - 1, 1)).getUTCDay();
    const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
    const cells = Array.from({ length: Math.ceil((first + count) / 7) * 7 }, (_, i) => (i < first || i >= first + count ? '' : `${month}-${String(i - first + 1).padStart(2, '0')}`));
    return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
}
export function monthAfter(month: string, by: number): string {
    const [year = 2000, number = 1] = month.split('-').map(Number);
    return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

const stamp = (iso: string) => new Date(iso).toISOString().replace(/[-:]|\.\d+/g, '');
const escaped = (text: string) => text.replace(/[\\;,]/g, (c) => `\\${c}`).replace(/\r?\n/g, '\\n');

/** Lines of at most 75 bytes, as the format wants. */
function folded(line: string): string {
    const parts: string[] = [];
    let part = '';
    for (const c of line) {
        if (new TextEncoder().encode(part + c).length > 74) {
            parts.push(part);
            part = ' ';
        }
        part += c;
    }
    return [...parts, part].join('\r\n');
}

export function ics(deals: Deal[], now: number, origin: string): string {
    const events = deals.flatMap((deal) => [
        'BEGIN:VEVENT', `UID:${deal.id}@gonggu`, `DTSTAMP:${stamp(new Date(now).toISOString())}`, `DTSTART:${stamp(deal.pickup?.from ?? deal.pickup_from)}`,
        `DTEND:${stamp(deal.pickup?.until ?? deal.pickup_until)}`, `SUMMARY:${escaped(deal.title)}`, `LOCATION:${escaped(deal.pickup?.place ?? '')}`, `URL:${origin}/deals/${deal.id}`, 'END:VEVENT',
    ]);
    return `${['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//gonggu//pwa//KO', ...events, 'END:VCALENDAR'].map(folded).join('\r\n')}\r\n`;
}
