/* services/pay/test/crash_paths.h
 * The paths by which money moves, as it_crash.c walks them: what stands before each, what is sent, and what must be
 * there when it is through. Requests run with their key, their proof and their stored reply; events with their place in
 * the inbox; provider and bank are the stack's. */
#ifndef PAY_TEST_CRASH_PATHS_H
#define PAY_TEST_CRASH_PATHS_H

#include "config.h"
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_client.h"
#include "libcommon/http_internal.h"
#include "libcommon/jwt.h"
#include "libcommon/log.h"
#include "libcommon/step_up.h"
#include "proto/deal.h"
#include "proto/pay_admin.h"
#include "proto/pay_request.h"
#include "proto/pay_wallet.h"
#include "rooms.h"
#include "steps.h"
#include "steps_withdraw.h"
#include "store_audit.h"
#include "store_people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WON    INT64_C(50000)
#define AMOUNT INT64_C(7000)

static struct gg_bus_config bus;
static struct gg_service service;
static struct gg_db *db;
static struct gg_arena *arena;
static struct gg_signer *signer;
static const char *sandbox;

/* --- a case: everything in it is derived from one id, so that a process of its own finds it again --- */

static struct gg_id name_of(struct gg_id seed, const char *what)
{
    return gg_id_derive(seed, what);
}

static void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

static const char *text_of(struct gg_id id)
{
    char text[GG_ID_TEXT];

    gg_id_format(id, text);
    return gg_strdup(arena, text);
}

/* --- provider and bank, as the neighbour and their own people use them --- */

static struct gg_str ask_sandbox(const char *method, const char *path, const char *body, const char *user)
{
    const char *headers[] = {"Content-Type: application/json", NULL};
    struct gg_http_request request = {.method = method,
                                      .url = gg_sprintf(arena, "%s%s", sandbox, path),
                                      .headers = headers,
                                      .body = {body, body ? strlen(body) : 0},
                                      .basic_user = user,
                                      .basic_password = user ? "" : NULL};
    struct gg_http_response response;

    must(gg_http_exchange(arena, &request, &response));
    if (response.status >= 400)
        fail_msg("%s %s: %d %s", method, path, response.status, response.body.p);
    return response.body;
}

static int64_t number_in(struct gg_str json, const char *name)
{
    const char *at = strstr(json.p, gg_sprintf(arena, "\"%s\":", name));

    return at ? strtoll(strchr(at, ':') + 1, NULL, 10) : 0;
}

static const char *account_number(struct gg_id seed)
{
    unsigned long long number = 0;

    for (size_t i = 8; i < 16; i++)
        number = number * 256 + seed.b[i];
    return gg_sprintf(arena, "1%015llu", number % 1000000000000000ULL);
}

/* --- requests --- */

static const struct gg_route *route_of(enum gg_method method, const char *path)
{
    for (size_t i = 0; i < service.n_routes; i++)
        if (service.routes[i].method == method && strcmp(service.routes[i].path, path) == 0)
            return &service.routes[i];
    fail_msg("no route %s", path);
    return NULL;
}

struct asking {
    struct gg_id user, key, param;
    const void *in;
    struct gg_str body;
    const char *proof;
    struct gg_out_header *headers;
};

/* Runs one request as the loop would hand it over; its status. */
static int ask(struct gg_db *on, enum gg_method method, const char *path, const struct asking *asking)
{
    static const char hash[GG_SHA256] = "the same body each time";
    struct gg_worker worker = {.db = on};
    struct gg_reply *x = GG_NEW(arena, struct gg_reply);
    const struct gg_route *route = route_of(method, path);
    struct gg_out_header *proof = GG_NEW(arena, struct gg_out_header);
    void *query = route->query ? gg_alloc(arena, route->query->size) : NULL;

    if (query)
        gg_msg_init(route->query, query);
    x->call =
        (struct gg_call){.arena = arena,
                         .route = route,
                         .in = asking->in,
                         .query = query,
                         .out = route->out ? gg_alloc(arena, route->out->size) : NULL,
                         .body = asking->body,
                         .user = {.id = asking->user, .session = asking->user, .session_version = 1, .admin = true},
                         .idempotency_key = asking->key,
                         .request_id = "it",
                         ._reply = x};
    x->call.params[0] = text_of(asking->param);
    x->key_hash = (struct gg_str){hash, sizeof(hash)};
    x->request_headers = asking->headers;
    if (asking->proof) {
        *proof = (struct gg_out_header){GG_STEP_UP_HEADER, asking->proof, asking->headers};
        x->request_headers = proof;
    }
    gg_exchange_run(x, &worker);
    return x->final_status;
}

