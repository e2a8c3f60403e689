/* services/pay/http_history.c
 * Routes of the past of a wallet: history, balance at an instant, statements. */
#include "config.h"
#include "libcommon/clock.h"
#include "proto/pay_history.h"
#include "rooms.h"
#include "show.h"
#include "statement.h"
#include "store_people.h"

static enum gg_status get_history(struct gg_call *call)
{
    const struct pay_history_query *query = call->query;
    struct pay_line_list *out = call->out;
    size_t limit = (size_t)gg_page_limit(&query->page), n;
    struct pay_history_filter filter = {
        .account = call->user.id,
        .kind = query->kind,
        .deal = query->deal,
        .from = query->from,
        .until = query->until,
        .before = GG_NONE,
        .version = GG_NONE,
    };
    int64_t place[2];
    struct pay_history_row *rows;
    struct pay_line *items;
    struct gg_id none;

    if (query->page.cursor) {
        if (!gg_cursor_decode(call, query->page.cursor, place, 2, &none))
            return GG_OK;
        filter.before = place[0];
        filter.version = place[1];
    }
    GG_TRY(pay_history(call->db, call->arena, &filter, (int64_t)limit + 1, &rows, &n));
    if (n > limit) {
        n = limit;
        place[0] = rows[n - 1].at;
        place[1] = rows[n - 1].version;
        out->next = gg_cursor_encode(call->arena, place, 2, GG_ID_ZERO);
    }
    items = GG_NEW_ARRAY(call->arena, struct pay_line, n);
    for (size_t i = 0; i < n; i++)
        items[i] = pay_show_line(call->arena, &rows[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status get_balance(struct gg_call *call)
{
    const struct pay_balance_query *query = call->query;
    struct pay_balance *out = call->out;

    out->at = query->at;
    return pay_balance_at(call->db, call->arena, call->user.id, query->at, &out->posted_won, &out->version);
}

/* --- statements --- */

#define STATEMENT_LINES 10000
#define STATEMENT_BYTES (8 * 1024 * 1024)

/* The month, oldest first, from one question. False, answered, when it is no month or too long. */
static bool gather(struct gg_call *call, struct pay_statement *statement, enum gg_status *status)
{
    struct pay_history_filter filter = {.account = call->user.id, .kind = -1, .before = GG_NONE, .version = GG_NONE};
    struct pay_history_row *newest, *lines;
    struct pay_person person;
    int64_t version;

    *status = GG_OK;
    if (!pay_month_bounds(statement->month, &filter.from, &filter.until)) {
        *status = gg_fail(call, &GG_P_NOT_FOUND, "A month is written as 2026-11.");
        return false;
    }
    *status = pay_history(call->db, call->arena, &filter, STATEMENT_LINES + 1, &newest, &statement->n);
    if (*status == GG_OK)
        *status = pay_person_read(call->db, call->arena, call->user.id, &person);
    if (*status == GG_OK)
        *status = pay_balance_at(call->db, call->arena, call->user.id, filter.from - 1, &statement->opening, &version);
    if (*status != GG_OK)
        return false;
    if (statement->n > STATEMENT_LINES) {
        *status = gg_fail(call, &PAY_STATEMENT_TOO_LONG, "The history pages through any number of lines.");
        return false;
    }
    lines = GG_NEW_ARRAY(call->arena, struct pay_history_row, statement->n);
    for (size_t i = 0; i < statement->n; i++)
        lines[i] = newest[statement->n - 1 - i];
    statement->lines = lines;
    statement->nickname = person.nickname;
    statement->closing = statement->n > 0 ? newest[0].balance : statement->opening;
    statement->made_at = gg_now();
    return true;
}

static enum gg_status get_statement(struct gg_call *call)
{
    const struct pay_statement_query *query = call->query;
    bool pdf = query->format == PAY_STATEMENT_PDF;
    struct pay_statement statement = {.month = call->params[0]};
    struct gg_buf csv;
    struct gg_str bytes;
    enum gg_status status;

    if (!gather(call, &statement, &status))
        return status;
    gg_header(call, "Content-Disposition",
              gg_sprintf(call->arena, "attachment; filename=\"gonggu-%s.%s\"", statement.month, pdf ? "pdf" : "csv"));
    if (pdf) {
        GG_TRY(pay_statement_pdf(&statement, call->arena, pay_config.font, &bytes));
        gg_reply_bytes(call, "application/pdf", bytes);
        return GG_OK;
    }
    gg_buf_init(&csv, STATEMENT_BYTES);
    pay_statement_csv(&statement, call->arena, &csv);
    gg_reply_bytes(call, "text/csv; charset=utf-8", gg_buf_str(&csv));
    gg_buf_free(&csv);
    return GG_OK;
}

static const struct gg_problem *const statement_problems[] = {&PAY_STATEMENT_TOO_LONG, NULL};

const struct gg_route pay_history_routes[] = {
    {.method = GG_GET,
     .path = "/v1/pay/history",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &pay_history_query_msg,
     .out = &pay_line_list_msg,
     .status = 200,
     .handle = get_history,
     .summary = "Every move of one's wallet with what explains it, newest first."},
    {.method = GG_GET,
     .path = "/v1/pay/balance",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &pay_balance_query_msg,
     .out = &pay_balance_msg,
     .status = 200,
     .handle = get_balance,
     .summary = "What was in one's wallet at an instant."},
    {.method = GG_GET,
     .path = "/v1/pay/statements/:month",
     .auth = GG_USER,
     .pool = GG_POOL_OUT,
     .query = &pay_statement_query_msg,
     .status = 200,
     .rate = 30,
     .handle = get_statement,
     .summary = "A month of one's wallet as CSV or PDF.",
     .problems = statement_problems},
};
const size_t pay_history_routes_n = GG_LEN(pay_history_routes);
