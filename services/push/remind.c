/* services/push/remind.c
 * Due work `push.remind`: what is said at a time, if it is still so. Rows of one shard, many in each transaction. */
#include "store_wish.h"

#include "libcommon/clock.h"
#include "libcommon/metrics.h"
#include "proto/deal.h"

#include <stdlib.h>
#include <string.h>

#define SEOUL   (9 * GG_HOUR)
#define MORNING (8 * GG_HOUR)

static int64_t shard_of(struct gg_id deal)
{
    return deal.b[15] % PUSH_SHARDS;
}

static bool about_pickup(int kind)
{
    return kind == PUSH_PICKUP_TODAY || kind == PUSH_PICKUP_SOON || kind == PUSH_CODE;
}

static void add(struct gg_arena *arena, struct push_reminder_row *rows, size_t *n, struct gg_id deal, int kind,
                int64_t due_at, int64_t expires_at, int64_t basis)
{
    const char *name = gg_sprintf(arena, "%s %" PRId64, push_kind_names[kind], basis);

    if (due_at <= gg_now() || expires_at <= due_at)
        return;
    rows[(*n)++] = (struct push_reminder_row){.id = gg_id_derive(deal, name),
                                              .deal = deal,
                                              .kind = kind,
                                              .due_at = due_at,
                                              .expires_at = expires_at,
                                              .basis = basis};
}

enum gg_status push_remind_deal(struct gg_db *db, struct gg_arena *arena, const struct push_deal_row *d)
{
    struct push_reminder_row rows[5];
    int64_t first = INT64_MAX;
    size_t n = 0;

    if (d->closes_at != GG_NONE && d->state == DEAL_RECRUITING) {
        add(arena, rows, &n, d->deal, PUSH_CLOSING_DAY, d->closes_at - GG_DAY, d->closes_at - 2 * GG_HOUR,
            d->closes_at);
        add(arena, rows, &n, d->deal, PUSH_CLOSING_HOUR, d->closes_at - GG_HOUR, d->closes_at - 10 * GG_MINUTE,
            d->closes_at);
    }
    if (d->pickup_from != GG_NONE) {
        int64_t until = d->pickup_until == GG_NONE ? d->pickup_from + 2 * GG_HOUR : d->pickup_until;
        int64_t morning = (d->pickup_from + SEOUL) / GG_DAY * GG_DAY - SEOUL + MORNING;
        if (morning <= d->pickup_from - GG_HOUR)
            add(arena, rows, &n, d->deal, PUSH_PICKUP_TODAY, morning, until, d->pickup_from);
        add(arena, rows, &n, d->deal, PUSH_PICKUP_SOON, d->pickup_from - 30 * GG_MINUTE,
            d->pickup_from + 10 * GG_MINUTE, d->pickup_from);
        add(arena, rows, &n, d->deal, PUSH_CODE, d->pickup_from, until, d->pickup_from);
    }
    if (n == 0)
        return GG_OK;
    for (size_t i = 0; i < n; i++)
        first = rows[i].due_at < first ? rows[i].due_at : first;
    GG_TRY(push_reminders_put(db, arena, shard_of(d->deal), rows, n));
    return gg_due_sooner(db, PUSH_DUE_REMIND, push_shard_subject(shard_of(d->deal)), first);
}

/* Whether it is still so, by push's own copy of the deal. */
static bool still(const struct push_reminder_row *r, const struct push_deal_row *d, int64_t now)
{
    if (now >= r->expires_at)
        return false;
    if (about_pickup(r->kind))
        return (d->state == DEAL_PURCHASED || d->state == DEAL_ARRIVED) && d->pickup_from == r->basis;
    return d->state == DEAL_RECRUITING && d->closes_at == r->basis;
}

/* What is worked on together: reminders of one kind with their deals and people, each read in one question. */
struct reminding {
    struct gg_due *due;
    const struct push_reminder_row *rows;
    size_t n;
    struct push_deal_row *deals;
    size_t n_deals;
    struct push_member *members;
    size_t n_members;
    struct push_tiding *tidings;
    size_t n_tidings;
    const struct push_reminder_row *said; /* the newest: of two for the same deal and people one is enough */
};

static int by_kind(const void *a, const void *b)
{
    const struct push_reminder_row *x = a, *y = b;
    int order = x->kind - y->kind;

    order = order ? order : gg_id_compare(x->deal, y->deal);
    return order ? order : gg_id_compare(x->user, y->user);
}

