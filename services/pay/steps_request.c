/* services/pay/steps_request.c
 * The steps of a 1/N request: who owes what, what was paid, who is reminded. */
#include "steps_request.h"

#include "libcommon/bus.h"
#include "libcommon/clock.h"
#include "libcommon/due.h"
#include "rooms.h"

enum gg_status pay_request_open(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct pay_request_book *book)
{
    GG_TRY(pay_request_lock(db, arena, id, &book->row));
    return pay_parts_of(db, arena, id, &book->parts, &book->n);
}

/* The parts of one person, in the order of rounds, and where they stand in the book. */
static size_t parts_of(const struct pay_request_book *book, struct gg_id user, struct pay_open_part *own,
                       size_t *places)
{
    size_t n = 0;

    for (size_t i = 0; i < book->n; i++)
        if (gg_id_equal(book->parts[i].user, user)) {
            own[n] = book->parts[i].part;
            places[n++] = i;
        }
    return n;
}

int64_t pay_request_owed(const struct pay_request_book *book, struct gg_arena *arena, struct gg_id user)
{
    struct pay_open_part *own = GG_NEW_ARRAY(arena, struct pay_open_part, book->n + 1);
    size_t *places = GG_NEW_ARRAY(arena, size_t, book->n + 1);

    return book->row.state == PAY_REQUEST_OPEN ? pay_parts_open(own, parts_of(book, user, own, places)) : 0;
}

/* Everybody who still owes, each once. */
static struct gg_list debtors(const struct pay_request_book *book, struct gg_arena *arena)
{
    struct pay_request_person *people = GG_NEW_ARRAY(arena, struct pay_request_person, book->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < book->n; i++) {
        const struct pay_part_row *row = &book->parts[i];
        size_t at = 0;

        if (row->part.state != PAY_PART_OPEN)
            continue;
        while (at < n && !gg_id_equal(people[at].user, row->user))
            at++;
        if (at == n)
            people[n++] = (struct pay_request_person){.user = row->user};
        people[at].amount_won += row->part.amount - row->part.paid;
    }
    return (struct gg_list){people, n};
}

static const char *nickname_of(const struct pay_request_book *book, struct gg_id user)
{
    for (size_t i = 0; i < book->n; i++)
        if (gg_id_equal(book->parts[i].user, user))
            return book->parts[i].nickname;
    return NULL;
}

enum gg_status pay_request_tell(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book,
                                const struct gg_event_type *type, struct gg_id user, int64_t amount, const char *reason)
{
    struct pay_request_event event = {
        .request = book->row.id,
        .creator = book->row.creator,
        .creator_nickname = book->row.creator_nickname,
        .title = book->row.title,
        .deal = book->row.deal,
        .room = book->row.room,
        .user = user,
        .nickname = nickname_of(book, user),
        .amount_won = amount,
        .reason = reason,
        .people = debtors(book, arena),
    };

    return gg_emit(db, type, book->row.id, ++book->row.step, &event);
}

/* Done when nobody owes any more. */
static enum gg_status settle(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book)
{
    if (debtors(book, arena).n == 0 && book->row.state == PAY_REQUEST_OPEN) {
        book->row.state = PAY_REQUEST_DONE;
        book->row.ended_at = gg_now();
        GG_TRY(pay_request_tell(db, arena, book, &PAY_REQUEST_DONE_EVENT, GG_ID_ZERO, GG_NONE, NULL));
    }
    return pay_request_save(db, &book->row);
}

enum gg_status pay_request_pay(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book,
                               struct gg_id user, int64_t amount, struct gg_id transfer, struct pay_move *move)
{
    struct pay_open_part *own = GG_NEW_ARRAY(arena, struct pay_open_part, book->n + 1);
    size_t *places = GG_NEW_ARRAY(arena, size_t, book->n + 1), n = parts_of(book, user, own, places);

    *move = (struct pay_move){.row = {
                                  .id = transfer,
                                  .sender = user,
                                  .recipient = book->row.creator,
                                  .amount = amount,
                                  .memo = book->row.title,
                                  .deal = book->row.deal,
                                  .room = book->row.room,
                                  .request = book->row.id,
                              }};
    GG_TRY(pay_remit(db, arena, move));
    if (move->verdict != PAY_MOVE_OK)
        return GG_OK;
    pay_parts_pay(own, n, amount);
    for (size_t i = 0; i < n; i++) {
        struct pay_part_row *row = &book->parts[places[i]];

        if (row->part.paid == own[i].paid)
            continue;
        row->part = own[i];
        GG_TRY(pay_part_save(db, book->row.id, row));
    }
    GG_TRY(pay_request_tell(db, arena, book, &PAY_REQUEST_PAID, user, amount, NULL));
    return settle(db, arena, book);
}

/* Ends every open part of one person (zero id: of everybody). */
static enum gg_status end_parts(struct gg_db *db, struct pay_request_book *book, struct gg_id user, int state)
{
    for (size_t i = 0; i < book->n; i++) {
        struct pay_part_row *row = &book->parts[i];

        if (row->part.state != PAY_PART_OPEN || (!gg_id_is_zero(user) && !gg_id_equal(row->user, user)))
            continue;
        row->part.state = state;
        GG_TRY(pay_part_save(db, book->row.id, row));
    }
    return GG_OK;
}

enum gg_status pay_request_decline(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book,
                                   struct gg_id user, const char *reason)
{
    GG_TRY(end_parts(db, book, user, PAY_PART_DECLINED));
    GG_TRY(pay_request_tell(db, arena, book, &PAY_REQUEST_DECLINED, user, GG_NONE, reason));
    return settle(db, arena, book);
}

enum gg_status pay_request_cancel(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book)
{
    /* Told first: it lists whom it concerns. */
    GG_TRY(pay_request_tell(db, arena, book, &PAY_REQUEST_CANCELLED_EVENT, GG_ID_ZERO, GG_NONE, NULL));
    GG_TRY(end_parts(db, book, GG_ID_ZERO, PAY_PART_CANCELLED));
    book->row.state = PAY_REQUEST_CANCELLED;
    book->row.ended_at = gg_now();
    return pay_request_save(db, &book->row);
}

enum gg_status pay_request_remind(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book)
{
    if (book->row.state != PAY_REQUEST_OPEN || debtors(book, arena).n == 0)
        return GG_OK;
    GG_TRY(pay_request_tell(db, arena, book, &PAY_REQUEST_REMINDED, GG_ID_ZERO, GG_NONE, NULL));
    book->row.reminded_at = gg_now();
    return pay_request_save(db, &book->row);
}

/* --- reminders that fall due --- */

static enum gg_status remind(struct gg_due *due)
{
    struct pay_reminder_row reminder;
    struct pay_request_book book;
    enum gg_status status = pay_reminder_read(due->db, due->arena, due->subject, &reminder);

    if (status == GG_NOT_FOUND) /* taken back */
        return GG_OK;
    GG_TRY(status);
    if (reminder.sent_at != GG_NONE)
        return GG_OK;
    GG_TRY(pay_request_open(due->db, due->arena, reminder.request, &book));
    GG_TRY(pay_request_remind(due->db, due->arena, &book));
    return pay_reminder_sent(due->db, reminder.id, gg_now());
}

const struct gg_due_kind pay_request_due[] = {
    {.kind = PAY_DUE_REMINDER, .handle = remind, .doc = "who has not paid a 1/N request is reminded at a chosen time"},
};
const size_t pay_request_due_n = GG_LEN(pay_request_due);
