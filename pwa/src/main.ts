// pwa/src/main.ts: starts the client.
import { createApp } from 'vue';
import App from './App.vue';
import { lang } from './i18n';
import { startPush } from './push.js';
import './style.css';

createApp(App).mount('#app');
// Without the network, or in a browser that forbids workers, the client goes on without notices.
startPush(lang.value).catch(() => undefined);
