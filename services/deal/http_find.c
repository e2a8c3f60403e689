/* services/deal/http_find.c
 * Finding deals: by a listing, and once for all who ask the same at the same time. */
#include "http_find.h"

#include "kept.h"
#include "libcommon/buf.h"
#include "libcommon/clock.h"
#include "proto/deal_market.h"
#include "store_listing.h"
#include "view.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_RADIUS_M 3000
#define SNAP             1000 /* micro-degrees */
#define CHUNK_DEALS      300  /* cells are asked for together until they hold so many deals */
#define CHUNK_CELLS      40

/* --- what lists share --- */

const char *deal_tags_join(struct gg_arena *arena, const struct gg_list *tags)
{
    const char *const *items = tags->items, *joined = "";

    for (size_t i = 0; i < tags->n; i++)
        joined = i ? gg_sprintf(arena, "%s\n%s", joined, items[i]) : items[i];
    return joined;
}

struct gg_list deal_tags_split(struct gg_arena *arena, const char *tags)
{
    const char **items = GG_NEW_ARRAY(arena, const char *, DEAL_TAGS_MAX);
    size_t n = 0;

    for (const char *p = tags ? tags : ""; *p && n < DEAL_TAGS_MAX;) {
        size_t length = strcspn(p, "\n");
        items[n++] = gg_strndup(arena, p, length);
        p += length + (p[length] == '\n');
    }
    return (struct gg_list){items, n};
}

enum gg_status deal_decorate(struct gg_call *call, struct gg_id viewer, struct deal_view *views, size_t n)
{
    struct gg_id *ids = GG_NEW_ARRAY(call->arena, struct gg_id, n);
    struct deal_extra_row *extras;
    size_t n_extras;

    for (size_t i = 0; i < n; i++)
        ids[i] = views[i].id;
    GG_TRY(deal_extras(call->db, call->arena, ids, n, viewer, &extras, &n_extras));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_extras; k++)
            if (gg_id_equal(extras[k].deal, views[i].id)) {
                views[i].market = GG_NEW(call->arena, struct deal_market_view);
                *views[i].market =
                    (struct deal_market_view){extras[k].views, extras[k].saves, extras[k].comments, extras[k].saved};
            }
    return GG_OK;
}

static bool one_of(struct gg_id id, const struct gg_id *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (gg_id_equal(ids[i], id))
            return true;
    return false;
}

enum gg_status deal_drop_apart(struct gg_call *call, struct deal_row *deals, size_t *n)
{
    size_t n_apart, kept = 0;
    struct gg_id *apart;

    GG_TRY(deal_apart(call->db, call->arena, call->user.id, &apart, &n_apart));
    for (size_t i = 0; i < *n && n_apart > 0; i++)
        if (!one_of(deals[i].host, apart, n_apart))
            deals[kept++] = deals[i];
    *n = n_apart > 0 ? kept : *n;
    return GG_OK;
}

enum gg_status deal_answer_list(struct gg_call *call, const struct deal_row *deals, size_t n, const char *next)
{
    struct deal_list *out = call->out;
    struct deal_view *items = GG_NEW_ARRAY(call->arena, struct deal_view, n);

    for (size_t i = 0; i < n; i++)
        deal_view_fill(call->arena, &deals[i], NULL, call->user.id, false, &items[i]);
    GG_TRY(deal_decorate(call, call->user.id, items, n));
    *out = (struct deal_list){{items, n}, next};
    return GG_OK;
}

/* --- nearest first: cell by cell outwards --- */

struct walk {
    struct gg_call *call;
    struct deal_question question;
    struct deal_cell *cells; /* nearest first */
    size_t n_cells;
    struct deal_found *found; /* key: metres */
    size_t n, want;
};

static int by_key(const void *a, const void *b)
{
    const struct deal_found *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return gg_id_compare(x->id, y->id);
}

/* Cells that are equally far end together: first index behind those of `at`. */
static size_t group_end(const struct walk *w, size_t at)
{
    size_t end = at + 1;

    while (end < w->n_cells && w->cells[end].distance_m == w->cells[at].distance_m)
        end++;
    return end;
}

/* Asks for the deals of cells [from, to). With `all` they are taken whole and sorted here. */
static enum gg_status ask_cells(struct walk *w, size_t from, size_t to, bool all)
{
    struct deal_cell_range *ranges = GG_NEW_ARRAY(w->call->arena, struct deal_cell_range, to - from);
    int64_t limit = (int64_t)(w->want - w->n);
    struct deal_found *found;
    size_t n;

