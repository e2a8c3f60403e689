// pwa/src/router.ts: every page and its address. Pages that need an account lead to the log-in and back to what was asked for.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { mayBeSignedIn } from './api/token';
import Home from './deals/Home.vue';
import { allWords } from './lib/i18n';

declare module 'vue-router' {
    interface RouteMeta {
        /** Open to everybody. */
        open?: boolean;
        /** One of the five places: with the bar below. */
        tab?: boolean;
        /** Only for who is not signed in. */
        guest?: boolean;
    }
}

const open = { open: true };
const tab = { tab: true };
const routes: RouteRecordRaw[] = [
    { path: '/', component: Home, meta: { open: true, tab: true } },
    { path: '/map', component: () => import('./deals/MapPage.vue'), meta: { open: true, tab: true } },
    { path: '/search', component: () => import('./deals/Search.vue'), meta: open },
    { path: '/deals/:id([0-9a-fA-F-]{36})', component: () => import('./deals/DealPage.vue'), props: true, meta: open },
    { path: '/deals/:id/joined', component: () => import('./deals/Joined.vue'), props: true },
    { path: '/deals/:id/code', component: () => import('./deals/CodePage.vue'), props: true },
    { path: '/deals/:id/desk', component: () => import('./deals/Desk.vue'), props: true },
    { path: '/deals/:id/scan', component: () => import('./deals/Scan.vue'), props: true },
    { path: '/deals/:id/dispute', component: () => import('./deals/Dispute.vue'), props: true },
    { path: '/open', component: () => import('./deals/OpenDeal.vue') },
    { path: '/mine', component: () => import('./deals/Mine.vue') },
    { path: '/calendar', component: () => import('./deals/Calendar.vue') },
    { path: '/wishes', component: () => import('./deals/Wishes.vue'), meta: open },
    { path: '/welcome', component: () => import('./auth/Welcome.vue'), meta: { open: true, guest: true } },
    { path: '/sign-up', component: () => import('./auth/SignUp.vue'), meta: { open: true, guest: true } },
    { path: '/forgot', component: () => import('./auth/Forgot.vue'), meta: { open: true, guest: true } },
    { path: '/social', component: () => import('./auth/Social.vue'), meta: open },
    { path: '/neighbourhood', component: () => import('./auth/AreaCheck.vue'), meta: open },
    { path: '/chat', component: () => import('./chat/Rooms.vue'), meta: tab },
    { path: '/chat/:id', component: () => import('./chat/Room.vue'), props: true },
    { path: '/wallet', component: () => import('./wallet/Wallet.vue'), meta: tab },
    { path: '/wallet/charge', component: () => import('./wallet/Charge.vue') },
    { path: '/wallet/charged', component: () => import('./wallet/Charged.vue') },
    { path: '/wallet/failed', component: () => import('./wallet/Charged.vue') },
    { path: '/wallet/send', component: () => import('./wallet/Send.vue') },
    { path: '/wallet/withdraw', component: () => import('./wallet/Withdraw.vue') },
    { path: '/wallet/statement', component: () => import('./wallet/Statement.vue') },
    { path: '/wallet/lines/:id', component: () => import('./wallet/LinePage.vue'), props: true },
    { path: '/wallet/:deal([0-9a-fA-F-]{36})', component: () => import('./wallet/Wallet.vue'), props: true },
    { path: '/requests', component: () => import('./wallet/Requests.vue') },
    { path: '/requests/new', component: () => import('./wallet/RequestNew.vue') },
    { path: '/requests/:id', component: () => import('./wallet/RequestPage.vue'), props: true },
    { path: '/inbox', component: () => import('./inbox/Inbox.vue') },
    { path: '/me', component: () => import('./me/Me.vue'), meta: { open: true, tab: true } },
    { path: '/me/profile', component: () => import('./me/ProfileEdit.vue') },
    { path: '/me/settings', component: () => import('./me/Settings.vue'), meta: open },
    { path: '/me/notices', component: () => import('./me/Notices.vue') },
    { path: '/me/devices', component: () => import('./me/Devices.vue') },
    { path: '/me/security', component: () => import('./me/Security.vue') },
    { path: '/me/blocks', component: () => import('./me/Blocks.vue') },
    { path: '/me/reviews', component: () => import('./me/Reviews.vue') },
    { path: '/me/leave', component: () => import('./me/Leave.vue') },
    { path: '/people/:id', component: () => import('./me/Neighbour.vue'), props: true },
    { path: '/admin', component: () => import('./admin/Admin.vue') },
    { path: '/:nothing(.*)*', component: () => import('./ui/Lost.vue'), meta: open },
];

export const router = createRouter({
    history: createWebHistory(),
    routes,
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

/** Only a path of ours: nobody is led away by a crafted link. */
export const safePath = (path: unknown): string => (typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/');

router.beforeEach(async (to) => {
    if (to.path !== '/') await allWords();
    if (!to.meta.open && !mayBeSignedIn()) return { path: '/welcome', query: { next: to.fullPath } };
    if (to.meta.guest && mayBeSignedIn()) return safePath(to.query.next);
    return true;
});

// A page of an older version is gone from the server: the newer one is fetched whole.
router.onError((error, to) => {
    if (/dynamically imported module|Importing a module script failed/.test(String(error)) && navigator.onLine) location.assign(to.fullPath);
});
