/* services/pay/http_remit.c
 * Routes of remittances: send, who is that, contacts, limits. */
#include "config.h"
#include "libcommon/clock.h"
#include "proto/pay_proof.h"
#include "proto/pay_wallet.h"
#include "rooms.h"
#include "wallet.h"

enum gg_status pay_refuse_move(struct gg_call *call, const struct pay_move *move)
{
    enum gg_status status;

    switch (move->verdict) {
    case PAY_MOVE_STOPPED:
        return gg_fail(call, &PAY_ACCOUNT_STOPPED, "The auditor has stopped one of the wallets; nothing moves.");
    case PAY_MOVE_CLOSING:
        return gg_fail(call, &PAY_WALLET_CLOSING, "Your account is being closed; nothing is sent from it any more.");
    case PAY_MOVE_SELF:
        return gg_fail(call, &PAY_SELF_TRANSFER, "This is your own wallet.");
    case PAY_MOVE_UNKNOWN:
        return gg_fail(call, &PAY_RECIPIENT_UNKNOWN, "Nobody of this name or id has a wallet.");
    case PAY_MOVE_CLOSED:
        return gg_fail(call, &PAY_RECIPIENT_CLOSED, "This neighbour cannot be sent money any more.");
    case PAY_MOVE_BLOCKED:
        return gg_fail(call, &PAY_COUNTERPART_BLOCKED, "Between you and this neighbour no money moves.");
    case PAY_MOVE_ABOVE_MOVE:
        status = gg_fail(call, &PAY_LIMIT_EXCEEDED, "One move is at most %" PRId64 " won.", pay_config.limits.move);
        gg_fail_param(call, "limit", pay_config.limits.move);
        return status;
    case PAY_MOVE_ABOVE_DAY:
        status = gg_fail(call, &PAY_LIMIT_EXCEEDED, "Of a day's %" PRId64 " won, %" PRId64 " are spent.",
                         pay_config.limits.day, move->spent);
        gg_fail_param(call, "limit", pay_config.limits.day);
        gg_fail_param(call, "spent", move->spent);
        return status;
    case PAY_MOVE_NO_FUNDS:
        status = gg_fail(call, &PAY_INSUFFICIENT_FUNDS, "%" PRId64 " won are available, %" PRId64 " are held.",
                         move->available, move->held);
        gg_fail_param(call, "available", move->available);
        gg_fail_param(call, "held", move->held);
        return status;
    default:
        return GG_ERROR;
    }
}

static enum gg_status create_remittance(struct gg_call *call)
{
    const struct pay_remit_create *in = call->in;
    struct pay_remittance *out = call->out;
    char key[GG_ID_TEXT];
    enum gg_status status;
    bool dry = pay_dry(call);
    struct pay_move move = {.row = {
                                .sender = call->user.id,
                                .recipient = in->to_user,
                                .amount = in->amount_won,
                                .memo = in->memo,
                                .deal = in->deal,
                                .room = in->room,
                            }};

    if (!in->to_nickname == gg_id_is_zero(in->to_user))
        return gg_fail_field(call, "/to_user", "required", "Name one recipient: to_nickname or to_user.");
    if (in->to_nickname) {
        struct pay_person person;

        GG_TRY(pay_person_named(call->db, call->arena, in->to_nickname, &person));
        if (!person.party.known)
            return gg_fail(call, &PAY_RECIPIENT_UNKNOWN, "Nobody of this name has a wallet.");
        move.row.recipient = person.party.id;
    }
    gg_id_format(call->idempotency_key, key);
    move.row.id = gg_id_derive(call->user.id, gg_sprintf(call->arena, "pay.remit:%s", key));
    if (!pay_prove(call, "remit", move.row.recipient, move.row.amount, &status))
        return status;
    GG_TRY(pay_remit(call->db, call->arena, &move));
    if (move.verdict != PAY_MOVE_OK)
        return pay_refuse_move(call, &move);
    *out = (struct pay_remittance){
        .id = move.row.id,
        .to_user = move.row.recipient,
        .to_nickname = move.to_nickname,
        .amount_won = move.row.amount,
        .memo = move.row.memo,
        .available_won = move.available,
        .at = move.row.at,
        .dry_run = dry,
    };
    return GG_OK;
}

