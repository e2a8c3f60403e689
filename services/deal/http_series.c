/* services/deal/http_series.c
 * Series. Every time of the next deal stands where the clock on the wall stood for the first one, however many hours
 * lie between: days are counted, not hours. */
#include "http_series.h"

#include "change.h"
#include "join.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/zone.h"
#include "proto/deal_market.h"
#include "rrule.h"
#include "store_flow.h"
#include "store_series.h"

#include <string.h>

#define KEY_BYTES 32

static void fill(const struct gg_call *call, const struct deal_series_row *row, struct deal_series *out)
{
    *out = (struct deal_series){
        .id = row->id,
        .host = row->host,
        .first = row->first,
        .last = row->last,
        .rule = row->rule,
        .zone = row->zone,
        .made = row->made,
        .next_at = row->next_at,
        .mine = gg_id_equal(row->host, call->user.id),
    };
}

/* When the occurrence after `last_day` opens; ended: GG_NONE. */
static int64_t next_opening(const struct gg_zone *zone, const struct deal_rule *rule, const struct deal_row *first,
                            struct deal_series_row *series)
{
    struct gg_local opened = gg_zone_local(zone, first->created_at);
    int64_t day = deal_rule_next(rule, opened.day, series->last_day, series->made);

    return day == GG_NONE ? GG_NONE : gg_zone_utc(zone, (struct gg_local){day, opened.ms});
}

/* --- HTTP --- */

enum gg_status deal_series_begin(struct gg_call *call)
{
    const struct deal_series_write *in = call->in;
    struct deal_series_row series = {.id = gg_id_new(), .host = call->user.id, .made = 1, .created_at = gg_now()};
    struct gg_zone *zone = gg_zone_load(call->arena, in->zone ? in->zone : "Asia/Seoul");
    struct deal_rule rule;
    struct deal_row deal;
    enum gg_status status;

    if (!deal_rule_parse(in->rule, &rule))
        return gg_fail_field(call, "/rule", "format",
                             "FREQ=DAILY|WEEKLY|MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, and "
                             "COUNT or UNTIL");
    if (!zone)
        return gg_fail_field(call, "/zone", "unknown", "there is no such time zone");
    status = deal_get(call->db, call->arena, in->deal, &deal);
    if (status == GG_NOT_FOUND)
        return gg_fail_field(call, "/deal", "unknown", "there is no such deal");
    GG_TRY(status);
    if (!gg_id_equal(deal.host, call->user.id))
        return gg_fail(call, &DEAL_NOT_HOST, "this is not your deal");
    series.first = series.last = deal.id;
    series.rule = in->rule;
    series.zone = in->zone ? in->zone : "Asia/Seoul";
    series.last_day = gg_zone_local(zone, deal.created_at).day;
    series.next_at = next_opening(zone, &rule, &deal, &series);
    while (series.next_at != GG_NONE && series.next_at <= gg_now()) { /* an old deal: not what is past */
        series.last_day = gg_zone_local(zone, series.next_at).day;
        series.next_at = next_opening(zone, &rule, &deal, &series);
    }
    if (series.next_at == GG_NONE)
        return gg_fail_field(call, "/rule", "range", "nothing would follow");
    status = deal_series_insert(call->db, &series);
    if (status == GG_DUPLICATE)
        return gg_fail(call, &DEAL_SERIES_EXISTS, "end it first");
    GG_TRY(status);
    GG_TRY(gg_due_set(call->db, DEAL_DUE_SERIES, series.id, series.next_at));
    fill(call, &series, call->out);
    return GG_OK;
}

