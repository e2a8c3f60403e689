/* services/push/notice.h
 * What a notice says and how urgent it is, by kind and language. Pure. */
#ifndef SERVICES_PUSH_NOTICE_H
#define SERVICES_PUSH_NOTICE_H

#include "libcommon/id.h"
#include "libcommon/mem.h"
#include "proto/push.h"

enum push_lang { PUSH_KO, PUSH_EN };

/* The facts of a notice, as they are kept: texts are made from them in the reader's language. */
struct push_facts {
    struct gg_id id, user, event, deal;
    int64_t position;
    int kind;           /* enum push_kind */
    const char *title;  /* of the deal, or the device */
    const char *who;    /* nickname; NULL: not known */
    int64_t amount_won; /* GG_NONE: no money in it */
    int64_t at;
    bool read;
};

/* The notice as the client shows it. Texts are made in the arena. */
void push_render(struct gg_arena *arena, const struct push_facts *facts, enum push_lang lang,
                 struct push_notice *notice);
/* How long a push service should keep it (s), and its Urgency header (RFC 8030). */
int64_t push_ttl(int kind);
const char *push_urgency(int kind);
/* 1234567 -> "1,234,567". In the arena. */
char *push_won(struct gg_arena *arena, int64_t won);

#endif
