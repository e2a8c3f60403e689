// pwa/src/api/query.ts: what was read from the market: fetched once for all who show it, kept for the time without network where that
// is wanted, and read again after an act.
import { QueryClient, useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter, type Ref } from 'vue';
import { clearKept, everyKept, keep } from '@/lib/kept';
import { ApiError, call, type Ask, type GetRoute, type Reply } from './client';

const DAY_MS = 86_400_000;
const PREFIX = 'query:';

export const queryClient = new QueryClient({
    defaultOptions: {
        queries: {
            networkMode: 'always', // without network the attempt fails at once, and the page says so
            staleTime: 10_000,
            gcTime: DAY_MS,
            retry: (count, error) => count < 2 && navigator.onLine && error instanceof ApiError && error.retryable,
            retryDelay: (count) => 400 * 2 ** count,
        },
    },
});

// ---- kept for the time without network: never money, never the account ---------------------------------------------------
queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || !query.meta?.keep || query.state.status !== 'success') return;
    void keep(PREFIX + query.queryHash, { key: query.queryKey, data: query.state.data, at: query.state.dataUpdatedAt });
});

/** Before the first page is shown: what was kept, with its age. */
export async function restore(): Promise<void> {
    const old = Date.now() - 14 * DAY_MS;
    for (const [name, value] of await everyKept(PREFIX)) {
        const { key, data, at } = value as { key: readonly unknown[]; data: unknown; at: number };
        if (at < old) void keep(name, undefined);
        else queryClient.setQueryData(key, data, { updatedAt: at });
    }
}

/** Nothing of whoever was here before stays. */
export async function forgetEverything(): Promise<void> {
    queryClient.clear();
    await clearKept();
}

interface How {
    enabled?: MaybeRefOrGetter<boolean>;
    keep?: boolean;
    /** Read again every so many ms while the page is open. */
    every?: MaybeRefOrGetter<number | false>;
}

/** What was asked: the data, why there is none, and how old it is. */
export interface Asked<T> {
    data: Ref<T | undefined>;
    error: Ref<Error | null>;
    isFetching: Ref<boolean>;
    dataUpdatedAt: Ref<number>;
    refetch: () => Promise<unknown>;
}

export function useGet<R extends GetRoute>(route: R, ask: MaybeRefOrGetter<Ask<R>> = {}, how: How = {}): Asked<Reply<R>> {
    return useQuery<unknown>({
        queryKey: computed<unknown[]>(() => [route, toValue(ask)]),
        queryFn: ({ signal }) => call(route, { ...toValue(ask), signal }),
        enabled: () => toValue(how.enabled ?? true),
        refetchInterval: () => toValue(how.every ?? false),
        meta: { keep: how.keep ?? false },
    }) as unknown as Asked<Reply<R>>;
}

interface Page<T> {
    items: T[];
    next?: string;
}
type Item<R extends GetRoute> = Reply<R> extends Page<infer T> ? T : never;

interface Growing<T> extends Asked<{ pages: Page<T>[] }> {
    items: Ref<T[]>;
    hasNextPage: Ref<boolean>;
    isFetchingNextPage: Ref<boolean>;
    fetchNextPage: () => Promise<unknown>;
}

/** A list that grows page by page. */
export function useList<R extends GetRoute>(route: R, ask: MaybeRefOrGetter<Ask<R>> = {}, how: How = {}): Growing<Item<R>> {
    const query = useInfiniteQuery<Page<Item<R>>, Error, { pages: Page<Item<R>>[] }, unknown[], string>({
        queryKey: computed<unknown[]>(() => [route, toValue(ask), 'pages']),
        queryFn: async ({ signal, pageParam }) => {
            const { query: fixed, ...rest } = toValue(ask);
            return (await call(route, { ...rest, query: { ...fixed, ...(pageParam && { cursor: pageParam }) }, signal } as Ask<R>)) as Page<Item<R>>;
        },
        initialPageParam: '',
        getNextPageParam: (page) => page.next,
        enabled: () => toValue(how.enabled ?? true),
        refetchInterval: () => toValue(how.every ?? false),
        meta: { keep: how.keep ?? false },
    });
    const items = computed<Item<R>[]>(() => query.data.value?.pages.flatMap((page) => page.items) ?? []);
    return { ...query, items } as unknown as Growing<Item<R>>;
}

/** What these routes gave is read again. */
export function reread(...routes: GetRoute[]): Promise<void> {
    return queryClient.invalidateQueries({ predicate: ({ queryKey }) => routes.includes(queryKey[0] as GetRoute) });
}
