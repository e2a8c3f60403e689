/* libcommon/jwt.c
 * Access tokens: whether one is good, and who it says is asking. */
#include "libcommon/jwt.h"

#include "libcommon/clock.h"
#include "libcommon/jwt_internal.h"
#include "libcommon/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>

#define CACHE_MAX 20000

static const char *expected_issuer = "gonggu", *expected_audience = "gonggu";

void gg_verifier_expect(const char *issuer, const char *audience)
{
    expected_issuer = issuer;
    expected_audience = audience;
}

const char *gg_verifier_issuer(void)
{
    return expected_issuer;
}

const char *gg_verifier_audience(void)
{
    return expected_audience;
}

/* --- neighbourhoods in a token --- */

char *gg_areas_text(struct gg_arena *arena, const struct gg_area *areas)
{
    char *text = gg_strdup(arena, "");

    for (size_t i = 0; i < GG_AREAS_MAX; i++)
        if (areas[i].code != 0)
            text = gg_sprintf(arena, "%s%s%" PRId64 "@%" PRId64, text, text[0] ? " " : "", areas[i].code,
                              areas[i].proved_at / GG_SECOND);
    return text;
}

/* One "<code>@<seconds>". */
static bool area_parse(struct gg_str text, struct gg_area *area)
{
    const char *at = memchr(text.p, '@', text.n);
    size_t n = at ? (size_t)(at - text.p) : 0;

    if (!at || !gg_parse_i64((struct gg_str){text.p, n}, 1, INT64_C(9999999999), &area->code) ||
        !gg_parse_i64((struct gg_str){at + 1, text.n - n - 1}, 0, GG_WIRE_MAX / GG_SECOND, &area->proved_at))
        return false;
    area->proved_at *= GG_SECOND;
    return true;
}

bool gg_areas_parse(struct gg_str text, struct gg_area areas[GG_AREAS_MAX])
{
    size_t n = 0;
    bool ok = true;

    memset(areas, 0, GG_AREAS_MAX * sizeof(*areas));
    while (ok && text.n > 0) {
        const char *space = memchr(text.p, ' ', text.n);
        size_t length = space ? (size_t)(space - text.p) : text.n;
        ok = n < GG_AREAS_MAX && (!space || length + 1 < text.n) &&
             area_parse((struct gg_str){text.p, length}, &areas[n++]);
        length += space != NULL;
        text = (struct gg_str){text.p + length, text.n - length};
    }
    if (!ok)
        memset(areas, 0, GG_AREAS_MAX * sizeof(*areas));
    return ok;
}

/* --- cache of good tokens: SHA-256 of the text -> claims; the longest unused goes first --- */

struct cached {
    uint8_t hash[GG_SHA256];
    struct gg_user user;
    TAILQ_ENTRY(cached) by_age;
    UT_hash_handle hh;
};
/* Loop thread, like all below. */
static struct cached *cache;
static TAILQ_HEAD(, cached) cache_ages = TAILQ_HEAD_INITIALIZER(cache_ages);

static void cache_drop(struct cached *item)
{
    HASH_DEL(cache, item);
    TAILQ_REMOVE(&cache_ages, item, by_age);
    free(item);
}

void gg_token_cache_clear(void)
{
    while (!TAILQ_EMPTY(&cache_ages))
        cache_drop(TAILQ_FIRST(&cache_ages));
}

static bool cache_get(const uint8_t hash[GG_SHA256], struct gg_user *user)
{
    struct cached *item;

    HASH_FIND(hh, cache, hash, GG_SHA256, item);
    if (!item)
        return false;
    if (item->user.expires + GG_TOKEN_LEEWAY <= gg_now()) {
        cache_drop(item);
        return false;
    }
    TAILQ_REMOVE(&cache_ages, item, by_age);
    TAILQ_INSERT_TAIL(&cache_ages, item, by_age);
    *user = item->user;
    return true;
}

static void cache_put(const uint8_t hash[GG_SHA256], const struct gg_user *user)
{
    struct cached *item = gg_xcalloc(1, sizeof(*item));

    if (HASH_COUNT(cache) >= CACHE_MAX)
        cache_drop(TAILQ_FIRST(&cache_ages));
    memcpy(item->hash, hash, GG_SHA256);
    item->user = *user;
    HASH_ADD(hh, cache, hash, GG_SHA256, item);
    TAILQ_INSERT_TAIL(&cache_ages, item, by_age);
}

