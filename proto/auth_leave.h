/* proto/auth_leave.h
 * What crosses the border of the auth service when somebody leaves, or wants to know what is kept of him. The events of
 * leaving are in proto/auth_trust.h. */
#ifndef PROTO_AUTH_LEAVE_H
#define PROTO_AUTH_LEAVE_H

#include "proto/auth_area.h"
#include "proto/auth_order.h"
#include "proto/auth_step_up.h"

enum auth_closing_state {
    AUTH_CLOSING_ASKED_STATE, /* deal and pay are being asked what is in flight */
    AUTH_CLOSING_IN_FLIGHT,   /* something is: the account stays open */
    AUTH_CLOSING_WITHDRAWN,   /* the user stays, or no answer came */
    AUTH_CLOSING_CLOSED,      /* logging in restores it until purge_at */
    AUTH_CLOSING_RESTORED,
    AUTH_CLOSING_ERASING, /* purged here, the receipts of the others are on their way */
    AUTH_CLOSING_ERASED
};
extern const char *const auth_closing_state_names[];

struct auth_close {           /* POST /v1/auth/closing */
    struct auth_again *again; /* shows again who it is */
};
struct auth_receipt {
    const char *service;
    int64_t rows; /* removed or made nameless */
    int64_t at;
};
struct auth_closing { /* GET /v1/auth/closing (one's own), GET /v1/auth/closings/:id (whoever knows the id) */
    struct gg_id id;
    int state; /* enum auth_closing_state */
    int64_t asked_at, closed_at, purge_at;
    struct gg_list in_flight; /* struct auth_in_flight; one's own only */
    struct gg_list receipts;  /* struct auth_receipt */
};

struct auth_export { /* GET /v1/auth/export */
    int64_t exported_at;
    struct gg_id id;
    const char *login_id, *nickname, *phone;
    bool admin;
    int64_t created_at;
    struct gg_list sessions;       /* struct auth_session, open ones */
    struct gg_list neighbourhoods; /* struct auth_neighbourhood */
    struct gg_list blocks;         /* struct auth_block */
    struct gg_list reports;        /* struct auth_report, made by the user */
    struct gg_list security;       /* struct auth_security_entry, newest first */
};

extern const struct gg_msg auth_close_msg, auth_receipt_msg, auth_closing_msg, auth_export_msg;

/* --- problems; listed in auth_problems --- */
extern const struct gg_problem AUTH_CLOSING_UNDER_WAY; /* 409 */

#endif
