/* proto/deal_flow.h
 * What crosses the border of the deal service on the way of a share: waiting list, terms, hand-over, disputes, and what
 * deal answers when an account leaves. */
#ifndef PROTO_DEAL_FLOW_H
#define PROTO_DEAL_FLOW_H

#include "proto/deal.h"

enum deal_wait_state {
    DEAL_WAITING,
    DEAL_OFFERED, /* portions are kept until offered_until */
    DEAL_WAIT_TAKEN,
    DEAL_WAIT_LAPSED, /* the offer was not taken in time, or the deal closed */
    DEAL_WAIT_LEFT
};
extern const char *const deal_wait_state_names[];
enum deal_dispute_state {
    DEAL_DISPUTE_STATE_OPEN,
    DEAL_DISPUTE_STATE_ANSWERED, /* by the host */
    DEAL_DISPUTE_STATE_AGREED,
    DEAL_DISPUTE_STATE_DECIDED, /* by an admin */
    DEAL_DISPUTE_STATE_LAPSED   /* nobody moved in time: what the other side said last stands */
};
extern const char *const deal_dispute_state_names[];

/* --- events; the aggregate is the deal, unless said otherwise --- */

struct deal_wait_event { /* deal.wait.offered.v1, deal.wait.lapsed.v1 */
    struct gg_id deal, wait, user;
    const char *title;
    int64_t offered;
    int64_t offered_until;
};
struct deal_waiter {
    struct gg_id wait, user;
};
struct deal_wait_ended { /* deal.wait.ended.v1: the deal recruits no more, nobody waits any longer */
    struct gg_id deal;
    const char *title;
    struct gg_list waiters; /* struct deal_waiter, first in line first; offers not taken among them */
};
struct deal_dispute_event { /* deal.dispute.opened.v1, .answered.v1, .resolved.v1 */
    struct gg_id deal, share, dispute;
    struct gg_id user, host;
    struct gg_id actor; /* whose act; zero: the clock */
    const char *title;
    int state;
    int64_t refund_won; /* opened: asked; answered: offered; resolved: given back to the neighbour */
    int64_t amount_won; /* resolved: what is left for the host, paid by deal.share.handed_over; 0: nothing */
};
/* opened: pay freezes this share (nothing is refunded or paid out). resolved: pay unfreezes it and refunds refund_won.
 */
extern const struct gg_event_type DEAL_WAIT_OFFERED_EVENT, DEAL_WAIT_LAPSED_EVENT, DEAL_WAIT_ENDED_EVENT,
    DEAL_DISPUTE_OPENED_EVENT, DEAL_DISPUTE_ANSWERED_EVENT, DEAL_DISPUTE_RESOLVED_EVENT;
/* Aggregate: the user. Data: struct auth_closing_answer, struct auth_purge_receipt of proto/auth_trust.h. */
extern const struct gg_event_type DEAL_CLOSING_ANSWERED_EVENT, DEAL_USER_PURGED_EVENT;

/* --- HTTP --- */

struct deal_accept { /* POST /v1/deal/deals/:id/share/accept */
    int64_t terms;   /* the version that is accepted */
};
struct deal_terms { /* one version, as it was agreed to */
    int64_t version;
    int64_t since;
    struct deal_create *deal; /* title, unit, price, portions, times, place of that version */
};
struct deal_terms_list { /* GET /v1/deal/deals/:id/terms: newest first */
    struct gg_list items;
    const char *next;
};
struct deal_choose_window { /* POST /v1/deal/deals/:id/share/window */
    int64_t window;
};
struct deal_arrive {  /* POST /v1/deal/deals/:id/arrivals */
    int64_t portions; /* that came, the host's among them; GG_NONE: all that were bought */
};
/* POST /v1/deal/deals/:id/handovers; repeating it is harmless. Code or qr, and by which device clock it was scanned. */
struct deal_handover {
    const char *code, *qr;
    int64_t quantity;   /* portions that changed hands; GG_NONE: all */
    int64_t scanned_at; /* GG_NONE: now */
};
struct deal_handover_sync { /* POST /v1/deal/deals/:id/handovers/sync: what an offline phone has collected */
    struct gg_list items;   /* struct deal_handover */
};
struct deal_handover_result {
    const char *code; /* problem code; NULL: done, now or before */
    struct gg_id share;
};
struct deal_handover_results {
    struct gg_list items; /* in the order of the request */
};
struct deal_dispute_open { /* POST /v1/deal/deals/:id/share/dispute */
    const char *message;
    struct gg_list photos;
    int64_t refund_won; /* asked for; GG_NONE: everything */
};
struct deal_dispute_answer { /* POST /v1/deal/deals/:id/shares/:share/dispute/answer, by the host */
    const char *message;
    int64_t refund_won; /* offered; at least what was asked for: agreed at once */
};
struct deal_dispute_decide { /* POST /v1/deal/disputes/:id/decide, by an admin */
    const char *message;
    int64_t refund_won;
};
struct deal_dispute {
    struct gg_id id, deal, share;
    struct deal_person user, host;
    const char *title;
    int state;
    const char *message, *answer, *decision;
    struct gg_list photos; /* texts: paths */
    int64_t amount_won;    /* in escrow when it began */
    int64_t asked_won, offered_won, refund_won;
    int64_t opened_at, answered_at, ended_at;
    int64_t due_at; /* what stands then is done by itself */
};
struct deal_dispute_list { /* GET /v1/deal/disputes: all open ones, for admins */
    struct gg_list items;
    const char *next;
};
extern const struct gg_msg deal_accept_msg, deal_terms_msg, deal_terms_list_msg, deal_choose_window_msg,
    deal_arrive_msg, deal_handover_msg, deal_handover_sync_msg, deal_handover_results_msg, deal_dispute_open_msg,
    deal_dispute_answer_msg, deal_dispute_decide_msg, deal_dispute_msg, deal_dispute_list_msg;

#endif
