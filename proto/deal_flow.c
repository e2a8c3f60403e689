/* proto/deal_flow.c
 * The tables behind proto/deal_flow.h. */
#include "proto/deal_flow.h"

#include "proto/auth_trust.h"

static const char *const digits[] = {"0-9", NULL};
const char *const deal_wait_state_names[] = {"waiting", "offered", "taken", "lapsed", "left", NULL};
const char *const deal_dispute_state_names[] = {"open", "answered", "agreed", "decided", "lapsed", NULL};

/* --- events --- */

static const struct gg_field wait_event_fields[] = {
    GG_ID(struct deal_wait_event, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_wait_event, wait, GG_REQUIRED, "the place on the list"),
    GG_ID(struct deal_wait_event, user, GG_REQUIRED, "whose"),
    GG_TEXT(struct deal_wait_event, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_INT(struct deal_wait_event, offered, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "portions kept"),
    GG_TIME(struct deal_wait_event, offered_until, GG_OPTIONAL, "join before this"),
};
static const struct gg_msg wait_event_msg =
    GG_MSG("DealWaitEvent", struct deal_wait_event, wait_event_fields, "Something happened on the waiting list.");
static const struct gg_field waiter_fields[] = {
    GG_ID(struct deal_waiter, wait, GG_REQUIRED, "the place on the list"),
    GG_ID(struct deal_waiter, user, GG_REQUIRED, "whose"),
};
static const struct gg_msg waiter_msg = GG_MSG("DealWaiter", struct deal_waiter, waiter_fields, "Who waited.");
static const struct gg_field wait_ended_fields[] = {
    GG_ID(struct deal_wait_ended, deal, GG_REQUIRED, "the deal"),
    GG_TEXT(struct deal_wait_ended, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_LIST(struct deal_wait_ended, waiters, GG_REQUIRED, 1, DEAL_WAITERS_MAX + DEAL_PORTIONS_MAX, &waiter_msg,
            "first in line first"),
};
static const struct gg_msg wait_ended_msg =
    GG_MSG("DealWaitEnded", struct deal_wait_ended, wait_ended_fields, "Nobody waits any longer.");
static const struct gg_field dispute_event_fields[] = {
    GG_ID(struct deal_dispute_event, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_dispute_event, share, GG_REQUIRED, "the share"),
    GG_ID(struct deal_dispute_event, dispute, GG_REQUIRED, "the dispute"),
    GG_ID(struct deal_dispute_event, user, GG_REQUIRED, "the neighbour"),
    GG_ID(struct deal_dispute_event, host, GG_REQUIRED, "the host"),
    GG_ID(struct deal_dispute_event, actor, GG_OPTIONAL, "whose act; left out: the clock"),
    GG_TEXT(struct deal_dispute_event, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_ENUM(struct deal_dispute_event, state, GG_REQUIRED, deal_dispute_state_names, "after this"),
    GG_WON(struct deal_dispute_event, refund_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "asked, offered, or given back"),
    GG_WON(struct deal_dispute_event, amount_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "resolved: left for the host"),
};
static const struct gg_msg dispute_event_msg =
    GG_MSG("DealDisputeEvent", struct deal_dispute_event, dispute_event_fields, "A dispute took a step.");

#define EVENT(constant, type, msg, doc) const struct gg_event_type constant = {type, DEAL_TOPIC, msg, doc}
EVENT(DEAL_WAIT_OFFERED_EVENT, "deal.wait.offered.v1", &wait_event_msg, "portions are kept for the first in line");
EVENT(DEAL_WAIT_LAPSED_EVENT, "deal.wait.lapsed.v1", &wait_event_msg, "the offer was not taken in time");
EVENT(DEAL_WAIT_ENDED_EVENT, "deal.wait.ended.v1", &wait_ended_msg, "the deal recruits no more");
EVENT(DEAL_DISPUTE_OPENED_EVENT, "deal.dispute.opened.v1", &dispute_event_msg, "freeze this share's money");
EVENT(DEAL_DISPUTE_ANSWERED_EVENT, "deal.dispute.answered.v1", &dispute_event_msg, "the host answered");
EVENT(DEAL_DISPUTE_RESOLVED_EVENT, "deal.dispute.resolved.v1", &dispute_event_msg, "unfreeze, refund refund_won");
EVENT(DEAL_CLOSING_ANSWERED_EVENT, "deal.closing.answered.v1", &auth_closing_answer_msg,
      "deals and shares of an account that wants to leave");
EVENT(DEAL_USER_PURGED_EVENT, "deal.user.purged.v1", &auth_purge_receipt_msg, "deal has forgotten an account");

/* --- HTTP --- */

static const struct gg_field accept_fields[] = {
    GG_INT(struct deal_accept, terms, GG_REQUIRED, 1, GG_WIRE_MAX, "the version that is accepted"),
};
const struct gg_msg deal_accept_msg = GG_MSG("DealAccept", struct deal_accept, accept_fields, "Accepts new terms.");
static const struct gg_field terms_fields[] = {
    GG_INT(struct deal_terms, version, GG_REQUIRED, 1, GG_WIRE_MAX, "1, 2, 3 ..."),
    GG_TIME(struct deal_terms, since, GG_REQUIRED, "from when on"),
    GG_REF(struct deal_terms, deal, GG_REQUIRED, &deal_edit_msg, "what is agreed to"),
};
const struct gg_msg deal_terms_msg = GG_MSG("DealTerms", struct deal_terms, terms_fields, "One version of the terms.");
static const struct gg_field terms_list_fields[] = {
    GG_LIST(struct deal_terms_list, items, GG_REQUIRED, 0, 100, &deal_terms_msg, "newest first"),
    GG_TEXT(struct deal_terms_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg deal_terms_list_msg =
    GG_MSG("DealTermsList", struct deal_terms_list, terms_list_fields, "Versions of the terms.");
static const struct gg_field choose_window_fields[] = {
    GG_INT(struct deal_choose_window, window, GG_REQUIRED, 0, DEAL_WINDOWS_MAX - 1, "its number, from 0"),
};
const struct gg_msg deal_choose_window_msg =
    GG_MSG("DealChooseWindow", struct deal_choose_window, choose_window_fields, "When one comes.");
static const struct gg_field arrive_fields[] = {
    GG_INT(struct deal_arrive, portions, GG_OPTIONAL, 0, DEAL_PORTIONS_MAX, "that came; default all that were bought"),
};
const struct gg_msg deal_arrive_msg = GG_MSG("DealArrive", struct deal_arrive, arrive_fields, "The goods are here.");

static const struct gg_field handover_fields[] = {
    GG_TEXT_OF(struct deal_handover, code, GG_OPTIONAL | GG_PRIVATE, 6, 6, digits, "what the neighbour shows"),
    GG_TEXT(struct deal_handover, qr, GG_OPTIONAL | GG_PRIVATE, 1, 200, "or what the picture says"),
    GG_INT(struct deal_handover, quantity, GG_OPTIONAL, 1, DEAL_PORTIONS_MAX, "portions handed over; default all"),
    GG_TIME(struct deal_handover, scanned_at, GG_OPTIONAL, "when; default now"),
};
const struct gg_msg deal_handover_msg =
    GG_MSG("DealHandover", struct deal_handover, handover_fields, "Goods change hands.");
static const struct gg_field sync_fields[] = {
    GG_LIST(struct deal_handover_sync, items, GG_REQUIRED, 1, 100, &deal_handover_msg, "in the order of scanning"),
};
const struct gg_msg deal_handover_sync_msg =
    GG_MSG("DealHandoverSync", struct deal_handover_sync, sync_fields, "What an offline phone has collected.");
static const struct gg_field result_fields[] = {
    GG_TEXT(struct deal_handover_result, code, GG_OPTIONAL, 1, 40, "why not; left out: it is handed over"),
    GG_ID(struct deal_handover_result, share, GG_OPTIONAL, "whose it was"),
};
static const struct gg_msg result_msg =
    GG_MSG("DealHandoverResult", struct deal_handover_result, result_fields, "What became of one.");
static const struct gg_field results_fields[] = {
    GG_LIST(struct deal_handover_results, items, GG_REQUIRED, 0, 100, &result_msg, "in the order of the request"),
};
const struct gg_msg deal_handover_results_msg =
    GG_MSG("DealHandoverResults", struct deal_handover_results, results_fields, "What became of each.");

static const struct gg_field dispute_open_fields[] = {
    GG_TEXT(struct deal_dispute_open, message, GG_REQUIRED | GG_LINES, 1, 1000, "what is wrong"),
    GG_TEXTS(struct deal_dispute_open, photos, GG_OPTIONAL, 5, 80, 5, "names of uploaded photos"),
    GG_WON(struct deal_dispute_open, refund_won, GG_OPTIONAL, 1, DEAL_TOTAL_MAX, "asked for; default everything"),
};
const struct gg_msg deal_dispute_open_msg =
    GG_MSG("DealDisputeOpen", struct deal_dispute_open, dispute_open_fields, "Something is wrong with one's share.");
static const struct gg_field dispute_answer_fields[] = {
    GG_TEXT(struct deal_dispute_answer, message, GG_REQUIRED | GG_LINES, 1, 1000, "the host's side"),
    GG_WON(struct deal_dispute_answer, refund_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "offered"),
};
const struct gg_msg deal_dispute_answer_msg =
    GG_MSG("DealDisputeAnswer", struct deal_dispute_answer, dispute_answer_fields, "The host's answer.");
static const struct gg_field dispute_decide_fields[] = {
    GG_TEXT(struct deal_dispute_decide, message, GG_REQUIRED | GG_LINES, 1, 1000, "why"),
    GG_WON(struct deal_dispute_decide, refund_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "given back"),
};
const struct gg_msg deal_dispute_decide_msg =
    GG_MSG("DealDisputeDecide", struct deal_dispute_decide, dispute_decide_fields, "An admin's decision.");
static const struct gg_field dispute_fields[] = {
    GG_ID(struct deal_dispute, id, GG_REQUIRED, "the dispute"),
    GG_ID(struct deal_dispute, deal, GG_REQUIRED, "the deal"),
    GG_ID(struct deal_dispute, share, GG_REQUIRED, "the share"),
    GG_OBJECT(struct deal_dispute, user, &deal_person_msg, "the neighbour"),
    GG_OBJECT(struct deal_dispute, host, &deal_person_msg, "the host"),
    GG_TEXT(struct deal_dispute, title, GG_REQUIRED, 2, 60, "of the deal"),
    GG_ENUM(struct deal_dispute, state, GG_REQUIRED, deal_dispute_state_names, "where it stands"),
    GG_TEXT(struct deal_dispute, message, GG_REQUIRED | GG_LINES, 1, 1000, "what is wrong"),
    GG_TEXTS(struct deal_dispute, photos, GG_OPTIONAL, 1, 120, 5, "paths"),
    GG_TEXT(struct deal_dispute, answer, GG_OPTIONAL | GG_LINES, 1, 1000, "the host's side"),
    GG_TEXT(struct deal_dispute, decision, GG_OPTIONAL | GG_LINES, 1, 1000, "the admin's reason"),
    GG_WON(struct deal_dispute, amount_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "in escrow when it began"),
    GG_WON(struct deal_dispute, asked_won, GG_REQUIRED, 0, DEAL_TOTAL_MAX, "asked for"),
    GG_WON(struct deal_dispute, offered_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "the host's offer"),
    GG_WON(struct deal_dispute, refund_won, GG_OPTIONAL, 0, DEAL_TOTAL_MAX, "given back in the end"),
    GG_TIME(struct deal_dispute, opened_at, GG_REQUIRED, "when"),
    GG_TIME(struct deal_dispute, answered_at, GG_OPTIONAL, "when"),
    GG_TIME(struct deal_dispute, ended_at, GG_OPTIONAL, "when"),
    GG_TIME(struct deal_dispute, due_at, GG_OPTIONAL, "what was said last stands then"),
};
const struct gg_msg deal_dispute_msg = GG_MSG("DealDispute", struct deal_dispute, dispute_fields, "A dispute.");
static const struct gg_field dispute_list_fields[] = {
    GG_LIST(struct deal_dispute_list, items, GG_REQUIRED, 0, 100, &deal_dispute_msg, "oldest first"),
    GG_TEXT(struct deal_dispute_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg deal_dispute_list_msg =
    GG_MSG("DealDisputeList", struct deal_dispute_list, dispute_list_fields, "Disputes that wait.");
