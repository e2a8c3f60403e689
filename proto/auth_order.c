/* proto/auth_order.c
 * The tables behind proto/auth_order.h. */
#include "proto/auth_order.h"

#define NOTE_MAX 200

const char *const auth_report_reason_names[] = {"no_show", "fraud", "abuse", "spam", "forbidden_goods", "other", NULL};
const char *const auth_report_context_names[] = {"profile", "deal", "share", "message", "comment", "review", NULL};
const char *const auth_report_state_names[] = {"open", "dismissed", "upheld", NULL};
const char *const auth_admin_action_names[] = {"role_given",       "role_taken",    "suspended",      "unsuspended",
                                               "report_dismissed", "report_upheld", "sessions_ended", NULL};
const char *const auth_security_kind_names[] = {
    "signup",  "login",   "new_device", "login_failed", "logout", "token_reused", "password",  "phone",
    "profile", "pin",     "pin_failed", "passkey",      "social", "role",         "suspended", "unsuspended",
    "area",    "closing", "closed",     "restored",     "export", "recovery",     NULL};

#define NEXT(s) GG_TEXT(s, next, GG_OPTIONAL, 1, 200, "cursor of the next page")

static const struct gg_field block_fields[] = {
    GG_ID(struct auth_block, user, GG_REQUIRED, "who is blocked"),
    GG_TEXT(struct auth_block, nickname, GG_OPTIONAL, 1, 20, "the name; left out once the account is gone"),
    GG_TIME(struct auth_block, blocked_at, GG_REQUIRED, "since"),
};
const struct gg_msg auth_block_msg = GG_MSG("AuthBlock", struct auth_block, block_fields, "A neighbour one blocked.");
static const struct gg_field block_list_fields[] = {
    GG_LIST(struct auth_block_list, items, GG_REQUIRED, 0, 100, &auth_block_msg, "newest first"),
    NEXT(struct auth_block_list),
};
const struct gg_msg auth_block_list_msg =
    GG_MSG("AuthBlockList", struct auth_block_list, block_list_fields, "Whom one blocked.");

static const struct gg_field report_new_fields[] = {
    GG_ID(struct auth_report_new, user, GG_REQUIRED, "who is reported"),
    GG_ENUM(struct auth_report_new, reason, GG_REQUIRED, auth_report_reason_names, "what for"),
    GG_TEXT(struct auth_report_new, detail, GG_OPTIONAL | GG_LINES | GG_PRIVATE, 1, 1000, "what happened"),
    GG_ENUM(struct auth_report_new, context, GG_REQUIRED, auth_report_context_names, "where it happened"),
    GG_ID(struct auth_report_new, context_id, GG_OPTIONAL, "which deal, share, room, comment or review"),
    GG_INT(struct auth_report_new, context_seq, GG_OPTIONAL, 1, GG_WIRE_MAX, "of a message: its place in the room"),
};
const struct gg_msg auth_report_new_msg =
    GG_MSG("AuthReportNew", struct auth_report_new, report_new_fields, "Tells the admins about a neighbour.");

static const struct gg_field report_fields[] = {
    GG_ID(struct auth_report, id, GG_REQUIRED, "the report"),
    GG_ID(struct auth_report, user, GG_REQUIRED, "who is reported"),
    GG_ID(struct auth_report, reporter, GG_OPTIONAL, "who reports; only admins see it"),
    GG_TEXT(struct auth_report, nickname, GG_OPTIONAL, 1, 20, "name of who is reported"),
    GG_ENUM(struct auth_report, reason, GG_REQUIRED, auth_report_reason_names, "what for"),
    GG_TEXT(struct auth_report, detail, GG_OPTIONAL | GG_LINES, 1, 1000, "what happened"),
    GG_ENUM(struct auth_report, context, GG_REQUIRED, auth_report_context_names, "where it happened"),
    GG_ID(struct auth_report, context_id, GG_OPTIONAL, "which deal, share, room, comment or review"),
    GG_INT(struct auth_report, context_seq, GG_OPTIONAL, 1, GG_WIRE_MAX, "of a message: its place in the room"),
    GG_ENUM(struct auth_report, state, GG_REQUIRED, auth_report_state_names, "what became of it"),
    GG_TIME(struct auth_report, reported_at, GG_REQUIRED, "when"),
    GG_TIME(struct auth_report, decided_at, GG_OPTIONAL, "when an admin decided"),
    GG_TEXT(struct auth_report, decision, GG_OPTIONAL, 1, NOTE_MAX, "the admin's words; only admins see them"),
};
const struct gg_msg auth_report_msg = GG_MSG("AuthReport", struct auth_report, report_fields, "A report.");
static const struct gg_field report_list_fields[] = {
    GG_LIST(struct auth_report_list, items, GG_REQUIRED, 0, 100, &auth_report_msg,
            "one's own: newest first; the queue: oldest first"),
    NEXT(struct auth_report_list),
};
const struct gg_msg auth_report_list_msg =
    GG_MSG("AuthReportList", struct auth_report_list, report_list_fields, "Reports.");
