/* libcommon/jwt_sign.c
 * What the auth service signs with: a ring of keys, of which the newest that has come into force signs and all are
 * published, so that a change of keys is never seen by anybody. */
#include "libcommon/buf.h"
#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "libcommon/jwt_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct ring_key {
    struct gg_ec_key *key;
    int64_t from;
    char kid[GG_KID_MAX];
};

struct gg_signer {
    pthread_rwlock_t lock;
    struct ring_key keys[GG_SIGNING_KEYS_MAX];
    size_t n;
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

char *gg_key_thumbprint(struct gg_arena *arena, const struct gg_ec_key *key)
{
    char *x, *y, *kid;

    jwk_parts(key, arena, &x, &y, &kid);
    return kid;
}

void gg_signer_set_keys(struct gg_signer *signer, const struct gg_signing_key *keys, size_t n)
{
    struct gg_arena *arena = gg_arena_create();
    struct ring_key ring[GG_SIGNING_KEYS_MAX] = {{0}};

    n = n < GG_SIGNING_KEYS_MAX ? n : GG_SIGNING_KEYS_MAX;
    for (size_t i = 0; i < n; i++) {
        const char *kid = gg_key_thumbprint(arena, keys[i].key);
        ring[i] = (struct ring_key){.key = keys[i].key, .from = keys[i].from};
        memcpy(ring[i].kid, kid, strlen(kid) + 1);
    }
    gg_arena_destroy(arena);
    pthread_rwlock_wrlock(&signer->lock);
    for (size_t i = 0; i < signer->n; i++)
        gg_ec_key_destroy(signer->keys[i].key);
    memcpy(signer->keys, ring, n * sizeof(ring[0]));
    signer->n = n;
    pthread_rwlock_unlock(&signer->lock);
}

struct gg_signer *gg_signer_load(const char *path, const char *issuer, const char *audience)
{
    struct gg_ec_key *key = gg_ec_key_load(path);
    struct gg_signer *signer;

    if (!key)
        return NULL;
    signer = gg_xcalloc(1, sizeof(*signer));
    pthread_rwlock_init(&signer->lock, NULL);
    signer->issuer = gg_xstrdup(issuer);
    signer->audience = gg_xstrdup(audience);
    gg_signer_set_keys(signer, &(struct gg_signing_key){key, 0}, 1);
    return signer;
}

void gg_signer_destroy(struct gg_signer *signer)
{
    if (!signer)
        return;
    for (size_t i = 0; i < signer->n; i++)
        gg_ec_key_destroy(signer->keys[i].key);
    pthread_rwlock_destroy(&signer->lock);
    free(signer->issuer);
    free(signer->audience);
    free(signer);
}

const struct gg_ec_key *gg_signer_take(const struct gg_signer *signer, const char **kid)
{
    const struct ring_key *best;
    int64_t now = gg_now();

    pthread_rwlock_rdlock((pthread_rwlock_t *)(uintptr_t)&signer->lock);
    best = &signer->keys[0];
    for (size_t i = 1; i < signer->n; i++) {
        const struct ring_key *key = &signer->keys[i];
        /* in force beats not yet; among those in force the newest, among the others the next */
        if ((key->from <= now) != (best->from <= now) ? key->from <= now
                                                      : (key->from > best->from) == (key->from <= now))
            best = key;
    }
    *kid = best->kid;
    return best->key;
}

void gg_signer_release(const struct gg_signer *signer)
{
    pthread_rwlock_unlock((pthread_rwlock_t *)(uintptr_t)&signer->lock);
}

const char *gg_signer_issuer(const struct gg_signer *signer)
{
    return signer->issuer;
}

const char *gg_signer_audience(const struct gg_signer *signer)
{
    return signer->audience;
}

static void text_member(struct gg_buf *out, const char *name, const char *value)
{
    gg_buf_addf(out, "%s\"%s\":", out->n > 1 ? "," : "", name);
    gg_json_string(out, value);
}

char *gg_signer_sign(const struct gg_signer *signer, struct gg_arena *arena, const struct gg_user *user)
{
    char sub[GG_ID_TEXT], sid[GG_ID_TEXT], *token;
    const struct gg_ec_key *key;
    struct gg_buf claims;
    const char *kid;
    int64_t now = gg_now() / GG_SECOND;

    gg_id_format(user->id, sub);
    gg_id_format(user->session, sid);
    gg_buf_init(&claims, GG_TOKEN_MAX);
    gg_buf_addc(&claims, '{');
    text_member(&claims, "iss", signer->issuer);
    text_member(&claims, "aud", signer->audience);
    text_member(&claims, "sub", sub);
    text_member(&claims, "sid", sid);
    gg_buf_addf(&claims, ",\"sv\":%" PRId64 ",\"iat\":%" PRId64 ",\"nbf\":%" PRId64 ",\"exp\":%" PRId64,
                user->session_version, now, now, user->expires / GG_SECOND);
    if (user->admin)
        gg_buf_adds(&claims, ",\"adm\":true");
    if (user->areas[0].code != 0)
        text_member(&claims, "areas", gg_areas_text(arena, user->areas));
    gg_buf_addc(&claims, '}');
    key = gg_signer_take(signer, &kid);
    token = gg_jws_sign(arena, key, gg_jws_header(arena, kid), claims.p);
    gg_signer_release(signer);
    gg_buf_free(&claims);
    return token;
}

char *gg_signer_jwks(const struct gg_signer *signer, struct gg_arena *arena)
{
    char *list = gg_strdup(arena, ""), *x, *y, *kid;

    pthread_rwlock_rdlock((pthread_rwlock_t *)(uintptr_t)&signer->lock);
    for (size_t i = 0; i < signer->n; i++) {
        jwk_parts(signer->keys[i].key, arena, &x, &y, &kid);
        list = gg_sprintf(arena,
                          "%s%s{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"%s\","
                          "\"x\":\"%s\",\"y\":\"%s\"}",
                          list, i ? "," : "", kid, x, y);
    }
    pthread_rwlock_unlock((pthread_rwlock_t *)(uintptr_t)&signer->lock);
    return gg_sprintf(arena, "{\"keys\":[%s]}", list);
}

char *gg_vapid_sign(const struct gg_ec_key *key, struct gg_arena *arena, const char *audience, const char *subject,
                    int64_t expires)
{
    struct gg_buf claims;
    char *token;

    gg_buf_init(&claims, GG_TOKEN_MAX);
    gg_buf_addc(&claims, '{');
    text_member(&claims, "aud", audience);
    text_member(&claims, "sub", subject);
    gg_buf_addf(&claims, ",\"exp\":%" PRId64 "}", expires / GG_SECOND);
    token = gg_jws_sign(arena, key, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", claims.p);
    gg_buf_free(&claims);
    return token;
}