    for (size_t i = from; i < to; i++)
        ranges[i - from] = (struct deal_cell_range){w->cells[i].cell, w->cells[i].cell};
    w->question.ranges = ranges;
    w->question.n_ranges = to - from;
    if (all) /* more than they hold, also when some were just opened */
        limit = CHUNK_DEALS * 10;
    GG_TRY(deal_find(w->call->db, w->call->arena, &w->question, limit, &found, &n));
    for (size_t i = 0; i < n; i++)
        for (size_t c = from; c < to; c++)
            if (w->cells[c].cell == found[i].cell)
                found[i].key = w->cells[c].distance_m;
    qsort(found, n, sizeof(*found), by_key);
    for (size_t i = 0; i < n && w->n < w->want; i++)
        w->found[w->n++] = found[i];
    return GG_OK;
}

/* Deals to ask for together: about what is missing where every deal is wanted, many where most are passed over. */
static int64_t first_chunk(const struct walk *w)
{
    const struct deal_question *q = &w->question;
    bool all = q->n_words == 0 && q->category == -1 && q->measure == -1 && q->most_unit_won == GG_NONE &&
               q->most_portion_won == GG_NONE && q->closes_before == GG_NONE && q->least_left == GG_NONE;

    return all ? (int64_t)w->want : CHUNK_DEALS;
}

static enum gg_status walk_outwards(struct walk *w, int64_t after_m)
{
    int64_t chunk = first_chunk(w);
    size_t at = 0, end;

    while (at < w->n_cells && w->cells[at].distance_m < after_m)
        at++;
    if (at < w->n_cells && w->cells[at].distance_m == after_m) { /* the rest of the ring the page before ended in */
        end = group_end(w, at);
        GG_TRY(ask_cells(w, at, end, false));
        at = end;
    }
    w->question.after_key = GG_NONE;
    for (; at < w->n_cells && w->n < w->want; at = end) {
        int64_t sum = 0;
        size_t groups = 0;
        end = at;
        do {
            size_t next = group_end(w, end);
            for (; end < next; end++)
                sum += w->cells[end].n;
            groups++;
        } while (end < w->n_cells && sum < chunk && end - at < CHUNK_CELLS);
        chunk = CHUNK_DEALS; /* it was not enough: some were closed or hidden */
        /* One crowded ring has an order of its own; it is not read whole. */
        if (groups > 1 && sum > CHUNK_DEALS * 5) {
            end = group_end(w, at);
            groups = 1;
        }
        GG_TRY(ask_cells(w, at, end, groups > 1));
    }
    return GG_OK;
}

static enum gg_status find_near(struct gg_call *call, const struct deal_question *question, const int64_t point[2],
                                int64_t want, struct deal_found **found, size_t *n)
{
    struct walk w = {.call = call, .question = *question, .want = (size_t)want};

    GG_TRY(
        deal_cells(call->db, call->arena, question->state, question->ranges, question->n_ranges, &w.cells, &w.n_cells));
    for (size_t i = 0; i < w.n_cells; i++) {
        int64_t lat, lng;
        deal_cell_centre(w.cells[i].cell, &lat, &lng);
        w.cells[i].distance_m = deal_metres(point[0], point[1], lat, lng);
    }
    deal_cells_sort(w.cells, w.n_cells);
    w.found = GG_NEW_ARRAY(call->arena, struct deal_found, (size_t)want);
    GG_TRY(walk_outwards(&w, question->after_key == GG_NONE ? -1 : question->after_key));
    *found = w.found;
    *n = w.n;
    return GG_OK;
}

/* --- the question --- */

/* A point is taken to the thousandth of a degree: neighbours of a street ask the same. */
static int64_t snapped(int64_t degree)
{
    return (degree + (degree < 0 ? -SNAP / 2 : SNAP / 2)) / SNAP * SNAP;
}

static enum deal_sort sort_of(const struct deal_find_query *query)
{
    return query->sort >= 0 ? (enum deal_sort)query->sort : query->lat != GG_NONE ? DEAL_SORT_NEAR : DEAL_SORT_NEW;
}

