/* services/auth/sms.c
 * Codes by text message. */
#include "sms.h"

enum gg_status auth_sms_send(struct gg_arena *arena, const struct auth_sms_config *config, const char *to,
                             const char *text)
{
    const struct gg_sens_config gateway = {config->url, config->service_id, config->access_key, config->secret,
                                           config->from};

    return gg_sens_send(arena, &gateway, GG_SENS_SMS, false, to, text, NULL);
}
