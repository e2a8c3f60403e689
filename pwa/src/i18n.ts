// pwa/src/i18n.ts: the words, Korean first. Every key exists in both languages; the compiler sees to it.
import { ref, watchEffect } from 'vue';

const ko = {
    title: '공구 · 이웃과 나눠 사기',
    tagline: '많이 사고, 이웃과 나눠요',
    other_language: 'English',
    near_here: '내 주변',
    near_default: '망원동 주변',
    use_my_place: '내 위치로 보기',
    locating: '위치를 확인하고 있어요',
    place_refused: '위치를 쓸 수 없어 망원동 주변을 보여 드려요.',
    radius: '거리',
    empty: '이 근처에는 아직 모집 중인 공구가 없어요.',
    empty_hint: '거리를 넓혀 보세요.',
    widen: '{km}km까지 넓히기',
    failed: '불러오지 못했어요',
    retry: '다시 시도',
    more: '더 보기',
    loading: '불러오는 중',
    back: '목록으로',
    portion: '한 몫',
    at_most: '최대',
    portions_left: '{n}몫 남음',
    full: '다 모였어요',
    progress: '{taken} / {of}몫 모임',
    minimum_more: '{n}몫 더 모이면 진행돼요',
    minimum_met: '최소 수량을 채웠어요',
    closes: '마감',
    closes_in: '{left} 남음',
    closed: '마감됨',
    pickup_when: '받는 때',
    pickup_where: '받는 곳',
    pickup_note: '정확한 장소는 참여한 이웃에게만 보여요.',
    around_to: '{direction}쪽 약 {distance}',
    from_here: '여기서',
    from_default: '망원동에서',
    very_near: '바로 근처',
    host: '연 사람',
    whole: '전체 가격',
    split: '{n}몫으로 나눔',
    about: '설명',
    photo_of: '{title} 사진 {i}',
    not_found: '이 공구를 찾을 수 없어요.',
    nothing_here: '이 주소에는 아무것도 없어요.',
    days: '{n}일',
    hours: '{n}시간',
    minutes: '{n}분',
    under_a_minute: '1분 미만',
    directions: '북,북동,동,남동,남,남서,서,북서',
    recruiting: '모집 중',
    closing: '마감 중',
    confirmed: '진행 확정',
    purchased: '구매 완료',
    arrived: '도착',
    done: '끝남',
    failed_deal: '무산됨',
    cancelled: '취소됨',
};

const en: Record<keyof typeof ko, string> = {
    title: 'Gonggu · buy in bulk, split with neighbours',
    tagline: 'Buy in bulk, split with neighbours',
    other_language: '한국어',
    near_here: 'Near you',
    near_default: 'Near Mangwon-dong',
    use_my_place: 'Use my location',
    locating: 'Finding where you are',
    place_refused: 'Your location is not available, so this is Mangwon-dong.',
    radius: 'Distance',
    empty: 'No deals are open around here yet.',
    empty_hint: 'Try a wider distance.',
    widen: 'Widen to {km} km',
    failed: 'This did not load',
    retry: 'Try again',
    more: 'Show more',
    loading: 'Loading',
    back: 'Back to the list',
    portion: 'One portion',
    at_most: 'at most',
    portions_left: '{n} left',
    full: 'All taken',
    progress: '{taken} of {of} portions taken',
    minimum_more: 'Goes ahead with {n} more',
    minimum_met: 'Minimum reached',
    closes: 'Closes',
    closes_in: '{left} left',
    closed: 'Closed',
    pickup_when: 'Pick-up time',
    pickup_where: 'Pick-up area',
    pickup_note: 'Only neighbours who join see the exact place.',
    around_to: 'about {distance} {direction}',
    from_here: 'from here',
    from_default: 'from Mangwon-dong',
    very_near: 'right around here',
    host: 'Host',
    whole: 'Whole lot',
    split: 'split into {n}',
    about: 'About',
    photo_of: '{title}, photo {i}',
    not_found: 'This deal cannot be found.',
    nothing_here: 'There is nothing at this address.',
    days: '{n} d',
    hours: '{n} h',
    minutes: '{n} min',
    under_a_minute: 'under a minute',
    directions: 'north,north-east,east,south-east,south,south-west,west,north-west',
    recruiting: 'Open',
    closing: 'Closing',
    confirmed: 'Going ahead',
    purchased: 'Bought',
    arrived: 'Arrived',
    done: 'Done',
    failed_deal: 'Called off',
    cancelled: 'Cancelled',
};

export type Lang = 'ko' | 'en';
export type Word = keyof typeof ko;

const KEY = 'gonggu.lang';
const words: Record<Lang, Record<Word, string>> = { ko, en };

function remembered(): Lang {
    try {
        const saved = localStorage.getItem(KEY);
        if (saved === 'ko' || saved === 'en') return saved;
    } catch {
        // storage may be forbidden; the choice is then for this visit
    }
    return navigator.languages.some((l) => l.startsWith('ko')) || !navigator.language.startsWith('en') ? 'ko' : 'en';
}

export const lang = ref<Lang>(remembered());

watchEffect(() => {
    document.documentElement.lang = lang.value;
});

export function switchLang(): void {
    lang.value = lang.value === 'ko' ? 'en' : 'ko';
    try {
        localStorage.setItem(KEY, lang.value);
    } catch {
        // see above
    }
}

/** The word in the language of the moment, with {names} filled in. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
    return words[lang.value][word].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
