/* services/auth/device.c
 * Known devices. */
#include "device.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"

#include <string.h>

struct token {
    struct gg_id device;
    uint8_t at[8]; /* seconds, big-endian */
    uint8_t mac[GG_SHA256];
};

static void token_mac(struct gg_str secret, struct gg_id user, const struct token *token, uint8_t mac[GG_SHA256])
{
    uint8_t text[7 + 16 + 16 + 8];

    memcpy(text, "device|", 7);
    memcpy(text + 7, user.b, 16);
    memcpy(text + 23, token->device.b, 16);
    memcpy(text + 39, token->at, 8);
    gg_hmac_sha256(secret, (struct gg_str){(const char *)text, sizeof(text)}, mac);
}

static int64_t token_time(const struct token *token)
{
    int64_t seconds = 0;

    for (size_t i = 0; i < sizeof(token->at); i++)
        seconds = (seconds & (INT64_MAX >> 8)) << 8 | token->at[i];
    return seconds > INT64_MAX / GG_SECOND ? INT64_MAX : seconds * GG_SECOND;
}

/* Takes the next token of the cookie; false at its end. `text` is the token as it stands. */
static bool next_token(const char **cookie, struct gg_str *text)
{
    size_t n = *cookie ? strcspn(*cookie, "~") : 0;

    if (n == 0)
        return false;
    *text = (struct gg_str){*cookie, n};
    *cookie += n + ((*cookie)[n] == '~');
    return true;
}

/* Whether the token is ours and speaks of this user. */
static bool token_of(struct gg_arena *arena, struct gg_str secret, struct gg_str text, struct gg_id user,
                     struct token *token)
{
    struct gg_str bytes;
    uint8_t mac[GG_SHA256];

    if (!gg_base64url_decode(arena, text, &bytes) || bytes.n != sizeof(*token))
        return false;
    memcpy(token, bytes.p, sizeof(*token));
    token_mac(secret, user, token, mac);
    return gg_secret_equal(mac, token->mac, sizeof(mac));
}

bool auth_device_trusted(struct gg_arena *arena, struct gg_str secret, const char *cookie, struct gg_id user,
                         int64_t now, struct gg_id *device)
{
    struct token token;
    struct gg_str text;

    for (size_t i = 0; i < AUTH_DEVICE_ACCOUNTS && next_token(&cookie, &text); i++)
        if (token_of(arena, secret, text, user, &token) && token_time(&token) > now - AUTH_DEVICE_MS) {
            *device = token.device;
            return true;
        }
    return false;
}

char *auth_device_cookie(struct gg_arena *arena, struct gg_str secret, const char *cookie, struct gg_id user,
                         int64_t now)
{
    struct token token, old;
    struct gg_str text, bytes;
    char *all, *others = gg_strdup(arena, "");
    size_t n = 1;

    token.device = gg_id_new();
    while (n < AUTH_DEVICE_ACCOUNTS && next_token(&cookie, &text)) {
        if (token_of(arena, secret, text, user, &old)) {
            token.device = old.device;
            continue;
        }
        if (!gg_base64url_decode(arena, text, &bytes) || bytes.n != sizeof(token))
            continue; /* never ours: nothing else is sent back */
        others = gg_sprintf(arena, "%s~%.*s", others, (int)text.n, text.p);
        n++;
    }
    for (size_t i = 0; i < sizeof(token.at); i++)
        token.at[i] = (uint8_t)(now / GG_SECOND >> (56 - 8 * i));
    token_mac(secret, user, &token, token.mac);
    all = gg_base64url(arena, &token, sizeof(token));
    return gg_sprintf(arena, "%s%s", all, others);
}
