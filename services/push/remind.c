/* services/push/remind.c
 * Due work `push.remind`: what is said at a time, if it is still so. Rows of one shard, many in each transaction. */
#include "store_wish.h"

#include "libcommon/clock.h"
#include "libcommon/metrics.h"
#include "proto/deal.h"

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

static enum gg_status remind(struct gg_due *due, const struct push_reminder_row *r, int64_t now)
{
    struct push_deal_row deal;
    struct push_addressee *to;
    struct gg_id *users;
    size_t n;
    enum gg_status status = push_deal_get(due->db, due->arena, r->deal, &deal);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    if (!still(r, &deal, now)) {
        gg_count("push_reminders_total", "result=\"stale\"", 1);
        return GG_OK;
    }
    if (about_pickup(r->kind))
        GG_TRY(push_deal_members(due->db, due->arena, r->deal, DEAL_SHARE_CAPTURED, DEAL_SHARE_CAPTURED, &users, &n));
    else
        GG_TRY(push_deal_people(due->db, due->arena, r->deal, &users, &n));
    to = GG_NEW_ARRAY(due->arena, struct push_addressee, n);
    for (size_t i = 0; i < n; i++)
        if (gg_id_is_zero(r->user) || gg_id_equal(r->user, users[i]))
            to[i] = (struct push_addressee){.user = users[i], .amount_won = GG_NONE};
    gg_count("push_reminders_total", "result=\"said\"", 1);
    return push_tell(due->db, due->arena,
                     &(struct push_news){.event = r->id,
                                         .at = now,
                                         .kind = r->kind,
                                         .deal = r->deal,
                                         .title = deal.title,
                                         .until = about_pickup(r->kind) ? deal.pickup_until : deal.closes_at,
                                         .number = GG_NONE},
                     to, n);
}

enum gg_status push_remind_due(struct gg_due *due)
{
    int64_t shard = due->subject.b[15], now = gg_now(), next;
    struct push_reminder_row *rows;
    size_t n;

    GG_TRY(push_reminders_take(due->db, due->arena, shard, now, &rows, &n));
    for (size_t i = 0; i < n; i++)
        GG_TRY(remind(due, &rows[i], now));
    GG_TRY(push_reminders_next(due->db, due->arena, shard, &next));
    return next == GG_NONE ? GG_OK : gg_due_set(due->db, PUSH_DUE_REMIND, due->subject, next);
}
