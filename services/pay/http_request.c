/* services/pay/http_request.c
 * Routes of 1/N requests. */
#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "proto/pay_proof.h"
#include "rooms.h"
#include "show.h"
#include "steps_request.h"

#include <string.h>

#define REMIND_AGAIN    GG_HOUR       /* a creator may remind by hand once in this time */
#define REMIND_FARTHEST (60 * GG_DAY) /* and set reminders this far ahead */

/* --- what a round asks for --- */

static const char *pointer(struct gg_call *call, size_t round, size_t person, const char *field)
{
    return gg_sprintf(call->arena, "/rounds/%zu/people/%zu%s", round, person, field);
}

/* Who is meant. False, answered, when it is nobody that can be asked. */
static bool find_person(struct gg_call *call, const struct pay_part_create *wanted, const char *where,
                        struct pay_person *person, enum gg_status *status)
{
    bool blocked = false;

    *status = GG_OK;
    if (!wanted->nickname == gg_id_is_zero(wanted->user)) {
        *status = gg_fail_field(call, where, "required", "Name one neighbour: user or nickname.");
        return false;
    }
    *status = wanted->nickname ? pay_person_named(call->db, call->arena, wanted->nickname, person)
                               : pay_person_read(call->db, call->arena, wanted->user, person);
    if (*status == GG_OK && person->party.known)
        *status = pay_block_between(call->db, call->arena, call->user.id, person->party.id, &blocked);
    if (*status != GG_OK)
        return false;
    if (!person->party.known)
        *status = gg_fail(call, &PAY_RECIPIENT_UNKNOWN, "%s is nobody who has a wallet.", where);
    else if (person->party.closing || person->party.closed)
        *status = gg_fail(call, &PAY_RECIPIENT_CLOSED, "%s has left.", where);
    else if (blocked)
        *status = gg_fail(call, &PAY_COUNTERPART_BLOCKED, "Between you and %s no money moves.", where);
    else if (gg_id_equal(person->party.id, call->user.id))
        *status = gg_fail(call, &PAY_SELF_TRANSFER, "Your own part is include_me, not one of the people.");
    return !gg_failed(call);
}

static enum gg_status plan_failed(struct gg_call *call, enum pay_plan_result result, size_t index)
{
    switch (result) {
    case PAY_PLAN_TOO_SMALL:
        return gg_fail_field(call, gg_sprintf(call->arena, "/rounds/%zu/total_won", index), "min",
                             "Somebody's part would be nothing.");
    case PAY_PLAN_MISSING:
        return gg_fail_field(call, gg_sprintf(call->arena, "/rounds/%zu/people", index), "required",
                             "A custom split needs an amount for everybody.");
    case PAY_PLAN_GIVEN:
        return gg_fail_field(call, gg_sprintf(call->arena, "/rounds/%zu/people", index), "unknown",
                             "An equal split computes the amounts itself.");
    default:
        return gg_fail_field(call, gg_sprintf(call->arena, "/rounds/%zu/total_won", index), "sum",
                             "The parts do not add up to the total.");
    }
}

