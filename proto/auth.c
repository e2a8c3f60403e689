/* proto/auth.c
 * The tables behind proto/auth.h. */
#include "proto/auth_account.h"
#include "proto/auth_leave.h"
#include "proto/auth_passkey.h"
#include "proto/auth_social.h"

static const char *const digits[] = {"0-9", NULL};
static const char *const login_id_set[] = {"0-9a-z_", NULL};
const char *const auth_end_reason_names[] = {"logout", "reuse", "password", "suspended", "expired", NULL};

static const struct gg_field user_event_fields[] = {
    GG_ID(struct auth_user_event, user, GG_REQUIRED, "the account"),
    GG_TEXT(struct auth_user_event, nickname, GG_REQUIRED, 2, 20, "what neighbours see"),
    GG_TEXT(struct auth_user_event, picture, GG_OPTIONAL, 1, 200, "path of the picture; left out: none"),
};
static const struct gg_msg user_event_msg =
    GG_MSG("AuthUserEvent", struct auth_user_event, user_event_fields, "An account and what others may know of it.");

static const struct gg_field session_opened_fields[] = {
    GG_ID(struct auth_session_opened, user, GG_REQUIRED, "whose session"),
    GG_ID(struct auth_session_opened, session, GG_REQUIRED, "the session"),
    GG_TEXT(struct auth_session_opened, device, GG_REQUIRED, 1, 80, "browser or app, in short"),
    GG_BOOL(struct auth_session_opened, new_device, GG_OPTIONAL, "always true: others are not told of"),
};
static const struct gg_msg session_opened_msg =
    GG_MSG("AuthSessionOpened", struct auth_session_opened, session_opened_fields,
           "Somebody logged in from a browser that he had not used before.");

static const struct gg_field session_ended_fields[] = {
    GG_ID(struct auth_session_ended, user, GG_REQUIRED, "whose session"),
    GG_ID(struct auth_session_ended, session, GG_OPTIONAL, "the session; left out: all below `version`"),
    GG_INT(struct auth_session_ended, version, GG_REQUIRED, 0, GG_WIRE_MAX, "session version of the user from now on"),
    GG_ENUM(struct auth_session_ended, reason, GG_REQUIRED, auth_end_reason_names, "why"),
};
static const struct gg_msg session_ended_msg = GG_MSG("AuthSessionEnded", struct auth_session_ended,
                                                      session_ended_fields, "Sessions are over at once, everywhere.");

const struct gg_event_type AUTH_USER_REGISTERED = {"auth.user.registered.v1", AUTH_TOPIC, &user_event_msg,
                                                   "a neighbour signed up"};
const struct gg_event_type AUTH_USER_CHANGED = {"auth.user.changed.v1", AUTH_TOPIC, &user_event_msg,
                                                "nickname or picture changed"};
const struct gg_event_type AUTH_SESSION_OPENED = {"auth.session.opened.v1", AUTH_TOPIC, &session_opened_msg,
                                                  "a log-in from a browser not used before"};
const struct gg_event_type AUTH_SESSION_ENDED = {"auth.session.ended.v1", AUTH_TOPIC, &session_ended_msg,
                                                 "a log-out or revocation"};

static const struct gg_field phone_code_fields[] = {
    GG_TEXT_OF(struct auth_phone_code, phone, GG_REQUIRED | GG_PRIVATE, 10, 11, digits, "Korean mobile number, 010..."),
};
const struct gg_msg auth_phone_code_msg =
    GG_MSG("AuthPhoneCode", struct auth_phone_code, phone_code_fields, "Asks for a code by SMS.");

static const struct gg_field phone_code_sent_fields[] = {
    GG_ID(struct auth_phone_code_sent, request, GG_REQUIRED, "to be given back with the code"),
    GG_TIME(struct auth_phone_code_sent, expires_at, GG_REQUIRED, "the code is void after this"),
};
const struct gg_msg auth_phone_code_sent_msg =
    GG_MSG("AuthPhoneCodeSent", struct auth_phone_code_sent, phone_code_sent_fields, "A code is on its way.");

