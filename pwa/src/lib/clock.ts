// pwa/src/lib/clock.ts: the time that pages show themselves by; it moves every ten seconds.
import { ref } from 'vue';

export const now = ref(Date.now());
setInterval(() => (now.value = Date.now()), 10_000);