/* A photo is named as deal's photos are; all else must be an https link. */
static bool receipt_ok(const char *receipt)
{
    if (!receipt || strncmp(receipt, "https://", 8) == 0)
        return true;
    return strspn(receipt, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen(receipt) &&
           !strstr(receipt, "..");
}

/* Writes one round. Its refusals are answered; then GG_OK with gg_failed(call). */
static enum gg_status add_round(struct gg_call *call, struct gg_id request, const struct pay_round_create *in,
                                size_t index, int64_t round)
{
    const struct pay_part_create *people = in->people.items;
    struct pay_round_row row = {
        .round = round, .total = in->total_won, .title = in->title, .receipt = in->receipt, .split = in->split};
    int64_t parts[PAY_PARTS_MAX];
    struct pay_person *found = GG_NEW_ARRAY(call->arena, struct pay_person, in->people.n);
    /* Who bears the odd won changes from round to round and from request to request. */
    enum pay_plan_result plan = pay_request_plan(in, (size_t)round - 1, parts, &row.own);
    enum gg_status status;

    if (plan != PAY_PLAN_OK)
        return plan_failed(call, plan, index);
    if (!receipt_ok(in->receipt))
        return gg_fail_field(call, gg_sprintf(call->arena, "/rounds/%zu/receipt", index), "format",
                             "A receipt is the name of an uploaded photo or an https link.");
    for (size_t i = 0; i < in->people.n; i++) {
        if (!find_person(call, &people[i], pointer(call, index, i, ""), &found[i], &status))
            return status;
        for (size_t k = 0; k < i; k++)
            if (gg_id_equal(found[k].party.id, found[i].party.id))
                return gg_fail_field(call, pointer(call, index, i, ""), "duplicate", "Is asked twice in one round.");
    }
    GG_TRY(pay_round_insert(call->db, request, &row));
    for (size_t i = 0; i < in->people.n; i++) {
        struct pay_part_row part = {.user = found[i].party.id, .part = {.round = round, .amount = parts[i]}};

        GG_TRY(pay_part_insert(call->db, request, &part, (int64_t)i));
    }
    return GG_OK;
}

static enum gg_status add_reminders(struct gg_call *call, struct gg_id request, const struct gg_list *list)
{
    const struct pay_reminder_at *times = list->items;
    int64_t now = gg_now();

    for (size_t i = 0; i < list->n; i++) {
        struct pay_reminder_row row = {.id = gg_id_new(), .request = request, .at = times[i].at};

        if (row.at <= now || row.at > now + REMIND_FARTHEST)
            return gg_fail_field(call, gg_sprintf(call->arena, "/reminders/%zu/at", i), row.at <= now ? "min" : "max",
                                 "A reminder is set between now and 60 days from now.");
        GG_TRY(pay_reminder_insert(call->db, &row));
        GG_TRY(gg_due_set(call->db, PAY_DUE_REMINDER, row.id, row.at));
    }
    return GG_OK;
}

/* --- showing --- */

static struct gg_list show_parts(struct gg_arena *arena, const struct pay_part_row *rows, size_t n, int64_t round)
{
    struct pay_part *items = GG_NEW_ARRAY(arena, struct pay_part, n);
    size_t found = 0;

    for (size_t i = 0; i < n; i++)
        if (rows[i].part.round == round)
            items[found++] = (struct pay_part){
                .user = rows[i].user,
                .nickname = rows[i].nickname,
                .amount_won = rows[i].part.amount,
                .paid_won = rows[i].part.paid,
                .state = rows[i].part.state,
            };
    return (struct gg_list){items, found};
}

static enum gg_status show_rounds(struct gg_call *call, const struct pay_part_row *parts, size_t n_parts,
                                  struct pay_request *out)
{
    struct pay_round_row *rows;
    struct pay_round *items;
    size_t n;

    GG_TRY(pay_rounds_of(call->db, call->arena, out->id, &rows, &n));
    items = GG_NEW_ARRAY(call->arena, struct pay_round, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct pay_round){
            .round = rows[i].round,
            .title = rows[i].title,
            .total_won = rows[i].total,
            .split = rows[i].split,
            .own_won = rows[i].own,
            .receipt = rows[i].receipt,
            .people = show_parts(call->arena, parts, n_parts, rows[i].round),
        };
    out->rounds = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status show_reminders(struct gg_call *call, struct pay_request *out)
{
    struct pay_reminder_row *rows;
    struct pay_reminder *items;
    size_t n;

    GG_TRY(pay_reminders_of(call->db, call->arena, out->id, &rows, &n));
    items = GG_NEW_ARRAY(call->arena, struct pay_reminder, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct pay_reminder){.at = rows[i].at, .sent = rows[i].sent_at != GG_NONE};
    out->reminders = (struct gg_list){items, n};
    return GG_OK;
}

/* Fills call->out. Who is not in it does not see it: 404. */
static enum gg_status show(struct gg_call *call, struct gg_id id)
{
    struct pay_request *out = call->out;
    struct pay_request_row row;
    struct pay_part_row *parts;
    bool inside;
    size_t n;
    enum gg_status status = pay_request_read(call->db, call->arena, id, call->user.id, &row);

    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "There is no such request.");
    GG_TRY(status);
    GG_TRY(pay_parts_of(call->db, call->arena, id, &parts, &n));
    inside = gg_id_equal(row.creator, call->user.id);
    for (size_t i = 0; i < n && !inside; i++)
        inside = gg_id_equal(parts[i].user, call->user.id);
    if (!inside)
        return gg_fail(call, &GG_P_NOT_FOUND, "There is no such request.");
    *out = pay_show_request(&row);
    GG_TRY(show_rounds(call, parts, n, out));
    return gg_id_equal(row.creator, call->user.id) ? show_reminders(call, out) : GG_OK;
}

/* --- handlers --- */

static enum gg_status create_request(struct gg_call *call)
{
    const struct pay_request_create *in = call->in;
    const struct pay_round_create *rounds = in->rounds.items;
    struct pay_request_row row = {
        .creator = call->user.id,
        .deal = in->deal,
        .room = in->room,
        .title = in->title,
        .memo = in->memo,
        .created_at = gg_now(),
    };
    struct pay_request_book book;
    struct pay_person me;
    char key[GG_ID_TEXT];

    GG_TRY(pay_person_read(call->db, call->arena, call->user.id, &me));
    if (me.party.closing || me.party.closed)
        return gg_fail(call, &PAY_WALLET_CLOSING, "Your account is being closed; nobody is asked any more.");
    gg_id_format(call->idempotency_key, key);
    row.id = gg_id_derive(call->user.id, gg_sprintf(call->arena, "pay.request:%s", key));
    GG_TRY(pay_request_insert(call->db, &row));
    for (size_t i = 0; i < in->rounds.n; i++) {
        GG_TRY(add_round(call, row.id, &rounds[i], i, (int64_t)i + 1));
        if (gg_failed(call))
            return GG_OK;
    }
    GG_TRY(add_reminders(call, row.id, &in->reminders));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(pay_request_open(call->db, call->arena, row.id, &book));
    GG_TRY(pay_request_tell(call->db, call->arena, &book, &PAY_REQUEST_OPENED, GG_ID_ZERO, GG_NONE, NULL));
    GG_TRY(pay_request_save(call->db, &book.row));
    return show(call, row.id);
}

/* Opens the request of the path. False, answered, unless the caller made it (`own`) or is asked by it. */
static bool open_book(struct gg_call *call, bool own, struct pay_request_book *book, enum gg_status *status)
{
    struct gg_id id;
    bool mine;

    *status = GG_OK;
    if (!gg_param_id(call, 0, &id))
        return false;
    *status = pay_request_open(call->db, call->arena, id, book);
    if (*status != GG_OK && *status != GG_NOT_FOUND)
        return false;
    mine = *status == GG_OK && gg_id_equal(book->row.creator, call->user.id);
    for (size_t i = 0; *status == GG_OK && !own && i < book->n; i++)
        mine = mine || gg_id_equal(book->parts[i].user, call->user.id);
    if (!mine)
        *status = gg_fail(call, &GG_P_NOT_FOUND, "There is no such request of yours.");
    return mine;
}

static enum gg_status ended(struct gg_call *call)
{
    return gg_fail(call, &PAY_REQUEST_ENDED, "It is done, called off, or asks nothing of you.");
}

static enum gg_status create_round(struct gg_call *call)
{
    struct pay_request_book book;
    struct pay_round_row *rounds;
    enum gg_status status;
    size_t n;

    if (!open_book(call, true, &book, &status))
        return status;
    if (book.row.state == PAY_REQUEST_CANCELLED)
        return ended(call);
    GG_TRY(pay_rounds_of(call->db, call->arena, book.row.id, &rounds, &n));
    if (n >= PAY_ROUNDS_MAX)
        return gg_fail(call, &PAY_ROUNDS_FULL, "There are %d already.", PAY_ROUNDS_MAX);
    GG_TRY(add_round(call, book.row.id, call->in, 0, (int64_t)n + 1));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(pay_request_open(call->db, call->arena, book.row.id, &book));
    book.row.state = PAY_REQUEST_OPEN; /* a done one goes on */
    book.row.ended_at = GG_NONE;
    GG_TRY(pay_request_tell(call->db, call->arena, &book, &PAY_REQUEST_OPENED, GG_ID_ZERO, GG_NONE, NULL));
    GG_TRY(pay_request_save(call->db, &book.row));
    return show(call, book.row.id);
}

static enum gg_status get_request(struct gg_call *call)
{
    struct gg_id id;

    return gg_param_id(call, 0, &id) ? show(call, id) : GG_OK;
}

static enum gg_status get_requests(struct gg_call *call)
{
    const struct pay_request_query *query = call->query;
    struct pay_request_list *out = call->out;
    size_t limit = (size_t)gg_page_limit(&query->page), n;
    int64_t before_at = GG_NONE;
    struct gg_id before = GG_ID_ZERO;
    struct pay_request_row *rows;
    struct pay_request *items;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before_at, 1, &before))
        return GG_OK;
    GG_TRY(pay_requests_of(call->db, call->arena, call->user.id, query->role == 1, before_at, before,
                           (int64_t)limit + 1, &rows, &n));
    if (n > limit) {
        n = limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].created_at, 1, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct pay_request, n);
    for (size_t i = 0; i < n; i++)
        items[i] = pay_show_request(&rows[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status pay(struct gg_call *call)
{
    const struct pay_request_pay *in = call->in;
    struct pay_request_book book;
    struct pay_move move;
    char key[GG_ID_TEXT];
    enum gg_status status;
    int64_t open;

    pay_dry(call);
    if (!open_book(call, false, &book, &status))
        return status;
    open = pay_request_owed(&book, call->arena, call->user.id);
    if (open == 0)
        return ended(call);
    if (in->amount_won > open) {
        status = gg_fail(call, &PAY_REQUEST_OVERPAID, "You still owe %" PRId64 " won of it.", open);
        gg_fail_param(call, "open", open);
        return status;
    }
    if (!pay_prove(call, "request", book.row.id, in->amount_won, &status))
        return status;
    gg_id_format(call->idempotency_key, key);
    GG_TRY(pay_request_pay(call->db, call->arena, &book, call->user.id, in->amount_won,
                           gg_id_derive(call->user.id, gg_sprintf(call->arena, "pay.request.pay:%s", key)), &move));
    if (move.verdict != PAY_MOVE_OK)
        return pay_refuse_move(call, &move);
    return show(call, book.row.id);
}

static enum gg_status decline(struct gg_call *call)
{
    const struct pay_request_decline *in = call->in;
    struct pay_request_book book;
    enum gg_status status;

    if (!open_book(call, false, &book, &status))
        return status;
    if (pay_request_owed(&book, call->arena, call->user.id) == 0)
        return ended(call);
    GG_TRY(pay_request_decline(call->db, call->arena, &book, call->user.id, in->reason));
    return show(call, book.row.id);
}

static enum gg_status cancel(struct gg_call *call)
{
    struct pay_request_book book;
    enum gg_status status;

    if (!open_book(call, true, &book, &status))
        return status;
    if (book.row.state != PAY_REQUEST_OPEN)
        return ended(call);
    GG_TRY(pay_request_cancel(call->db, call->arena, &book));
    return show(call, book.row.id);
}

static enum gg_status remind(struct gg_call *call)
{
    struct pay_request_book book;
    enum gg_status status;

    if (!open_book(call, true, &book, &status))
        return status;
    if (book.row.state != PAY_REQUEST_OPEN)
        return ended(call);
    if (book.row.reminded_at != GG_NONE && book.row.reminded_at + REMIND_AGAIN > gg_now())
        return gg_fail(call, &PAY_REMIND_TOO_SOON, "Once an hour is enough.");
    GG_TRY(pay_request_remind(call->db, call->arena, &book));
    return show(call, book.row.id);
}

static enum gg_status put_reminders(struct gg_call *call)
{
    const struct pay_reminders *in = call->in;
    struct pay_request_book book;
    enum gg_status status;

    if (!open_book(call, true, &book, &status))
        return status;
    if (book.row.state != PAY_REQUEST_OPEN)
        return ended(call);
    GG_TRY(pay_reminders_clear(call->db, book.row.id));
    GG_TRY(add_reminders(call, book.row.id, &in->reminders));
    return gg_failed(call) ? GG_OK : show(call, book.row.id);
}

/* --- routes --- */

static const struct gg_problem *const create_problems[] = {
    &PAY_RECIPIENT_UNKNOWN, &PAY_RECIPIENT_CLOSED, &PAY_COUNTERPART_BLOCKED, &PAY_SELF_TRANSFER,
    &PAY_ROUNDS_FULL,       &PAY_REQUEST_ENDED,    &PAY_WALLET_CLOSING,      NULL};
static const struct gg_problem *const pay_problems_of[] = {
    &PAY_REQUEST_ENDED,  &PAY_REQUEST_OVERPAID,    &PAY_INSUFFICIENT_FUNDS, &PAY_LIMIT_EXCEEDED,  &PAY_RECIPIENT_CLOSED,
    &PAY_WALLET_CLOSING, &PAY_COUNTERPART_BLOCKED, &PAY_STEP_UP_REQUIRED,   &PAY_ACCOUNT_STOPPED, NULL};
static const struct gg_problem *const end_problems[] = {&PAY_REQUEST_ENDED, &PAY_REMIND_TOO_SOON, NULL};

#define ROUTE(verb, where, flag, handler, what, list)                                                                  \
    .method = verb, .path = where, .auth = GG_USER, .flags = flag, .pool = GG_POOL_DB, .out = &pay_request_msg,        \
    .handle = handler, .summary = what, .problems = list

const struct gg_route pay_request_routes[] = {
    {ROUTE(GG_POST, "/v1/pay/requests", GG_KEY, create_request, "Asks neighbours for their parts of up to five bills.",
           create_problems),
     .in = &pay_request_create_msg, .status = 201, .rate = 30},
    {.method = GG_GET,
     .path = "/v1/pay/requests",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &pay_request_query_msg,
     .out = &pay_request_list_msg,
     .status = 200,
     .handle = get_requests,
     .summary = "1/N requests one sent or received, newest first."},
    {ROUTE(GG_GET, "/v1/pay/requests/:id", 0, get_request, "The status board of a request.", NULL), .status = 200},
    {ROUTE(GG_POST, "/v1/pay/requests/:id/rounds", GG_KEY, create_round, "Adds a round with its own people.",
           create_problems),
     .in = &pay_round_create_msg, .status = 201, .rate = 30},
    {ROUTE(GG_POST, "/v1/pay/requests/:id/pay", GG_KEY, pay, "Pays what one owes of it, or a part of that.",
           pay_problems_of),
     .query = &pay_dry_query_msg, .in = &pay_request_pay_msg, .status = 200, .rate = 60},
    {ROUTE(GG_POST, "/v1/pay/requests/:id/decline", GG_KEY, decline, "Will not pay what is open of one's own.",
           end_problems),
     .in = &pay_request_decline_msg, .status = 200, .rate = 60},
    {ROUTE(GG_POST, "/v1/pay/requests/:id/cancel", GG_KEY, cancel, "Calls it off; what was paid stays paid.",
           end_problems),
     .status = 200, .rate = 60},
    {ROUTE(GG_POST, "/v1/pay/requests/:id/remind", GG_KEY, remind, "Reminds now whoever has not paid.", end_problems),
     .status = 200, .rate = 60},
    {ROUTE(GG_PUT, "/v1/pay/requests/:id/reminders", GG_TX, put_reminders, "Sets when to remind.", end_problems),
     .in = &pay_reminders_msg, .status = 200, .rate = 60},
};
const size_t pay_request_routes_n = GG_LEN(pay_request_routes);
