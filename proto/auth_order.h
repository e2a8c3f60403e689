/* proto/auth_order.h
 * What crosses the border of the auth service to keep order among neighbours: blocks, reports, the admins' decisions,
 * and the log in which everybody reads what happened to his account. */
#ifndef PROTO_AUTH_ORDER_H
#define PROTO_AUTH_ORDER_H

#include "proto/auth_trust.h"

/* --- blocks --- */

struct auth_block {
    struct gg_id user; /* who is blocked */
    const char *nickname;
    int64_t blocked_at;
};
struct auth_block_list {  /* GET /v1/auth/blocks */
    struct gg_list items; /* struct auth_block, newest first */
    const char *next;
};

/* --- reports --- */

enum auth_report_reason {
    AUTH_REPORT_NO_SHOW,
    AUTH_REPORT_FRAUD,
    AUTH_REPORT_ABUSE,
    AUTH_REPORT_SPAM,
    AUTH_REPORT_FORBIDDEN_GOODS,
    AUTH_REPORT_OTHER
};
extern const char *const auth_report_reason_names[];
enum auth_report_context {
    AUTH_CONTEXT_PROFILE,
    AUTH_CONTEXT_DEAL,
    AUTH_CONTEXT_SHARE,
    AUTH_CONTEXT_MESSAGE,
    AUTH_CONTEXT_COMMENT,
    AUTH_CONTEXT_REVIEW
};
extern const char *const auth_report_context_names[];
enum auth_report_state { AUTH_REPORT_OPEN, AUTH_REPORT_DISMISSED, AUTH_REPORT_UPHELD };
extern const char *const auth_report_state_names[];

struct auth_report_new { /* POST /v1/auth/reports */
    struct gg_id user;   /* who is reported */
    int reason;          /* enum auth_report_reason */
    const char *detail;
    int context;             /* enum auth_report_context */
    struct gg_id context_id; /* the deal, share, room ... */
    int64_t context_seq;     /* of a message in its room */
};
struct auth_report {
    struct gg_id id, user, reporter; /* reporter: admins only */
    const char *nickname;            /* of who is reported */
    int reason;
    const char *detail;
    int context;
    struct gg_id context_id;
    int64_t context_seq;
    int state; /* enum auth_report_state */
    int64_t reported_at, decided_at;
    const char *decision; /* what the admin wrote; admins only */
};
struct auth_report_list { /* GET /v1/auth/reports (own), GET /v1/auth/admin/reports (the queue, oldest first) */
    struct gg_list items; /* struct auth_report */
    const char *next;
};
struct auth_report_query { /* of the admin's queue */
    struct gg_page page;
    int state; /* absent: open */
};

/* --- what admins do --- */

struct auth_suspend {   /* PUT /v1/auth/admin/users/:id/suspension */
    const char *reason; /* shown to the user */
    int64_t until;      /* absent: until an admin ends it */
};
struct auth_set_role { /* PUT /v1/auth/admin/users/:id/role */
    bool admin;
    const char *reason;
};
struct auth_decide_report { /* POST /v1/auth/admin/reports/:id/decision */
    bool uphold;
    const char *note;             /* for the admin log */
    struct auth_suspend *suspend; /* with uphold only; NULL: no suspension */
};
struct auth_admin_user_query { /* GET /v1/auth/admin/users?id=|login_id=|nickname= */
    struct gg_id id;
    const char *login_id, *nickname;
};
struct auth_admin_user {
    struct gg_id id;
    const char *login_id, *nickname;
    bool admin;
    int64_t created_at;
    bool suspended;
    int64_t suspended_until;
    const char *suspended_for;
    int64_t open_reports;
};

enum auth_admin_action {
    AUTH_ADMIN_ROLE_GIVEN,
    AUTH_ADMIN_ROLE_TAKEN,
    AUTH_ADMIN_SUSPENDED,
    AUTH_ADMIN_UNSUSPENDED,
    AUTH_ADMIN_REPORT_DISMISSED,
    AUTH_ADMIN_REPORT_UPHELD,
    AUTH_ADMIN_SESSIONS_ENDED
};
extern const char *const auth_admin_action_names[];
struct auth_admin_entry {
    int64_t number; /* 1, 2, 3 ... without gaps */
    int64_t at;
    struct gg_id admin; /* absent: the command line */
    int action;         /* enum auth_admin_action */
    struct gg_id user, report;
    int64_t until;
    const char *reason;
    const char *hash; /* of this entry and the hash before it, hexadecimal */
};
struct auth_admin_log {   /* GET /v1/auth/admin/log, newest first */
    struct gg_list items; /* struct auth_admin_entry */
    const char *next;
};

/* --- the security log of one's own account --- */

enum auth_security_kind {
    AUTH_SECURITY_SIGNUP,
    AUTH_SECURITY_LOGIN,
    AUTH_SECURITY_NEW_DEVICE,
    AUTH_SECURITY_LOGIN_FAILED,
    AUTH_SECURITY_LOGOUT,
    AUTH_SECURITY_TOKEN_REUSED,
    AUTH_SECURITY_PASSWORD,
    AUTH_SECURITY_PHONE,
    AUTH_SECURITY_PROFILE,
    AUTH_SECURITY_PIN,
    AUTH_SECURITY_PIN_FAILED,
    AUTH_SECURITY_PASSKEY,
    AUTH_SECURITY_SOCIAL,
    AUTH_SECURITY_ROLE,
    AUTH_SECURITY_SUSPENDED,
    AUTH_SECURITY_UNSUSPENDED,
    AUTH_SECURITY_AREA,
    AUTH_SECURITY_CLOSING,
    AUTH_SECURITY_CLOSED,
    AUTH_SECURITY_RESTORED,
    AUTH_SECURITY_EXPORT,
    AUTH_SECURITY_RECOVERY
};
extern const char *const auth_security_kind_names[];
struct auth_security_entry {
    struct gg_id id;
    int64_t at;
    int kind; /* enum auth_security_kind */
    const char *device, *address;
    const char *note;
};
struct auth_security_list { /* GET /v1/auth/security-log, newest first */
    struct gg_list items;   /* struct auth_security_entry */
    const char *next;
};

extern const struct gg_msg auth_block_msg, auth_block_list_msg, auth_report_new_msg, auth_report_msg,
    auth_report_list_msg, auth_report_query_msg, auth_suspend_msg, auth_set_role_msg, auth_decide_report_msg,
    auth_admin_user_query_msg, auth_admin_user_msg, auth_admin_entry_msg, auth_admin_log_msg, auth_security_entry_msg,
    auth_security_list_msg;

/* --- problems; listed in auth_problems --- */
extern const struct gg_problem AUTH_SUSPENDED, /* 403 at log-in: `until` in ms when it ends by itself */
    AUTH_IS_ADMIN,        /* 409 an admin is not suspended and does not leave; the role is taken first */
    AUTH_LAST_ADMIN,      /* 409 */
    AUTH_REPORT_DECIDED,  /* 409 */
    AUTH_REPORT_BUDGET,   /* 429 */
    AUTH_TOO_MANY_BLOCKS, /* 409 */
    AUTH_SIGNUP_BUDGET;   /* 429 */

#endif
