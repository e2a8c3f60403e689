/* services/pay/steps_withdraw.c
 * A withdrawal, two-phase: held in the wallet, then out to the bank, or free again. */
#include "steps_withdraw.h"

#include "book.h"
#include "config.h"
#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "libcommon/log.h"

#include <string.h>

static const char *const events[] = {"post", "void", "doubt", NULL};
static const struct gg_transition rows[] = {
    {PAY_WITHDRAWAL_PENDING, PAY_WITHDRAWAL_DO_POST, PAY_WITHDRAWAL_POSTED, "the bank says that it is out"},
    {PAY_WITHDRAWAL_PENDING, PAY_WITHDRAWAL_DO_VOID, PAY_WITHDRAWAL_VOIDED, "the bank refused: free again"},
    {PAY_WITHDRAWAL_PENDING, PAY_WITHDRAWAL_DO_DOUBT, PAY_WITHDRAWAL_REVIEW,
     "the bank tells of something else, or is silent for a day"},
    {PAY_WITHDRAWAL_REVIEW, PAY_WITHDRAWAL_DO_POST, PAY_WITHDRAWAL_POSTED, "two administrators say that it is out"},
    {PAY_WITHDRAWAL_REVIEW, PAY_WITHDRAWAL_DO_VOID, PAY_WITHDRAWAL_VOIDED, "two administrators say that it never left"},
};
const struct gg_fsm pay_withdrawal_fsm = {"withdrawal", pay_withdrawal_state_names, events, rows, GG_LEN(rows)};

struct gg_id pay_bank_clearing(void)
{
    return gg_id_derive(GG_ID_ZERO, "pay.account.bank");
}

enum gg_status pay_withdraw(struct gg_db *db, struct gg_arena *arena, struct pay_withdrawal_row *row,
                            struct pay_move *move)
{
    struct pay_account_key key = {row->user, PAY_ACCOUNT_WALLET};
    struct pay_move_facts facts = {.to = {.known = true}, .amount = row->amount};
    struct pay_account *wallet;
    struct pay_person person;
    struct pay_book book;

    GG_TRY(pay_person_read(db, arena, row->user, &person));
    facts.from = person.party;
    facts.from.id = row->user;
    facts.from.closing = false; /* who leaves must be able to take the money along */
    GG_TRY(pay_book_open(&book, db, arena, &key, 1, 0));
    wallet = pay_book_account(&book, row->user);
    facts.posted = wallet->posted;
    facts.stopped = wallet->stopped;
    facts.pending = wallet->pending;
    row->day = pay_day(book.now);
    row->created_at = book.now;
    row->state = PAY_WITHDRAWAL_PENDING;
    GG_TRY(pay_spent_read(db, arena, row->user, row->day, &facts.spent));
    *move = (struct pay_move){.available = facts.posted - facts.pending, .held = facts.pending, .spent = facts.spent};
    move->verdict = pay_move_judge(&pay_config.limits, &facts);
    if (move->verdict != PAY_MOVE_OK)
        return GG_OK;
    if (pay_hold_place(wallet, row->amount) != PAY_OK)
        return GG_ERROR;
    GG_TRY(pay_book_save(&book));
    GG_TRY(pay_withdrawal_insert(db, row));
    GG_TRY(pay_spent_add(db, row->user, row->day, row->amount));
    return gg_due_set(db, PAY_DUE_WITHDRAWAL, row->id, book.now);
}

static enum gg_status post(struct gg_db *db, struct gg_arena *arena, const struct pay_withdrawal_row *row)
{
    struct pay_account_key keys[2] = {{row->user, PAY_ACCOUNT_WALLET}, {pay_bank_clearing(), PAY_ACCOUNT_BANK}};
    struct pay_transfer transfer = {
        .id = row->id,
        .kind = PAY_ENTRY_WITHDRAW,
        .debit = row->user,
        .credit = pay_bank_clearing(),
        .amount = row->amount,
    };
    struct pay_money_moved event = {
        .transfer = row->id, .kind = PAY_ENTRY_WITHDRAW, .from = row->user, .amount_won = row->amount};
    struct pay_book book;

    GG_TRY(pay_book_open(&book, db, arena, keys, 2, 1));
    GG_TRY(pay_book_capture(&book, row->amount, &transfer));
    GG_TRY(pay_book_save(&book));
    return gg_emit(db, &PAY_MONEY_MOVED, row->id, 1, &event);
}

static enum gg_status set_free(struct gg_db *db, struct gg_arena *arena, const struct pay_withdrawal_row *row)
{
    struct pay_account_key key = {row->user, PAY_ACCOUNT_WALLET};
    struct pay_withdrawal_failed event = {
        .withdrawal = row->id, .user = row->user, .amount_won = row->amount, .reason = row->reason};
    struct pay_book book;