static enum gg_status get_recipient(struct gg_call *call)
{
    const struct pay_recipient_query *query = call->query;
    struct pay_contact *out = call->out;
    struct pay_person person;
    bool blocked;

    GG_TRY(pay_person_named(call->db, call->arena, query->nickname, &person));
    if (!person.party.known || person.party.closing || person.party.closed)
        return gg_fail(call, &PAY_RECIPIENT_UNKNOWN, "Nobody of this name takes money.");
    GG_TRY(pay_block_between(call->db, call->arena, call->user.id, person.party.id, &blocked));
    if (blocked)
        return gg_fail(call, &PAY_RECIPIENT_UNKNOWN, "Nobody of this name takes money.");
    *out = (struct pay_contact){.user = person.party.id, .nickname = person.nickname};
    return GG_OK;
}

#define CONTACTS 200

static enum gg_status get_contacts(struct gg_call *call)
{
    struct pay_contact_list *out = call->out;
    struct pay_contact_row *rows;
    struct pay_contact *items;
    size_t n;

    GG_TRY(pay_contacts_of(call->db, call->arena, call->user.id, CONTACTS, &rows, &n));
    items = GG_NEW_ARRAY(call->arena, struct pay_contact, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct pay_contact){
            .user = rows[i].user, .nickname = rows[i].nickname, .deal = rows[i].deal, .title = rows[i].title};
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status get_limits(struct gg_call *call)
{
    struct pay_limit_view *out = call->out;
    int64_t spent;

    GG_TRY(pay_spent_read(call->db, call->arena, call->user.id, pay_day(gg_now()), &spent));
    *out = (struct pay_limit_view){
        .move_won = pay_config.limits.move,
        .day_won = pay_config.limits.day,
        .spent_won = spent,
        .left_won = spent < pay_config.limits.day ? pay_config.limits.day - spent : 0,
        .wallet_won = PAY_WALLET_MAX,
        .charge_min_won = PAY_CHARGE_MIN,
        .charge_max_won = PAY_CHARGE_MAX,
        .withdraw_min_won = pay_config.limits.withdraw_min,
    };
    return GG_OK;
}

static const struct gg_problem *const remit_problems[] = {
    &PAY_INSUFFICIENT_FUNDS,  &PAY_LIMIT_EXCEEDED, &PAY_SELF_TRANSFER,    &PAY_RECIPIENT_UNKNOWN, &PAY_RECIPIENT_CLOSED,
    &PAY_COUNTERPART_BLOCKED, &PAY_WALLET_CLOSING, &PAY_STEP_UP_REQUIRED, &PAY_ACCOUNT_STOPPED,   NULL};
static const struct gg_problem *const recipient_problems[] = {&PAY_RECIPIENT_UNKNOWN, NULL};

const struct gg_route pay_remit_routes[] = {
    {.method = GG_POST,
     .path = "/v1/pay/remittances",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_DB,
     .query = &pay_dry_query_msg,
     .in = &pay_remit_create_msg,
     .out = &pay_remittance_msg,
     .status = 201,
     .rate = 60,
     .handle = create_remittance,
     .summary = "Sends a neighbour money.",
     .problems = remit_problems},
    {.method = GG_GET,
     .path = "/v1/pay/recipients",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &pay_recipient_query_msg,
     .out = &pay_contact_msg,
     .status = 200,
     .rate = 60,
     .handle = get_recipient,
     .summary = "Who bears this name, before money is sent.",
     .problems = recipient_problems},
    {.method = GG_GET,
     .path = "/v1/pay/contacts",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &pay_contact_list_msg,
     .status = 200,
     .handle = get_contacts,
     .summary = "Neighbours one shares a deal with, or has sent money."},
    {.method = GG_GET,
     .path = "/v1/pay/limits",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &pay_limit_view_msg,
     .status = 200,
     .handle = get_limits,
     .summary = "What one may move, and what of it is left today."},
};
const size_t pay_remit_routes_n = GG_LEN(pay_remit_routes);