static const struct gg_field signup_fields[] = {
    GG_TEXT_OF(struct auth_signup, login_id, GG_REQUIRED, 4, 20, login_id_set, "id to log in with"),
    GG_TEXT(struct auth_signup, password, GG_REQUIRED | GG_PRIVATE, 10, 128, "password"),
    GG_TEXT(struct auth_signup, nickname, GG_REQUIRED, 2, 20, "what neighbours see"),
    GG_ID(struct auth_signup, code_request, GG_REQUIRED, "request of the phone code"),
    GG_TEXT_OF(struct auth_signup, code, GG_REQUIRED | GG_PRIVATE, 6, 6, digits, "the code of the SMS"),
};
const struct gg_msg auth_signup_msg = GG_MSG("AuthSignup", struct auth_signup, signup_fields, "Opens an account.");

static const struct gg_field login_fields[] = {
    GG_TEXT_OF(struct auth_login, login_id, GG_REQUIRED, 4, 20, login_id_set, "id"),
    GG_TEXT(struct auth_login, password, GG_REQUIRED | GG_PRIVATE, 1, 128, "password"),
};
const struct gg_msg auth_login_msg = GG_MSG("AuthLogin", struct auth_login, login_fields, "Opens a session.");

static const struct gg_field user_fields[] = {
    GG_ID(struct auth_user, id, GG_REQUIRED, "the account"),
    GG_TEXT(struct auth_user, login_id, GG_OPTIONAL, 4, 20, "id to log in with; absent: by other services only"),
    GG_TEXT(struct auth_user, nickname, GG_REQUIRED, 2, 20, "what neighbours see"),
    GG_TEXT(struct auth_user, phone, GG_OPTIONAL, 4, 16, "proved number, masked"),
    GG_TIME(struct auth_user, created_at, GG_REQUIRED, "signed up"),
    GG_TEXT(struct auth_user, introduction, GG_OPTIONAL | GG_LINES, 1, 300, "a few lines about oneself"),
    GG_TEXT(struct auth_user, picture, GG_OPTIONAL, 1, 120, "path of the picture"),
    GG_BOOL(struct auth_user, admin, GG_OPTIONAL, "has the role of an admin"),
};
const struct gg_msg auth_user_msg = GG_MSG("AuthUser", struct auth_user, user_fields, "One's own account.");

static const struct gg_field token_fields[] = {
    GG_TEXT(struct auth_token, access_token, GG_REQUIRED | GG_PRIVATE, 1, 4096, "bearer token"),
    GG_TIME(struct auth_token, expires_at, GG_REQUIRED, "refresh before this"),
    GG_OBJECT(struct auth_token, user, &auth_user_msg, "who logged in"),
};
const struct gg_msg auth_token_msg =
    GG_MSG("AuthToken", struct auth_token, token_fields, "An access token; the refresh token is in the cookie.");

static const struct gg_field session_fields[] = {
    GG_ID(struct auth_session, id, GG_REQUIRED, "the session"),
    GG_TEXT(struct auth_session, device, GG_REQUIRED, 1, 80, "browser or app"),
    GG_TEXT(struct auth_session, address, GG_REQUIRED, 1, 45, "network address last seen"),
    GG_TEXT(struct auth_session, place, GG_OPTIONAL, 1, 40, "neighbourhood this device has last proved to be in"),
    GG_TIME(struct auth_session, place_at, GG_OPTIONAL, "when it was there"),
    GG_TIME(struct auth_session, opened_at, GG_REQUIRED, "log-in"),
    GG_TIME(struct auth_session, seen_at, GG_REQUIRED, "last refresh"),
    GG_BOOL(struct auth_session, current, GG_OPTIONAL, "this very session"),
};
const struct gg_msg auth_session_msg = GG_MSG("AuthSession", struct auth_session, session_fields, "A device.");

