// pwa/src/lib/format.ts: numbers, times and distances as people say them.
import { lang, t } from './i18n';

const locale = () => (lang.value === 'ko' ? 'ko-KR' : 'en-GB');
const ZONE = 'Asia/Seoul';

export function won(amount: number): string {
    return lang.value === 'ko' ? `${amount.toLocaleString('ko-KR')}원` : `₩${amount.toLocaleString('en-US')}`;
}
/** With its sign: what came in, what went out. */
export const wonSigned = (amount: number) => (amount > 0 ? `+${won(amount)}` : won(amount).replace('-', '−'));

export function distance(meters: number): string {
    if (meters < 950) return `${Math.max(1, Math.round(meters / 100)) * 100}m`;
    return `${(meters / 1000).toFixed(meters < 9_950 ? 1 : 0)}km`;
}

/** "2일 3시간", the two largest units; empty once it has passed. */
export function timeLeft(until: string, now: number): string {
    const minutes = Math.floor((Date.parse(until) - now) / 60_000);
    if (minutes < 0) return '';
    if (minutes < 1) return t('time.under_a_minute');
    const d = Math.floor(minutes / 1440);
    const h = Math.floor((minutes % 1440) / 60);
    const m = minutes % 60;
    const parts = [d > 0 && t('time.days', { n: d }), h > 0 && t('time.hours', { n: h }), d === 0 && m > 0 && t('time.minutes', { n: m })];
    return parts.filter(Boolean).join(' ');
}

/** "방금", "12분 전", "3시간 전", else the date. */
export function ago(iso: string | number, now: number): string {
    const at = typeof iso === 'number' ? iso : Date.parse(iso);
    const minutes = Math.floor((now - at) / 60_000);
    if (minutes < 1) return t('time.just_now');
    if (minutes < 60) return t('time.minutes_ago', { n: minutes });
    if (minutes < 1440) return t('time.hours_ago', { n: Math.floor(minutes / 60) });
    if (minutes < 7 * 1440) return t('time.days_ago', { n: Math.floor(minutes / 1440) });
    return day(new Date(at).toISOString());
}

const format = (iso: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }).format(new Date(iso));

export const day = (iso: string) => format(iso, { month: 'long', day: 'numeric', weekday: 'short' });
export const clockTime = (iso: string) => format(iso, { hour: 'numeric', minute: '2-digit' });
export const moment = (iso: string) => format(iso, { month: 'long', day: 'numeric', weekday: 'short', hour: 'numeric', minute: '2-digit' });
export const month = (iso: string) => format(iso, { year: 'numeric', month: 'long' });
export const fullDate = (iso: string) => format(iso, { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' });

export function span(from: string, until: string): string {
    if (day(from) !== day(until)) return `${moment(from)} – ${moment(until)}`;
    return `${day(from)} ${clockTime(from)} – ${clockTime(until)}`;
}

/** The value of <input type="datetime-local"> on Seoul's clock, and back. */
export const toLocalInput = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 16);
export const fromLocalInput = (text: string) => (text ? new Date(`${text}:00+09:00`).toISOString() : '');
