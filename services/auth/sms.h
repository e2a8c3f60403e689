/* services/auth/sms.h
 * The SMS gateway in the form of Naver SENS v2. Blocks: OUT pool only. */
#ifndef SERVICES_AUTH_SMS_H
#define SERVICES_AUTH_SMS_H

#include "libcommon/sens.h"

struct auth_sms_config {
    const char *url; /* base, without a slash at the end */
    const char *service_id, *access_key, *secret, *from;
};

/* Sends one short message (at most 90 bytes in EUC-KR). GG_UNAVAILABLE, logged without number and text, when the
 * gateway did not take it. */
enum gg_status auth_sms_send(struct gg_arena *arena, const struct auth_sms_config *config, const char *to,
                             const char *text) GG_MUSTCHECK;

#endif
