/* proto/auth_social.c
 * The tables behind proto/auth_social.h. */
#include "proto/auth_social.h"

static const char *const digits[] = {"0-9", NULL};

static const struct gg_field start_fields[] = {
    GG_TEXT(struct auth_social_start, authorize_url, GG_REQUIRED, 1, 2000, "where the browser goes now"),
};
const struct gg_msg auth_social_start_msg =
    GG_MSG("AuthSocialStart", struct auth_social_start, start_fields, "A log-in by another service begins.");

static const struct gg_field callback_fields[] = {
    GG_TEXT(struct auth_social_callback, code, GG_OPTIONAL, 1, 2000, "authorization code"),
    GG_TEXT(struct auth_social_callback, state, GG_OPTIONAL, 1, 200, "what the start gave along"),
    GG_TEXT(struct auth_social_callback, error, GG_OPTIONAL, 1, 200, "why there is no code"),
    GG_TEXT(struct auth_social_callback, iss, GG_OPTIONAL, 1, 500, "who answers (RFC 9207)"),
};
const struct gg_msg auth_social_callback_msg =
    GG_MSG("AuthSocialCallback", struct auth_social_callback, callback_fields,
           "What the other service sends the browser with.");

static const struct gg_field waiting_fields[] = {
    GG_TEXT(struct auth_social_waiting, provider, GG_REQUIRED, 1, 20, "the other service"),
    GG_TEXT(struct auth_social_waiting, nickname, GG_OPTIONAL, 2, 20, "a nickname to begin with"),
};
const struct gg_msg auth_social_waiting_msg = GG_MSG("AuthSocialWaiting", struct auth_social_waiting, waiting_fields,
                                                     "Somebody who came back and has no account linked yet.");

static const struct gg_field completion_fields[] = {
    GG_ID(struct auth_social_completion, code_request, GG_REQUIRED, "request of the phone code"),
    GG_TEXT_OF(struct auth_social_completion, code, GG_REQUIRED | GG_PRIVATE, 6, 6, digits, "the code of the SMS"),
    GG_TEXT(struct auth_social_completion, nickname, GG_OPTIONAL, 2, 20, "for a new account: what neighbours see"),
};
const struct gg_msg auth_social_completion_msg =
    GG_MSG("AuthSocialCompletion", struct auth_social_completion, completion_fields,
           "Proves the phone: links its account, or opens one.");

static const struct gg_field item_fields[] = {
    GG_TEXT(struct auth_social_item, provider, GG_REQUIRED, 1, 20, "the other service"),
    GG_TIME(struct auth_social_item, linked_at, GG_OPTIONAL, "linked since; absent: not linked"),
};
static const struct gg_msg item_msg =
    GG_MSG("AuthSocialItem", struct auth_social_item, item_fields, "A service one may log in by.");
static const struct gg_field list_fields[] = {
    GG_LIST(struct auth_social_list, items, GG_REQUIRED, 0, 20, &item_msg, "every configured service"),
};
const struct gg_msg auth_social_list_msg =
    GG_MSG("AuthSocialList", struct auth_social_list, list_fields, "Log-in by other services.");

const struct gg_problem AUTH_NOTHING_WAITS = {"nothing_waits", 404, false, "No log-in waits in this browser.",
                                              "진행 중인 소셜 로그인이 없어요. 처음부터 다시 시도해 주세요."};
const struct gg_problem AUTH_SOCIAL_TAKEN = {"social_taken", 409, false, "This log-in belongs to another account.",
                                             "이미 다른 계정에 연결되어 있어요."};
const struct gg_problem AUTH_LAST_WAY_IN = {"last_way_in", 409, false, "Nothing would be left to log in with.",
                                            "마지막 로그인 수단은 해제할 수 없어요. 비밀번호를 먼저 만들어 주세요."};
