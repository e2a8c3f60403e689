/* libcommon/oidc.c
 * ID tokens of other services. */
#include "libcommon/oidc.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/json.h"
#include "libcommon/text.h"

#include <string.h>

#include <cjson/cJSON.h>

#define LEEWAY    (60 * GG_SECOND)
#define TOKEN_MAX 8192

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool is_text(const cJSON *object, const char *name, const char *value)
{
    const char *text = text_of(object, name);

    return text && strcmp(text, value) == 0;
}

static bool bytes_of(struct gg_arena *arena, const cJSON *object, const char *name, struct gg_str *bytes)
{
    const char *text = text_of(object, name);

    return text && gg_base64url_decode(arena, (struct gg_str){text, strlen(text)}, bytes);
}

/* Whether this key of the other service's made the signature. */
static bool signed_by(struct gg_arena *arena, const cJSON *jwk, const char *alg, struct gg_str head,
                      struct gg_str signature)
{
    uint8_t point[GG_P256_POINT] = {4};
    struct gg_str x, y, n, e;
    struct gg_ec_key *key;
    bool good;

    if (strcmp(alg, "RS256") == 0)
        return is_text(jwk, "kty", "RSA") && bytes_of(arena, jwk, "n", &n) && bytes_of(arena, jwk, "e", &e) &&
               gg_rs256_verify(n, e, head, signature);
    if (!is_text(jwk, "kty", "EC") || !is_text(jwk, "crv", "P-256") || !bytes_of(arena, jwk, "x", &x) ||
        !bytes_of(arena, jwk, "y", &y) || x.n != 32 || y.n != 32 || signature.n != GG_ES256)
        return false;
    memcpy(point + 1, x.p, 32);
    memcpy(point + 33, y.p, 32);
    key = gg_ec_key_of_point(point);
    good = key && gg_es256_verify(key, head, (const uint8_t *)signature.p);
    gg_ec_key_destroy(key);
    return good;
}

static const char *check_signature(struct gg_arena *arena, const cJSON *header, struct gg_str jwks, struct gg_str head,
                                   struct gg_str signature)
{
    const char *kid = text_of(header, "kid"), *alg = text_of(header, "alg");
    const char *reason = "no key of the service made this signature";
    cJSON *document, *jwk;

    if (!alg || (strcmp(alg, "ES256") != 0 && strcmp(alg, "RS256") != 0))
        return "the ID token is not signed with ES256 or RS256";
    document = cJSON_ParseWithLength(jwks.p, jwks.n);
    cJSON_ArrayForEach(jwk, cJSON_GetObjectItemCaseSensitive(document, "keys"))
    {
        if ((!kid || is_text(jwk, "kid", kid)) && signed_by(arena, jwk, alg, head, signature))
            reason = NULL;
    }
    cJSON_Delete(document);
    return reason;
}

/* `aud` is a text or a list of texts; with several, `azp` must be us. */
static bool for_us(const cJSON *claims, const char *client_id)
{
    const cJSON *aud = cJSON_GetObjectItemCaseSensitive(claims, "aud"), *one;
    bool found = false;

    if (cJSON_IsString(aud))
        return strcmp(aud->valuestring, client_id) == 0;
    if (!cJSON_IsArray(aud))
        return false;
    cJSON_ArrayForEach(one, aud) found = found || (cJSON_IsString(one) && strcmp(one->valuestring, client_id) == 0);
    return found && (cJSON_GetArraySize(aud) == 1 || is_text(claims, "azp", client_id));
}

static const char *check_claims(struct gg_arena *arena, const cJSON *claims, const char *issuer, const char *client_id,
                                const char *nonce, struct gg_id_token *out)
{
    const cJSON *exp = cJSON_GetObjectItemCaseSensitive(claims, "exp");
    const char *sub = text_of(claims, "sub"), *nickname = text_of(claims, "nickname");

    if (!is_text(claims, "iss", issuer) || !for_us(claims, client_id))
        return "the ID token is from or for somebody else";
    if (!cJSON_IsNumber(exp) || exp->valuedouble * 1000 + (double)LEEWAY <= (double)gg_now())
        return "the ID token has expired";
    if (!is_text(claims, "nonce", nonce))
        return "the ID token answers another question";
    if (!sub || !sub[0] || strlen(sub) > 255)
        return "the ID token names nobody";
    if (!nickname)
        nickname = text_of(claims, "name");
    out->subject = gg_strdup(arena, sub);
    out->nickname = nickname ? gg_text_normalize(arena, (struct gg_str){nickname, strlen(nickname)}, false) : NULL;
    return NULL;
}

const char *gg_id_token_check(struct gg_arena *arena, struct gg_str token, struct gg_str jwks, const char *issuer,
                              const char *client_id, const char *nonce, struct gg_id_token *out)
{
    const char *first = token.n <= TOKEN_MAX ? memchr(token.p, '.', token.n) : NULL, *second, *reason, *detail;
    struct gg_str header_text, claims_text, signature;
    cJSON *header, *claims;

    second = first ? memchr(first + 1, '.', token.n - (size_t)(first + 1 - token.p)) : NULL;
    if (!second || !gg_base64url_decode(arena, (struct gg_str){token.p, (size_t)(first - token.p)}, &header_text) ||
        !gg_base64url_decode(arena, (struct gg_str){first + 1, (size_t)(second - first - 1)}, &claims_text) ||
        !gg_base64url_decode(arena, (struct gg_str){second + 1, token.n - (size_t)(second + 1 - token.p)},
                             &signature) ||
        !gg_json_check(arena, header_text, &detail) || !gg_json_check(arena, claims_text, &detail))
        return "the ID token is malformed";
    header = cJSON_ParseWithLength(header_text.p, header_text.n);
    claims = cJSON_ParseWithLength(claims_text.p, claims_text.n);
    reason = check_signature(arena, header, jwks, (struct gg_str){token.p, (size_t)(second - token.p)}, signature);
    if (!reason)
        reason = check_claims(arena, claims, issuer, client_id, nonce, out);
    cJSON_Delete(header);
    cJSON_Delete(claims);
    return reason;
}

char *gg_pkce_challenge(struct gg_arena *arena, const char *verifier)
{
    uint8_t hash[GG_SHA256];

    gg_sha256((struct gg_str){verifier, strlen(verifier)}, hash);
    return gg_base64url(arena, hash, sizeof(hash));
}

char *gg_percent_encode(struct gg_arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = gg_alloc(arena, 3 * strlen(text) + 1), *to = out;

    for (const uint8_t *p = (const uint8_t *)text; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                     strchr("-._~", *p) != NULL;
        if (plain) {
            *to++ = (char)*p;
        } else {
            *to++ = '%';
            *to++ = digits[*p >> 4];
            *to++ = digits[*p & 15];
        }
    }
    *to = '\0';
    return out;
}
