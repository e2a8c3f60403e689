// pwa/src/sw/sw.ts: the service worker: the shell of the client from its precache, pictures of deals from a small cache, and the push
// messages of push.js. Of the API it keeps nothing but those pictures: money and accounts never pass through a cache.
import { ExpirationPlugin } from 'workbox-expiration';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { isPicture, SHELL_NOT } from './routes';
import './push.js';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: SHELL_NOT }));
registerRoute(
    ({ url, sameOrigin }) => sameOrigin && isPicture(url.pathname),
    new CacheFirst({ cacheName: 'gonggu-pictures', plugins: [new ExpirationPlugin({ maxEntries: 150, maxAgeSeconds: 14 * 86_400, purgeOnQuotaError: true })] }),
);

// A newer worker waits until its user has agreed: the open page has loaded parts of the older version.
self.addEventListener('message', ({ data }) => {
    if (data === 'take-over') void self.skipWaiting();
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
