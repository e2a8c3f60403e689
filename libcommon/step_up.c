/* libcommon/step_up.c
 * Proofs of step-up: signed by auth, checked by whoever carries the act out. */
#include "libcommon/step_up.h"

#include "libcommon/clock.h"
#include "libcommon/jwt_internal.h"

#include <string.h>

#define TYPE "stepup+jwt"

void gg_act_digest(const struct gg_act *act, uint8_t digest[GG_SHA256])
{
    char deal[GG_ID_TEXT] = "";
    struct gg_buf text;

    if (!gg_id_is_zero(act->deal))
        gg_id_format(act->deal, deal);
    gg_buf_init(&text, 4096);
    gg_buf_addf(&text, "purpose=%s\npayee=%s\namount_won=%" PRId64 "\ndeal=%s\nterms=%" PRId64 "\n",
                act->purpose ? act->purpose : "", act->payee ? act->payee : "", act->amount_won, deal, act->terms);
    gg_sha256(gg_buf_str(&text), digest);
    gg_buf_free(&text);
}

struct claims {
    const char *iss, *aud, *act;
    struct gg_id sub, sid, jti;
    int64_t nbf, exp;
};
static const struct gg_field claims_fields[] = {
    GG_TEXT(struct claims, iss, GG_REQUIRED, 1, 500, "who signed it"),
    GG_TEXT(struct claims, aud, GG_REQUIRED, 1, 500, "whom it is for"),
    GG_TEXT(struct claims, act, GG_REQUIRED, 43, 43, "digest of the act, base64url"),
    GG_ID(struct claims, sub, GG_REQUIRED, "who agreed"),
    GG_ID(struct claims, sid, GG_REQUIRED, "in which session"),
    GG_ID(struct claims, jti, GG_REQUIRED, "the proof"),
    GG_INT(struct claims, nbf, GG_REQUIRED, 0, GG_WIRE_MAX / GG_SECOND, "valid from, seconds"),
    GG_INT(struct claims, exp, GG_REQUIRED, 0, GG_WIRE_MAX / GG_SECOND, "expires, seconds"),
};
static const struct gg_msg claims_msg = GG_MSG("StepUpClaims", struct claims, claims_fields, "Claims of a proof.");

char *gg_step_up_sign(const struct gg_signer *signer, struct gg_arena *arena, const struct gg_user *user,
                      const struct gg_act *act)
{
    int64_t now = gg_now() / GG_SECOND;
    uint8_t digest[GG_SHA256];
    const struct gg_ec_key *key;
    struct gg_buf text;
    const char *kid;
    char *token;

    gg_act_digest(act, digest);
    gg_buf_init(&text, GG_TOKEN_MAX);
    gg_json_encode(&text, &claims_msg,
                   &(struct claims){.iss = gg_signer_issuer(signer),
                                    .aud = gg_signer_audience(signer),
                                    .act = gg_base64url(arena, digest, sizeof(digest)),
                                    .sub = user->id,
                                    .sid = user->session,
                                    .jti = gg_id_new(),
                                    .nbf = now,
                                    .exp = now + GG_STEP_UP_LIFE / GG_SECOND});
    key = gg_signer_take(signer, &kid);
    token = gg_jws_sign(arena, key, gg_sprintf(arena, "{\"alg\":\"ES256\",\"typ\":\"" TYPE "\",\"kid\":\"%s\"}", kid),
                        text.p);
    gg_signer_release(signer);
    gg_buf_free(&text);
    return token;
}

static const char *check(struct gg_arena *arena, struct gg_str token, const struct gg_user *user,
                         const struct gg_act *act, struct gg_proof *proof)
{
    struct gg_field_errors errors = {.arena = arena};
    struct gg_str text, said;
    struct claims claims;
    uint8_t digest[GG_SHA256];
    int64_t now = gg_now();
    const char *reason = gg_jws_open(arena, token, TYPE, &text);

    if (reason)
        return reason;
    if (gg_json_decode(arena, &claims_msg, text, &claims, &errors) != GG_DECODED)
        return "the proof's claims are malformed";
    if (strcmp(claims.iss, gg_verifier_issuer()) != 0 || strcmp(claims.aud, gg_verifier_audience()) != 0)
        return "the proof is for somebody else";
    if (claims.exp * GG_SECOND + GG_TOKEN_LEEWAY <= now)
        return "the proof has expired";
    if (claims.nbf * GG_SECOND - GG_TOKEN_LEEWAY > now)
        return "the proof is not valid yet";
    if (!gg_id_equal(claims.sub, user->id) || !gg_id_equal(claims.sid, user->session))
        return "the proof is of another session";
    gg_act_digest(act, digest);
    if (!gg_base64url_decode(arena, (struct gg_str){claims.act, strlen(claims.act)}, &said) || said.n != GG_SHA256 ||
        !gg_secret_equal(said.p, digest, GG_SHA256))
        return "the proof is for another act";
    *proof = (struct gg_proof){.id = claims.jti, .expires = claims.exp * GG_SECOND + GG_TOKEN_LEEWAY};
    return NULL;
}

const char *gg_step_up_check(struct gg_str token, const struct gg_user *user, const struct gg_act *act,
                             struct gg_proof *proof)
{
    struct gg_arena *arena = gg_arena_create();
    const char *reason = check(arena, token, user, act, proof);

    gg_arena_destroy(arena);
    return reason;
}
