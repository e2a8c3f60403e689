// pwa/src/lib/problem.ts: a refusal in the words of whoever reads it.
import { ApiError } from '@/api/client';
import { i18n, lang, t } from './i18n';

/** Our own words for the code where there are any, else the market's. */
export function problemText(error: unknown): string {
    if (!(error instanceof ApiError)) return t('problem.unknown');
    const own = `problem.${error.code}`;
    if (i18n.global.te(own) || i18n.global.te(own, 'ko')) return t(own);
    return (lang.value === 'ko' ? error.problem.title_ko : error.problem.title) ?? error.problem.title;
}

/** Whether a field of the request was refused ("/nickname"). */
export function refusedField(error: ApiError | null, pointer: string): string {
    const found = error?.problem.errors?.find((e) => e.pointer === pointer);
    return found ? t(`field.${found.code}`) : '';
}