    GG_TRY(pay_book_open(&book, db, arena, &key, 1, 0));
    if (pay_hold_release(pay_book_account(&book, row->user), row->amount) != PAY_OK) {
        gg_error("withdrawal_defect", "a withdrawal's wallet holds less than the withdrawal");
        return GG_ERROR;
    }
    GG_TRY(pay_book_save(&book));
    GG_TRY(pay_spent_add(db, row->user, row->day, -row->amount));
    return gg_emit(db, &PAY_WITHDRAWAL_FAILED, row->id, 1, &event);
}

enum gg_status pay_withdrawal_end(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                  enum pay_withdrawal_act act, const struct pay_bank_transfer *told,
                                  struct pay_withdrawal_row *row)
{
    int next;

    GG_TRY(pay_withdrawal_lock(db, arena, id, row));
    next = gg_fsm_next(&pay_withdrawal_fsm, row->state, (int)act);
    if (next < 0)
        return GG_OK;
    row->state = next;
    if (told) {
        row->transfer = told->transfer;
        row->date = told->date;
        if (act == PAY_WITHDRAWAL_DO_VOID)
            row->reason = told->code[0] ? told->code : "REFUSED";
    }
    if (act != PAY_WITHDRAWAL_DO_DOUBT)
        row->ended_at = gg_now();
    GG_TRY(pay_withdrawal_save(db, row));
    GG_TRY(gg_due_clear(db, PAY_DUE_WITHDRAWAL, id));
    if (act == PAY_WITHDRAWAL_DO_POST)
        return post(db, arena, row);
    if (act == PAY_WITHDRAWAL_DO_VOID)
        return set_free(db, arena, row);
    return pay_review_open(db, "withdrawal", id, row->user, row->amount,
                           told ? "the bank tells of another transfer, amount or state"
                                : "the bank is silent for a day");
}

/* --- the work behind it --- */

struct ending {
    struct gg_arena *arena;
    struct pay_withdrawal_row *row;
    enum pay_withdrawal_act act;
    const struct pay_bank_transfer *told;
};

static enum gg_status end_in_tx(struct gg_db *db, void *arg)
{
    const struct ending *ending = arg;

    return pay_withdrawal_end(db, ending->arena, ending->row->id, ending->act, ending->told, ending->row);
}

/* Remembers, before the bank is asked, that it was: whoever comes after a crash looks up first. */
static enum gg_status mark_asked(struct gg_db *db, struct pay_withdrawal_row *row)
{
    if (row->asked_at != GG_NONE)
        return GG_OK;
    row->asked_at = gg_now();
    return pay_withdrawal_asked(db, row->id, row->asked_at);
}

static enum gg_status ask_bank(struct gg_db *db, struct gg_arena *arena, struct pay_withdrawal_row *row,
                               struct pay_bank_transfer *told)
{
    const struct pay_bank_target target = {row->bank, row->number, row->holder};
    bool before = row->asked_at != GG_NONE;
    enum gg_status status = GG_NOT_FOUND;

    if (before)
        status = pay_bank_look_up(arena, row->id, told);
    if (status != GG_NOT_FOUND)
        return status;
    GG_TRY(mark_asked(db, row));
    return pay_bank_transfer(arena, row->id, &target, row->amount, told);
}

/* A bank that is silent for this long is looked at by a person. */
#define SILENCE (24 * GG_HOUR)

static enum gg_status work(struct gg_due *due)
{
    static const enum pay_withdrawal_act acts[] = {
        [PAY_BANK_POST] = PAY_WITHDRAWAL_DO_POST,
        [PAY_BANK_VOID] = PAY_WITHDRAWAL_DO_VOID,
        [PAY_BANK_REVIEW] = PAY_WITHDRAWAL_DO_DOUBT,
    };
    struct pay_withdrawal_row row;
    struct pay_bank_transfer told;
    struct ending ending = {.arena = due->arena, .row = &row, .act = PAY_WITHDRAWAL_DO_DOUBT};
    enum pay_bank_verdict verdict;
    enum gg_status status;

    GG_TRY(pay_withdrawal_read(due->db, due->arena, due->subject, &row));
    if (row.state != PAY_WITHDRAWAL_PENDING)
        return GG_OK;
    status = ask_bank(due->db, due->arena, &row, &told);
    if (status == GG_UNAVAILABLE && gg_now() - row.created_at > SILENCE)
        return gg_db_tx(due->db, end_in_tx, &ending);
    if (status == GG_DUPLICATE)
        return gg_db_tx(due->db, end_in_tx, &ending);
    GG_TRY(status);
    verdict = pay_bank_judge(row.id, row.amount, &told);
    if (verdict == PAY_BANK_WAIT)
        return gg_due_set(due->db, PAY_DUE_WITHDRAWAL, row.id, gg_now() + 5 * GG_SECOND);
    ending.act = acts[verdict];
    ending.told = &told;
    return gg_db_tx(due->db, end_in_tx, &ending);
}

const struct gg_due_kind pay_withdraw_due[] = {
    {.kind = PAY_DUE_WITHDRAWAL,
     .outbound = true,
     .handle = work,
     .doc = "a withdrawal is under way: the bank is asked to pay it out, or where it stands"},
};
const size_t pay_withdraw_due_n = GG_LEN(pay_withdraw_due);
