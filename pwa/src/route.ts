// pwa/src/route.ts: which page the address names. Two pages need no router library.
import { computed, ref } from 'vue';

const path = ref(location.pathname);

addEventListener('popstate', () => {
    path.value = location.pathname;
});

export type Route = { name: 'list' } | { name: 'deal'; id: string } | { name: 'nothing' };

export const route = computed<Route>(() => {
    const [, id] = /^\/deals\/([0-9a-fA-F-]{36})\/?$/.exec(path.value) ?? [];
    if (id) return { name: 'deal', id };
    return { name: path.value === '/' ? 'list' : 'nothing' };
});

export const dealPath = (id: string) => `/deals/${id}`;

let inside = 0; // pages opened from this one: going back stays in the client

export function go(to: string): void {
    history.pushState(null, '', to);
    inside += 1;
    path.value = location.pathname;
    scrollTo(0, 0);
}

/** Back to the list: by the browser's own history where we came from it, so that its place in the list is kept. */
export function goHome(): void {
    if (inside > 0) {
        inside -= 1;
        history.back();
    } else go('/');
}

/** For links: a plain click stays in the client, everything else is the browser's. */
export function follow(event: MouseEvent, to: string): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
}
