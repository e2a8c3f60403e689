/* proto/auth_trust.h
 * What crosses the border of the auth service beyond accounts and log-in: blocks, suspension, leaving for good. */
#ifndef PROTO_AUTH_TRUST_H
#define PROTO_AUTH_TRUST_H

#include "proto/auth.h"

/* --- events; the aggregate is the user (of a block: who blocks) --- */

struct auth_block_event { /* auth.block.added.v1, auth.block.removed.v1 */
    struct gg_id user;    /* who blocks */
    struct gg_id blocked; /* who is blocked: neither sees, writes to, pays or joins the other any more */
};

struct auth_suspension_event { /* auth.user.suspended.v1, auth.user.unsuspended.v1 */
    struct gg_id user;
    const char *reason; /* shown to the user */
    int64_t until;      /* absent: until an admin ends it */
};

/* Leaving. asked: deal and pay stop new moves of this account and answer what is in flight. When all is clear auth says
 * closed; cancelled and restored undo it; purged, 30 days after closed, is final: whoever keeps anything personal of
 * the account removes it and tells how much (<context>.user.purged.v1). */
struct auth_closing_event { /* auth.closing.asked.v1, .cancelled.v1, auth.user.closed.v1, .restored.v1, .purged.v1 */
    struct gg_id user;
    struct gg_id closing; /* this attempt: answers carry it back */
};

extern const struct gg_event_type AUTH_BLOCK_ADDED, AUTH_BLOCK_REMOVED, AUTH_USER_SUSPENDED, AUTH_USER_UNSUSPENDED,
    AUTH_CLOSING_ASKED, AUTH_CLOSING_CANCELLED, AUTH_USER_CLOSED, AUTH_USER_RESTORED, AUTH_USER_PURGED;

/* --- what the other services answer (each in its own topic, aggregate: the user) --- */

enum auth_in_flight_kind {
    AUTH_IN_FLIGHT_HOSTED,  /* a deal the user hosts that has not ended */
    AUTH_IN_FLIGHT_SHARE,   /* a share that has not ended */
    AUTH_IN_FLIGHT_BALANCE, /* money in the wallet */
    AUTH_IN_FLIGHT_HOLD,    /* money held or in escrow */
    AUTH_IN_FLIGHT_REQUEST, /* a 1/N request that is open */
    AUTH_IN_FLIGHT_MOVE     /* a withdrawal or charge under way */
};
extern const char *const auth_in_flight_kind_names[];

struct auth_in_flight {
    int kind;        /* enum auth_in_flight_kind */
    struct gg_id id; /* the deal, share, hold ...; zero for a balance */
    const char *title;
    int64_t amount_won;
};
struct auth_closing_answer { /* deal.closing.answered.v1, pay.closing.answered.v1 */
    struct gg_id user, closing;
    struct gg_list items; /* struct auth_in_flight, the first 20; empty: nothing in flight here */
};
struct auth_purge_receipt { /* deal|pay|chat|push.user.purged.v1 */
    struct gg_id user, closing;
    int64_t rows; /* rows removed or made nameless */
};
/* The messages of the two, for the event types that deal, pay, chat and push define. */
extern const struct gg_msg auth_in_flight_msg, auth_closing_answer_msg, auth_purge_receipt_msg;

#endif