/* --- verifying --- */

bool gg_verifier_load(const char *jwks, size_t n)
{
    bool withdrawn;

    if (!gg_jws_load_keys(jwks, n, &withdrawn))
        return false;
    if (withdrawn)
        gg_token_cache_clear(); /* what the key vouched for ends with it, not when the token would */
    return true;
}

struct claims {
    const char *iss, *aud, *areas;
    struct gg_id sub, sid;
    int64_t sv, exp, nbf;
    bool adm;
};
static const struct gg_field claims_fields[] = {
    GG_TEXT(struct claims, iss, GG_OPTIONAL, 0, 500, "who signed it"),
    GG_TEXT(struct claims, aud, GG_OPTIONAL, 0, 500, "whom it is for"),
    GG_TEXT(struct claims, areas, GG_OPTIONAL, 0, 100, "neighbourhoods"),
    GG_ID(struct claims, sub, GG_OPTIONAL, "the user"),
    GG_ID(struct claims, sid, GG_OPTIONAL, "the session"),
    GG_INT(struct claims, sv, GG_OPTIONAL, 0, GG_WIRE_MAX, "session version"),
    GG_INT(struct claims, exp, GG_OPTIONAL, 0, GG_WIRE_MAX / GG_SECOND, "expires, seconds"),
    GG_INT(struct claims, nbf, GG_OPTIONAL, 0, GG_WIRE_MAX / GG_SECOND, "valid from, seconds"),
    GG_BOOL(struct claims, adm, GG_OPTIONAL, "an admin"),
};
static const struct gg_msg claims_msg = GG_MSG("AccessClaims", struct claims, claims_fields, "Claims of a token.");

static bool same(const char *text, const char *expected)
{
    return text && strcmp(text, expected) == 0;
}

/* Claims of a token whose signature is good. A claim of the wrong type counts as absent. */
static const char *read_claims(struct gg_arena *arena, struct gg_str text, struct gg_user *user)
{
    struct gg_field_errors errors = {.arena = arena};
    struct claims claims;
    int64_t now = gg_now();

    if (gg_json_decode(arena, &claims_msg, text, &claims, &errors) == GG_DECODE_MALFORMED)
        return "the token is malformed";
    if (!same(claims.iss, expected_issuer) || !same(claims.aud, expected_audience))
        return "the token is for somebody else";
    if (claims.exp == GG_NONE || claims.exp * GG_SECOND + GG_TOKEN_LEEWAY <= now)
        return "the token has expired";
    if (claims.nbf == GG_NONE || claims.nbf * GG_SECOND - GG_TOKEN_LEEWAY > now)
        return "the token is not valid yet";
    if (gg_id_is_zero(claims.sub) || gg_id_is_zero(claims.sid) || claims.sv == GG_NONE)
        return "the token names no user or session";
    if (errors.n > 0)
        return "the token's claims are malformed";
    *user = (struct gg_user){.id = claims.sub,
                             .session = claims.sid,
                             .session_version = claims.sv,
                             .expires = claims.exp * GG_SECOND,
                             .admin = claims.adm};
    if (claims.areas && !gg_areas_parse((struct gg_str){claims.areas, strlen(claims.areas)}, user->areas))
        return "the token's neighbourhoods are malformed";
    return NULL;
}

/* The slow way: signature and every claim. */
static const char *verify(struct gg_str token, struct gg_user *user)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_str claims;
    const char *reason = gg_jws_open(arena, token, GG_ACCESS_TYPE, &claims);

    if (!reason)
        reason = read_claims(arena, claims, user);
    gg_arena_destroy(arena);
    return reason;
}

const char *gg_verify(struct gg_str token, struct gg_user *user)
{
    struct gg_user verified = {0};
    uint8_t hash[GG_SHA256];
    const char *reason;

    if (token.n == 0 || token.n > GG_TOKEN_MAX)
        return "the token is malformed";
    gg_sha256(token, hash);
    if (cache_get(hash, user))
        return NULL;
    reason = verify(token, &verified);
    if (reason)
        return reason;
    cache_put(hash, &verified);
    *user = verified;
    return NULL;
}
#pragma GCC diagnostic pop
