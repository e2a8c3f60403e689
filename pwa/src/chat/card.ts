// pwa/src/chat/card.ts: the cards of a log in words, and where their buttons lead.
import type { ChatEntry } from '@/api/gen';
import { won } from '@/lib/format';
import { t } from '@/lib/i18n';

export const cardText = (entry: ChatEntry): string => t(`chat.card.${entry.card ?? 'opened'}`, { won: won(entry.amount_won ?? 0), done: entry.done ?? 0, of: entry.of ?? 0 });

/** The page behind a card's button. */
export function cardLink(entry: ChatEntry, room: string): string {
    switch (entry.action) {
        case 'pay': return `/requests/${entry.about ?? ''}`;
        case 'show_code': return `/deals/${room}/code`;
        case 'see_dispute': return `/deals/${entry.about ?? room}/dispute`;
        default: return `/deals/${room}`;
    }
}
