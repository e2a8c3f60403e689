/* proto/auth_account.c
 * The tables behind proto/auth_account.h. */
#include "proto/auth_account.h"

static const char *const digits[] = {"0-9", NULL};
static const char *const login_id_set[] = {"0-9a-z_", NULL};

static const struct gg_field find_id_fields[] = {
    GG_ID(struct auth_find_id, code_request, GG_REQUIRED, "request of the phone code"),
    GG_TEXT_OF(struct auth_find_id, code, GG_REQUIRED | GG_PRIVATE, 6, 6, digits, "the code of the SMS"),
};
const struct gg_msg auth_find_id_msg =
    GG_MSG("AuthFindId", struct auth_find_id, find_id_fields, "Asks for a forgotten id, with a proven phone.");

static const struct gg_field found_id_fields[] = {
    GG_TEXT(struct auth_found_id, login_id, GG_OPTIONAL, 4, 20, "the id; absent: there is none to log in with"),
    GG_TEXTS(struct auth_found_id, services, GG_REQUIRED, 1, 20, 10, "other services it is logged in with"),
    GG_TIME(struct auth_found_id, created_at, GG_REQUIRED, "signed up"),
};
const struct gg_msg auth_found_id_msg =
    GG_MSG("AuthFoundId", struct auth_found_id, found_id_fields, "How the account of a number is logged in to.");

static const struct gg_field reset_password_fields[] = {
    GG_TEXT_OF(struct auth_reset_password, login_id, GG_REQUIRED, 4, 20, login_id_set, "id of the account"),
    GG_ID(struct auth_reset_password, code_request, GG_REQUIRED, "request of the phone code"),
    GG_TEXT_OF(struct auth_reset_password, code, GG_REQUIRED | GG_PRIVATE, 6, 6, digits, "the code of the SMS"),
    GG_TEXT(struct auth_reset_password, password, GG_REQUIRED | GG_PRIVATE, 10, 128, "the new password"),
};
const struct gg_msg auth_reset_password_msg = GG_MSG("AuthResetPassword", struct auth_reset_password,
                                                     reset_password_fields, "Sets a forgotten password, by phone.");

static const struct gg_field password_new_fields[] = {
    GG_TEXT(struct auth_password_new, password, GG_REQUIRED | GG_PRIVATE, 10, 128, "the new password"),
    GG_TEXT_OF(struct auth_password_new, login_id, GG_OPTIONAL, 4, 20, login_id_set,
               "for an account without one: the id to log in with from now on"),
    GG_REF(struct auth_password_new, again, GG_OPTIONAL, &auth_again_msg, "the old password, or the phone's code"),
};
const struct gg_msg auth_password_new_msg =
    GG_MSG("AuthPasswordNew", struct auth_password_new, password_new_fields, "Changes the password.");

static const struct gg_field phone_new_fields[] = {
    GG_ID(struct auth_phone_new, code_request, GG_REQUIRED, "request of the code to the new number"),
    GG_TEXT_OF(struct auth_phone_new, code, GG_REQUIRED | GG_PRIVATE, 6, 6, digits, "the code it got"),
    GG_REF(struct auth_phone_new, again, GG_OPTIONAL, &auth_again_msg, "the password, or a code to the old number"),
};
const struct gg_msg auth_phone_new_msg =
    GG_MSG("AuthPhoneNew", struct auth_phone_new, phone_new_fields, "Changes the number.");

static const struct gg_field profile_change_fields[] = {
    GG_TEXT(struct auth_profile_change, nickname, GG_OPTIONAL, 2, 20, "what neighbours see"),
    GG_TEXT(struct auth_profile_change, introduction, GG_OPTIONAL | GG_LINES, 0, 300, "a few lines; empty: none"),
};
const struct gg_msg auth_profile_change_msg = GG_MSG("AuthProfileChange", struct auth_profile_change,
                                                     profile_change_fields, "What is to change; the rest stays.");

static const struct gg_field neighbour_fields[] = {
    GG_ID(struct auth_neighbour, id, GG_REQUIRED, "the account"),
    GG_TEXT(struct auth_neighbour, nickname, GG_REQUIRED, 2, 20, "nickname"),
    GG_TEXT(struct auth_neighbour, introduction, GG_OPTIONAL | GG_LINES, 1, 300, "a few lines about himself"),
    GG_TEXT(struct auth_neighbour, picture, GG_OPTIONAL, 1, 120, "path of the picture"),
    GG_TIME(struct auth_neighbour, created_at, GG_REQUIRED, "signed up"),
};
const struct gg_msg auth_neighbour_msg =
    GG_MSG("AuthNeighbour", struct auth_neighbour, neighbour_fields, "What neighbours see of an account.");

static const struct gg_field recovery_fields[] = {
    GG_TIME(struct auth_recovery, asked_at, GG_REQUIRED, "somebody proved the phone from a device not known"),
    GG_TIME(struct auth_recovery, ready_at, GG_REQUIRED, "from then on the phone is enough"),
    GG_TIME(struct auth_recovery, until, GG_REQUIRED, "and after this no longer"),
};
const struct gg_msg auth_recovery_msg =
    GG_MSG("AuthRecovery", struct auth_recovery, recovery_fields, "Somebody waits to get in by phone.");

static const struct gg_field recovery_event_fields[] = {
    GG_ID(struct auth_recovery_event, user, GG_REQUIRED, "whose account"),
    GG_TIME(struct auth_recovery_event, ready_at, GG_REQUIRED, "from then on the phone is enough"),
};
static const struct gg_msg recovery_event_msg =
    GG_MSG("AuthRecoveryAsked", struct auth_recovery_event, recovery_event_fields,
           "Somebody with the phone of an account waits to get in.");
const struct gg_event_type AUTH_RECOVERY_ASKED = {
    "auth.recovery.asked.v1", AUTH_TOPIC, &recovery_event_msg,
    "somebody proved the phone of a guarded account from a strange device; the owner has three days to stop it"};

const struct gg_problem AUTH_RECOVERY_WAITS = {"recovery_waits", 403, false,
                                               "A phone alone opens this account after a wait only.",
                                               "안전을 위해 기다린 뒤에 휴대폰만으로 다시 들어올 수 있어요."};
const struct gg_problem AUTH_NO_ACCOUNT = {"no_account", 404, false, "No account has this number.",
                                           "이 번호로 가입한 계정이 없어요."};
const struct gg_problem AUTH_NOT_A_PICTURE = {"not_a_picture", 422, false, "These bytes are no picture we take.",
                                              "사진을 읽을 수 없어요. JPEG, PNG, WebP, HEIC만 올릴 수 있어요."};
