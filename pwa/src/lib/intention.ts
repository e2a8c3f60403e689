// pwa/src/lib/intention.ts: one thing that somebody wants to happen: one idempotency key from the moment it is wanted until the market has
// answered, however often it has to be asked; the button is locked meanwhile.
import { ref } from 'vue';
import { ApiError } from '@/api/client';
import { say } from '@/ui/toast';
import { problemText } from './problem';
import { uuid } from './uuid';

const TRIES = 4;
const PAUSE_MS = 600;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function useIntention({ quiet = false } = {}) {
    let key = uuid();
    const busy = ref(false);
    /** The market has not answered yet although it was asked more than once. */
    const checking = ref(false);
    const problem = ref<ApiError | null>(null);

    async function attempt<T>(act: (key: string) => Promise<T>): Promise<T> {
        for (let i = 1; ; i++) {
            try {
                return await act(key);
            } catch (error) {
                const again = error instanceof ApiError && (error.code === 'network' || error.code === 'in_progress' || error.problem.status >= 500);
                if (!again || i === TRIES || !navigator.onLine) throw error;
                checking.value = true;
                await pause(PAUSE_MS * 2 ** (i - 1));
            }
        }
    }

    /** What the market answered; undefined when it refused or is already being asked. */
    async function run<T>(act: (key: string) => Promise<T>): Promise<T | undefined> {
        if (busy.value) return undefined;
        busy.value = true;
        problem.value = null;
        try {
            const result = await attempt(act);
            key = uuid();
            return result ?? (true as T);
        } catch (error) {
            if (!(error instanceof ApiError)) throw error;
            problem.value = error;
            if (!error.retryable) key = uuid(); // it was decided: the next tap is another intention
            if (!quiet) say(problemText(error), 'bad');
            return undefined;
        } finally {
            busy.value = false;
            checking.value = false;
        }
    }
    return { run, busy, checking, problem };
}
