// pwa/src/main.ts: starts the client.
import { VueQueryPlugin } from '@tanstack/vue-query';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { queryClient, restore } from './api/query';
import App from './App.vue';
import { useSession } from './auth/session';
import { allWords, i18n, preferredLang, setLang } from './lib/i18n';
import { router } from './router';
import './lib/theme';
import './style.css';

async function start(): Promise<void> {
    const app = createApp(App).use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient });
    await Promise.all([setLang(preferredLang()), restore(), useSession().begin()]);
    app.use(router); // its first page may need the words and the session
    await router.isReady();
    app.mount('#app');
    setTimeout(() => void allWords().catch(() => undefined), 1500); // the other pages will need them
}
void start();
