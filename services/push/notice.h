/* services/push/notice.h
 * What a notice says, by kind and language, and the rules of each kind. Pure. */
#ifndef SERVICES_PUSH_NOTICE_H
#define SERVICES_PUSH_NOTICE_H

#include "libcommon/id.h"
#include "libcommon/mem.h"
#include "proto/push.h"

enum push_lang { PUSH_KO, PUSH_EN };

/* The facts of a notice, as they are kept: texts are made from them in the reader's language. */
struct push_facts {
    struct gg_id id, user, event, deal;
    struct gg_id target; /* room, request ...; zero: the deal */
    int64_t position;
    int kind;           /* enum push_kind */
    const char *title;  /* of the deal, or the device */
    const char *who;    /* nickname; NULL: not known */
    const char *text;   /* words of somebody; NULL: none */
    int64_t amount_won; /* GG_NONE: no money in it */
    int64_t until;      /* GG_NONE: no instant in it */
    int64_t number;     /* GG_NONE: none */
    int64_t at;
    int fate; /* enum push_fate */
    int64_t read_at, archived_at, snoozed_until, digest_at, ended_at;
    int end;   /* enum push_end; -1: not ended */
    bool read; /* read_at is set */
};

/* What must still be so when it is sent. */
enum push_need {
    PUSH_NEED_NOTHING,
    PUSH_NEED_RECRUITING, /* the deal still recruits, and the person is in it or hosts it */
    PUSH_NEED_IN,         /* the person has a share, or hosts */
    PUSH_NEED_TO_PICK_UP, /* goods are here and this share is not handed over */
    PUSH_NEED_TO_ACCEPT,  /* the share has not accepted the newest terms */
    PUSH_NEED_UNTIL       /* the instant it names has not come */
};

struct push_rule {
    enum push_class class;
    const char *title[2], *body[2]; /* by enum push_lang; {title} {who} {won} {text} {until} {number} are filled in */
    const char *link;               /* {deal} and {target} are filled in */
    int64_t ttl_s;                  /* how long it is of use */
    const char *urgency;            /* RFC 8030 */
    int64_t patience_s;             /* how long a device has to show it before the next one is tried */
    enum push_need need;
    bool critical;         /* cannot be switched off, muted or kept for the morning */
    bool sms;              /* may go by text message as a last resort */
    bool collapse;         /* one open notice per (kind, target, person) */
    const char *action[2]; /* words of its button; NULL: none */
};

/* The rule of a kind; never NULL for a kind of enum push_kind. */
const struct push_rule *push_rule(int kind);

/* The notice as the client shows it in the list. Texts are made in the arena. */
void push_render(struct gg_arena *arena, const struct push_facts *facts, enum push_lang lang,
                 struct push_notice *notice);
/* 1234567 -> "1,234,567". In the arena. */
char *push_won(struct gg_arena *arena, int64_t won);
/* "11월 21일 18:00" or "21 Nov 18:00", Korean time: deals take place here. In the arena. */
char *push_time(struct gg_arena *arena, int64_t ms, enum push_lang lang);

#endif
