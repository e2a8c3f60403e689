/* proto/auth_trust.c
 * The tables behind proto/auth_trust.h. */
#include "proto/auth_trust.h"

const char *const auth_in_flight_kind_names[] = {"hosted", "share", "balance", "hold", "request", "move", NULL};

static const struct gg_field block_fields[] = {
    GG_ID(struct auth_block_event, user, GG_REQUIRED, "who blocks"),
    GG_ID(struct auth_block_event, blocked, GG_REQUIRED, "who is blocked"),
};
static const struct gg_msg block_msg =
    GG_MSG("AuthBlockEvent", struct auth_block_event, block_fields, "One neighbour and another keep apart.");

static const struct gg_field suspension_fields[] = {
    GG_ID(struct auth_suspension_event, user, GG_REQUIRED, "whose account"),
    GG_TEXT(struct auth_suspension_event, reason, GG_OPTIONAL, 1, 200, "as the user is told"),
    GG_TIME(struct auth_suspension_event, until, GG_OPTIONAL, "left out: until an admin ends it"),
};
static const struct gg_msg suspension_msg = GG_MSG("AuthSuspensionEvent", struct auth_suspension_event,
                                                   suspension_fields, "An account is, or is no longer, suspended.");

static const struct gg_field closing_fields[] = {
    GG_ID(struct auth_closing_event, user, GG_REQUIRED, "whose account"),
    GG_ID(struct auth_closing_event, closing, GG_REQUIRED, "this attempt to close it"),
};
static const struct gg_msg closing_msg = GG_MSG("AuthClosingEvent", struct auth_closing_event, closing_fields,
                                                "A step on the way of an account that leaves.");

#define EVENT(constant, type, msg, doc) const struct gg_event_type constant = {type, AUTH_TOPIC, msg, doc}
EVENT(AUTH_BLOCK_ADDED, "auth.block.added.v1", &block_msg, "a neighbour was blocked");
EVENT(AUTH_BLOCK_REMOVED, "auth.block.removed.v1", &block_msg, "a block was taken back");
EVENT(AUTH_USER_SUSPENDED, "auth.user.suspended.v1", &suspension_msg, "an admin suspended the account");
EVENT(AUTH_USER_UNSUSPENDED, "auth.user.unsuspended.v1", &suspension_msg, "the suspension is over");
EVENT(AUTH_CLOSING_ASKED, "auth.closing.asked.v1", &closing_msg, "the user wants to leave: answer what is in flight");
EVENT(AUTH_CLOSING_CANCELLED, "auth.closing.cancelled.v1", &closing_msg, "the user stays, or something is in flight");
EVENT(AUTH_USER_CLOSED, "auth.user.closed.v1", &closing_msg, "closed; can come back for 30 days");
EVENT(AUTH_USER_RESTORED, "auth.user.restored.v1", &closing_msg, "came back in time");
EVENT(AUTH_USER_PURGED, "auth.user.purged.v1", &closing_msg, "gone for good: remove what is personal, send a receipt");

static const struct gg_field in_flight_fields[] = {
    GG_ENUM(struct auth_in_flight, kind, GG_REQUIRED, auth_in_flight_kind_names, "what it is"),
    GG_ID(struct auth_in_flight, id, GG_OPTIONAL, "which"),
    GG_TEXT(struct auth_in_flight, title, GG_OPTIONAL, 1, 80, "as the user knows it"),
    GG_WON(struct auth_in_flight, amount_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "money in it"),
};
const struct gg_msg auth_in_flight_msg =
    GG_MSG("AuthInFlight", struct auth_in_flight, in_flight_fields, "Something to be settled before leaving.");
static const struct gg_field closing_answer_fields[] = {
    GG_ID(struct auth_closing_answer, user, GG_REQUIRED, "whose account"),
    GG_ID(struct auth_closing_answer, closing, GG_REQUIRED, "the attempt that asked"),
    GG_LIST(struct auth_closing_answer, items, GG_REQUIRED, 0, 20, &auth_in_flight_msg, "the first 20; empty: nothing"),
};
const struct gg_msg auth_closing_answer_msg =
    GG_MSG("AuthClosingAnswer", struct auth_closing_answer, closing_answer_fields, "What a service has in flight.");
static const struct gg_field purge_receipt_fields[] = {
    GG_ID(struct auth_purge_receipt, user, GG_REQUIRED, "whose account it was"),
    GG_ID(struct auth_purge_receipt, closing, GG_REQUIRED, "the attempt that asked"),
    GG_INT(struct auth_purge_receipt, rows, GG_REQUIRED, 0, GG_WIRE_MAX, "rows removed or made nameless"),
};
const struct gg_msg auth_purge_receipt_msg =
    GG_MSG("AuthPurgeReceipt", struct auth_purge_receipt, purge_receipt_fields, "A service has purged an account.");
