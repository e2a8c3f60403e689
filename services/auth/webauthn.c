/* services/auth/webauthn.c
 * The checks of WebAuthn. */
#include "webauthn.h"

#include "libcommon/cbor.h"
#include "libcommon/json.h"

#include <string.h>

#define FLAG_PRESENT  0x01
#define FLAG_VERIFIED 0x04
#define FLAG_ATTESTED 0x40
#define HEAD          37 /* hash of the domain, flags, counter */
#define CREDENTIAL    55 /* where the credential's id begins, behind AAGUID and its length */

struct client_data {
    const char *type, *challenge, *origin;
    bool crossOrigin;
};
static const struct gg_field client_data_fields[] = {
    GG_TEXT(struct client_data, type, GG_REQUIRED, 1, 50, "webauthn.create or webauthn.get"),
    GG_TEXT(struct client_data, challenge, GG_REQUIRED, 1, 100, "base64url"),
    GG_TEXT(struct client_data, origin, GG_REQUIRED, 1, 300, "where it was asked"),
    GG_BOOL(struct client_data, crossOrigin, GG_OPTIONAL, "asked inside another page"),
};
static const struct gg_msg client_data_msg =
    GG_MSG("ClientData", struct client_data, client_data_fields, "What the browser says of the ceremony.");

static const char *check_client(struct gg_arena *arena, const struct auth_relying_party *party,
                                const uint8_t challenge[32], struct gg_str text, const char *type)
{
    struct gg_field_errors errors = {.arena = arena};
    struct client_data data;

    if (gg_json_decode(arena, &client_data_msg, text, &data, &errors) != GG_DECODED)
        return "the client data are malformed";
    if (strcmp(data.type, type) != 0)
        return "the client data are of another ceremony";
    if (strcmp(data.challenge, gg_base64url(arena, challenge, 32)) != 0)
        return "the challenge is another";
    if (strcmp(data.origin, party->origin) != 0 || data.crossOrigin)
        return "the origin is another";
    return NULL;
}

static const char *check_authenticator(const struct auth_relying_party *party, struct gg_str data)
{
    uint8_t hash[GG_SHA256];
    uint8_t flags;

    if (data.n < HEAD)
        return "the authenticator's data are cut short";
    gg_sha256((struct gg_str){party->id, strlen(party->id)}, hash);
    if (memcmp(data.p, hash, sizeof(hash)) != 0)
        return "the passkey is for another domain";
    flags = (uint8_t)data.p[32];
    return (flags & FLAG_PRESENT) && (flags & FLAG_VERIFIED) ? NULL : "the authenticator did not verify its user";
}

static int64_t counter_of(struct gg_str data)
{
    const uint8_t *p = (const uint8_t *)data.p + 33;

    return (int64_t)((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

const char *auth_webauthn_register(struct gg_arena *arena, const struct auth_relying_party *party,
                                   const uint8_t challenge[32], struct gg_str client_data, struct gg_str attestation,
                                   struct auth_new_credential *credential)
{
    const char *reason = check_client(arena, party, challenge, client_data, "webauthn.create");
    struct gg_ec_key *key;
    struct gg_str data;
    size_t n;

    if (reason)
        return reason;
    if (!gg_cbor_auth_data(arena, attestation, &data))
        return "the attestation object is malformed";
    reason = check_authenticator(party, data);
    if (reason)
        return reason;
    if (!((uint8_t)data.p[32] & FLAG_ATTESTED) || data.n < CREDENTIAL)
        return "there is no credential in the authenticator's data";
    n = (size_t)(uint8_t)data.p[53] << 8 | (uint8_t)data.p[54];
    if (n == 0 || n > 1023 || data.n < CREDENTIAL + n)
        return "the credential's id is cut short";
    credential->id = (struct gg_str){data.p + CREDENTIAL, n};
    credential->counter = counter_of(data);
    if (!gg_cose_es256((struct gg_str){data.p + CREDENTIAL + n, data.n - CREDENTIAL - n}, credential->point))
        return "the key is not ES256";
    key = gg_ec_key_of_point(credential->point);
    gg_ec_key_destroy(key);
    return key ? NULL : "the key is not on the curve";
}

const char *auth_webauthn_assert(struct gg_arena *arena, const struct auth_relying_party *party,
                                 const uint8_t challenge[32], struct gg_str client_data, struct gg_str auth_data,
                                 struct gg_str signature, const uint8_t point[GG_P256_POINT], int64_t *counter)
{
    const char *reason = check_client(arena, party, challenge, client_data, "webauthn.get");
    uint8_t *text = gg_alloc(arena, auth_data.n + GG_SHA256);
    struct gg_ec_key *key;
    int64_t seen;
    bool good;

    if (!reason)
        reason = check_authenticator(party, auth_data);
    if (reason)
        return reason;
    memcpy(text, auth_data.p, auth_data.n);
    gg_sha256(client_data, text + auth_data.n);
    key = gg_ec_key_of_point(point);
    good = key && gg_es256_verify_der(key, (struct gg_str){(const char *)text, auth_data.n + GG_SHA256}, signature);
    gg_ec_key_destroy(key);
    if (!good)
        return "the signature is wrong";
    seen = counter_of(auth_data);
    if ((seen != 0 || *counter != 0) && seen <= *counter)
        return "the counter went back: the passkey may have been copied";
    *counter = seen;
    return NULL;
}