static const struct gg_field session_list_fields[] = {
    GG_LIST(struct auth_session_list, items, GG_REQUIRED, 0, 100, &auth_session_msg, "newest first"),
    GG_TEXT(struct auth_session_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg auth_session_list_msg =
    GG_MSG("AuthSessionList", struct auth_session_list, session_list_fields, "One's open sessions.");

static const struct gg_field availability_query_fields[] = {
    GG_TEXT_OF(struct auth_availability_query, login_id, GG_OPTIONAL, 4, 20, login_id_set, "id to look up"),
    GG_TEXT(struct auth_availability_query, nickname, GG_OPTIONAL, 2, 20, "nickname to look up"),
};
const struct gg_msg auth_availability_query_msg = GG_MSG("AuthAvailabilityQuery", struct auth_availability_query,
                                                         availability_query_fields, "What is to be looked up.");
static const struct gg_field availability_fields[] = {
    GG_BOOL(struct auth_availability, login_id_free, GG_OPTIONAL, "the id can be taken"),
    GG_BOOL(struct auth_availability, nickname_free, GG_OPTIONAL, "the nickname can be taken"),
};
const struct gg_msg auth_availability_msg =
    GG_MSG("AuthAvailability", struct auth_availability, availability_fields, "Whether names are free.");

const struct gg_problem AUTH_BAD_CREDENTIALS = {"bad_credentials", 401, false, "Id or password is wrong.",
                                                "아이디 또는 비밀번호가 맞지 않아요."};
const struct gg_problem AUTH_BAD_CODE = {"bad_code", 422, false, "The code is wrong, used or too old.",
                                         "인증번호가 맞지 않거나 만료되었어요."};
const struct gg_problem AUTH_CODE_BUDGET = {"code_budget", 429, true, "Too many codes were asked for.",
                                            "인증번호를 너무 많이 요청했어요. 잠시 뒤에 다시 시도해 주세요."};
const struct gg_problem AUTH_LOGIN_ID_TAKEN = {"login_id_taken", 409, false, "This id is taken.",
                                               "이미 사용 중인 아이디예요."};
const struct gg_problem AUTH_NICKNAME_TAKEN = {"nickname_taken", 409, false, "This nickname is taken.",
                                               "이미 사용 중인 닉네임이에요."};
const struct gg_problem AUTH_PHONE_TAKEN = {"phone_taken", 409, false, "This number belongs to an account.",
                                            "이미 가입된 번호예요."};
const struct gg_problem AUTH_THROTTLED = {"throttled", 429, true, "Too many tries.",
                                          "시도가 너무 많아요. 잠시 뒤에 다시 시도해 주세요."};
const struct gg_problem AUTH_NO_REFRESH = {"no_refresh", 401, false, "There is no usable refresh token.",
                                           "다시 로그인해 주세요."};
const struct gg_problem AUTH_REFRESH_REUSED = {"refresh_reused", 401, false,
                                               "An old refresh token came back; the session was ended.",
                                               "보안을 위해 로그아웃되었어요. 다시 로그인해 주세요."};
const struct gg_problem AUTH_BAD_ORIGIN = {"bad_origin", 403, false, "The request came from another site.",
                                           "다른 사이트에서 온 요청이에요."};
const struct gg_problem *const auth_problems[] = {
    AUTH_STEP_UP_PROBLEMS,
    AUTH_ACCOUNT_PROBLEMS,
    AUTH_SOCIAL_PROBLEMS,
    AUTH_PASSKEY_PROBLEMS,

    &AUTH_BAD_CREDENTIALS,
    &AUTH_BAD_CODE,
    &AUTH_CODE_BUDGET,
    &AUTH_LOGIN_ID_TAKEN,
    &AUTH_NICKNAME_TAKEN,
    &AUTH_PHONE_TAKEN,
    &AUTH_THROTTLED,
    &AUTH_NO_REFRESH,
    &AUTH_REFRESH_REUSED,
    &AUTH_BAD_ORIGIN,
    &AUTH_SUSPENDED,
    &AUTH_IS_ADMIN,
    &AUTH_LAST_ADMIN,
    &AUTH_REPORT_DECIDED,
    &AUTH_REPORT_BUDGET,
    &AUTH_TOO_MANY_BLOCKS,
    &AUTH_SIGNUP_BUDGET,
    &AUTH_POSITION_INACCURATE,
    &AUTH_POSITION_OLD,
    &AUTH_POSITION_DOUBTED,
    &AUTH_AREA_UNKNOWN,
    &AUTH_AREAS_FULL,
    &AUTH_AREA_BUDGET,
    &AUTH_CLOSING_UNDER_WAY,
    NULL,
};