static const char *prove(struct gg_id user, const char *purpose, struct gg_id payee)
{
    struct gg_user who = {.id = user, .session = user, .session_version = 1};
    struct gg_act act = {.purpose = purpose, .payee = text_of(payee), .amount_won = AMOUNT};

    return gg_step_up_sign(signer, arena, &who, &act);
}

static void need(int status, int wanted)
{
    if (status != wanted)
        fail_msg("a request was answered %d instead of %d", status, wanted);
}

/* --- what stands before a path begins --- */

static enum gg_status fill(struct gg_db *on, void *arg)
{
    struct gg_id user = *(struct gg_id *)arg;
    struct pay_account_key keys[2] = {{pay_provider_account(), PAY_ACCOUNT_PROVIDER}, {user, PAY_ACCOUNT_WALLET}};
    struct pay_transfer transfer = {
        .id = gg_id_new(), .kind = PAY_ENTRY_CHARGE, .debit = pay_provider_account(), .credit = user, .amount = WON};
    struct pay_book book;

    GG_TRY(pay_person_save(on, user, text_of(user)));
    GG_TRY(pay_book_open(&book, on, arena, keys, 2, 1));
    GG_TRY(pay_book_move(&book, &transfer));
    return pay_book_save(&book);
}

static void two_neighbours(struct gg_id seed)
{
    struct gg_id a = name_of(seed, "a"), b = name_of(seed, "b");

    must(gg_db_tx(db, fill, &a));
    must(gg_db_tx(db, fill, &b));
}

static int take_event(struct gg_db *on, const struct gg_event_type *type, struct gg_id aggregate, int64_t sequence,
                      const void *data)
{
    struct envelope e = {.id = gg_id_derive(aggregate, type->type),
                         .aggregate = aggregate,
                         .type = type->type,
                         .sequence = sequence,
                         .time = gg_now()};
    struct inbox in = {.config = &bus, .db = on, .arena = arena};
    struct inbox_message message = {.topic = type->topic, .envelope = e};
    struct gg_buf text;

    gg_buf_init(&text, 65536);
    envelope_encode(&text, &e, type, data);
    message.text = (struct gg_str){gg_strndup(arena, text.p, text.n), text.n};
    gg_buf_free(&text);
    return inbox_take_alone(&in, &message) == GG_OK ? 200 : 500;
}

static int run_due(struct gg_db *on, const char *kind, struct gg_id subject)
{
    struct gg_due due = {.arena = arena, .db = on, .subject = subject, .at = gg_now()};

    for (size_t i = 0; i < service.n_due; i++)
        if (strcmp(service.due[i].kind, kind) == 0)
            return service.due[i].handle(&due) == GG_OK ? 200 : 500;
    return 404;
}

/* --- the paths --- */

static struct deal_share_event share_event(struct gg_id seed)
{
    return (struct deal_share_event){.deal = name_of(seed, "deal"),
                                     .share = name_of(seed, "share"),
                                     .user = name_of(seed, "a"),
                                     .host = name_of(seed, "b"),
                                     .title = "감자",
                                     .quantity = 1,
                                     .amount_won = AMOUNT,
                                     .refund_won = GG_NONE,
                                     .resize = GG_NONE,
                                     .terms = 1,
                                     .hold_until = gg_now() + GG_DAY,
                                     .reserved_until = gg_now() + GG_HOUR,
                                     .reason = -1,
                                     .taken = 1,
                                     .portions = 10};
}

