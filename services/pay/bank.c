/* services/pay/bank.c
 * Talks to the bank. Its names are camelCase on the wire, so they are here. */
#include "bank.h"

#include "config.h"
#include "libcommon/http_client.h"
#include "libcommon/json.h"
#include "libcommon/log.h"

#include <string.h>

/* --- messages --- */

struct name_request {
    const char *bank, *number;
};
static const struct gg_field name_fields[] = {
    GG_TEXT(struct name_request, bank, GG_REQUIRED, 3, 3, "code of the bank"),
    GG_TEXT(struct name_request, number, GG_REQUIRED | GG_PRIVATE, 1, 20, "account"),
};
static const struct gg_msg name_msg = GG_MSG("BankName", struct name_request, name_fields, "Whose account is it?");

struct name_reply {
    const char *bankName, *holder;
};
static const struct gg_field name_reply_fields[] = {
    GG_TEXT(struct name_reply, bankName, GG_REQUIRED, 1, 40, "name of the bank"),
    GG_TEXT(struct name_reply, holder, GG_REQUIRED, 1, 40, "owner"),
};
static const struct gg_msg name_reply_msg =
    GG_MSG("BankNameReply", struct name_reply, name_reply_fields, "Whose account it is.");

struct transfer_request {
    const char *reference, *bank, *number, *holder;
    int64_t amount;
};
static const struct gg_field transfer_fields[] = {
    GG_TEXT(struct transfer_request, reference, GG_REQUIRED, 6, 64, "the withdrawal"),
    GG_TEXT(struct transfer_request, bank, GG_REQUIRED, 3, 3, "code of the bank"),
    GG_TEXT(struct transfer_request, number, GG_REQUIRED | GG_PRIVATE, 1, 20, "account"),
    GG_TEXT(struct transfer_request, holder, GG_REQUIRED, 1, 40, "owner"),
    GG_WON(struct transfer_request, amount, GG_REQUIRED, 1, GG_WIRE_MAX, "to pay"),
};
static const struct gg_msg transfer_msg =
    GG_MSG("BankTransfer", struct transfer_request, transfer_fields, "Pays out to an account.");

struct transfer_reply {
    const char *reference, *transferId, *status, *code, *date;
    int64_t amount;
};
static const struct gg_field transfer_reply_fields[] = {
    GG_TEXT(struct transfer_reply, reference, GG_REQUIRED, 1, 64, "ours"),
    GG_TEXT(struct transfer_reply, transferId, GG_REQUIRED, 1, 64, "the bank's"),
    GG_TEXT(struct transfer_reply, status, GG_REQUIRED, 1, 40, "DONE, PENDING, REFUSED, RETURNED"),
    GG_TEXT(struct transfer_reply, code, GG_OPTIONAL, 0, 60, "why it was refused"),
    GG_TEXT(struct transfer_reply, date, GG_REQUIRED, 10, 10, "the bank's day"),
    GG_WON(struct transfer_reply, amount, GG_REQUIRED, 0, GG_WIRE_MAX, "paid"),
};
static const struct gg_msg transfer_reply_msg =
    GG_MSG("BankTransferReply", struct transfer_reply, transfer_reply_fields, "A transfer.");

struct line {
    const char *reference, *transferId, *direction;
    int64_t amount;
};
static const struct gg_field line_fields[] = {
    GG_TEXT(struct line, reference, GG_OPTIONAL, 0, 64, "ours"),
    GG_TEXT(struct line, transferId, GG_REQUIRED, 1, 64, "the bank's"),
    GG_TEXT(struct line, direction, GG_REQUIRED, 1, 10, "OUT, IN"),
    GG_WON(struct line, amount, GG_REQUIRED, 0, GG_WIRE_MAX, "booked"),
};
static const struct gg_msg line_msg = GG_MSG("BankLine", struct line, line_fields, "A line of the statement.");
struct statement {
    struct gg_list lines;
    int64_t next;
};
static const struct gg_field statement_fields[] = {
    GG_LIST(struct statement, lines, GG_REQUIRED, 0, 500, &line_msg, "booked lines"),
    GG_INT(struct statement, next, GG_OPTIONAL, 0, GG_WIRE_MAX, "where the next page begins"),
};
static const struct gg_msg statement_msg =
    GG_MSG("BankStatement", struct statement, statement_fields, "A page of the statement of a day.");

/* --- exchanges --- */

static enum gg_status exchange(struct gg_arena *arena, const char *method, const char *path, const struct gg_msg *msg,
                               const void *in, struct gg_http_response *response)
{
    const char *headers[3] = {"Content-Type: application/json", NULL, NULL};
    struct gg_http_request request = {
        .method = method,
        .url = gg_sprintf(arena, "%s%s", pay_config.bank.url, path),
        .headers = headers,
        .timeout_ms = 5000,
        .max_reply = GG_JSON_TEXT_MAX,
    };
    struct gg_buf body = {0};
    enum gg_status status;

    headers[1] = gg_sprintf(arena, "Authorization: Bearer %s", pay_config.bank.secret);
    gg_buf_init(&body, 4096);
    if (msg)
        gg_json_encode(&body, msg, in);
    request.body = gg_buf_str(&body);
    status = gg_http_exchange(arena, &request, response);
    gg_buf_free(&body);
    return status;
}

