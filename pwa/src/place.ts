// pwa/src/place.ts: where "near" is. Asked once; while nobody answers, or when the answer is no, it is Mangwon-dong.
import { ref } from 'vue';

export interface Place {
    lat: number;
    lng: number;
    mine: boolean;
}

export const MANGWON: Place = { lat: 37.5556, lng: 126.9019, mine: false };

/** null: still asking. */
export const place = ref<Place | null>(null);
export const refused = ref(false);

const PATIENCE_MS = 4_000;

// A hundred metres are near enough to look for neighbours, and all that has to leave the phone.
const coarse = (degrees: number) => Math.round(degrees * 1000) / 1000;

export function locate(): void {
    refused.value = false;
    place.value = null;
    const giveUp = (no: boolean) => {
        refused.value = no;
        place.value ??= MANGWON;
    };
    if (!('geolocation' in navigator)) return giveUp(true);
    setTimeout(() => giveUp(false), PATIENCE_MS);
    navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
            place.value = { lat: coarse(coords.latitude), lng: coarse(coords.longitude), mine: true };
        },
        () => giveUp(true),
        { maximumAge: 600_000, timeout: 15_000 },
    );
}
