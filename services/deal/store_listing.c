/* services/deal/store_listing.c
 * SQL of what can be found: the listing as it follows its deal, and the question with its filters. */
#include "store_listing.h"

#include "deal.h"
#include "libcommon/buf.h"
#include "plan.h"
#include "view.h"
#include "words.h"

#include <string.h>

/* --- following the deal --- */

/* What a listing was written from; another number: write it anew. */
static int64_t stamp_of(const struct deal_row *deal)
{
    uint64_t h = UINT64_C(14695981039346656037);
    const char *const texts[] = {deal->title, deal->tags ? deal->tags : "", deal->unit};
    const int64_t numbers[] = {deal->category,
                               deal->total_won,
                               deal->portions,
                               deal->plan.unit_amount,
                               deal->plan.measure,
                               deal_max_won(deal, 1),
                               deal_cell_of(deal->lat, deal->lng)};

    for (size_t i = 0; i < GG_LEN(texts); i++)
        for (const char *p = texts[i]; p == texts[i] || p[-1]; p++)
            h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    for (size_t i = 0; i < GG_LEN(numbers); i++)
        h = (h ^ (uint64_t)numbers[i]) * UINT64_C(1099511628211);
    return (int64_t)(h >> 1);
}

static enum gg_status count_cell(struct gg_db *db, int state, int64_t cell, int64_t by)
{
    if (state != DEAL_RECRUITING && by < 0)
        return gg_db_exec(db, "UPDATE listing_past_cell SET n = n - 1 WHERE state = ? AND cell = ?",
                          GG_ARGS(gg_v_int(state), gg_v_int(cell)), NULL);
    if (state != DEAL_RECRUITING)
        return gg_db_exec(
            db, "INSERT INTO listing_past_cell (state, cell, n) VALUES (?, ?, 1) ON DUPLICATE KEY UPDATE n = n + 1",
            GG_ARGS(gg_v_int(state), gg_v_int(cell)), NULL);
    if (by < 0)
        return gg_db_exec(db, "UPDATE listing_cell SET n = n - 1 WHERE cell = ?", GG_ARGS(gg_v_int(cell)), NULL);
    return gg_db_exec(db, "INSERT INTO listing_cell (cell, n) VALUES (?, 1) ON DUPLICATE KEY UPDATE n = n + 1",
                      GG_ARGS(gg_v_int(cell)), NULL);
}

static enum gg_status unlist_past(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int64_t *was)
{
    struct gg_rows rows;
    int64_t state, cell;

