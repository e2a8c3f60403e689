// pwa/src/lib/image.ts: pictures are made smaller on the device: quick to send, and without the place they were taken at.
const LONGEST = 1600;
const QUALITY = 0.82;

/** How large a picture of this size becomes. */
export function fitted(width: number, height: number, longest = LONGEST): [number, number] {
    const scale = Math.min(1, longest / Math.max(width, height, 1));
    return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** A JPEG of at most 1600 pixels on a side; null where it is no picture. */
export async function shrink(file: Blob): Promise<Blob | null> {
    try {
        const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
        const [width, height] = fitted(bitmap.width, bitmap.height);
        const canvas = document.createElement('canvas');
        canvas.width = width;
        canvas.height = height;
        canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
        bitmap.close();
        return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    } catch {
        return null;
    }
}
