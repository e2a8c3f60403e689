// pwa/src/wallet/spending.ts: what was spent in each of the last six months of Seoul.
import type { Line } from '@/api/gen';

const monthOf = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().slice(0, 7);

export function byMonth(lines: Pick<Line, 'at' | 'amount_won'>[], now: number): { month: string; won: number }[] {
    const [year = 0, month = 1] = monthOf(now).split('-').map(Number);
    const names = Array.from({ length: 6 }, (_, i) => new Date(Date.UTC(year, month - 6 + i, 15)).toISOString().slice(0, 7));
    return names.map((name) => ({ month: name, won: Math.max(0, -lines.filter((l) => monthOf(Date.parse(l.at)) === name).reduce((sum, l) => sum + l.amount_won, 0)) }));
}
