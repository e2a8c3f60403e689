// pwa/src/lib/theme.ts: light, dark, or as the device has it.
import { ref } from 'vue';

export type Theme = 'light' | 'dark' | 'auto';
const NAME = 'gonggu.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

const read = (): Theme => {
    const kept = localStorage.getItem(NAME);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
};
export const theme = ref<Theme>(read());

function show(): void {
    const name = theme.value === 'auto' ? (dark.matches ? 'dark' : 'light') : theme.value;
    document.documentElement.dataset.theme = name;
}

export function setTheme(next: Theme): void {
    theme.value = next;
    localStorage.setItem(NAME, next);
    show();
}
dark.addEventListener('change', show);
show();
