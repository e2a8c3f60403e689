// pwa/src/wallet/useStepUp.ts: a move of money needs its owner's PIN or passkey for exactly that move; the page shows PinSheet meanwhile.
import { shallowRef } from 'vue';
import type { AuthStepUpAct } from '@/api/gen';

export interface Asking {
    act: AuthStepUpAct;
    answer: (proof: string | null) => void;
}

export function useStepUp() {
    const asking = shallowRef<Asking | null>(null);
    /** A proof for this act; null when its owner turned away. */
    const prove = (act: AuthStepUpAct): Promise<string | null> =>
        new Promise((resolve) => {
            asking.value = {
                act,
                answer: (proof) => {
                    asking.value = null;
                    resolve(proof);
                },
            };
        });
    return { asking, prove };
}
