/* services/pay/events_leave.c
 * Neighbours who keep apart, and neighbours who leave: what is in flight is told to auth, and after the end names go
 * while the ledger stays, as the law wants it. */
#include "libcommon/clock.h"
#include "proto/auth_trust.h"
#include "proto/pay.h"
#include "rooms.h"
#include "steps_request.h"
#include "store_bank.h"
#include "store_leave.h"

static enum gg_status block_added(struct gg_event *event)
{
    const struct auth_block_event *block = event->data;

    return pay_block_save(event->db, block->user, block->blocked);
}

static enum gg_status block_removed(struct gg_event *event)
{
    const struct auth_block_event *block = event->data;

    return pay_block_remove(event->db, block->user, block->blocked);
}

#define ANSWER_ITEMS 20

static enum gg_status closing_asked(struct gg_event *event)
{
    const struct auth_closing_event *closing = event->data;
    struct auth_closing_answer answer = {.user = closing->user, .closing = closing->closing};
    struct auth_in_flight *items;
    int64_t step;

    GG_TRY(pay_person_closing(event->db, closing->user, event->time));
    GG_TRY(pay_in_flight(event->db, event->arena, closing->user, ANSWER_ITEMS, &items, &answer.items.n));
    answer.items.items = items;
    GG_TRY(pay_person_step(event->db, event->arena, closing->user, &step));
    return gg_emit(event->db, &PAY_CLOSING_ANSWERED, closing->user, step, &answer);
}

static enum gg_status user_stays(struct gg_event *event)
{
    const struct auth_closing_event *closing = event->data;

    return pay_person_closing(event->db, closing->user, GG_NONE);
}

static enum gg_status user_closed(struct gg_event *event)
{
    const struct auth_closing_event *closing = event->data;

    return pay_person_closing(event->db, closing->user, event->time);
}

/* Requests of somebody who is gone end; what they owed nobody waits for. */
static enum gg_status end_requests(struct gg_event *event, struct gg_id user)
{
    struct gg_id *ids;
    size_t n;

    GG_TRY(pay_requests_around(event->db, event->arena, user, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        struct pay_request_book book;

        GG_TRY(pay_request_open(event->db, event->arena, ids[i], &book));
        if (book.row.state != PAY_REQUEST_OPEN)
            continue;
        if (gg_id_equal(book.row.creator, user))
            GG_TRY(pay_request_cancel(event->db, event->arena, &book));
        else
            GG_TRY(pay_request_decline(event->db, event->arena, &book, user, NULL));
    }
    return GG_OK;
}

static enum gg_status user_purged(struct gg_event *event)
{
    const struct auth_closing_event *closing = event->data;
    struct auth_purge_receipt receipt = {.user = closing->user, .closing = closing->closing};
    int64_t accounts = 0, blocks = 0, step;

    GG_TRY(end_requests(event, closing->user));
    GG_TRY(pay_person_purge(event->db, closing->user, event->time));
    GG_TRY(pay_bank_accounts_purge(event->db, closing->user, event->time, &accounts));
    GG_TRY(pay_blocks_purge(event->db, closing->user, &blocks));
    receipt.rows = 1 + accounts + blocks;
    GG_TRY(pay_person_step(event->db, event->arena, closing->user, &step));
    return gg_emit(event->db, &PAY_USER_PURGED, closing->user, step, &receipt);
}

const struct gg_consumes pay_leave_consumes[] = {
    {&AUTH_BLOCK_ADDED, block_added},      {&AUTH_BLOCK_REMOVED, block_removed}, {&AUTH_CLOSING_ASKED, closing_asked},
    {&AUTH_CLOSING_CANCELLED, user_stays}, {&AUTH_USER_RESTORED, user_stays},    {&AUTH_USER_CLOSED, user_closed},
    {&AUTH_USER_PURGED, user_purged},
};
const size_t pay_leave_consumes_n = GG_LEN(pay_leave_consumes);
