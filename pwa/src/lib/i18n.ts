// pwa/src/lib/i18n.ts: Korean first, English complete. The first page brings only its own words in Korean; the rest and English are fetched
// when they are wanted.
import { computed } from 'vue';
import { createI18n } from 'vue-i18n';
import ko from '@/locales/ko.json';

export type Lang = 'ko' | 'en';
const NAME = 'gonggu.lang';

export const i18n = createI18n({ legacy: false, locale: 'ko', fallbackLocale: 'ko', messages: { ko } as Record<string, typeof ko>, missingWarn: false, fallbackWarn: false });

export const lang = computed<Lang>(() => (i18n.global.locale.value === 'en' ? 'en' : 'ko'));

export function t(key: string, named: Record<string, unknown> = {}, plural?: number): string {
    return plural === undefined ? i18n.global.t(key, named) : i18n.global.t(key, named, plural);
}

const rest = {
    ko: async () => i18n.global.mergeLocaleMessage('ko', (await import('@/locales/ko.rest.json')).default),
    en: async () => i18n.global.mergeLocaleMessage('en', (await import('@/locales/en.rest.json')).default),
};
const fetched = new Map<Lang, Promise<void>>();

/** The words of every page but the first, in the language that is shown. */
export function allWords(of: Lang = lang.value): Promise<void> {
    const known = fetched.get(of);
    if (known) return known;
    const work = rest[of]().catch((error: unknown) => {
        fetched.delete(of);
        throw error;
    });
    fetched.set(of, work);
    return work;
}

export async function setLang(next: Lang): Promise<void> {
    if (next === 'en' && !i18n.global.availableLocales.includes('en')) i18n.global.setLocaleMessage('en', (await import('@/locales/en.json')).default);
    if (fetched.size > 0) await allWords(next);
    i18n.global.locale.value = next;
    document.documentElement.lang = next;
    localStorage.setItem(NAME, next);
}

/** The language chosen here before, else the browser's. */
export function preferredLang(): Lang {
    const chosen = localStorage.getItem(NAME);
    if (chosen === 'ko' || chosen === 'en') return chosen;
    return navigator.language.startsWith('ko') || !navigator.language.startsWith('en') ? 'ko' : 'en';
}