static const struct gg_field report_query_fields[] = {
    GG_PAGE_FIELDS(struct auth_report_query),
    GG_ENUM(struct auth_report_query, state, GG_OPTIONAL, auth_report_state_names, "left out: open"),
};
const struct gg_msg auth_report_query_msg =
    GG_MSG("AuthReportQuery", struct auth_report_query, report_query_fields, "Which reports.");

static const struct gg_field suspend_fields[] = {
    GG_TEXT(struct auth_suspend, reason, GG_REQUIRED, 2, NOTE_MAX, "shown to the user"),
    GG_TIME(struct auth_suspend, until, GG_OPTIONAL, "left out: until an admin ends it"),
};
const struct gg_msg auth_suspend_msg =
    GG_MSG("AuthSuspend", struct auth_suspend, suspend_fields, "Suspends an account.");
static const struct gg_field set_role_fields[] = {
    GG_BOOL(struct auth_set_role, admin, GG_REQUIRED, "admin, or a member like everybody"),
    GG_TEXT(struct auth_set_role, reason, GG_REQUIRED, 2, NOTE_MAX, "for the admin log"),
};
const struct gg_msg auth_set_role_msg =
    GG_MSG("AuthSetRole", struct auth_set_role, set_role_fields, "Gives or takes the role of an admin.");
static const struct gg_field decide_report_fields[] = {
    GG_BOOL(struct auth_decide_report, uphold, GG_REQUIRED, "the report is right"),
    GG_TEXT(struct auth_decide_report, note, GG_REQUIRED, 2, NOTE_MAX, "why; for the admin log"),
    GG_REF(struct auth_decide_report, suspend, GG_OPTIONAL, &auth_suspend_msg, "only with `uphold`"),
};
const struct gg_msg auth_decide_report_msg =
    GG_MSG("AuthDecideReport", struct auth_decide_report, decide_report_fields, "Decides a report.");

static const struct gg_field admin_user_query_fields[] = {
    GG_ID(struct auth_admin_user_query, id, GG_OPTIONAL, "by id"),
    GG_TEXT(struct auth_admin_user_query, login_id, GG_OPTIONAL, 1, 20, "by id to log in with"),
    GG_TEXT(struct auth_admin_user_query, nickname, GG_OPTIONAL, 1, 20, "by nickname"),
};
const struct gg_msg auth_admin_user_query_msg = GG_MSG("AuthAdminUserQuery", struct auth_admin_user_query,
                                                       admin_user_query_fields, "Whom to look up; one of the three.");
static const struct gg_field admin_user_fields[] = {
    GG_ID(struct auth_admin_user, id, GG_REQUIRED, "the account"),
    GG_TEXT(struct auth_admin_user, login_id, GG_OPTIONAL, 1, 20, "id to log in with"),
    GG_TEXT(struct auth_admin_user, nickname, GG_OPTIONAL, 1, 20, "what neighbours see"),
    GG_BOOL(struct auth_admin_user, admin, GG_OPTIONAL, "has the role"),
    GG_TIME(struct auth_admin_user, created_at, GG_REQUIRED, "signed up"),
    GG_BOOL(struct auth_admin_user, suspended, GG_OPTIONAL, "at this moment"),
    GG_TIME(struct auth_admin_user, suspended_until, GG_OPTIONAL, "left out: until an admin ends it"),
    GG_TEXT(struct auth_admin_user, suspended_for, GG_OPTIONAL, 1, NOTE_MAX, "the reason"),
    GG_INT(struct auth_admin_user, open_reports, GG_REQUIRED, 0, GG_WIRE_MAX, "reports that wait for a decision"),
};
const struct gg_msg auth_admin_user_msg =
    GG_MSG("AuthAdminUser", struct auth_admin_user, admin_user_fields, "An account as admins see it.");

