/* services/auth/account.c
 * The rules of accounts and sessions. */
#include "account.h"

#include <stdio.h>
#include <string.h>

/* Decodes one code point of valid UTF-8 and moves on. */
static uint32_t next_code_point(const char **text)
{
    const uint8_t *p = (const uint8_t *)*text;
    uint32_t value = p[0];
    size_t more = 0;

    if (value >= 0xf0) {
        value &= 0x07;
        more = 3;
    } else if (value >= 0xe0) {
        value &= 0x0f;
        more = 2;
    } else if (value >= 0xc0) {
        value &= 0x1f;
        more = 1;
    }
    for (size_t i = 1; i <= more; i++)
        value = value << 6 | (p[i] & 0x3f);
    *text += 1 + more;
    return value;
}

static bool nickname_letter(uint32_t c)
{
    bool latin = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    bool hangul = c >= 0xac00 && c <= 0xd7a3; /* syllables; NFC leaves no loose jamo in ordinary names */

    return latin || hangul;
}

bool auth_nickname_valid(const char *nickname, const char **reason)
{
    bool after_space = true;

    for (const char *p = nickname; *p;) {
        uint32_t c = next_code_point(&p);
        if (c == ' ' && after_space) {
            *reason = "spaces stand only between words, one at a time";
            return false;
        }
        if (c != ' ' && !nickname_letter(c)) {
            *reason = "only Korean and Latin letters, digits, _ and spaces between words";
            return false;
        }
        after_space = c == ' ';
    }
    *reason = "spaces stand only between words, one at a time";
    return !after_space;
}

bool auth_phone_valid(const char *phone)
{
    size_t n = strlen(phone);

    if (strncmp(phone, "010", 3) == 0)
        return n == 11;
    return phone[0] == '0' && phone[1] == '1' && strchr("16789", phone[2]) && phone[2] != '\0' && (n == 10 || n == 11);
}

char *auth_phone_mask(struct gg_arena *arena, const char *phone)
{
    size_t n = strlen(phone);

    return n < 8 ? gg_strdup(arena, "****") : gg_sprintf(arena, "%.3s-****-%s", phone, phone + n - 4);
}

void auth_device_name(const char *user_agent, char out[AUTH_DEVICE_LENGTH])
{
    static const struct {
        const char *mark, *name;
    } browsers[] = {{"SamsungBrowser", "Samsung Internet"},
                    {"Whale", "Whale"},
                    {"KAKAOTALK", "KakaoTalk"},
                    {"Edg", "Edge"},
                    {"Firefox", "Firefox"},
                    {"Chrome", "Chrome"},
                    {"Safari", "Safari"}},
      systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},   {"iPad", "iPad"},
                   {"Windows", "Windows"}, {"Macintosh", "macOS"}, {"Linux", "Linux"}};
    const char *browser = "App", *system = NULL;

    for (size_t i = GG_LEN(browsers); user_agent && i-- > 0;)
        if (strstr(user_agent, browsers[i].mark))
            browser = browsers[i].name;
    for (size_t i = GG_LEN(systems); user_agent && i-- > 0;)
        if (strstr(user_agent, systems[i].mark))
            system = systems[i].name;
    snprintf(out, AUTH_DEVICE_LENGTH, "%s%s%s", browser, system ? " · " : "", system ? system : "");
}

void auth_code_hash(struct gg_str secret, struct gg_id request, const char *phone, const char *code,
                    uint8_t out[GG_SHA256])
{
    char text[GG_ID_TEXT + 32], id[GG_ID_TEXT];
    int n;

    gg_id_format(request, id);
    n = snprintf(text, sizeof(text), "%s|%.11s|%.6s", id, phone, code);
    gg_hmac_sha256(secret, (struct gg_str){text, (size_t)n}, out);
}

bool auth_codes_come_back(int64_t sent, int64_t redeemed, int64_t enough, int64_t percent)
{
    return sent < enough || redeemed * 100 >= sent * percent;
}

