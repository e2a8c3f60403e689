/* libcommon/jwt.c
 * Access tokens. Every check that libjwt leaves out stands here. */
#include "libcommon/jwt.h"

#include "libcommon/clock.h"
#include "libcommon/jwt_internal.h"
#include "libcommon/log.h"
#include "libcommon/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <cjson/cJSON.h>
#include <jwt.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>

#define TOKEN_MAX 4096
#define KEYS_MAX  8
#define CACHE_MAX 20000
#define LEEWAY    (30 * GG_SECOND)
#define KID_MAX   64

static const char *expected_issuer = "gonggu", *expected_audience = "gonggu";

/* --- signing --- */

struct gg_signer {
    struct gg_ec_key *key;
    char *pem;
    char kid[KID_MAX];
    char *issuer, *audience;
};

/* x and y of the key as base64url, and the RFC 7638 thumbprint over both. */
static void jwk_parts(const struct gg_ec_key *key, struct gg_arena *arena, char **x, char **y, char **thumbprint)
{
    uint8_t point[GG_P256_POINT], hash[GG_SHA256];
    char *canonical;

    gg_ec_key_public(key, point);
    *x = gg_base64url(arena, point + 1, 32);
    *y = gg_base64url(arena, point + 33, 32);
    canonical = gg_sprintf(arena, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", *x, *y);
    gg_sha256((struct gg_str){canonical, strlen(canonical)}, hash);
    *thumbprint = gg_base64url(arena, hash, sizeof(hash));
}

struct gg_signer *gg_signer_load(const char *path, const char *issuer, const char *audience)
{
    struct gg_ec_key *key = gg_ec_key_load(path);
    struct gg_signer *signer;
    struct gg_arena *arena;
    char *x, *y, *kid;

    if (!key)
        return NULL;
    arena = gg_arena_create();
    jwk_parts(key, arena, &x, &y, &kid);
    signer = gg_xcalloc(1, sizeof(*signer));
    signer->key = key;
    signer->pem = gg_xstrdup(gg_ec_key_pem(arena, key));
    signer->issuer = gg_xstrdup(issuer);
    signer->audience = gg_xstrdup(audience);
    memcpy(signer->kid, kid, strlen(kid) + 1);
    gg_arena_destroy(arena);
    return signer;
}

void gg_signer_destroy(struct gg_signer *signer)
{
    if (!signer)
        return;
    gg_ec_key_destroy(signer->key);
    free(signer->pem);
    free(signer->issuer);
    free(signer->audience);
    free(signer);
}

/* Signs and frees the token; what cannot fail with a good key ends the process when it does. */
static char *sign(struct gg_arena *arena, jwt_t *jwt, const char *pem)
{
    char *text, *copy;

    if (jwt_set_alg(jwt, JWT_ALG_ES256, (const unsigned char *)pem, (int)strlen(pem)) != 0 ||
        !(text = jwt_encode_str(jwt)))
        gg_fatal("jwt_sign", "signing a token failed");
    copy = gg_strdup(arena, text);
    free(text);
    jwt_free(jwt);
    return copy;
}

static jwt_t *new_token(void)
{
    jwt_t *jwt;

    if (jwt_new(&jwt) != 0)
        gg_fatal("jwt_sign", "no memory for a token");
    return jwt;
}

char *gg_areas_text(struct gg_arena *arena, const struct gg_area areas[GG_AREAS_MAX])
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

char *gg_signer_sign(const struct gg_signer *signer, struct gg_arena *arena, const struct gg_user *user)
{
    jwt_t *jwt = new_token();
    char sub[GG_ID_TEXT], sid[GG_ID_TEXT];
    long now = (long)(gg_now() / GG_SECOND);

    gg_id_format(user->id, sub);
    gg_id_format(user->session, sid);
    jwt_add_header(jwt, "kid", signer->kid);
    jwt_add_grant(jwt, "iss", signer->issuer);
    jwt_add_grant(jwt, "aud", signer->audience);
    jwt_add_grant(jwt, "sub", sub);
    jwt_add_grant(jwt, "sid", sid);
    jwt_add_grant_int(jwt, "sv", (long)user->session_version);
    jwt_add_grant_int(jwt, "iat", now);
    jwt_add_grant_int(jwt, "nbf", now);
    jwt_add_grant_int(jwt, "exp", (long)(user->expires / GG_SECOND));
    if (user->admin)
        jwt_add_grant_bool(jwt, "adm", 1);
    if (user->areas[0].code != 0)
        jwt_add_grant(jwt, "areas", gg_areas_text(arena, user->areas));
    return sign(arena, jwt, signer->pem);
}

char *gg_signer_jwks(const struct gg_signer *signer, struct gg_arena *arena)
{
    char *x, *y, *kid;

    jwk_parts(signer->key, arena, &x, &y, &kid);
    return gg_sprintf(arena,
                      "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"%s\","
                      "\"x\":\"%s\",\"y\":\"%s\"}]}",
                      kid, x, y);
}

char *gg_vapid_sign(const struct gg_ec_key *key, struct gg_arena *arena, const char *audience, const char *subject,
                    int64_t expires)
{
    jwt_t *jwt = new_token();

    jwt_add_grant(jwt, "aud", audience);
    jwt_add_grant(jwt, "sub", subject);
    jwt_add_grant_int(jwt, "exp", (long)(expires / GG_SECOND));
    return sign(arena, jwt, gg_ec_key_pem(arena, key));
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

static void cache_clear(void)
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
    if (item->user.expires + LEEWAY <= gg_now()) {
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

/* --- keys --- */

struct verify_key {
    char kid[KID_MAX];
    char *pem;
};
static struct verify_key keys[KEYS_MAX];
static size_t n_keys;
static bool missed_key;

void gg_verifier_expect(const char *issuer, const char *audience)
{
    expected_issuer = issuer;
    expected_audience = audience;
}

bool gg_verifier_missed_key(void)
{
    bool missed = missed_key;

    missed_key = false;
    return missed;
}

bool gg_verifier_ready(void)
{
    return n_keys > 0;
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool is_text(const cJSON *object, const char *name, const char *value)
{
    const char *text = text_of(object, name);

    return text && strcmp(text, value) == 0;
}

/* True when a key that tokens may have been checked with stands no longer in the new list. */
static bool key_withdrawn(const struct verify_key *loaded, size_t count)
{
    for (size_t i = 0; i < n_keys; i++) {
        bool stays = false;
        for (size_t k = 0; k < count && !stays; k++)
            stays = strcmp(keys[i].kid, loaded[k].kid) == 0 && strcmp(keys[i].pem, loaded[k].pem) == 0;
        if (!stays)
            return true;
    }
    return false;
}

static bool coordinate(struct gg_arena *arena, const cJSON *jwk, const char *name, uint8_t out[32])
{
    const char *text = text_of(jwk, name);
    struct gg_str bytes;

    if (!text || !gg_base64url_decode(arena, (struct gg_str){text, strlen(text)}, &bytes) || bytes.n != 32)
        return false;
    memcpy(out, bytes.p, 32);
    return true;
}

/* The PEM of an ES256 key of the document; NULL when it is another kind of key. */
static char *key_pem(struct gg_arena *arena, const cJSON *jwk)
{
    uint8_t point[GG_P256_POINT] = {4};

    if (!is_text(jwk, "kty", "EC") || !is_text(jwk, "crv", "P-256") || !coordinate(arena, jwk, "x", point + 1) ||
        !coordinate(arena, jwk, "y", point + 33))
        return NULL;
    return gg_p256_public_pem(arena, point);
}

bool gg_verifier_load(const char *jwks, size_t n)
{
    cJSON *document = cJSON_ParseWithLength(jwks, n), *jwk;
    struct gg_arena *arena = gg_arena_create();
    struct verify_key loaded[KEYS_MAX];
    size_t count = 0;

    cJSON_ArrayForEach(jwk, cJSON_GetObjectItemCaseSensitive(document, "keys"))
    {
        const char *kid = text_of(jwk, "kid");
        char *pem = key_pem(arena, jwk);
        if (!pem || !kid || strlen(kid) >= KID_MAX || count == KEYS_MAX)
            continue;
        memcpy(loaded[count].kid, kid, strlen(kid) + 1);
        loaded[count++].pem = gg_xstrdup(pem);
    }
    cJSON_Delete(document);
    gg_arena_destroy(arena);
    if (count == 0)
        return false;
    if (key_withdrawn(loaded, count))
        cache_clear(); /* what the key vouched for ends with it, not when the token would */
    for (size_t i = 0; i < n_keys; i++)
        free(keys[i].pem);
    memcpy(keys, loaded, count * sizeof(loaded[0]));
    n_keys = count;
    return true;
}

/* --- verifying --- */

/* Three parts of canonical base64url: one spelling for one token. */
static bool well_formed(struct gg_arena *arena, const char *token, struct gg_str *header)
{
    size_t parts = 0;

    for (const char *p = token;; parts++) {
        size_t n = strcspn(p, ".");
        struct gg_str bytes;
        if (parts == 3 || n == 0 || !gg_base64url_decode(arena, (struct gg_str){p, n}, &bytes))
            return false;
        if (parts == 0)
            *header = bytes;
        p += n;
        if (*p == '\0')
            return parts == 2;
        p++;
    }
}

/* The key the header names, if the header asks for the one algorithm we know. */
static const char *find_key(struct gg_str header, const char **reason)
{
    cJSON *object = cJSON_ParseWithLength(header.p, header.n);
    const char *kid = text_of(object, "kid"), *pem = NULL;

    *reason = "the token is not signed with ES256";
    if (is_text(object, "alg", "ES256")) {
        *reason = "the token names no key that is known";
        for (size_t i = 0; kid && i < n_keys; i++)
            if (strcmp(keys[i].kid, kid) == 0)
                pem = keys[i].pem;
        if (!pem)
            missed_key = true;
    }
    cJSON_Delete(object);
    return pem;
}

static bool id_grant(jwt_t *jwt, const char *name, struct gg_id *id)
{
    const char *text = jwt_get_grant(jwt, name);

    return text && gg_id_parse((struct gg_str){text, strlen(text)}, id);
}

static bool text_grant(jwt_t *jwt, const char *name, const char *expected)
{
    const char *text = jwt_get_grant(jwt, name);

    return text && strcmp(text, expected) == 0;
}

/* libjwt reads a number of another type as 0 and an absent one as -1; its text leaves no doubt. */
static bool number_grant(jwt_t *jwt, const char *name, int64_t *value)
{
    char *text = jwt_get_grants_json(jwt, name);
    bool ok = text && gg_parse_i64((struct gg_str){text, strlen(text)}, 0, GG_WIRE_MAX / GG_SECOND, value);

    free(text);
    return ok;
}

/* Claims of a token whose signature is good. */
static const char *read_claims(jwt_t *jwt, struct gg_user *user)
{
    int64_t exp, nbf, now = gg_now();
    const char *areas;

    if (!text_grant(jwt, "iss", expected_issuer) || !text_grant(jwt, "aud", expected_audience))
        return "the token is for somebody else";
    if (!number_grant(jwt, "exp", &exp) || exp * GG_SECOND + LEEWAY <= now)
        return "the token has expired";
    if (!number_grant(jwt, "nbf", &nbf) || nbf * GG_SECOND - LEEWAY > now)
        return "the token is not valid yet";
    if (!id_grant(jwt, "sub", &user->id) || !id_grant(jwt, "sid", &user->session) ||
        !number_grant(jwt, "sv", &user->session_version))
        return "the token names no user or session";
    user->expires = exp * GG_SECOND;
    user->admin = jwt_get_grant_bool(jwt, "adm") == 1;
    areas = jwt_get_grant(jwt, "areas");
    if (areas && !gg_areas_parse((struct gg_str){areas, strlen(areas)}, user->areas))
        return "the token's neighbourhoods are malformed";
    return NULL;
}

/* The slow way: parse, find the key, check the signature and every claim. */
static const char *verify(struct gg_arena *arena, const char *token, struct gg_user *user)
{
    struct gg_str header;
    const char *pem, *reason;
    jwt_t *jwt = NULL;

    if (!well_formed(arena, token, &header))
        return "the token is malformed";
    pem = find_key(header, &reason);
    if (!pem)
        return reason;
    if (jwt_decode(&jwt, token, (const unsigned char *)pem, (int)strlen(pem)) != 0)
        return "the signature is wrong";
    /* libjwt takes whatever algorithm the token names; a public key would pass as an HMAC secret. */
    reason = jwt_get_alg(jwt) == JWT_ALG_ES256 ? read_claims(jwt, user) : "the token is not signed with ES256";
    jwt_free(jwt);
    return reason;
}

const char *gg_verify(struct gg_str token, struct gg_user *user)
{
    struct gg_user verified = {0};
    struct gg_arena *arena;
    uint8_t hash[GG_SHA256];
    const char *reason;

    if (token.n == 0 || token.n > TOKEN_MAX || memchr(token.p, '\0', token.n))
        return "the token is malformed";
    gg_sha256(token, hash);
    if (cache_get(hash, user))
        return NULL;
    arena = gg_arena_create();
    reason = verify(arena, gg_strndup(arena, token.p, token.n), &verified);
    gg_arena_destroy(arena);
    if (reason)
        return reason;
    cache_put(hash, &verified);
    *user = verified;
    return NULL;
}
#pragma GCC diagnostic pop
