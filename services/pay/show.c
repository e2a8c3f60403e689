/* services/pay/show.c
 * Rows as the messages show them. */
#include "show.h"

#include "statement.h"

struct pay_hold pay_show_hold(const struct pay_share *share)
{
    return (struct pay_hold){
        .share = share->share,
        .deal = share->deal,
        .state = share->state,
        .amount_won = share->held,
        .captured_won = share->escrow.captured,
        .refunded_won = share->escrow.refunded,
        .paid_out_won = share->escrow.paid_out,
        .placed_at = share->placed_at,
        .expires_at = share->expires_at,
    };
}

struct pay_bank_account pay_show_bank_account(struct gg_arena *arena, const struct pay_bank_account_row *row)
{
    return (struct pay_bank_account){
        .id = row->id,
        .bank = row->bank,
        .bank_name = row->bank_name,
        .number = pay_masked(arena, row->number),
        .holder = row->holder,
        .added_at = row->added_at,
    };
}

struct pay_withdrawal pay_show_withdrawal(struct gg_arena *arena, const struct pay_withdrawal_row *row)
{
    return (struct pay_withdrawal){
        .id = row->id,
        .state = row->state,
        .amount_won = row->amount,
        .bank_account = row->bank_account,
        .bank = row->bank,
        .number = pay_masked(arena, row->number),
        .reason = row->reason,
        .created_at = row->created_at,
        .ended_at = row->ended_at,
    };
}

struct pay_request pay_show_request(const struct pay_request_row *row)
{
    return (struct pay_request){
        .id = row->id,
        .creator = row->creator,
        .creator_nickname = row->creator_nickname,
        .title = row->title,
        .memo = row->memo,
        .deal = row->deal,
        .room = row->room,
        .state = row->state,
        .asked_won = row->asked,
        .paid_won = row->paid,
        .mine_open_won = row->state == PAY_REQUEST_OPEN ? row->mine : 0,
        .created_at = row->created_at,
    };
}

struct pay_line pay_show_line(struct gg_arena *arena, const struct pay_history_row *row)
{
    struct pay_line line = {
        .id = row->transfer,
        .kind = row->kind,
        .amount_won = row->amount,
        .balance_won = row->balance,
        .version = row->version,
        .counterpart = row->counterpart,
        .counterpart_nickname = row->nickname,
        .bank = row->bank,
        .number = row->number ? pay_masked(arena, row->number) : NULL,
        .memo = row->memo,
        .deal = row->deal,
        .share = row->share,
        .room = row->room,
        .request = row->request,
        .deal_title = row->title,
        .terms = row->terms,
        .receipt_won = row->receipt_won,
        .handed_over_at = row->settled_at,
        .at = row->at,
        .hash = row->hash,
    };
    char id[GG_ID_TEXT];

    if (!gg_id_is_zero(row->deal)) {
        gg_id_format(row->deal, id);
        line.deal_path = gg_sprintf(arena, "/v1/deal/deals/%s", id);
        if (row->receipt_won != GG_NONE) /* the deal's page shows its receipt to those who are in it */
            line.receipt_path = line.deal_path;
    }
    return line;
}
