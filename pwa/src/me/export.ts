// pwa/src/me/export.ts: everything the five services know of somebody, as one file.
import { fetchRoute } from '@/api/client';
import { download } from '@/lib/download';
import { problemText } from '@/lib/problem';
import { say } from '@/ui/toast';

const ROUTES = { auth: 'GET /v1/auth/export', deal: 'GET /v1/deal/export', pay: 'GET /v1/pay/export', chat: 'GET /v1/chat/export', push: 'GET /v1/push/export' } as const;

export async function exportAll(): Promise<boolean> {
    try {
        const parts = await Promise.all(Object.entries(ROUTES).map(async ([name, route]) => [name, (await (await fetchRoute(route)).json()) as unknown]));
        download(new Blob([JSON.stringify(Object.fromEntries(parts), null, 2)], { type: 'application/json' }), `gonggu-${new Date().toISOString().slice(0, 10)}.json`);
        return true;
    } catch (error) {
        say(problemText(error), 'bad');
        return false;
    }
}