/* False when the call is answered: the query does not fit together. */
static bool check_query(struct gg_call *call, const struct deal_find_query *query)
{
    bool near = query->lat != GG_NONE;
    struct gg_id id;
    int64_t key;

    if (near != (query->lng != GG_NONE))
        gg_fail_field(call, near ? "?lng" : "?lat", "required", "lat and lng go together");
    else if (sort_of(query) == DEAL_SORT_NEAR && !near)
        gg_fail_field(call, "?lat", "required", "nearest to what? lat and lng are needed");
    else if (query->measure < 0 && (sort_of(query) == DEAL_SORT_PRICE || query->most_unit_won != GG_NONE))
        gg_fail_field(call, "?measure", "required", "100 g do not compare with a piece");
    else if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &key, 1, &id))
        return false;
    return !gg_failed(call);
}

/* `point`: where the query looks, or GG_NONE. False when the call is answered: no such cursor. */
static bool read_question(struct gg_call *call, const struct deal_find_query *query, const int64_t point[2],
                          struct deal_question *q)
{
    struct deal_words *words = GG_NEW(call->arena, struct deal_words);

    *q = (struct deal_question){
        .state = query->state < 0 ? DEAL_RECRUITING : query->state,
        .sort = sort_of(query),
        .category = query->category,
        .measure = query->measure,
        .most_unit_won = query->most_unit_won,
        .most_portion_won = query->most_portion_won,
        .closes_before =
            query->closes_within_minutes == GG_NONE ? GG_NONE : gg_now() + query->closes_within_minutes * GG_MINUTE,
        .least_left = query->least_left,
        .now = gg_now(),
        .after_key = GG_NONE,
    };
    if (point[0] != GG_NONE)
        deal_cells_around(call->arena, point[0], point[1],
                          query->radius_m == GG_NONE ? DEFAULT_RADIUS_M : query->radius_m,
                          (struct deal_cell_range **)(uintptr_t)&q->ranges, &q->n_ranges);
    if (query->text)
        deal_words_asked(call->arena, query->text, words);
    if (query->tag) {
        const char **all = GG_NEW_ARRAY(call->arena, const char *, words->n + 1);
        memcpy(all, words->items, words->n * sizeof(*all));
        all[words->n] = deal_word_of_tag(call->arena, query->tag);
        *words = (struct deal_words){all, words->n + 1};
    }
    q->words = words->items;
    q->n_words = words->n;
    return !query->page.cursor || gg_cursor_decode(call, query->page.cursor, &q->after_key, 1, &q->after_id);
}

static enum gg_status find_ids(struct gg_call *call, const struct deal_find_query *query, const int64_t point[2],
                               int64_t limit, struct deal_found **found, size_t *n)
{
    struct deal_question *q = GG_NEW(call->arena, struct deal_question);

    *found = NULL;
    *n = 0;
    if (!read_question(call, query, point, q))
        return GG_ERROR; /* check_query has read it before */
    if (query->text && q->n_words == (query->tag != NULL))
        return GG_OK; /* nothing in it could be a word of a title */
    if (q->sort == DEAL_SORT_NEAR)
        return find_near(call, q, point, limit, found, n);
    if (point[0] != GG_NONE) {
        struct deal_cell *cells;
        size_t n_cells = 0;
        GG_TRY(deal_cells(call->db, call->arena, q->state, q->ranges, q->n_ranges, &cells, &n_cells));
        for (size_t i = 0; i < n_cells; i++)
            q->around += cells[i].n;
        if (q->around == 0)
            return GG_OK;
    }
    return deal_find(call->db, call->arena, q, limit, found, n);
}

/* The reply for those without a token, printed once. */
static enum gg_status encode_list(struct gg_call *call, const struct deal_kept_list *list, struct gg_kept *kept)
{
    struct deal_view *items = GG_NEW_ARRAY(call->arena, struct deal_view, list->n);

    for (size_t i = 0; i < list->n; i++)
        deal_view_fill(call->arena, &list->rows[i], NULL, GG_ID_ZERO, false, &items[i]);
    GG_TRY(deal_decorate(call, GG_ID_ZERO, items, list->n));
    gg_kept_encode(kept, &deal_list_msg, &(struct deal_list){{items, list->n}, list->next});
    return GG_OK;
}

