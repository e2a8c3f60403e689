/* proto/push.h
 * What crosses the border of the push service: the inbox, devices, the trace of a notice. */
#ifndef PROTO_PUSH_H
#define PROTO_PUSH_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define PUSH_TOPIC "gonggu.push"

/* What a notice is about. The place of a kind is kept in rows: new ones go to the end, none ever moves. */
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
    PUSH_NEW_DEVICE,  /* a log-in from a device not seen before */
    PUSH_NEARLY_FULL, /* host: four fifths are taken */
    PUSH_FULL,        /* host and everybody in */
    PUSH_TERMS,       /* neighbour: the terms are new, accept them in time */
    PUSH_RELEASED,    /* neighbour: is out, and why */
    PUSH_CLOSING_DAY, /* host and everybody in: closes in 24 hours */
    PUSH_CLOSING_HOUR,
    PUSH_PICKUP_TODAY, /* everybody in */
    PUSH_PICKUP_SOON,  /* everybody in: in 30 minutes */
    PUSH_CODE,         /* everybody in: the window is open, show the code */
    PUSH_NO_SHOW,      /* neighbour: was not there */
    PUSH_ADJUSTED,     /* neighbour: fewer goods, some money back */
    PUSH_DISPUTE_OPENED,
    PUSH_DISPUTE_ANSWERED,
    PUSH_DISPUTE_RESOLVED,
    PUSH_MONEY,             /* a neighbour sent money */
    PUSH_WITHDRAWAL_FAILED, /* the bank refused */
    PUSH_REQUEST,           /* a 1/N request to pay */
    PUSH_REQUEST_AGAIN,     /* its reminder */
    PUSH_REQUEST_PAID,      /* creator */
    PUSH_REQUEST_DECLINED,  /* creator */
    PUSH_REVIEW,            /* both sides: how was it? */
    PUSH_WAIT_OFFERED,      /* a seat is kept for a while */
    PUSH_WAIT_LAPSED,
    PUSH_KEYWORD, /* a new deal nearby with a word one waits for */
    PUSH_COMMENT, /* host */
    PUSH_REPLY,   /* author of the comment that was answered */
    PUSH_CHAT,    /* collapsed: one per room */
    PUSH_MENTION,
    PUSH_SUSPENDED,
    PUSH_UNSUSPENDED,
    PUSH_CLOSING_ACCOUNT,
    PUSH_DIGEST,          /* so many unread notices of a window */
    PUSH_CONSENT_CHANGED, /* the law: how a consent was taken note of */
    PUSH_CONSENT_CHECK,   /* the law: every two years */
    PUSH_PROMOTION,       /* advertising, the only kind of that class */
    PUSH_WAIT_ENDED,      /* who waited: the deal recruits no more */
    PUSH_TOKEN_REUSED,    /* an old refresh token came back: that session was ended */
    PUSH_RECOVERY,        /* somebody with the phone waits to get in, and can be stopped */
    PUSH_PASSWORD,        /* a forgotten password was set by phone; every session ended */
    PUSH_KINDS            /* how many there are */
};
extern const char *const push_kind_names[];

/* What the law makes of a kind. */
enum push_class { PUSH_TRANSACTIONAL, PUSH_SERVICE, PUSH_AD };
extern const char *const push_class_names[];

/* --- events; the aggregate is the user, `sequence` the version of the inbox --- */

struct push_inbox_changed { /* push.inbox.changed.v1 */
    struct gg_id user;
    int64_t unread;
};
extern const struct gg_event_type PUSH_INBOX_CHANGED;
extern const struct gg_event_type PUSH_USER_PURGED; /* proto/auth_trust.h: an account leaves */

/* --- the inbox --- */

struct push_notice {
    struct gg_id id;
    int kind;
    const char *title, *body; /* in the language asked for */
    const char *link;         /* path in the client: "/deals/<id>" */
    struct gg_id deal;
    int64_t amount_won;
    int64_t until; /* the instant it speaks of */
    bool read, archived;
    int64_t snoozed_until;
    int64_t at;
};
struct push_notice_query { /* GET /v1/push/inbox */
    struct gg_page page;
    bool unread;   /* only these */
    bool archived; /* these instead of the others */
    int lang;      /* push_lang_names */
};
struct push_notice_list {
    struct gg_list items; /* newest first */
    const char *next;
    int64_t unread;
};
struct push_read_all {  /* POST /v1/push/inbox/read-all */
    struct gg_id up_to; /* newest notice seen */
};
struct push_snooze { /* POST /v1/push/inbox/:id/snooze */
    int64_t until;   /* three minutes to 90 days ahead; the notice comes back unread */
};