    GG_TRY(
        gg_db_query(db, arena, "SELECT state, cell FROM listing_past WHERE deal_id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *was = GG_NONE;
    if (rows.n == 0)
        return GG_OK;
    state = gg_row_int(&rows, 0, 0);
    *was = cell = gg_row_int(&rows, 0, 1);
    GG_TRY(gg_db_exec(db, "DELETE FROM listing_past WHERE state = ? AND cell = ? AND deal_id = ?",
                      GG_ARGS(gg_v_int(state), gg_v_int(cell), gg_v_id(&id)), NULL));
    GG_TRY(gg_db_exec(db, "DELETE FROM listing_past_word WHERE deal_id = ?", GG_ARGS(gg_v_id(&id)), NULL));
    return count_cell(db, (int)state, cell, -1);
}

static enum gg_status unlist(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int64_t *was)
{
    struct gg_rows rows;
    int64_t cell;

    GG_TRY(gg_db_query(db, arena, "SELECT cell FROM listing WHERE deal_id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    if (rows.n == 0)
        return unlist_past(db, arena, id, was);
    *was = cell = gg_row_int(&rows, 0, 0);
    GG_TRY(gg_db_exec(db, "DELETE FROM listing WHERE cell = ? AND deal_id = ?", GG_ARGS(gg_v_int(cell), gg_v_id(&id)),
                      NULL));
    GG_TRY(gg_db_exec(db, "DELETE FROM listing_word WHERE deal_id = ?", GG_ARGS(gg_v_id(&id)), NULL));
    return count_cell(db, DEAL_RECRUITING, cell, -1);
}

static enum gg_status put_words(struct gg_db *db, struct gg_arena *arena, const struct deal_row *deal, int64_t cell)
{
    bool past = deal->state != DEAL_RECRUITING;
    struct deal_words words = {0};
    size_t columns = past ? 4 : 3;
    struct gg_val *args;

    deal_words_of(arena, deal->title, &words);
    for (const char *p = deal->tags ? deal->tags : ""; *p;) {
        size_t n = strcspn(p, "\n");
        deal_words_of_tag(arena, gg_strndup(arena, p, n), &words);
        p += n + (p[n] == '\n');
    }
    if (words.n == 0)
        return GG_OK;
    args = GG_NEW_ARRAY(arena, struct gg_val, words.n * columns);
    for (size_t i = 0; i < words.n; i++) {
        struct gg_val *row = args + columns * i;
        *row++ = gg_v_text(words.items[i]);
        if (past)
            *row++ = gg_v_int(deal->state);
        *row++ = gg_v_int(cell);
        *row = gg_v_id(&deal->id);
    }
    return gg_db_insert_rows(db,
                             past ? "INSERT INTO listing_past_word (word, state, cell, deal_id) VALUES"
                                  : "INSERT INTO listing_word (word, cell, deal_id) VALUES",
                             args, columns, words.n);
}

#define LISTED "cell, deal_id, category, measure, unit_won, portion_won, left_n, saves, closes_at, stamp"

static enum gg_status list(struct gg_db *db, struct gg_arena *arena, const struct deal_row *deal)
{
    int64_t cell = deal_cell_of(deal->lat, deal->lng), portion = deal_max_won(deal, 1);
    bool past = deal->state != DEAL_RECRUITING;
    int measure;
    int64_t unit_won = deal_unit_price(deal, &measure);
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db, "INSERT INTO deal_extra (deal_id) VALUES (?) ON DUPLICATE KEY UPDATE deal_id = deal_id",
                      GG_ARGS(gg_v_id(&deal->id)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT saves FROM deal_extra WHERE deal_id = ?", GG_ARGS(gg_v_id(&deal->id)),
                           &rows));
    const struct gg_val row[] = {gg_v_int(deal->state),
                                 gg_v_int(cell),
                                 gg_v_id(&deal->id),
                                 gg_v_int(deal->category),
                                 gg_v_int(measure),
                                 gg_v_int(unit_won),
                                 gg_v_int(portion),
                                 gg_v_int(deal_free(deal)),
                                 gg_v_int(gg_row_int(&rows, 0, 0)),
                                 gg_v_time(deal->closes_at),
                                 gg_v_int(stamp_of(deal))};
    if (past)
        GG_TRY(gg_db_insert_rows(db, "INSERT INTO listing_past (state, " LISTED ") VALUES", row, GG_LEN(row), 1));
    else
        GG_TRY(gg_db_insert_rows(db, "INSERT INTO listing (" LISTED ") VALUES", row + 1, GG_LEN(row) - 1, 1));
    GG_TRY(put_words(db, arena, deal, cell));
    return count_cell(db, deal->state, cell, 1);
}

static enum gg_status renew(struct gg_db *db, const struct deal_row *deal, int64_t *was)
{
    struct gg_arena *arena = gg_arena_create();
    enum gg_status status = unlist(db, arena, deal->id, was);

    if (status == GG_OK)
        status = list(db, arena, deal);
    gg_arena_destroy(arena);
    return status;
}

enum gg_status deal_listing_follow(struct gg_db *db, const struct deal_row *deal, bool *renewed, int64_t *was)
{
    const struct gg_val args[] = {
        gg_v_int(deal_free(deal)), gg_v_time(deal->closes_at), gg_v_int(deal_cell_of(deal->lat, deal->lng)),
        gg_v_id(&deal->id),        gg_v_int(stamp_of(deal)),   gg_v_int(deal->state)};
    int64_t matched;

    if (deal->state == DEAL_RECRUITING)
        GG_TRY(gg_db_exec(db,
                          "UPDATE listing SET left_n = ?, closes_at = ? WHERE cell = ? AND deal_id = ? AND stamp = ?",
                          args, GG_LEN(args) - 1, &matched));
    else
        GG_TRY(gg_db_exec(db,
                          "UPDATE listing_past SET left_n = ?, closes_at = ? WHERE cell = ? AND deal_id = ?"
                          " AND stamp = ? AND state = ?",
                          args, GG_LEN(args), &matched));
    *renewed = matched == 0;
    *was = GG_NONE;
    return matched ? GG_OK : renew(db, deal, was);
}

/* --- questions --- */

/* Per sort: the key as it is compared, whether it falls, and the indexes (recruiting, past) that lie in its order. */
static const struct {
    const char *key;
    bool time, falling;
    const char *index[2];
} sorts[] = {
    [DEAL_SORT_NEAR] = {NULL, false, false, {"PRIMARY", "PRIMARY"}},
    [DEAL_SORT_NEW] = {NULL, false, true, {"ix_listing_new", "ix_past_new"}},
    [DEAL_SORT_CLOSING] = {"l.closes_at", true, false, {"ix_listing_closing", "ix_past_closing"}},
    [DEAL_SORT_LEFT] = {"l.left_n", false, false, {"ix_listing_left", "ix_past_left"}},
    [DEAL_SORT_SAVES] = {"l.saves", false, true, {"ix_listing_saves", "ix_past_saves"}},
    [DEAL_SORT_PRICE] = {"l.unit_won", false, false, {"ix_listing_unit", "ix_past_unit"}},
};

/* Deals around a point that are read and sorted; among more of them the first page is soon found in the sort's order.
 */
#define SORTED_MOST 10000

/* Which way is short depends on how many deals lie around, which the server guesses badly and we know. */
static const char *way(struct gg_arena *arena, const struct deal_question *q)
{
    if (q->n_ranges > 0 && (q->sort == DEAL_SORT_NEAR || q->around <= SORTED_MOST))
        return " FORCE INDEX (PRIMARY)";
    if (q->n_words > 0)
        return "";
    return gg_sprintf(arena, " FORCE INDEX (%s)", sorts[q->sort].index[q->state != DEAL_RECRUITING]);
}

struct statement {
    struct gg_buf sql;
    struct gg_val args[1000]; /* 400 rows of the widest map take 800 */
    size_t n;
};

static void arg(struct statement *s, struct gg_val value)
{
    s->args[s->n++] = value;
}

static void filter(struct statement *s, const char *sql, int64_t value)
{
    if (value == GG_NONE || value == -1)
        return;
    gg_buf_adds(&s->sql, sql);
    arg(s, gg_v_int(value));
}

static void add_filters(struct statement *s, const struct deal_question *q)
{
    gg_buf_adds(&s->sql, q->state == DEAL_RECRUITING ? " WHERE l.closes_at > ?" : " WHERE l.state = ?");
    arg(s, q->state == DEAL_RECRUITING ? gg_v_time(q->now) : gg_v_int(q->state));
    for (size_t i = 0; i < q->n_ranges; i++) {
        const struct deal_cell_range *range = &q->ranges[i];
        gg_buf_adds(&s->sql, i ? " OR l.cell" : " AND (l.cell");
        gg_buf_adds(&s->sql, range->from == range->to ? " = ?" : " BETWEEN ? AND ?");
        arg(s, gg_v_int(range->from));
        if (range->from != range->to)
            arg(s, gg_v_int(range->to));
    }
    if (q->n_ranges)
        gg_buf_adds(&s->sql, ")");
    filter(s, " AND l.category = ?", q->category);
    filter(s, " AND l.measure = ?", q->measure);
    filter(s, " AND l.unit_won <= ?", q->most_unit_won);
    filter(s, " AND l.portion_won <= ?", q->most_portion_won);
    filter(s, " AND l.left_n >= ?", q->least_left);
    if (q->closes_before != GG_NONE) {
        gg_buf_adds(&s->sql, " AND l.closes_at <= ?");
        arg(s, gg_v_time(q->closes_before));
    }
}

/* Behind the page before: (key, id) in the order of the sort. The id decides alone where there is no key. */
static void add_keyset(struct statement *s, const struct deal_question *q)
{
    const char *key = sorts[q->sort].key, *beyond = sorts[q->sort].falling ? "<" : ">";
    struct gg_val value = sorts[q->sort].time ? gg_v_time(q->after_key) : gg_v_int(q->after_key);

    if (q->after_key == GG_NONE)
        return;
    if (key) {
        gg_buf_addf(&s->sql, " AND (%s %s ? OR (%s = ? AND l.deal_id %s ?))", key, beyond, key, beyond);
        arg(s, value);
        arg(s, value);
    } else {
        gg_buf_addf(&s->sql, " AND l.deal_id %s ?", beyond);
    }
    arg(s, gg_v_bytes(q->after_id.b, 16));
}

static void build(struct statement *s, const struct deal_question *q, const char *hint, int64_t limit)
{
    const char *key = sorts[q->sort].key, *order = sorts[q->sort].falling ? "DESC" : "ASC";
    bool past = q->state != DEAL_RECRUITING;

    gg_buf_addf(&s->sql, "SELECT l.deal_id, l.cell, %s FROM listing%s l%s", key ? key : "0", past ? "_past" : "", hint);
    for (size_t i = 0; i < q->n_words; i++) {
        gg_buf_addf(&s->sql,
                    " JOIN listing%s_word w%zu ON w%zu.word = ? AND w%zu.cell = l.cell AND w%zu.deal_id = l.deal_id",
                    past ? "_past" : "", i, i, i, i);
        if (past)
            gg_buf_addf(&s->sql, " AND w%zu.state = l.state", i);
        arg(s, gg_v_text(q->words[i]));
    }
    add_filters(s, q);
    add_keyset(s, q);
    if (key)
        gg_buf_addf(&s->sql, " ORDER BY %s %s, l.deal_id %s LIMIT ?", key, order, order);
    else
        gg_buf_addf(&s->sql, " ORDER BY l.deal_id %s LIMIT ?", order);
    arg(s, gg_v_int(limit));
}

enum gg_status deal_find(struct gg_db *db, struct gg_arena *arena, const struct deal_question *q, int64_t limit,
                         struct deal_found **found, size_t *n)
{
    struct statement *s = GG_NEW(arena, struct statement);
    bool time = sorts[q->sort].time;
    enum gg_status status;
    struct gg_rows rows;

    gg_buf_init(&s->sql, 32 * 1024);
    build(s, q, way(arena, q), limit);
    status = gg_db_query_dynamic(db, arena, s->sql.p, s->args, s->n, &rows);
    gg_buf_free(&s->sql);
    GG_TRY(status);
    *n = rows.n;
    *found = GG_NEW_ARRAY(arena, struct deal_found, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*found)[i] = (struct deal_found){gg_row_id(&rows, i, 0), gg_row_int(&rows, i, 1),
                                          time ? gg_row_time(&rows, i, 2) : gg_row_int(&rows, i, 2)};
    return GG_OK;
}

enum gg_status deal_cells(struct gg_db *db, struct gg_arena *arena, int state, const struct deal_cell_range *ranges,
                          size_t n_ranges, struct deal_cell **cells, size_t *n)
{
    struct statement *s = GG_NEW(arena, struct statement);
    enum gg_status status;
    struct gg_rows rows;

    *n = 0;
    if (n_ranges == 0)
        return GG_OK;
    gg_buf_init(&s->sql, 32 * 1024);
    if (state == DEAL_RECRUITING) {
        gg_buf_adds(&s->sql, "SELECT cell, n FROM listing_cell WHERE n > 0 AND (");
    } else {
        gg_buf_adds(&s->sql, "SELECT cell, n FROM listing_past_cell WHERE n > 0 AND state = ? AND (");
        arg(s, gg_v_int(state));
    }
    for (size_t i = 0; i < n_ranges; i++) {
        gg_buf_adds(&s->sql, i ? " OR cell BETWEEN ? AND ?" : "cell BETWEEN ? AND ?");
        arg(s, gg_v_int(ranges[i].from));
        arg(s, gg_v_int(ranges[i].to));
    }
    gg_buf_adds(&s->sql, ")");
    status = gg_db_query_dynamic(db, arena, s->sql.p, s->args, s->n, &rows);
    gg_buf_free(&s->sql);
    GG_TRY(status);
    *n = rows.n;
    *cells = GG_NEW_ARRAY(arena, struct deal_cell, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*cells)[i] = (struct deal_cell){gg_row_int(&rows, i, 0), gg_row_int(&rows, i, 1), 0};
    return GG_OK;
}

/* --- beside the terms --- */

/* Marks those that the viewer has saved. */
static enum gg_status mark_saved(struct gg_db *db, struct gg_arena *arena, struct gg_id viewer,
                                 struct deal_extra_row *extras, size_t n)
{
    const struct gg_val before[] = {gg_v_id(&viewer)};
    struct gg_id *ids = GG_NEW_ARRAY(arena, struct gg_id, n);
    struct gg_rows rows;

    for (size_t i = 0; i < n; i++)
        ids[i] = extras[i].deal;
    GG_TRY(gg_db_query_ids(db, arena, "SELECT deal_id FROM bookmark WHERE user_id = ? AND deal_id IN ", before, 1, ids,
                           n, "", &rows));
    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; r < rows.n; r++)
            extras[i].saved = extras[i].saved || gg_id_equal(gg_row_id(&rows, r, 0), extras[i].deal);
    return GG_OK;
}

enum gg_status deal_extras(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                           struct gg_id viewer, struct deal_extra_row **out, size_t *n_rows)
{
    struct gg_val *list = GG_NEW_ARRAY(arena, struct gg_val, n);
    struct gg_rows rows;

    *n_rows = 0;
    if (n == 0)
        return GG_OK;
    for (size_t i = 0; i < n; i++)
        list[i] = gg_v_id(&ids[i]);
    GG_TRY(gg_db_query_in(db, arena, "SELECT deal_id, views, saves, comments FROM deal_extra WHERE deal_id IN ", list,
                          1, n, "", &rows));
    *out = GG_NEW_ARRAY(arena, struct deal_extra_row, rows.n);
    *n_rows = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct deal_extra_row){.deal = gg_row_id(&rows, i, 0),
                                            .views = gg_row_int(&rows, i, 1),
                                            .saves = gg_row_int(&rows, i, 2),
                                            .comments = gg_row_int(&rows, i, 3)};
    return gg_id_is_zero(viewer) || rows.n == 0 ? GG_OK : mark_saved(db, arena, viewer, *out, rows.n);
}

enum gg_status deal_apart(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **others, size_t *n)
{
    struct gg_rows rows;

