/* services/pay/http_export.c
 * GET /v1/pay/export: everything pay keeps of the caller, as one JSON document. Too long for a message of a table, so
 * it is written piece by piece. */
#include "libcommon/clock.h"
#include "proto/pay_history.h"
#include "rooms.h"
#include "show.h"
#include "statement.h"
#include "store_bank.h"
#include "store_history.h"
#include "store_request.h"

#define EXPORT_BYTES (64 * 1024 * 1024)
#define CHUNK        500

/* The document under way, and a separator before all but the first of a list. */
struct export
{
    struct gg_call *call;
    struct gg_buf out;
    size_t items;
};

static void begin(struct export *export, const char *name)
{
    gg_buf_addf(&export->out, ",\"%s\":[", name);
    export->items = 0;
}

static void item(struct export *export, const struct gg_msg *msg, const void *value)
{
    if (export->items++ > 0)
        gg_buf_addc(&export->out, ',');
    gg_json_encode(&export->out, msg, value);
}

static enum gg_status add_wallet(struct export *export)
{
    struct pay_account account;
    struct pay_wallet wallet = {0};
    enum gg_status status = pay_account_read(export->call->db, export->call->arena, export->call->user.id, &account);

    if (status == GG_OK)
        wallet = (struct pay_wallet){.posted_won = account.posted,
                                     .held_won = account.pending,
                                     .available_won = pay_available(&account),
                                     .version = account.version};
    else if (status != GG_NOT_FOUND)
        return status;
    gg_buf_adds(&export->out, "\"wallet\":");
    gg_json_encode(&export->out, &pay_wallet_msg, &wallet);
    return GG_OK;
}

static enum gg_status add_history(struct export *export)
{
    struct pay_history_filter filter = {
        .account = export->call->user.id, .kind = -1, .from = GG_NONE, .until = GG_NONE, .before = GG_NONE};
    struct gg_arena *arena = gg_arena_create();
    enum gg_status status = GG_OK;
    size_t n = CHUNK;

    filter.version = GG_NONE;
    begin(export, "history");
    while (status == GG_OK && n == CHUNK && !export->out.overflow) {
        struct pay_history_row *rows;

        gg_arena_reset(arena);
        status = pay_history(export->call->db, arena, &filter, CHUNK, &rows, &n);
        for (size_t i = 0; status == GG_OK && i < n; i++) {
            struct pay_line line = pay_show_line(arena, &rows[i]);

            item(export, &pay_line_msg, &line);
        }
        if (status == GG_OK && n > 0) {
            filter.before = rows[n - 1].at;
            filter.version = rows[n - 1].version;
        }
    }
    gg_arena_destroy(arena);
    gg_buf_addc(&export->out, ']');
    return status;
}

static enum gg_status add_holds(struct export *export)
{
    struct gg_id before = GG_ID_ZERO;
    int64_t before_at = GG_NONE;
    size_t n = CHUNK + 1;

    begin(export, "holds");
    while (n > CHUNK && !export->out.overflow) {
        struct pay_share *shares;

        GG_TRY(pay_holds_of(export->call->db, export->call->arena, export->call->user.id, before_at, before, CHUNK + 1,
                            &shares, &n));
        for (size_t i = 0; i < n && i < CHUNK; i++) {
            struct pay_hold hold = pay_show_hold(&shares[i]);

            item(export, &pay_hold_msg, &hold);
            before_at = shares[i].placed_at;
            before = shares[i].share;
        }
    }
    gg_buf_addc(&export->out, ']');
    return GG_OK;
}

static enum gg_status add_bank(struct export *export)
{
    struct pay_bank_account_row *accounts;
    struct pay_withdrawal_row *rows;
    struct gg_id before = GG_ID_ZERO;
    int64_t before_at = GG_NONE;
    size_t n;

    begin(export, "bank_accounts");
    GG_TRY(pay_bank_accounts_of(export->call->db, export->call->arena, export->call->user.id, &accounts, &n));
    for (size_t i = 0; i < n; i++) {
        struct pay_bank_account shown = pay_show_bank_account(export->call->arena, &accounts[i]);

        shown.number = accounts[i].number; /* one's own, whole */
        item(export, &pay_bank_account_msg, &shown);
    }
    gg_buf_addc(&export->out, ']');
    begin(export, "withdrawals");
    for (n = CHUNK; n == CHUNK && !export->out.overflow;) {
        GG_TRY(pay_withdrawals_of(export->call->db, export->call->arena, export->call->user.id, before_at, before,
                                  CHUNK, &rows, &n));
        for (size_t i = 0; i < n; i++) {
            struct pay_withdrawal shown = pay_show_withdrawal(export->call->arena, &rows[i]);

            item(export, &pay_withdrawal_msg, &shown);
            before_at = rows[i].created_at;
            before = rows[i].id;
        }
    }
    gg_buf_addc(&export->out, ']');
    return GG_OK;
}

static enum gg_status add_requests(struct export *export, bool received)
{
    struct gg_id before = GG_ID_ZERO;
    int64_t before_at = GG_NONE;
    struct pay_request_row *rows;
    size_t n;

    begin(export, received ? "requests_received" : "requests_sent");
    for (n = CHUNK; n == CHUNK && !export->out.overflow;) {
        GG_TRY(pay_requests_of(export->call->db, export->call->arena, export->call->user.id, received, before_at,
                               before, CHUNK, &rows, &n));
        for (size_t i = 0; i < n; i++) {
            struct pay_request shown = pay_show_request(&rows[i]);

            item(export, &pay_request_msg, &shown);
            before_at = rows[i].created_at;
            before = rows[i].id;
        }
    }
    gg_buf_addc(&export->out, ']');
    return GG_OK;
}

static enum gg_status write_all(struct export *export)
{
    char id[GG_ID_TEXT], at[GG_TIME_TEXT];

    gg_id_format(export->call->user.id, id);
    gg_time_format(gg_now(), at);
    gg_buf_addf(&export->out, "{\"user\":\"%s\",\"at\":\"%s\",", id, at);
    GG_TRY(add_wallet(export));
    GG_TRY(add_bank(export));
    GG_TRY(add_holds(export));
    GG_TRY(add_requests(export, false));
    GG_TRY(add_requests(export, true));
    GG_TRY(add_history(export));
    gg_buf_addc(&export->out, '}');
    return GG_OK;
}

static enum gg_status get_export(struct gg_call *call)
{
    struct export export = {.call = call};
    enum gg_status status;

    gg_buf_init(&export.out, EXPORT_BYTES);
    status = write_all(&export);
    if (status == GG_OK && export.out.overflow)
        status = gg_fail(call, &PAY_STATEMENT_TOO_LONG, "Take the history page by page.");
    else if (status == GG_OK) {
        gg_header(call, "Content-Disposition", "attachment; filename=\"gonggu-pay.json\"");
        gg_header(call, "Cache-Control", "no-store");
        gg_reply_bytes(call, "application/json", gg_buf_str(&export.out));
    }
    gg_buf_free(&export.out);
    return status;
}

static const struct gg_problem *const problems[] = {&PAY_STATEMENT_TOO_LONG, NULL};

const struct gg_route pay_export_routes[] = {
    {.method = GG_GET,
     .path = "/v1/pay/export",
     .auth = GG_USER,
     .pool = GG_POOL_OUT,
     .status = 200,
     .rate = 10,
     .handle = get_export,
     .summary = "Everything pay keeps of the caller, as one JSON document.",
     .problems = problems},
};
const size_t pay_export_routes_n = GG_LEN(pay_export_routes);