/* Decodes a reply of 2xx; all else but what the caller has handled is no usable answer. */
static enum gg_status read_reply(struct gg_arena *arena, const struct gg_http_response *response,
                                 const struct gg_msg *msg, void *out)
{
    struct gg_field_errors errors = {.arena = arena};

    if (response->status / 100 != 2) {
        gg_warn("bank_refused", "the bank answered %d", response->status);
        return GG_UNAVAILABLE;
    }
    if (gg_json_decode(arena, msg, response->body, out, &errors) == GG_DECODED)
        return GG_OK;
    gg_error("bank_answer", "the bank's answer is no %s: %s %s", msg->name, errors.v[0].pointer, errors.v[0].detail);
    return GG_UNAVAILABLE;
}

enum gg_status pay_bank_name(struct gg_arena *arena, struct pay_bank_target *target, const char **bank_name)
{
    struct name_request request = {.bank = target->bank, .number = target->number};
    struct gg_http_response response;
    struct name_reply reply;

    GG_TRY(exchange(arena, "POST", "/v1/accounts/name", &name_msg, &request, &response));
    if (response.status == 404)
        return GG_NOT_FOUND;
    GG_TRY(read_reply(arena, &response, &name_reply_msg, &reply));
    target->holder = reply.holder;
    *bank_name = reply.bankName;
    return GG_OK;
}

static struct gg_id reference_of(const char *text)
{
    struct gg_id id;

    return text && gg_id_parse((struct gg_str){text, strlen(text)}, &id) ? id : GG_ID_ZERO;
}

static enum gg_status read_transfer(struct gg_arena *arena, const struct gg_http_response *response,
                                    struct pay_bank_transfer *out)
{
    static const char *const names[] = {"DONE", "PENDING", "REFUSED", "RETURNED"};
    struct transfer_reply reply;

    GG_TRY(read_reply(arena, response, &transfer_reply_msg, &reply));
    *out = (struct pay_bank_transfer){
        .reference = reference_of(reply.reference),
        .state = PAY_BANK_ODD,
        .amount = reply.amount,
        .transfer = reply.transferId,
        .date = reply.date,
        .code = reply.code ? reply.code : "",
    };
    for (size_t i = 0; i < GG_LEN(names); i++)
        if (strcmp(reply.status, names[i]) == 0)
            out->state = (int)i;
    return GG_OK;
}

enum gg_status pay_bank_transfer(struct gg_arena *arena, struct gg_id reference, const struct pay_bank_target *target,
                                 int64_t amount, struct pay_bank_transfer *out)
{
    char id[GG_ID_TEXT];
    struct transfer_request request = {
        .reference = id, .bank = target->bank, .number = target->number, .holder = target->holder, .amount = amount};
    struct gg_http_response response;

    gg_id_format(reference, id);
    GG_TRY(exchange(arena, "POST", "/v1/transfers", &transfer_msg, &request, &response));
    return response.status == 409 ? GG_DUPLICATE : read_transfer(arena, &response, out);
}

enum gg_status pay_bank_look_up(struct gg_arena *arena, struct gg_id reference, struct pay_bank_transfer *out)
{
    char id[GG_ID_TEXT];
    struct gg_http_response response;

    gg_id_format(reference, id);
    GG_TRY(exchange(arena, "GET", gg_sprintf(arena, "/v1/transfers/%s", id), NULL, NULL, &response));
    return response.status == 404 ? GG_NOT_FOUND : read_transfer(arena, &response, out);
}

/* Pages of one statement that are read at most: a day of 200,000 payouts. */
#define PAGES 1000

enum gg_status pay_bank_statement(struct gg_arena *arena, const char *date, struct pay_bank_line **lines, size_t *n)
{
    size_t room = 256;
    int64_t after = 0;

    *n = 0;
    *lines = GG_NEW_ARRAY(arena, struct pay_bank_line, room);
    for (int page = 0; page < PAGES && after != GG_NONE; page++) {
        const struct line *read;
        struct gg_http_response response;
        struct statement statement;

        GG_TRY(exchange(arena, "GET", gg_sprintf(arena, "/v1/statements/%s?after=%" PRId64, date, after), NULL, NULL,
                        &response));
        GG_TRY(read_reply(arena, &response, &statement_msg, &statement));
        read = statement.lines.items;
        if (*n + statement.lines.n > room) {
            struct pay_bank_line *more = GG_NEW_ARRAY(arena, struct pay_bank_line, 2 * room + statement.lines.n);

            memcpy(more, *lines, *n * sizeof(*more));
            *lines = more;
            room = 2 * room + statement.lines.n;
        }
        for (size_t i = 0; i < statement.lines.n; i++)
            (*lines)[(*n)++] = (struct pay_bank_line){
                .reference = reference_of(read[i].reference),
                .transfer = read[i].transferId,
                .amount = read[i].amount,
                .back = strcmp(read[i].direction, "IN") == 0,
            };
        after = statement.next;
    }
    return GG_OK;
}

/* --- what it means --- */

enum pay_bank_verdict pay_bank_judge(struct gg_id reference, int64_t amount, const struct pay_bank_transfer *told)
{
    if (!gg_id_equal(told->reference, reference) || told->amount != amount)
        return PAY_BANK_REVIEW;
    switch (told->state) {
    case PAY_BANK_DONE:
        return PAY_BANK_POST;
    case PAY_BANK_PENDING:
        return PAY_BANK_WAIT;
    case PAY_BANK_REFUSED:
        return PAY_BANK_VOID;
    default:
        return PAY_BANK_REVIEW;
    }
}