static int by_deal(const void *a, const void *b)
{
    return gg_id_compare(((const struct push_deal_row *)a)->deal, ((const struct push_deal_row *)b)->deal);
}

static int by_member(const void *a, const void *b)
{
    return gg_id_compare(((const struct push_member *)a)->deal, ((const struct push_member *)b)->deal);
}

static void address(struct reminding *r, const struct push_reminder_row *row, const struct push_news *news,
                    struct gg_id user)
{
    if (gg_id_is_zero(row->user) || gg_id_equal(row->user, user))
        r->tidings[r->n_tidings++] = (struct push_tiding){news, {.user = user, .amount_won = GG_NONE}};
}

/* Adds who is told of one reminder; nobody when it is not so any more. */
static void remind(struct reminding *r, const struct push_reminder_row *row, int64_t now)
{
    const struct push_deal_row key = {.deal = row->deal};
    const struct push_deal_row *deal = bsearch(&key, r->deals, r->n_deals, sizeof(*r->deals), by_deal);
    struct push_news *news = GG_NEW(r->due->arena, struct push_news);
    size_t first = 0, beyond = r->n_members;
    bool again = r->said && gg_id_equal(r->said->deal, row->deal) && gg_id_equal(r->said->user, row->user);

    if (!deal || again || !still(row, deal, now)) {
        gg_count("push_reminders_total", "result=\"stale\"", 1);
        return;
    }
    gg_count("push_reminders_total", "result=\"said\"", 1);
    r->said = row;
    *news = (struct push_news){.event = row->id,
                               .at = now,
                               .kind = row->kind,
                               .deal = row->deal,
                               .title = deal->title,
                               .until = about_pickup(row->kind) ? deal->pickup_until : deal->closes_at,
                               .number = GG_NONE};
    if (!about_pickup(row->kind))
        address(r, row, news, deal->host);
    while (first < beyond) { /* the first share of this deal */
        size_t middle = (first + beyond) / 2;
        if (gg_id_compare(r->members[middle].deal, row->deal) < 0)
            first = middle + 1;
        else
            beyond = middle;
    }
    for (; first < r->n_members && gg_id_equal(r->members[first].deal, row->deal); first++)
        if (!about_pickup(row->kind) || r->members[first].state == DEAL_SHARE_CAPTURED)
            address(r, row, news, r->members[first].user);
}

static enum gg_status remind_of_one_kind(struct reminding *r, int64_t now)
{
    struct gg_id *ids = GG_NEW_ARRAY(r->due->arena, struct gg_id, r->n);
    size_t room = 0;

    for (size_t i = 0; i < r->n; i++)
        ids[i] = r->rows[i].deal;
    GG_TRY(push_deals_get(r->due->db, r->due->arena, ids, r->n, &r->deals, &r->n_deals));
    GG_TRY(push_deals_members(r->due->db, r->due->arena, ids, r->n, &r->members, &r->n_members));
    qsort(r->deals, r->n_deals, sizeof(*r->deals), by_deal);
    qsort(r->members, r->n_members, sizeof(*r->members), by_member);
    for (size_t i = 0; i < r->n; i++) /* what is for one person alone adds at most him */
        room += !gg_id_is_zero(r->rows[i].user);
    r->tidings = GG_NEW_ARRAY(r->due->arena, struct push_tiding, room + r->n_members + r->n_deals);
    r->n_tidings = 0;
    for (size_t i = 0; i < r->n; i++)
        remind(r, &r->rows[i], now);
    return push_tell_all(r->due->db, r->due->arena, r->tidings, r->n_tidings, true);
}

enum gg_status push_remind_due(struct gg_due *due)
{
    int64_t shard = due->subject.b[15], now = gg_now(), next;
    struct push_reminder_row *rows;
    size_t n;

    GG_TRY(push_reminders_take(due->db, due->arena, shard, now, &rows, &n));
    if (n > 0)
        qsort(rows, n, sizeof(*rows), by_kind);
    for (size_t i = 0, end; i < n; i = end) {
        struct reminding r = {.due = due, .rows = rows + i};
        for (end = i; end < n && rows[end].kind == rows[i].kind; end++)
            r.n++;
        GG_TRY(remind_of_one_kind(&r, now));
    }
    GG_TRY(push_reminders_next(due->db, due->arena, shard, &next));
    return next == GG_NONE ? GG_OK : gg_due_set(due->db, PUSH_DUE_REMIND, due->subject, next);
}