/* The bytes of a token before its MAC: the session's id, then the generation with its high byte first. */
#define TOKEN_HEAD  24
#define TOKEN_BYTES (TOKEN_HEAD + GG_SHA256)

static void token_head(struct gg_id session, int64_t generation, uint8_t out[TOKEN_HEAD])
{
    memcpy(out, session.b, 16);
    for (int i = 0; i < 8; i++)
        out[16 + i] = (uint8_t)((uint64_t)generation >> (56 - 8 * i));
}

static void token_mac(struct gg_str secret, const uint8_t salt[16], struct gg_id session, int64_t generation,
                      uint8_t out[GG_SHA256])
{
    uint8_t input[TOKEN_HEAD + 16];

    token_head(session, generation, input);
    memcpy(input + TOKEN_HEAD, salt, 16);
    gg_hmac_sha256(secret, (struct gg_str){(const char *)input, sizeof(input)}, out);
}

char *auth_refresh_token_make(struct gg_arena *arena, struct gg_str secret, struct gg_id session,
                              const uint8_t salt[16], int64_t generation)
{
    uint8_t bytes[TOKEN_BYTES];

    token_head(session, generation, bytes);
    token_mac(secret, salt, session, generation, bytes + TOKEN_HEAD);
    return gg_base64url(arena, bytes, sizeof(bytes));
}

bool auth_refresh_token_parse(struct gg_arena *arena, struct gg_str text, struct auth_refresh_token *token)
{
    struct gg_str bytes;
    uint64_t generation = 0;

    if (text.n > 100 || !gg_base64url_decode(arena, text, &bytes) || bytes.n != TOKEN_BYTES)
        return false;
    memcpy(token->session.b, bytes.p, 16);
    for (int i = 0; i < 8; i++)
        generation = generation << 8 | (uint8_t)bytes.p[16 + i];
    token->generation = (int64_t)generation;
    memcpy(token->mac, bytes.p + TOKEN_HEAD, GG_SHA256);
    return true;
}

bool auth_refresh_token_genuine(const struct auth_refresh_token *token, struct gg_str secret, const uint8_t salt[16])
{
    uint8_t mac[GG_SHA256];

    token_mac(secret, salt, token->session, token->generation, mac);
    return gg_secret_equal(mac, token->mac, GG_SHA256);
}

enum auth_refresh auth_refresh_decide(int64_t generation, int64_t current, int64_t rotated_at, int64_t now)
{
    if (generation == current)
        return AUTH_REFRESH_ROTATE;
    if (generation == current - 1 && now - rotated_at <= AUTH_GRACE_MS)
        return AUTH_REFRESH_REPEAT;
    return AUTH_REFRESH_REUSE;
}

static const char *const session_states[] = {"open", "ended", NULL};
static const char *const session_events[] = {"refreshed", "logged_out", "token_reused", "revoked", "idle", NULL};
static const struct gg_transition session_rows[] = {
    {AUTH_SESSION_OPEN, AUTH_SESSION_REFRESHED, AUTH_SESSION_OPEN, "newest token, or the one before within 30 s"},
    {AUTH_SESSION_OPEN, AUTH_SESSION_LOGGED_OUT, AUTH_SESSION_ENDED_STATE, "by its owner"},
    {AUTH_SESSION_OPEN, AUTH_SESSION_TOKEN_REUSED, AUTH_SESSION_ENDED_STATE, "an old refresh token came back"},
    {AUTH_SESSION_OPEN, AUTH_SESSION_REVOKED, AUTH_SESSION_ENDED_STATE, "from another device, or by a new password"},
    {AUTH_SESSION_OPEN, AUTH_SESSION_IDLE, AUTH_SESSION_ENDED_STATE, "no refresh for 30 days"},
};
const struct gg_fsm auth_session_fsm = {"session", session_states, session_events, session_rows, GG_LEN(session_rows)};
