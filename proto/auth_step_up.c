/* proto/auth_step_up.c
 * The tables behind proto/auth_step_up.h. */
#include "proto/auth_step_up.h"

static const char *const digits[] = {"0-9", NULL};
static const char *const purpose_set[] = {"a-z0-9_", NULL};

static const struct gg_field again_fields[] = {
    GG_TEXT(struct auth_again, password, GG_OPTIONAL | GG_PRIVATE, 1, 128, "the password"),
    GG_ID(struct auth_again, code_request, GG_OPTIONAL, "or: the request of a code to one's own phone"),
    GG_TEXT_OF(struct auth_again, code, GG_OPTIONAL | GG_PRIVATE, 6, 6, digits, "and the code of the SMS"),
};
const struct gg_msg auth_again_msg =
    GG_MSG("AuthAgain", struct auth_again, again_fields, "Shows again who is asking: a password, or a phone's code.");

static const struct gg_field pin_new_fields[] = {
    GG_TEXT_OF(struct auth_pin_new, pin, GG_REQUIRED | GG_PRIVATE, 6, 6, digits, "the new payment PIN"),
    GG_TEXT_OF(struct auth_pin_new, current_pin, GG_OPTIONAL | GG_PRIVATE, 6, 6, digits, "the one that is replaced"),
    GG_REF(struct auth_pin_new, again, GG_OPTIONAL, &auth_again_msg,
           "instead of it: the phone's code, or for the first PIN the password"),
};
const struct gg_msg auth_pin_new_msg =
    GG_MSG("AuthPinNew", struct auth_pin_new, pin_new_fields, "Sets the payment PIN.");

static const struct gg_field pin_state_fields[] = {
    GG_BOOL(struct auth_pin_state, set, GG_REQUIRED, "there is a payment PIN"),
    GG_BOOL(struct auth_pin_state, locked, GG_REQUIRED, "too many wrong ones: it has to be set anew by phone"),
    GG_INT(struct auth_pin_state, tries_left, GG_OPTIONAL, 0, 100, "wrong ones until it locks"),
};
const struct gg_msg auth_pin_state_msg =
    GG_MSG("AuthPinState", struct auth_pin_state, pin_state_fields, "How the payment PIN stands.");

static const struct gg_field act_fields[] = {
    GG_TEXT_OF(struct auth_step_up_act, purpose, GG_REQUIRED, 1, 20, purpose_set,
               "what is done: remit, withdraw, request, join"),
    GG_TEXT(struct auth_step_up_act, payee, GG_OPTIONAL, 1, 100, "who or what gets it: id as text"),
    GG_WON(struct auth_step_up_act, amount_won, GG_REQUIRED, 0, GG_WIRE_MAX, "how much"),
    GG_ID(struct auth_step_up_act, deal, GG_OPTIONAL, "for which deal"),
    GG_INT(struct auth_step_up_act, terms, GG_OPTIONAL, 0, GG_WIRE_MAX, "version of the deal's terms; 0: none"),
};
const struct gg_msg auth_step_up_act_msg =
    GG_MSG("AuthStepUpAct", struct auth_step_up_act, act_fields, "One exact act.");

static const struct gg_field step_up_fields[] = {
    GG_OBJECT(struct auth_step_up, act, &auth_step_up_act_msg, "what is agreed to"),
    GG_TEXT_OF(struct auth_step_up, pin, GG_OPTIONAL | GG_PRIVATE, 6, 6, digits, "the payment PIN"),
};
const struct gg_msg auth_step_up_msg =
    GG_MSG("AuthStepUp", struct auth_step_up, step_up_fields, "Agrees to one act, by PIN.");

static const struct gg_field proof_fields[] = {
    GG_TEXT(struct auth_step_up_proof, proof, GG_REQUIRED | GG_PRIVATE, 1, 4096, "goes into the header Step-Up"),
    GG_TIME(struct auth_step_up_proof, expires_at, GG_REQUIRED, "good until then, once"),
};
const struct gg_msg auth_step_up_proof_msg =
    GG_MSG("AuthStepUpProof", struct auth_step_up_proof, proof_fields, "That the owner agreed to the act.");

const struct gg_problem AUTH_AGAIN_NEEDED = {"again_needed", 403, false, "Show again who you are.",
                                             "본인 확인이 한 번 더 필요해요."};
const struct gg_problem AUTH_PIN_UNSET = {"pin_unset", 409, false, "There is no payment PIN yet.",
                                          "결제 비밀번호를 먼저 만들어 주세요."};
const struct gg_problem AUTH_PIN_WRONG = {"pin_wrong", 403, false, "The payment PIN is wrong.",
                                          "결제 비밀번호가 맞지 않아요."};
const struct gg_problem AUTH_PIN_LOCKED = {"pin_locked", 403, false,
                                           "Too many wrong payment PINs; set a new one by phone.",
                                           "결제 비밀번호를 여러 번 틀렸어요. 휴대폰 인증으로 다시 만들어 주세요."};
