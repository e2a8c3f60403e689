/* services/auth/pin.c
 * Rules of the payment PIN. */
#include "pin.h"

#include <string.h>

/* Whether the digits go on by the same step all the way (000000, 123456, 987654). */
static bool even_steps(const char *pin)
{
    int step = pin[1] - pin[0];

    for (size_t i = 1; i + 1 < 6; i++)
        if (pin[i + 1] - pin[i] != step)
            return false;
    return step >= -1 && step <= 1;
}

/* Whether it is its first `period` digits over and over (121212, 123123). */
static bool repeats(const char *pin, size_t period)
{
    for (size_t i = period; i < 6; i++)
        if (pin[i] != pin[i - period])
            return false;
    return true;
}

bool auth_pin_weak(const char *pin, const char *phone)
{
    return even_steps(pin) || repeats(pin, 2) || repeats(pin, 3) || (phone && strstr(phone, pin));
}

char *auth_pin_keyed(struct gg_arena *arena, struct gg_str secret, struct gg_id user, const char *pin)
{
    char id[GG_ID_TEXT], *text;
    uint8_t mac[GG_SHA256];

    gg_id_format(user, id);
    text = gg_sprintf(arena, "pin|%s|%s", id, pin);
    gg_hmac_sha256(secret, (struct gg_str){text, strlen(text)}, mac);
    return gg_base64url(arena, mac, sizeof(mac));
}
