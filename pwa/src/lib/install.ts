// pwa/src/lib/install.ts: the browser's offer to put the client on the home screen, kept until its user asks for it.
import { computed, shallowRef } from 'vue';
import { say } from '@/ui/toast';
import { t } from './i18n';

interface Offer extends Event {
    prompt: () => Promise<unknown>;
}
const offer = shallowRef<Offer | null>(null);
const isApple = /iPhone|iPad/.test(navigator.userAgent);
const standalone = matchMedia('(display-mode: standalone)').matches;

addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer.value = event as Offer;
});
export const installable = computed(() => !standalone && (offer.value !== null || isApple));

export async function install(): Promise<void> {
    if (!offer.value) return say(t('app.install_ios'));
    await offer.value.prompt();
    offer.value = null;
}
