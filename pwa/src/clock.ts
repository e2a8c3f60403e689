// pwa/src/clock.ts: the time of the page, which moves twice a minute, so that what is left is never stale.
import { ref } from 'vue';

export const now = ref(Date.now());

const tick = () => {
    now.value = Date.now();
};
setInterval(tick, 30_000);
document.addEventListener('visibilitychange', tick);