static const struct gg_field admin_entry_fields[] = {
    GG_INT(struct auth_admin_entry, number, GG_REQUIRED, 1, GG_WIRE_MAX, "1, 2, 3 ... without gaps"),
    GG_TIME(struct auth_admin_entry, at, GG_REQUIRED, "when"),
    GG_ID(struct auth_admin_entry, admin, GG_OPTIONAL, "who; left out: the command line"),
    GG_ENUM(struct auth_admin_entry, action, GG_REQUIRED, auth_admin_action_names, "what"),
    GG_ID(struct auth_admin_entry, user, GG_REQUIRED, "about whom"),
    GG_ID(struct auth_admin_entry, report, GG_OPTIONAL, "upon which report"),
    GG_TIME(struct auth_admin_entry, until, GG_OPTIONAL, "end of a suspension"),
    GG_TEXT(struct auth_admin_entry, reason, GG_REQUIRED, 1, NOTE_MAX, "why"),
    GG_TEXT(struct auth_admin_entry, hash, GG_REQUIRED, 64, 64, "SHA-256 over the hash before and this entry"),
};
const struct gg_msg auth_admin_entry_msg =
    GG_MSG("AuthAdminEntry", struct auth_admin_entry, admin_entry_fields, "A decision of an admin.");
static const struct gg_field admin_log_fields[] = {
    GG_LIST(struct auth_admin_log, items, GG_REQUIRED, 0, 100, &auth_admin_entry_msg, "newest first"),
    NEXT(struct auth_admin_log),
};
const struct gg_msg auth_admin_log_msg = GG_MSG("AuthAdminLog", struct auth_admin_log, admin_log_fields,
                                                "What admins decided; nothing is ever changed in it.");

static const struct gg_field security_entry_fields[] = {
    GG_ID(struct auth_security_entry, id, GG_REQUIRED, "the entry"),
    GG_TIME(struct auth_security_entry, at, GG_REQUIRED, "when"),
    GG_ENUM(struct auth_security_entry, kind, GG_REQUIRED, auth_security_kind_names, "what happened"),
    GG_TEXT(struct auth_security_entry, device, GG_OPTIONAL, 1, 80, "browser or app"),
    GG_TEXT(struct auth_security_entry, address, GG_OPTIONAL, 1, 45, "network address"),
    GG_TEXT(struct auth_security_entry, note, GG_OPTIONAL, 1, NOTE_MAX, "more about it"),
};
const struct gg_msg auth_security_entry_msg =
    GG_MSG("AuthSecurityEntry", struct auth_security_entry, security_entry_fields,
           "Something that happened to one's account.");
static const struct gg_field security_list_fields[] = {
    GG_LIST(struct auth_security_list, items, GG_REQUIRED, 0, 100, &auth_security_entry_msg, "newest first"),
    NEXT(struct auth_security_list),
};
const struct gg_msg auth_security_list_msg =
    GG_MSG("AuthSecurityList", struct auth_security_list, security_list_fields, "One's security log.");

const struct gg_problem AUTH_SUSPENDED = {"suspended", 403, false, "This account is suspended.",
                                          "이용이 정지된 계정이에요."};
const struct gg_problem AUTH_IS_ADMIN = {"is_admin", 409, false, "This is not done to an admin; take the role first.",
                                         "관리자 계정에는 할 수 없어요. 먼저 관리자 권한을 해제해 주세요."};
const struct gg_problem AUTH_LAST_ADMIN = {"last_admin", 409, false, "Somebody has to stay admin.",
                                           "관리자는 한 명 이상 있어야 해요."};
const struct gg_problem AUTH_REPORT_DECIDED = {"report_decided", 409, false, "This report has been decided.",
                                               "이미 처리된 신고예요."};
const struct gg_problem AUTH_REPORT_BUDGET = {"report_budget", 429, true, "Too many reports in one day.",
                                              "오늘은 더 신고할 수 없어요. 내일 다시 시도해 주세요."};
const struct gg_problem AUTH_TOO_MANY_BLOCKS = {"too_many_blocks", 409, false, "No more neighbours can be blocked.",
                                                "더 이상 차단할 수 없어요."};
const struct gg_problem AUTH_SIGNUP_BUDGET = {"signup_budget", 429, true,
                                              "Too many accounts were opened from here today.",
                                              "지금은 가입할 수 없어요. 내일 다시 시도해 주세요."};