/* --- the trace of a notice --- */

/* What was decided for its channels when it was written. */
enum push_fate {
    PUSH_FATE_SENT,      /* on its way, or there */
    PUSH_FATE_OFF,       /* the person wants no push of this kind */
    PUSH_FATE_MUTED,     /* the deal is muted */
    PUSH_FATE_DIGEST,    /* waits for the digest */
    PUSH_FATE_NO_DEVICE, /* no device is subscribed */
    PUSH_FATE_NO_CONSENT /* advertising without consent */
};
extern const char *const push_fate_names[];
/* How its way ended. */
enum push_end {
    PUSH_END_SENT,    /* every device was tried as far as needed */
    PUSH_END_SHOWN,   /* a device has shown it */
    PUSH_END_READ,    /* read or archived meanwhile */
    PUSH_END_STALE,   /* no longer so: not sent (any further) */
    PUSH_END_EXPIRED, /* too old */
    PUSH_END_QUIET,   /* its time ran out during quiet hours */
    PUSH_END_MUTED,   /* muted or switched off meanwhile */
    PUSH_END_UNWANTED /* the law forbids it: no consent, or night */
};
extern const char *const push_end_names[];
enum push_channel { PUSH_WEB, PUSH_SMS };
extern const char *const push_channel_names[];
enum push_result {
    PUSH_ACCEPTED, /* by the push service or the gateway */
    PUSH_DEFERRED, /* busy or ailing: will be asked again */
    PUSH_GONE,     /* the subscription is over */
    PUSH_REJECTED, /* will never be taken */
    PUSH_NO_BUDGET /* a text message that would have cost too much */
};
extern const char *const push_result_names[];
struct push_attempt {
    int channel, result;
    struct gg_id device;
    int64_t status, tries;
    int64_t at, shown_at, clicked_at;
};
struct push_trace { /* GET /v1/push/inbox/:id/trace: why did it (not) come? */
    struct gg_id id;
    int kind, fate, end;
    int64_t at, read_at, next_at, give_up_at, digest_at, ended_at;
    struct gg_list attempts; /* struct push_attempt, first one first */
};
enum push_ack_what { PUSH_ACK_SHOWN, PUSH_ACK_CLICKED };
extern const char *const push_ack_names[];
struct push_ack {      /* POST /v1/push/acks, by the service worker */
    const char *token; /* `ack` of the payload: it alone permits */
    int what;
};

/* --- what the service worker decrypts --- */

struct push_action {
    const char *action, *title, *link;
};
struct push_payload {
    struct gg_id id;
    int kind;
    const char *title, *body, *link, *lang;
    const char *tag; /* of the notification: a repeat takes the place of the first */
    const char *ack; /* for POST /v1/push/acks */
    struct gg_list actions;
    int64_t at;
};

/* --- devices --- */

struct push_device_keys {
    const char *p256dh, *auth;
};
struct push_device_put { /* PUT /v1/push/devices/:id, full state, at each start of the client */
    const char *endpoint;
    struct push_device_keys keys;
    int lang;
    const char *key; /* applicationServerKey it subscribed with */
};
struct push_device {
    struct gg_id id;
    const char *endpoint;
    int64_t created_at, active_at;
    bool resubscribe; /* its key is being retired: unsubscribe and subscribe with the new one */
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
    push_snooze_msg, push_trace_msg, push_ack_msg, push_payload_msg, push_device_put_msg, push_device_msg,
    push_device_list_msg, push_vapid_msg;

/* --- problems --- */
extern const struct gg_problem PUSH_BAD_ENDPOINT, /* 422 host not allowed, or not https */
    PUSH_BAD_KEYS,                                /* 422 not a P-256 point, or auth not 16 bytes */
    PUSH_DEVICE_LIMIT,                            /* 409 */
    PUSH_KEYWORD_LIMIT,                           /* 409 */
    PUSH_KEYWORD_TAKEN,                           /* 409 */
    PUSH_BAD_CODE,                                /* 422 wrong, used or expired */
    PUSH_SMS_BUDGET;                              /* 429 */
extern const struct gg_problem *const push_problems[];

#endif
