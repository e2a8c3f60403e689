/* proto/push.h
 * What crosses the border of the push service: the inbox, devices. */
#ifndef PROTO_PUSH_H
#define PROTO_PUSH_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define PUSH_TOPIC "gonggu.push"

/* What a notice is about. */
enum push_kind {
    PUSH_JOINED,      /* host: somebody is in */
    PUSH_LEFT,        /* host: somebody left */
    PUSH_REFUSED,     /* neighbour: the money was not there, or no answer came */
    PUSH_CONFIRMED,   /* everybody in */
    PUSH_FAILED,      /* everybody in: the minimum was missed */
    PUSH_CANCELLED,   /* everybody in */
    PUSH_PURCHASED,   /* everybody in, with the refund */
    PUSH_ARRIVED,     /* everybody in: come and get it */
    PUSH_HANDED_OVER, /* neighbour: the host confirmed the hand-over */
    PUSH_PAID_OUT,    /* host: money came in */
    PUSH_CHARGED,     /* the wallet was charged */
    PUSH_NEW_DEVICE   /* a log-in from a device not seen before */
};
extern const char *const push_kind_names[];

/* --- events; the aggregate is the user, `sequence` the version of the inbox --- */

struct push_inbox_changed { /* push.inbox.changed.v1 */
    struct gg_id user;
    int64_t unread;
};
extern const struct gg_event_type PUSH_INBOX_CHANGED;
extern const struct gg_event_type PUSH_USER_PURGED; /* proto/auth_trust.h: an account leaves */

/* --- HTTP --- */

struct push_notice {
    struct gg_id id;
    int kind;
    const char *title, *body; /* in the language asked for */
    const char *link;         /* path in the client: "/deals/<id>" */
    struct gg_id deal;
    int64_t amount_won;
    bool read;
    int64_t at;
};
struct push_notice_query { /* GET /v1/push/inbox */
    struct gg_page page;
    bool unread; /* only these */
    int lang;    /* push_lang_names */
};
struct push_notice_list {
    struct gg_list items; /* newest first */
    const char *next;
    int64_t unread;
};
struct push_read_all {  /* POST /v1/push/inbox/read-all */
    struct gg_id up_to; /* newest notice seen */
};
struct push_device_keys {
    const char *p256dh, *auth;
};
struct push_device_put { /* PUT /v1/push/devices/:id, full state */
    const char *endpoint;
    struct push_device_keys keys;
    int lang;
};
struct push_device {
    struct gg_id id;
    const char *endpoint;
    int64_t created_at;
};
struct push_device_list { /* GET /v1/push/devices: at most 20, one page */
    struct gg_list items;
    const char *next;
};
struct push_vapid { /* GET /v1/push/vapid-key */
    const char *key;
};
extern const char *const push_lang_names[]; /* ko, en */
extern const struct gg_msg push_notice_msg, push_notice_query_msg, push_notice_list_msg, push_read_all_msg,
    push_device_put_msg, push_device_msg, push_device_list_msg, push_vapid_msg;
/* What the service worker decrypts: a push_notice. */

/* --- problems --- */
extern const struct gg_problem PUSH_BAD_ENDPOINT, /* 422 host not allowed, or not https */
    PUSH_BAD_KEYS,                                /* 422 not a P-256 point, or auth not 16 bytes */
    PUSH_DEVICE_LIMIT;                            /* 409 */
extern const struct gg_problem *const push_problems[];

#endif
