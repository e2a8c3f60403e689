// pwa/vite.config.ts: how the client is built. Nothing is inlined: the gateway's Content-Security-Policy allows no inline code.
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
    plugins: [vue()],
    define: { __VUE_OPTIONS_API__: 'false' },
    build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
    // `pnpm dev` beside `make run`: the API is the running stack's.
    server: { proxy: { '/v1': { target: 'http://127.0.0.1:8080', ws: true } } },
});
