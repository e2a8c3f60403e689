// pwa/src/lib/worker.ts: the service worker seen from the page: registered, told of a session, and changed for a newer one when its
// user says so.
import { ref } from 'vue';
import { bearer } from '@/api/token';
import type { useSession } from '@/auth/session';
import { registerWorker, resync } from '@/push.js';
import type { Lang } from './i18n';

export const newVersion = ref(false);
let waiting: ServiceWorker | null = null;

function offer(worker: ServiceWorker | null): void {
    if (!worker || !navigator.serviceWorker.controller) return; // the first one needs no permission
    waiting = worker;
    newVersion.value = true;
}

export function useNewVersion(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    waiting?.postMessage('take-over');
}

/** Without network, or in a browser that forbids workers, the client goes on without. */
export async function startWorker(session: ReturnType<typeof useSession>, lang: () => Lang): Promise<void> {
    try {
        const registration = await registerWorker();
        if (!registration) return;
        const update = (token: string | null): void => void (token && resync(token, lang()).catch(() => undefined));
        session.onEnter(update);
        if (session.signedIn) void bearer().then(update); // whoever comes back, too: subscriptions change without a word
        offer(registration.waiting);
        registration.addEventListener('updatefound', () => {
            const next = registration.installing;
            next?.addEventListener('statechange', () => next.state === 'installed' && offer(next));
        });
    } catch {
        // said nowhere: nothing that the user asked for has failed
    }
}
