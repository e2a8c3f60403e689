// pwa/src/ui/toast.ts: short words at the bottom that go by themselves.
import { reactive } from 'vue';

export interface Toast {
    id: number;
    text: string;
    tone: 'plain' | 'good' | 'bad';
}

let last = 0;
export const toasts = reactive<Toast[]>([]);

export function say(text: string, tone: Toast['tone'] = 'plain'): void {
    const id = ++last;
    toasts.splice(0, Math.max(0, toasts.length - 2));
    toasts.push({ id, text, tone });
    setTimeout(() => {
        const i = toasts.findIndex((toast) => toast.id === id);
        if (i >= 0) toasts.splice(i, 1);
    }, tone === 'bad' ? 6000 : 3500);
}
