// pwa/src/format.ts: numbers, times and distances as people say them.
import { lang, t } from './i18n';

const locale = () => (lang.value === 'ko' ? 'ko-KR' : 'en-GB');

export function won(amount: number): string {
    return lang.value === 'ko' ? `${amount.toLocaleString('ko-KR')}원` : `₩${amount.toLocaleString('en-US')}`;
}

function distance(meters: number): string {
    if (meters < 950) return `${Math.max(1, Math.round(meters / 100)) * 100}m`;
    return `${(meters / 1000).toFixed(meters < 9_950 ? 1 : 0)}km`;
}

/** "2일 3시간", the two largest units; empty once it has passed. */
export function timeLeft(until: string, now: number): string {
    const minutes = Math.floor((Date.parse(until) - now) / 60_000);
    if (minutes < 0) return '';
    if (minutes < 1) return t('under_a_minute');
    const d = Math.floor(minutes / 1440);
    const h = Math.floor((minutes % 1440) / 60);
    const m = minutes % 60;
    const parts = [d > 0 && t('days', { n: d }), h > 0 && t('hours', { n: h }), d === 0 && m > 0 && t('minutes', { n: m })];
    return parts.filter(Boolean).join(' ');
}

export function moment(iso: string): string {
    return new Intl.DateTimeFormat(locale(), {
        timeZone: 'Asia/Seoul',
        month: 'long',
        day: 'numeric',
        weekday: 'short',
        hour: 'numeric',
        minute: '2-digit',
    }).format(new Date(iso));
}

export function span(from: string, until: string): string {
    const day = new Intl.DateTimeFormat(locale(), { timeZone: 'Asia/Seoul', month: 'long', day: 'numeric', weekday: 'short' });
    const time = new Intl.DateTimeFormat(locale(), { timeZone: 'Asia/Seoul', hour: 'numeric', minute: '2-digit' });
    const [a, b] = [new Date(from), new Date(until)];
    if (day.format(a) !== day.format(b)) return `${moment(from)} – ${moment(until)}`;
    return `${day.format(a)} ${time.format(a)} – ${time.format(b)}`;
}

interface Point {
    lat: number;
    lng: number;
}

const METERS_PER_DEGREE = 111_320;

/** Metres between two points of one town, where the ground is flat enough. */
function metersBetween(a: Point, b: Point): number {
    const shrink = Math.cos((a.lat * Math.PI) / 180);
    return Math.hypot(b.lat - a.lat, (b.lng - a.lng) * shrink) * METERS_PER_DEGREE;
}

/** Which way the point lies from here, as one of eight directions. */
function direction(from: Point, to: Point): string {
    const east = (to.lng - from.lng) * Math.cos((from.lat * Math.PI) / 180);
    const turn = Math.atan2(east, to.lat - from.lat) / (2 * Math.PI);
    const names = t('directions').split(',');
    return names[(Math.round(turn * 8) + 8) % 8] ?? '';
}

const CELL_M = 500; // the market tells no more of a place than its cell

/** Where a deal's cell lies, seen from here: "북동쪽 약 500m". */
export function whereabouts(from: Point, cell: Point, meters = metersBetween(from, cell)): string {
    if (meters < CELL_M / 2) return t('very_near');
    return t('around_to', { direction: direction(from, cell), distance: distance(meters) });
}
