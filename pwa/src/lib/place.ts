// pwa/src/lib/place.ts: where "near" is: the proved neighbourhood, else where the device is, else Mangwon-dong.
import { ref } from 'vue';

export interface Place {
    lat: number;
    lng: number;
    name?: string;
    /** Where one is oneself, not only where one looks. */
    mine: boolean;
}

export const MANGWON: Place = { lat: 37.5556, lng: 126.9019, name: '망원동', mine: false };
const NAME = 'gonggu.place';

function remembered(): Place {
    try {
        const place = JSON.parse(localStorage.getItem(NAME) ?? '') as Place;
        return Number.isFinite(place.lat) && Number.isFinite(place.lng) ? place : MANGWON;
    } catch {
        return MANGWON;
    }
}

export const place = ref<Place>(remembered());
export const forgetPlace = () => {
    localStorage.removeItem(NAME);
    place.value = MANGWON;
};
export const hasPlace = () => localStorage.getItem(NAME) !== null;

// A hundred metres are near enough to look for neighbours, and all that has to leave the phone.
const coarse = (degrees: number) => Math.round(degrees * 1000) / 1000;

export function setPlace(next: Place): void {
    place.value = { ...next, lat: coarse(next.lat), lng: coarse(next.lng) };
    localStorage.setItem(NAME, JSON.stringify(place.value));
}

/** Asks the device where it is; `no` when its owner does not want that, `late` when it does not know. */
export function locate(exact = false): Promise<GeolocationPosition | 'no' | 'late'> {
    return new Promise((resolve) => {
        if (!('geolocation' in navigator)) return resolve('no');
        navigator.geolocation.getCurrentPosition(resolve, (error) => resolve(error.code === error.PERMISSION_DENIED ? 'no' : 'late'), {
            maximumAge: exact ? 0 : 600_000,
            timeout: 15_000,
            enableHighAccuracy: exact,
        });
    });
}