    *n = 0;
    if (gg_id_is_zero(user))
        return GG_OK;
    GG_TRY(gg_db_query(db, arena,
                       "SELECT blocked_id FROM blocked WHERE user_id = ?"
                       " UNION SELECT user_id FROM blocked WHERE blocked_id = ?",
                       GG_ARGS(gg_v_id(&user), gg_v_id(&user)), &rows));
    *n = rows.n;
    *others = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*others)[i] = gg_row_id(&rows, i, 0);
    return GG_OK;
}

enum gg_status deal_bookmark_set(struct gg_db *db, struct gg_id user, struct gg_id deal, bool saved, int64_t now)
{
    int64_t by = saved ? 1 : -1, changed;
    enum gg_status status;

    if (saved) {
        status = gg_db_exec(db, "INSERT INTO bookmark (user_id, deal_id, created_at) VALUES (?, ?, ?)",
                            GG_ARGS(gg_v_id(&user), gg_v_id(&deal), gg_v_time(now)), NULL);
        if (status == GG_DUPLICATE)
            return GG_OK;
        GG_TRY(status);
    } else {
        GG_TRY(gg_db_exec(db, "DELETE FROM bookmark WHERE user_id = ? AND deal_id = ?",
                          GG_ARGS(gg_v_id(&user), gg_v_id(&deal)), &changed));
        if (changed == 0)
            return GG_OK;
    }
    GG_TRY(gg_db_exec(db, "UPDATE deal_extra SET saves = saves + ? WHERE deal_id = ?",
                      GG_ARGS(gg_v_int(by), gg_v_id(&deal)), NULL));
    GG_TRY(gg_db_exec(db, "UPDATE listing SET saves = saves + ? WHERE deal_id = ?",
                      GG_ARGS(gg_v_int(by), gg_v_id(&deal)), NULL));
    return gg_db_exec(db, "UPDATE listing_past SET saves = saves + ? WHERE deal_id = ?",
                      GG_ARGS(gg_v_int(by), gg_v_id(&deal)), NULL);
}

enum gg_status deal_bookmarks(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                              struct gg_id before_id, int64_t limit, struct deal_found **found, size_t *n)
{
    int64_t top = before == GG_NONE ? INT64_C(253402300799000) : before;
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT deal_id, created_at FROM bookmark WHERE user_id = ? AND (created_at < ? OR (created_at = ?"
        " AND deal_id < ?)) ORDER BY created_at DESC, deal_id DESC LIMIT ?",
        GG_ARGS(gg_v_id(&user), gg_v_time(top), gg_v_time(top), gg_v_bytes(before_id.b, 16), gg_v_int(limit)), &rows));
    *n = rows.n;
    *found = GG_NEW_ARRAY(arena, struct deal_found, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*found)[i] = (struct deal_found){gg_row_id(&rows, i, 0), 0, gg_row_time(&rows, i, 1)};
    return GG_OK;
}

enum gg_status deal_view_count(struct gg_db *db, struct gg_id deal)
{
    return gg_db_exec_one(db, "UPDATE deal_extra SET views = views + 1 WHERE deal_id = ?", GG_ARGS(gg_v_id(&deal)));
}
