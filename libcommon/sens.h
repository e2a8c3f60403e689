/* libcommon/sens.h
 * Text messages through a gateway in the form of Naver Cloud SENS v2. Blocks: OUT pool and outbound due work only. */
#ifndef LIBCOMMON_SENS_H
#define LIBCOMMON_SENS_H

#include "libcommon/mem.h"

#define GG_SMS_BYTES 90   /* of EUC-KR: what fits a short message */
#define GG_LMS_BYTES 2000 /* and a long one */

struct gg_sens_config {
    const char *url; /* base, without a slash at the end */
    const char *service_id, *access_key, *secret, *from;
};

enum gg_sens_type { GG_SENS_SMS, GG_SENS_LMS };

/* The text as phones here can write it (EUC-KR with the extension of code page 949; every other character becomes "?",
 * some a likeness), cut so that it fits a long message, in the arena; `bytes` is its length in that code and decides
 * between short and long. */
char *gg_sens_text(struct gg_arena *arena, const char *text, size_t *bytes);

/* Sends one message. `advertising` marks it as such for the gateway. `request` (may be NULL) is the gateway's id for
 * the report. GG_UNAVAILABLE, logged without number and text, when the gateway did not take it. */
enum gg_status gg_sens_send(struct gg_arena *arena, const struct gg_sens_config *config, enum gg_sens_type type,
                            bool advertising, const char *to, const char *text, const char **request) GG_MUSTCHECK;

enum gg_sens_report { GG_SENS_UNDER_WAY, GG_SENS_DELIVERED, GG_SENS_FAILED };
/* What became of it. */
enum gg_status gg_sens_ask(struct gg_arena *arena, const struct gg_sens_config *config, const char *request,
                           enum gg_sens_report *report) GG_MUSTCHECK;

#endif