static int reserve(struct gg_db *on, struct gg_id seed)
{
    struct deal_share_event event = share_event(seed);

    return take_event(on, &DEAL_SHARE_RESERVED_EVENT, event.share, 1, &event);
}

static void reserved(struct gg_id seed)
{
    two_neighbours(seed);
    need(reserve(db, seed), 200);
}

static int release(struct gg_db *on, struct gg_id seed)
{
    struct deal_share_event event = share_event(seed);

    return take_event(on, &DEAL_SHARE_RELEASED_EVENT, event.share, 2, &event);
}

static int charge(struct gg_db *on, struct gg_id seed)
{
    struct pay_charge_create in = {.amount_won = AMOUNT};

    return ask(on, GG_POST, "/v1/pay/charges",
               &(struct asking){.user = name_of(seed, "a"), .key = name_of(seed, "charge"), .in = &in});
}

static struct pay_charge_row charge_of(struct gg_id seed)
{
    struct gg_id user = name_of(seed, "a");
    struct pay_charge_row row;
    struct gg_rows rows;

    must(gg_db_query_one(db, arena, "SELECT id FROM charge WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    must(pay_charge_read(db, arena, gg_row_id(&rows, 0, 0), &row));
    return row;
}

/* The neighbour has agreed on the provider's page. */
static void agreed(struct gg_id seed)
{
    two_neighbours(seed);
    need(charge(db, seed), 201);
    (void)ask_sandbox("POST", gg_sprintf(arena, "/pay/checkout/%s/approve", charge_of(seed).payment_key), "", NULL);
}

static int confirm(struct gg_db *on, struct gg_id seed)
{
    struct pay_charge_row row = charge_of(seed);
    struct pay_charge_confirm in = {.payment_key = row.payment_key, .amount_won = row.amount};

    return ask(
        on, GG_POST, "/v1/pay/charges/:id/confirm",
        &(struct asking){.user = name_of(seed, "a"), .key = name_of(seed, "confirm"), .param = row.id, .in = &in});
}

/* The provider has the money, and we died before we heard of it. */
static void taken(struct gg_id seed)
{
    struct pay_charge_row row;
    struct pay_payment payment;

    agreed(seed);
    row = charge_of(seed);
    must(pay_provider_confirm(arena, &(struct pay_order){row.id, row.amount, row.payment_key}, &payment));
}

static int webhook(struct gg_db *on, struct gg_id seed, const char *status)
{
    struct pay_charge_row row = charge_of(seed);
    const char *time = "2026-11-21T10:00:00+09:00";
    const char *body =
        gg_sprintf(arena,
                   "{\"eventType\":\"PAYMENT_STATUS_CHANGED\",\"data\":{\"paymentKey\":\"%s\",\"orderId\":\"%s\","
                   "\"status\":\"%s\",\"totalAmount\":%" PRId64 "}}",
                   row.payment_key, text_of(row.id), status, row.amount);
    const char *text = gg_sprintf(arena, "%s:%s", body, time);
    struct gg_out_header headers[2];
    uint8_t mac[GG_SHA256];

    gg_hmac_sha256((struct gg_str){pay_config.provider.webhook_secret, strlen(pay_config.provider.webhook_secret)},
                   (struct gg_str){text, strlen(text)}, mac);
    headers[0] = (struct gg_out_header){"tosspayments-webhook-signature",
                                        gg_sprintf(arena, "v1:%s", gg_base64(arena, mac, sizeof(mac))), &headers[1]};
    headers[1] = (struct gg_out_header){"tosspayments-webhook-transmission-time", time, NULL};
    return ask(on, GG_POST, "/v1/pay/webhooks/provider",
               &(struct asking){.body = {body, strlen(body)}, .headers = headers});
}

static int webhook_done(struct gg_db *on, struct gg_id seed)
{
    return webhook(on, seed, "DONE");
}

static int sweep_charge(struct gg_db *on, struct gg_id seed)
{
    return run_due(on, PAY_DUE_CHARGE_CHECK, charge_of(seed).id);
}

/* Brought in, and a part taken back by the provider. */
static void taken_back(struct gg_id seed)
{
    taken(seed);
    need(confirm(db, seed), 200);
    (void)ask_sandbox("POST", gg_sprintf(arena, "/pay/v1/payments/%s/cancel", charge_of(seed).payment_key),
                      "{\"cancelReason\":\"test\",\"cancelAmount\":2000}", pay_config.provider.secret);
}

static int webhook_cancelled(struct gg_db *on, struct gg_id seed)
{
    return webhook(on, seed, "PARTIAL_CANCELED");
}

static int remit(struct gg_db *on, struct gg_id seed)
{
    struct gg_id from = name_of(seed, "a"), to = name_of(seed, "b");
    struct pay_remit_create in = {.to_user = to, .amount_won = AMOUNT, .memo = "고마워요"};

    return ask(
        on, GG_POST, "/v1/pay/remittances",
        &(struct asking){.user = from, .key = name_of(seed, "remit"), .in = &in, .proof = prove(from, "remit", to)});
}

static void with_account(struct gg_id seed)
{
    struct pay_bank_account_row row = {.id = name_of(seed, "bank account"),
                                       .user = name_of(seed, "a"),
                                       .bank = "088",
                                       .bank_name = "신한은행",
                                       .number = account_number(seed),
                                       .holder = "김이웃",
                                       .added_at = gg_now()};

    two_neighbours(seed);
    (void)ask_sandbox(
        "POST", "/bank/_accounts",
        gg_sprintf(arena, "{\"bank\":\"088\",\"number\":\"%s\",\"holder\":\"%s\"}", row.number, row.holder), NULL);
    must(pay_bank_account_insert(db, &row));
}

static int withdraw(struct gg_db *on, struct gg_id seed)
{
    struct gg_id user = name_of(seed, "a"), account = name_of(seed, "bank account");
    struct pay_withdrawal_create in = {.bank_account = account, .amount_won = AMOUNT};

    return ask(
        on, GG_POST, "/v1/pay/withdrawals",
        &(struct asking){
            .user = user, .key = name_of(seed, "withdraw"), .in = &in, .proof = prove(user, "withdraw", account)});
}

static void withdrawing(struct gg_id seed)
{
    with_account(seed);
    need(withdraw(db, seed), 202);
}

static void withdrawing_to_closed(struct gg_id seed)
{
    struct gg_id account = name_of(seed, "bank account");
    struct pay_bank_account_row row;

    withdrawing(seed);
    must(pay_bank_account_read(db, arena, account, &row));
    (void)ask_sandbox("POST", "/bank/_close", gg_sprintf(arena, "{\"bank\":\"088\",\"number\":\"%s\"}", row.number),
                      NULL);
}

/* The sweep tries until it is through. */
static int pay_out_at_bank(struct gg_db *on, struct gg_id seed)
{
    struct gg_id user = name_of(seed, "a");
    struct gg_rows rows;

    must(gg_db_query_one(on, arena, "SELECT id FROM withdrawal WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    return run_due(on, PAY_DUE_WITHDRAWAL, gg_row_id(&rows, 0, 0));
}

static int open_request(struct gg_db *on, struct gg_id seed)
{
    struct pay_part_create part = {.user = name_of(seed, "a"), .amount_won = GG_NONE};
    struct pay_round_create round = {.total_won = AMOUNT, .split = 0, .people = {&part, 1}};
    struct pay_request_create in = {.title = "밥값", .rounds = {&round, 1}};

    return ask(on, GG_POST, "/v1/pay/requests",
               &(struct asking){.user = name_of(seed, "b"), .key = name_of(seed, "request"), .in = &in});
}

static void requested(struct gg_id seed)
{
    two_neighbours(seed);
    need(open_request(db, seed), 201);
}

static int pay_request(struct gg_db *on, struct gg_id seed)
{
    struct gg_id user = name_of(seed, "a"), creator = name_of(seed, "b"), id;
    struct pay_request_pay in = {.amount_won = AMOUNT};
    struct gg_rows rows;

    must(gg_db_query_one(db, arena, "SELECT id FROM money_request WHERE creator_id = ?", GG_ARGS(gg_v_id(&creator)),
                         &rows));
    id = gg_row_id(&rows, 0, 0);
    return ask(on, GG_POST, "/v1/pay/requests/:id/pay",
               &(struct asking){.user = user,
                                .key = name_of(seed, "pay request"),
                                .param = id,
                                .in = &in,
                                .proof = prove(user, "request", id)});
}

static void corrected(struct gg_id seed)
{
    struct pay_correction_create in = {.from_user = name_of(seed, "a"),
                                       .to_user = name_of(seed, "b"),
                                       .from_house = -1,
                                       .to_house = -1,
                                       .amount_won = AMOUNT,
                                       .reason = "a mistake"};

    two_neighbours(seed);
    need(ask(db, GG_POST, "/v1/pay/admin/corrections",
             &(struct asking){.user = name_of(seed, "admin"), .key = name_of(seed, "propose"), .in = &in}),
         201);
}

static int approve_correction(struct gg_db *on, struct gg_id seed)
{
    struct gg_id from = name_of(seed, "a");
    struct gg_rows rows;

    must(gg_db_query_one(db, arena, "SELECT id FROM correction WHERE debit_account = ?", GG_ARGS(gg_v_id(&from)),
                         &rows));
    return ask(on, GG_POST, "/v1/pay/admin/corrections/:id/approve",
               &(struct asking){.user = name_of(seed, "other admin"),
                                .key = name_of(seed, "approve"),
                                .param = gg_row_id(&rows, 0, 0)});
}

/* `after` is what the two wallets hold when it is through: the model of each path in one line. */
static const struct path {
    const char *name;
    void (*prepare)(struct gg_id seed);
    int (*run)(struct gg_db *on, struct gg_id seed);
    int status;          /* of the answer, also to the repeat */
    int64_t a, held, b;  /* posted and held of one, posted of the other */
    int64_t at_provider; /* what the provider has of the charge */
    int64_t at_bank;     /* what has arrived in the bank account */
    bool stepwise;       /* several transactions: what stands between them is a state of its own */
} paths[] = {
    {"reserve", two_neighbours, reserve, 200, WON, AMOUNT, WON, 0, 0, false},
    {"release", reserved, release, 200, WON, 0, WON, 0, 0, false},
    {"charge", two_neighbours, charge, 201, WON, 0, WON, 0, 0, false},
    {"confirm", agreed, confirm, 200, WON + AMOUNT, 0, WON, AMOUNT, 0, false},
    {"webhook", taken, webhook_done, 204, WON + AMOUNT, 0, WON, AMOUNT, 0, true},
    {"charge sweep", taken, sweep_charge, 200, WON + AMOUNT, 0, WON, AMOUNT, 0, false},
    {"reversal", taken_back, webhook_cancelled, 204, WON + AMOUNT - 2000, 0, WON, AMOUNT - 2000, 0, true},
    {"remit", two_neighbours, remit, 201, WON - AMOUNT, 0, WON + AMOUNT, 0, 0, false},
    {"withdraw", with_account, withdraw, 202, WON, AMOUNT, WON, 0, 0, false},
    {"bank", withdrawing, pay_out_at_bank, 200, WON - AMOUNT, 0, WON, 0, AMOUNT, true},
    {"bank refuses", withdrawing_to_closed, pay_out_at_bank, 200, WON, 0, WON, 0, 0, true},
    {"request", two_neighbours, open_request, 201, WON, 0, WON, 0, 0, false},
    {"request pay", requested, pay_request, 200, WON - AMOUNT, 0, WON + AMOUNT, 0, 0, false},
    {"correction", corrected, approve_correction, 200, WON - AMOUNT, 0, WON + AMOUNT, 0, 0, false},
};

#endif
