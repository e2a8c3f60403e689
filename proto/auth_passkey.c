/* proto/auth_passkey.c
 * The tables behind proto/auth_passkey.h. */
#include "proto/auth_passkey.h"

static const char *const base64url[] = {"0-9A-Za-z_-", NULL};

static const struct gg_field ask_fields[] = {
    GG_REF(struct auth_passkey_ask, again, GG_OPTIONAL, &auth_again_msg, "the password, or the phone's code"),
};
const struct gg_msg auth_passkey_ask_msg =
    GG_MSG("AuthPasskeyAsk", struct auth_passkey_ask, ask_fields, "Begins to make a passkey.");

static const struct gg_field options_fields[] = {
    GG_ID(struct auth_passkey_options, challenge_id, GG_REQUIRED, "to be given back"),
    GG_TEXT(struct auth_passkey_options, challenge, GG_REQUIRED, 43, 43, "32 bytes"),
    GG_TEXT(struct auth_passkey_options, rp_id, GG_REQUIRED, 1, 300, "domain"),
    GG_TEXT(struct auth_passkey_options, rp_name, GG_REQUIRED, 1, 100, "what the authenticator shows"),
    GG_TEXT(struct auth_passkey_options, user_handle, GG_OPTIONAL, 22, 22, "to make one: the account"),
    GG_TEXT(struct auth_passkey_options, user_name, GG_OPTIONAL, 1, 40, "to make one: what the authenticator shows"),
    GG_TEXTS(struct auth_passkey_options, credentials, GG_REQUIRED, 1, 1400, 20, "not again, or only these"),
    GG_TIME(struct auth_passkey_options, expires_at, GG_REQUIRED, "void after this"),
};
const struct gg_msg auth_passkey_options_msg =
    GG_MSG("AuthPasskeyOptions", struct auth_passkey_options, options_fields, "What the browser is asked with.");

static const struct gg_field new_fields[] = {
    GG_ID(struct auth_passkey_new, challenge_id, GG_REQUIRED, "of the options"),
    GG_TEXT(struct auth_passkey_new, name, GG_REQUIRED, 1, 40, "what its owner calls it"),
    GG_TEXT_OF(struct auth_passkey_new, client_data, GG_REQUIRED, 1, 4000, base64url, "clientDataJSON"),
    GG_TEXT_OF(struct auth_passkey_new, attestation, GG_REQUIRED, 1, 10000, base64url, "attestationObject"),
};
const struct gg_msg auth_passkey_new_msg =
    GG_MSG("AuthPasskeyNew", struct auth_passkey_new, new_fields, "A passkey that was made.");

static const struct gg_field passkey_fields[] = {
    GG_ID(struct auth_passkey, id, GG_REQUIRED, "the passkey"),
    GG_TEXT(struct auth_passkey, name, GG_REQUIRED, 1, 40, "what its owner calls it"),
    GG_TIME(struct auth_passkey, made_at, GG_REQUIRED, "made"),
    GG_TIME(struct auth_passkey, used_at, GG_OPTIONAL, "used last"),
};
const struct gg_msg auth_passkey_msg = GG_MSG("AuthPasskey", struct auth_passkey, passkey_fields, "A passkey.");

static const struct gg_field list_fields[] = {
    GG_LIST(struct auth_passkey_list, items, GG_REQUIRED, 0, 20, &auth_passkey_msg, "oldest first"),
};
const struct gg_msg auth_passkey_list_msg =
    GG_MSG("AuthPasskeyList", struct auth_passkey_list, list_fields, "One's passkeys.");

static const struct gg_field name_fields[] = {
    GG_TEXT(struct auth_passkey_name, name, GG_REQUIRED, 1, 40, "what its owner calls it"),
};
const struct gg_msg auth_passkey_name_msg =
    GG_MSG("AuthPasskeyName", struct auth_passkey_name, name_fields, "Renames a passkey.");

static const struct gg_field assertion_fields[] = {
    GG_ID(struct auth_passkey_assertion, challenge_id, GG_REQUIRED, "of the options"),
    GG_TEXT_OF(struct auth_passkey_assertion, credential, GG_REQUIRED, 1, 1400, base64url, "id of the credential"),
    GG_TEXT_OF(struct auth_passkey_assertion, client_data, GG_REQUIRED, 1, 4000, base64url, "clientDataJSON"),
    GG_TEXT_OF(struct auth_passkey_assertion, authenticator_data, GG_REQUIRED, 1, 4000, base64url, "authenticatorData"),
    GG_TEXT_OF(struct auth_passkey_assertion, signature, GG_REQUIRED, 1, 200, base64url, "signature"),
};
const struct gg_msg auth_passkey_assertion_msg =
    GG_MSG("AuthPasskeyAssertion", struct auth_passkey_assertion, assertion_fields, "What a passkey signed.");

static const struct gg_field step_up_fields[] = {
    GG_OBJECT(struct auth_passkey_step_up, act, &auth_step_up_act_msg, "what is agreed to, as in the options"),
    GG_OBJECT(struct auth_passkey_step_up, assertion, &auth_passkey_assertion_msg, "what the passkey signed"),
};
const struct gg_msg auth_passkey_step_up_msg =
    GG_MSG("AuthPasskeyStepUp", struct auth_passkey_step_up, step_up_fields, "Agrees to one act, by passkey.");

const struct gg_problem AUTH_BAD_PASSKEY = {"bad_passkey", 401, false, "This passkey was not accepted.",
                                            "패스키를 확인하지 못했어요. 다시 시도해 주세요."};
const struct gg_problem AUTH_PASSKEY_TAKEN = {"passkey_taken", 409, false, "This passkey is known already.",
                                              "이미 등록된 패스키예요."};
const struct gg_problem AUTH_TOO_MANY_PASSKEYS = {"too_many_passkeys", 409, false, "Twenty passkeys are enough.",
                                                  "패스키는 20개까지 등록할 수 있어요."};
