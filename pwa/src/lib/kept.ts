// pwa/src/lib/kept.ts: a drawer in the browser (IndexedDB) for what must be there without network: lists, chat, drafts, messages that wait.
let opened: Promise<IDBDatabase> | null = null;
const PATIENCE_MS = 4000; // Chromium never answers when a page was left in the middle of the very first opening: nobody waits for that

function drawer(): Promise<IDBDatabase> {
    opened ??= new Promise((resolve, reject) => {
        const request = indexedDB.open('gonggu', 1);
        request.onupgradeneeded = () => request.result.createObjectStore('kept');
        request.onsuccess = () => {
            opened = Promise.resolve(request.result); // also for who gave up before
            resolve(request.result);
        };
        request.onerror = () => reject(request.error);
        setTimeout(() => reject(new Error('not opened in time')), PATIENCE_MS);
    });
    return opened;
}

async function work<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
    try {
        const store = (await drawer()).transaction('kept', mode).objectStore('kept');
        return await new Promise((resolve, reject) => {
            const request = act(store);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
        });
    } catch {
        return undefined; // private windows may have none, or no room: the client goes on without
    }
}

/** Keeps a value under a name; undefined takes it away. Vue's proxies are stored as what they stand for. */
export async function keep(name: string, value: unknown): Promise<void> {
    const plain: unknown = value === undefined ? undefined : plainly(value);
    await work('readwrite', (store) => (plain === undefined ? store.delete(name) : store.put(plain, name)) as IDBRequest<unknown>);
}

/** Blobs stay blobs; everything else is plain data. */
function plainly(value: unknown): unknown {
    if (value instanceof Blob || value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(plainly);
    return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined && typeof v !== 'function').map(([k, v]) => [k, plainly(v)]));
}

export async function kept<T>(name: string): Promise<T | undefined> {
    return (await work<unknown>('readonly', (store) => store.get(name))) as T | undefined;
}

export async function everyKept(prefix: string): Promise<[string, unknown][]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const names = ((await work('readonly', (store) => store.getAllKeys(range))) ?? []) as string[];
    const values = (await work<unknown[]>('readonly', (store) => store.getAll(range))) ?? [];
    return names.map((name, i) => [name, values[i]]);
}

export async function clearKept(): Promise<void> {
    await work('readwrite', (store) => store.clear() as IDBRequest<undefined>);
}
