// pwa/vite.config.ts: how the client is built. Nothing is inlined: the gateway's Content-Security-Policy allows no inline code.
import { fileURLToPath } from 'node:url';
import VueI18n from '@intlify/unplugin-vue-i18n/vite';
import tailwind from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
    plugins: [
        vue(),
        tailwind(),
        VueI18n({ include: [path('src/locales/*.json')], compositionOnly: true, runtimeOnly: true, strictMessage: false }),
        VitePWA({
            strategies: 'injectManifest',
            srcDir: 'src/sw',
            filename: 'sw.ts',
            injectRegister: false,
            injectManifest: { globPatterns: ['**/*.{html,js,css,svg,png,webmanifest}'], globIgnores: ['**/jsQR*', 'geo/**'] },
            manifest: {
                id: '/',
                name: '공구 · 이웃과 나눠 사기',
                short_name: '공구',
                description: '대용량 상품을 동네 이웃과 나눠 사는 공동구매',
                lang: 'ko',
                start_url: '/?from=home-screen',
                scope: '/',
                display: 'standalone',
                orientation: 'portrait',
                background_color: '#ffffff',
                theme_color: '#ffffff',
                categories: ['shopping', 'social'],
                icons: [
                    { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
                    { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
                    { src: '/icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
                    { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
                ],
                shortcuts: [
                    { name: '공구 열기', url: '/open' },
                    { name: '수령 코드', url: '/calendar' },
                    { name: '채팅', url: '/chat' },
                ],
            },
        }),
    ],
    resolve: { alias: { '@': path('src') } },
    define: {
        __VUE_OPTIONS_API__: 'false',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_I18N_FULL_INSTALL__: 'false',
        __VUE_I18N_LEGACY_API__: 'false',
        __INTLIFY_PROD_DEVTOOLS__: 'false',
        __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
    },
    build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022', manifest: true },
    test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
    // `pnpm dev` beside `make run`: the API is the running stack's.
    server: { proxy: { '/v1': { target: 'http://127.0.0.1:8080', ws: true } } },
});
