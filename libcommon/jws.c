/* libcommon/jws.c
 * Signatures of tokens (RFC 7515, compact, ES256 and nothing else) and the keys they are checked with. The keys are
 * read once, so that a check costs one OpenSSL call. */
#include "libcommon/json.h"
#include "libcommon/jwt_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#define HEADER_MAX 200

struct verify_key {
    char kid[GG_KID_MAX];
    char header[HEADER_MAX]; /* base64url of the header that our own signer writes with this kid */
    size_t header_n;
    uint8_t point[GG_P256_POINT];
    struct gg_ec_key *key;
};
static pthread_rwlock_t keys_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct verify_key keys[GG_KEYS_MAX];
static size_t n_keys;
static atomic_bool missed_key;

bool gg_verifier_missed_key(void)
{
    return atomic_exchange(&missed_key, false);
}

bool gg_verifier_ready(void)
{
    bool ready;

    pthread_rwlock_rdlock(&keys_lock);
    ready = n_keys > 0;
    pthread_rwlock_unlock(&keys_lock);
    return ready;
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

static bool coordinate(struct gg_arena *arena, const cJSON *jwk, const char *name, uint8_t out[32])
{
    const char *text = text_of(jwk, name);
    struct gg_str bytes;

    if (!text || !gg_base64url_decode(arena, (struct gg_str){text, strlen(text)}, &bytes) || bytes.n != 32)
        return false;
    memcpy(out, bytes.p, 32);
    return true;
}

/* The header of access tokens signed by this key; 0 bytes when it does not fit, and is read anew each time. */
static size_t write_header(struct gg_arena *arena, const char *kid, char out[HEADER_MAX])
{
    const char *json = gg_jws_header(arena, kid), *text = gg_base64url(arena, json, strlen(json));
    size_t n = strlen(text);

    if (n > HEADER_MAX)
        return 0;
    memcpy(out, text, n);
    return n;
}

/* An ES256 key of the document; false when it is another kind of key. */
static bool read_key(struct gg_arena *arena, const cJSON *jwk, struct verify_key *out)
{
    const char *kid = text_of(jwk, "kid");

    out->point[0] = 4;
    if (!kid || strlen(kid) >= GG_KID_MAX || !is_text(jwk, "kty", "EC") || !is_text(jwk, "crv", "P-256") ||
        !coordinate(arena, jwk, "x", out->point + 1) || !coordinate(arena, jwk, "y", out->point + 33))
        return false;
    memcpy(out->kid, kid, strlen(kid) + 1);
    out->header_n = write_header(arena, kid, out->header);
    out->key = gg_ec_key_of_point(out->point);
    return out->key != NULL;
}

/* True when a key that tokens may have been checked with stands no longer in the new list. */
static bool key_withdrawn(const struct verify_key *loaded, size_t count)
{
    for (size_t i = 0; i < n_keys; i++) {
        bool stays = false;
        for (size_t k = 0; k < count && !stays; k++)
            stays = strcmp(keys[i].kid, loaded[k].kid) == 0 && memcmp(keys[i].point, loaded[k].point, 65) == 0;
        if (!stays)
            return true;
    }
    return false;
}

bool gg_jws_load_keys(const char *jwks, size_t n, bool *withdrawn)
{
    cJSON *document = cJSON_ParseWithLength(jwks, n), *jwk;
    struct gg_arena *arena = gg_arena_create();
    struct verify_key loaded[GG_KEYS_MAX];
    size_t count = 0;

    cJSON_ArrayForEach(jwk, cJSON_GetObjectItemCaseSensitive(document, "keys"))
    {
        if (count < GG_KEYS_MAX && read_key(arena, jwk, &loaded[count]))
            count++;
    }
    cJSON_Delete(document);
    gg_arena_destroy(arena);
    if (count == 0)
        return false;
    pthread_rwlock_wrlock(&keys_lock);
    *withdrawn = key_withdrawn(loaded, count);
    for (size_t i = 0; i < n_keys; i++)
        gg_ec_key_destroy(keys[i].key);
    memcpy(keys, loaded, count * sizeof(loaded[0]));
    n_keys = count;
    pthread_rwlock_unlock(&keys_lock);
    return true;
}

char *gg_jws_sign(struct gg_arena *arena, const struct gg_ec_key *key, const char *header, const char *claims)
{
    char *text = gg_sprintf(arena, "%s.%s", gg_base64url(arena, header, strlen(header)),
                            gg_base64url(arena, claims, strlen(claims)));
    uint8_t signature[GG_ES256];

    gg_es256_sign(key, (struct gg_str){text, strlen(text)}, signature);
    return gg_sprintf(arena, "%s.%s", text, gg_base64url(arena, signature, sizeof(signature)));
}

char *gg_jws_header(struct gg_arena *arena, const char *kid)
{
    return gg_sprintf(arena, "{\"alg\":\"ES256\",\"typ\":\"" GG_ACCESS_TYPE "\",\"kid\":\"%s\"}", kid);
}

/* Three parts with a dot between them, none of them empty. */
static bool split(struct gg_str token, struct gg_str parts[3])
{
    const char *p = token.p, *end = token.p + token.n;

    for (size_t i = 0; i < 3; i++) {
        const char *dot = p < end ? memchr(p, '.', (size_t)(end - p)) : NULL, *stop = dot ? dot : end;
        if ((dot != NULL) != (i < 2) || stop <= p)
            return false;
        parts[i] = (struct gg_str){p, (size_t)(stop - p)};
        p = stop + 1;
    }
    return true;
}

/* What a signature is said to be good for. */
struct claimed {
    struct gg_str head; /* the text that was signed */
    const uint8_t *signature;
    size_t signature_n;
};

static const char *check_with(const struct verify_key *key, const struct claimed *claimed)
{
    if (claimed->signature_n != GG_ES256)
        return "the signature is wrong";
    return gg_es256_verify(key->key, claimed->head, claimed->signature) ? NULL : "the signature is wrong";
}

/* A header like our signer's needs no reading: it is compared. False when it is another. */
static bool usual_header(struct gg_str header, const struct claimed *claimed, const char **reason)
{
    bool found = false;

    pthread_rwlock_rdlock(&keys_lock);
    for (size_t i = 0; i < n_keys && !found; i++) {
        found = keys[i].header_n == header.n && memcmp(keys[i].header, header.p, header.n) == 0;
        if (found)
            *reason = check_with(&keys[i], claimed);
    }
    pthread_rwlock_unlock(&keys_lock);
    return found;
}

static const char *check_signature(const cJSON *header, const struct claimed *claimed)
{
    const char *kid = text_of(header, "kid"), *reason = "the token names no key that is known";
    bool found = false;

    pthread_rwlock_rdlock(&keys_lock);
    for (size_t i = 0; kid && i < n_keys && !found; i++) {
        found = strcmp(keys[i].kid, kid) == 0;
        if (found)
            reason = check_with(&keys[i], claimed);
    }
    pthread_rwlock_unlock(&keys_lock);
    if (!found)
        atomic_store(&missed_key, true);
    return reason;
}

static const char *read_header(struct gg_arena *arena, struct gg_str text, const char *typ,
                               const struct claimed *claimed)
{
    const char *reason, *detail;
    cJSON *header;

    if (!gg_json_check(arena, text, &detail))
        return "the token is malformed";
    header = cJSON_ParseWithLength(text.p, text.n);
    if (!is_text(header, "alg", "ES256"))
        reason = "the token is not signed with ES256";
    else if (!is_text(header, "typ", typ) &&
             (cJSON_GetObjectItemCaseSensitive(header, "typ") || strcmp(typ, GG_ACCESS_TYPE) != 0))
        reason = "the token is of another kind";
    else
        reason = check_signature(header, claimed);
    cJSON_Delete(header);
    return reason;
}

const char *gg_jws_open(struct gg_arena *arena, struct gg_str token, const char *typ, struct gg_str *claims)
{
    struct gg_str parts[3], header, signature;
    struct claimed claimed;
    const char *reason;

    /* canonical base64url: one spelling for one token */
    if (token.n == 0 || token.n > GG_TOKEN_MAX || !split(token, parts) ||
        !gg_base64url_decode(arena, parts[1], claims) || !gg_base64url_decode(arena, parts[2], &signature))
        return "the token is malformed";
    claimed = (struct claimed){
        {token.p, (size_t)(parts[1].p + parts[1].n - token.p)}, (const uint8_t *)signature.p, signature.n};
    if (strcmp(typ, GG_ACCESS_TYPE) == 0 && usual_header(parts[0], &claimed, &reason))
        return reason;
    if (!gg_base64url_decode(arena, parts[0], &header))
        return "the token is malformed";
    return read_header(arena, header, typ, &claimed);
}
