// pwa/src/auth/session.ts: who is signed in, on this device.
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { call } from '@/api/client';
import type { AuthToken, AuthUser } from '@/api/gen';
import { forgetEverything } from '@/api/query';
import { bearer, drop, mayBeSignedIn, onSession, take } from '@/api/token';
import { keep, kept } from '@/lib/kept';
import { forgetPlace } from '@/lib/place';
import { turnOff } from '@/push.js';

const ME = 'me'; // name and id: enough to show what is kept without network

export const useSession = defineStore('session', () => {
    const user = ref<AuthUser | null>(null);
    const signedIn = ref(mayBeSignedIn());
    /** Who wants to know of a log-in on this page. */
    const entered = new Set<(token: string) => void>();

    async function wipe(): Promise<void> {
        user.value = null;
        signedIn.value = false;
        forgetPlace();
        await forgetEverything();
        if ('caches' in globalThis) for (const name of await caches.keys()) if (name.startsWith('gonggu-')) await caches.delete(name);
    }

    onSession((reply) => {
        if (!reply) return void wipe();
        user.value = reply.user;
        signedIn.value = true;
        void keep(ME, { id: reply.user.id, nickname: reply.user.nickname, created_at: reply.user.created_at });
    });

    /** At the start: the session of the cookie, without holding up the first page for long. */
    async function begin(): Promise<void> {
        if (!signedIn.value) return;
        user.value = (await kept<AuthUser>(ME)) ?? null;
        void bearer();
    }

    async function enter(reply: AuthToken): Promise<void> {
        if (user.value && user.value.id !== reply.user.id) await forgetEverything();
        take(reply);
        for (const listener of entered) listener(reply.access_token);
    }

    async function logOut(): Promise<void> {
        const token = await bearer();
        if (token) {
            await turnOff(token).catch(() => undefined);
            await call('POST /v1/auth/logout').catch(() => undefined);
        }
        drop();
        await wipe();
    }

    return { user, signedIn, begin, enter, logOut, onEnter: (listener: (token: string) => void) => entered.add(listener) };
});