enum gg_status deal_series_mine(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t limit = gg_page_limit(&query->page);
    struct deal_series_list *out = call->out;
    struct gg_id after = GG_ID_ZERO;
    struct deal_series_row *rows;
    struct deal_series *items;
    const char *next = NULL;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &(int64_t){0}, 0, &after))
        return GG_OK;
    GG_TRY(deal_series_list(call->db, call->arena, call->user.id, after, limit + 1, &rows, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        next = gg_cursor_encode(call->arena, &(int64_t){0}, 0, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_series, n);
    for (size_t i = 0; i < n; i++)
        fill(call, &rows[i], &items[i]);
    *out = (struct deal_series_list){{items, n}, next};
    return GG_OK;
}

/* The series of the address; false when the call is answered or *status is not GG_OK. */
static bool find(struct gg_call *call, bool lock, struct deal_series_row *series, enum gg_status *status)
{
    struct gg_id id;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = deal_series_get(call->db, call->arena, id, lock, series);
    if (*status == GG_NOT_FOUND)
        *status = gg_fail(call, &GG_P_NOT_FOUND, "there is no such series");
    return *status == GG_OK && !gg_failed(call);
}

enum gg_status deal_series_show(struct gg_call *call)
{
    struct deal_series_row series;
    enum gg_status status;

    if (find(call, false, &series, &status))
        fill(call, &series, call->out);
    return status;
}

enum gg_status deal_series_end(struct gg_call *call)
{
    struct deal_series_row series;
    enum gg_status status;

    if (!find(call, true, &series, &status))
        return status;
    if (!gg_id_equal(series.host, call->user.id))
        return gg_fail(call, &DEAL_NOT_HOST, "this is not your series");
    series.next_at = GG_NONE;
    GG_TRY(deal_series_update(call->db, &series));
    return gg_due_clear(call->db, DEAL_DUE_SERIES, series.id);
}

/* The money is held anew for every deal, so an order needs nothing now. */
enum gg_status deal_series_order_put(struct gg_call *call)
{
    const struct deal_order *in = call->in;
    struct deal_series_row series;
    enum gg_status status;
    int64_t others;

    if (!find(call, true, &series, &status))
        return status;
    if (gg_id_equal(series.host, call->user.id))
        return gg_fail(call, &DEAL_OWN, "the host keeps portions with host_portions");
    if (series.next_at == GG_NONE)
        return gg_fail(call, &DEAL_CLOSED, "the series has ended");
    GG_TRY(deal_account_lock(call->db, call->user.id)); /* two orders at a time count each other */
    GG_TRY(deal_orders_of(call->db, call->arena, call->user.id, series.id, &others));
    if (others >= DEAL_ORDERS_MAX)
        return gg_fail(call, &DEAL_ORDERS_FULL, "%d is the most", DEAL_ORDERS_MAX);
    return deal_order_set(
        call->db, series.id,
        &(struct deal_order_row){call->user.id, in->quantity, in->tolerance == GG_NONE ? 0 : in->tolerance}, gg_now());
}

enum gg_status deal_series_order_drop(struct gg_call *call)
{
    struct deal_series_row series;
    enum gg_status status;

    if (!find(call, true, &series, &status))
        return status;
    return deal_order_set(call->db, series.id, &(struct deal_order_row){call->user.id, 0, 0}, gg_now());
}

/* --- the clock --- */

/* The same wall time, `days` later. */
static int64_t moved(const struct gg_zone *zone, int64_t at, int64_t days)
{
    struct gg_local local = gg_zone_local(zone, at);

    return gg_zone_utc(zone, (struct gg_local){local.day + days, local.ms});
}

/* A new deal like the first, `days` later. */
static struct deal_row like(struct gg_arena *arena, const struct gg_zone *zone, const struct deal_row *first,
                            int64_t days)
{
    struct deal_row deal = *first;
    struct gg_list windows = deal_windows_of(arena, first);
    struct deal_window *items = windows.items;
    uint8_t *key = gg_alloc(arena, KEY_BYTES);

    deal.id = gg_id_new();
    deal.version = 0;
    deal.state = DEAL_RECRUITING;
    deal.reason = -1;
    deal.taken = deal.waiting = deal.joined = 0;
    deal.receipt_won = GG_NONE;
    deal.receipt = NULL;
    deal.wrong_codes = 0;
    deal.wrong_codes_since = GG_NONE;
    deal.created_at = gg_now();
    deal.closes_at = moved(zone, first->closes_at, days);
    deal.pickup_from = moved(zone, first->pickup_from, days);
    deal.pickup_until = moved(zone, first->pickup_until, days);
    for (size_t i = 0; i < windows.n; i++) {
        items[i].from = moved(zone, items[i].from, days);
        items[i].until = moved(zone, items[i].until, days);
    }
    gg_random(key, KEY_BYTES);
    deal.plan = deal_plan_plain;
    deal.plan.unit_amount = first->plan.unit_amount;
    deal.plan.measure = first->plan.measure;
    deal.plan.boxes_max = first->plan.boxes_max;
    deal.plan.fill_minutes = first->plan.fill_minutes;
    deal.plan.ceiling_won = first->plan.ceiling_won;
    deal.plan.max_portions = first->plan.max_portions;
    deal.plan.each_max = first->plan.each_max;
    deal.plan.delivery_won = first->plan.delivery_won;
    deal.plan.delivery_rule = first->plan.delivery_rule;
    deal.plan.shortage_rule = first->plan.shortage_rule;
    deal.plan.windows = first->plan.windows ? deal_windows_text(arena, &windows) : NULL;
    deal.plan.handover_key = (struct gg_str){(const char *)key, KEY_BYTES};
    return deal;
}

/* Standing orders join like anybody: oldest first, as far as there is room and nobody keeps apart or leaves. */
static enum gg_status seat_orders(struct deal_work *work, struct gg_id series)
{
    struct deal_share_row *seats;
    struct deal_order_row *orders;
    size_t n, n_seats = 0;

    GG_TRY(deal_orders(work->db, work->arena, series, &orders, &n));
    seats = GG_NEW_ARRAY(work->arena, struct deal_share_row, n);
    for (size_t i = 0; i < n; i++) {
        struct deal_ask ask = {.quantity = orders[i].quantity, .tolerance = orders[i].tolerance, .terms = GG_NONE};
        GG_TRY(deal_blocked(work->db, work->arena, work->deal.host, orders[i].user, &ask.blocked));
        GG_TRY(deal_are_closing(work->db, work->arena, &orders[i].user, 1, &ask.closing));
        if (deal_decide(&work->deal, &ask, gg_now()).problem)
            continue;
        seats[n_seats] = (struct deal_share_row){
            .user = orders[i].user, .quantity = orders[i].quantity, .tolerance = orders[i].tolerance};
        deal_seat(work, &seats[n_seats++]);
    }
    return n_seats ? deal_reserve(work, seats, n_seats) : GG_OK;
}

enum gg_status deal_series_open(struct gg_due *due)
{
    struct deal_work work = {.db = due->db, .arena = due->arena};
    struct deal_series_row series;
    struct deal_row first;
    struct deal_rule rule;
    struct gg_zone *zone;
    enum gg_status status;
    int64_t opens;
    bool closing;

    status = deal_series_get(due->db, due->arena, due->subject, true, &series);
    if (status == GG_NOT_FOUND || (status == GG_OK && (series.next_at == GG_NONE || series.next_at > gg_now())))
        return GG_OK;
    GG_TRY(status);
    GG_TRY(deal_get(due->db, due->arena, series.first, &first));
    zone = gg_zone_load(due->arena, series.zone);
    if (!zone || !deal_rule_parse(series.rule, &rule)) {
        gg_error("series", "its rule or zone cannot be read any more");
        return GG_ERROR;
    }
    GG_TRY(deal_are_closing(due->db, due->arena, &series.host, 1, &closing));
    opens = series.next_at;
    series.last_day = gg_zone_local(zone, opens).day;
    work.deal = like(due->arena, zone, &first, series.last_day - gg_zone_local(zone, first.created_at).day);
    /* After a long outage some are past their own closing: those are left out, and count as not opened. */
    if (!closing && work.deal.closes_at >= gg_now() + DEAL_CLOSE_MIN_MS) {
        GG_TRY(deal_open(&work));
        GG_TRY(deal_begin(&work, due->db, due->arena, work.deal.id, GG_ID_ZERO));
        GG_TRY(seat_orders(&work, series.id));
        series.last = work.deal.id;
        series.made++;
    }
    series.next_at = closing ? GG_NONE : next_opening(zone, &rule, &first, &series);
    GG_TRY(deal_series_update(due->db, &series));
    return series.next_at == GG_NONE ? GG_OK : gg_due_set(due->db, DEAL_DUE_SERIES, series.id, series.next_at);
}
