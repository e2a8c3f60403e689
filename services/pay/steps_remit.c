/* services/pay/steps_remit.c
 * A remittance: from one neighbour's wallet into another's, decided and made under the lock of both. */
#include "book.h"
#include "config.h"
#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "proto/pay_wallet.h"
#include "wallet.h"

/* All but what the locked wallet says. */
static enum gg_status gather(struct gg_db *db, struct gg_arena *arena, struct pay_move *move,
                             struct pay_move_facts *facts)
{
    struct pay_person from, to;

    GG_TRY(pay_person_read(db, arena, move->row.sender, &from));
    GG_TRY(pay_person_read(db, arena, move->row.recipient, &to));
    GG_TRY(pay_block_between(db, arena, move->row.sender, move->row.recipient, &facts->blocked));
    move->from_nickname = from.nickname;
    move->to_nickname = to.nickname;
    facts->from = from.party;
    facts->from.id = move->row.sender;
    facts->to = to.party;
    facts->amount = move->row.amount;
    return GG_OK;
}

static enum gg_status tell(struct gg_db *db, const struct pay_move *move)
{
    struct pay_money_moved event = {
        .transfer = move->row.id,
        .kind = PAY_ENTRY_REMIT,
        .from = move->row.sender,
        .to = move->row.recipient,
        .from_nickname = move->from_nickname,
        .to_nickname = move->to_nickname,
        .amount_won = move->row.amount,
        .memo = move->row.memo,
        .deal = move->row.deal,
        .room = move->row.room,
        .request = move->row.request,
    };

    return gg_emit(db, &PAY_MONEY_MOVED, move->row.id, 1, &event);
}

static enum gg_status post(struct pay_book *book, struct pay_move *move)
{
    struct pay_transfer transfer = {
        .id = move->row.id,
        .kind = PAY_ENTRY_REMIT,
        .debit = move->row.sender,
        .credit = move->row.recipient,
        .amount = move->row.amount,
        .deal = move->row.deal,
    };

    GG_TRY(pay_book_move(book, &transfer));
    GG_TRY(pay_book_save(book));
    move->row.at = book->now;
    GG_TRY(pay_remit_insert(book->db, &move->row));
    GG_TRY(pay_spent_add(book->db, move->row.sender, pay_day(book->now), move->row.amount));
    return tell(book->db, move);
}

enum gg_status pay_remit(struct gg_db *db, struct gg_arena *arena, struct pay_move *move)
{
    struct pay_account_key keys[2] = {{move->row.sender, PAY_ACCOUNT_WALLET},
                                      {move->row.recipient, PAY_ACCOUNT_WALLET}};
    struct pay_move_facts facts = {0};
    const struct pay_account *wallet;
    struct pay_book book;

    GG_TRY(gather(db, arena, move, &facts));
    /* Somebody unknown gets no account: only the sender's wallet is locked then. */
    GG_TRY(pay_book_open(&book, db, arena, keys, facts.to.known ? 2 : 1, 1));
    wallet = pay_book_account(&book, move->row.sender);
    facts.posted = wallet->posted;
    facts.stopped = wallet->stopped || (facts.to.known && pay_book_account(&book, move->row.recipient)->stopped);
    facts.pending = wallet->pending;
    GG_TRY(pay_spent_read(db, arena, move->row.sender, pay_day(gg_now()), &facts.spent));
    move->spent = facts.spent;
    move->available = facts.posted - facts.pending;
    move->held = facts.pending;
    move->verdict = pay_move_judge(&pay_config.limits, &facts);
    if (move->verdict != PAY_MOVE_OK)
        return GG_OK;
    move->available -= move->row.amount;
    return post(&book, move);
}