static enum gg_status load_list(struct gg_call *call, struct gg_kept *kept)
{
    const struct deal_find_query *query = call->query;
    bool near = query->lat != GG_NONE;
    const int64_t point[2] = {near ? snapped(query->lat) : GG_NONE, near ? snapped(query->lng) : GG_NONE};
    struct deal_kept_list *list = GG_NEW(kept->arena, struct deal_kept_list);
    int64_t limit = gg_page_limit(&query->page);
    struct deal_found *found;
    struct deal_row *deals;
    struct gg_id *ids;
    size_t n;

    GG_TRY(find_ids(call, query, point, limit + 1, &found, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        list->next = gg_cursor_encode(kept->arena, &found[n - 1].key, 1, found[n - 1].id);
    }
    ids = GG_NEW_ARRAY(call->arena, struct gg_id, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = found[i].id;
    GG_TRY(deal_get_many(call->db, kept->arena, ids, n, &deals, &list->n));
    for (size_t i = 0; i < list->n; i++) {
        if (near)
            deals[i].distance_m = deal_metres(point[0], point[1], deals[i].cell_lat, deals[i].cell_lng);
        /* Past its closing instant a deal is not listed any more. */
        if (deals[i].state == DEAL_RECRUITING && (kept->until == GG_NONE || deals[i].closes_at < kept->until))
            kept->until = deals[i].closes_at;
    }
    list->rows = deals;
    kept->value = list;
    return encode_list(call, list, kept);
}

/* Neighbours see what strangers see, but for those they keep apart from, what they saved, and what is their own. */
static enum gg_status use_list(struct gg_call *call)
{
    const struct gg_kept *kept = gg_call_kept_value(call);
    const struct deal_kept_list *list;
    struct deal_row *rows;
    size_t n;

    if (!kept)
        return GG_ERROR;
    if (gg_id_is_zero(call->user.id)) {
        gg_reply_kept(call, kept);
        return GG_OK;
    }
    list = kept->value;
    n = list->n;
    rows = GG_NEW_ARRAY(call->arena, struct deal_row, n);
    memcpy(rows, list->rows, n * sizeof(*rows));
    GG_TRY(deal_drop_apart(call, rows, &n));
    return deal_answer_list(call, rows, n, list->next);
}

/* What asks the same has the same key. Texts hold no control characters. */
static struct gg_id key_of(struct gg_arena *arena, const struct deal_find_query *query)
{
    bool near = query->lat != GG_NONE;
    const int64_t numbers[] = {near ? snapped(query->lat) : GG_NONE,
                               near ? snapped(query->lng) : GG_NONE,
                               query->radius_m,
                               query->category,
                               query->state < 0 ? DEAL_RECRUITING : query->state,
                               query->measure,
                               sort_of(query),
                               query->most_unit_won,
                               query->most_portion_won,
                               query->closes_within_minutes,
                               query->least_left,
                               gg_page_limit(&query->page)};
    struct gg_buf text;
    struct gg_id key;

    gg_buf_init(&text, 4096);
    for (size_t i = 0; i < GG_LEN(numbers); i++)
        gg_buf_addf(&text, "%" PRIx64 ".", (uint64_t)numbers[i]);
    gg_buf_addf(&text, "\n%s\n%s\n%s", query->text ? query->text : "", query->tag ? query->tag : "",
                query->page.cursor ? query->page.cursor : "");
    key = gg_id_derive(GG_ID_ZERO, gg_strndup(arena, text.p, text.n));
    gg_buf_free(&text);
    return key;
}

enum gg_status deal_find_list(struct gg_call *call)
{
    const struct deal_find_query *query = call->query;
    struct deal_kept_place place = {0};

    if (!check_query(call, query))
        return GG_OK;
    if (query->lat != GG_NONE)
        place =
            deal_kept_around(query->lat, query->lng, query->radius_m == GG_NONE ? DEFAULT_RADIUS_M : query->radius_m);
    return deal_kept_ask(call, key_of(call->arena, query), &place, load_list, use_list);
}

/* --- one's own --- */

enum gg_status deal_find_mine(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t before = GG_NONE, limit = gg_page_limit(&query->page);
    struct gg_id id = GG_ID_ZERO;
    const char *next = NULL;
    struct deal_row *deals;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &id))
        return GG_OK;
    GG_TRY(deal_list_mine(call->db, call->arena, call->user.id, before, id, limit + 1, &deals, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        next = gg_cursor_encode(call->arena, &deals[n - 1].created_at, 1, deals[n - 1].id);
    }
    return deal_answer_list(call, deals, n, next);
}
