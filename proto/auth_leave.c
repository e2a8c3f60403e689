/* proto/auth_leave.c
 * The tables behind proto/auth_leave.h. */
#include "proto/auth_leave.h"

#define EXPORT_MAX 1000

const char *const auth_closing_state_names[] = {"asked",    "in_flight", "withdrawn", "closed",
                                                "restored", "erasing",   "erased",    NULL};

static const struct gg_field close_fields[] = {
    GG_REF(struct auth_close, again, GG_OPTIONAL, &auth_again_msg, "the password, or a code sent to the own phone"),
};
const struct gg_msg auth_close_msg = GG_MSG("AuthClose", struct auth_close, close_fields, "Asks to close the account.");

static const struct gg_field receipt_fields[] = {
    GG_TEXT(struct auth_receipt, service, GG_REQUIRED, 1, 10, "who erased"),
    GG_INT(struct auth_receipt, rows, GG_REQUIRED, 0, GG_WIRE_MAX, "rows removed or made nameless"),
    GG_TIME(struct auth_receipt, at, GG_REQUIRED, "when"),
};
const struct gg_msg auth_receipt_msg =
    GG_MSG("AuthReceipt", struct auth_receipt, receipt_fields, "A service has erased what it knew.");

static const struct gg_field closing_fields[] = {
    GG_ID(struct auth_closing, id, GG_REQUIRED, "keep it: it shows the receipts when the account is gone"),
    GG_ENUM(struct auth_closing, state, GG_REQUIRED, auth_closing_state_names, "how far it is"),
    GG_TIME(struct auth_closing, asked_at, GG_REQUIRED, "when it was asked for"),
    GG_TIME(struct auth_closing, closed_at, GG_OPTIONAL, "when the account was closed"),
    GG_TIME(struct auth_closing, purge_at, GG_OPTIONAL, "logging in before this restores the account"),
    GG_LIST(struct auth_closing, in_flight, GG_REQUIRED, 0, 40, &auth_in_flight_msg, "what has to be settled first"),
    GG_LIST(struct auth_closing, receipts, GG_REQUIRED, 0, 10, &auth_receipt_msg, "who has erased what"),
};
const struct gg_msg auth_closing_msg =
    GG_MSG("AuthClosing", struct auth_closing, closing_fields, "An account on its way out.");

static const struct gg_field export_fields[] = {
    GG_TIME(struct auth_export, exported_at, GG_REQUIRED, "now"),
    GG_ID(struct auth_export, id, GG_REQUIRED, "the account"),
    GG_TEXT(struct auth_export, login_id, GG_OPTIONAL, 1, 20, "id to log in with"),
    GG_TEXT(struct auth_export, nickname, GG_OPTIONAL, 1, 20, "what neighbours see"),
    GG_TEXT(struct auth_export, phone, GG_OPTIONAL, 1, 16, "proved number, in full"),
    GG_BOOL(struct auth_export, admin, GG_OPTIONAL, "has the role of an admin"),
    GG_TIME(struct auth_export, created_at, GG_REQUIRED, "signed up"),
    GG_LIST(struct auth_export, sessions, GG_REQUIRED, 0, EXPORT_MAX, &auth_session_msg, "open ones"),
    GG_LIST(struct auth_export, neighbourhoods, GG_REQUIRED, 0, 2, &auth_neighbourhood_msg, "proved ones"),
    GG_LIST(struct auth_export, blocks, GG_REQUIRED, 0, EXPORT_MAX, &auth_block_msg, "whom one blocked"),
    GG_LIST(struct auth_export, reports, GG_REQUIRED, 0, EXPORT_MAX, &auth_report_msg, "what one reported"),
    GG_LIST(struct auth_export, security, GG_REQUIRED, 0, EXPORT_MAX, &auth_security_entry_msg,
            "the security log, newest first"),
};
const struct gg_msg auth_export_msg =
    GG_MSG("AuthExport", struct auth_export, export_fields, "Everything the auth service knows of the caller.");

const struct gg_problem AUTH_CLOSING_UNDER_WAY = {
    "closing_under_way", 409, false, "The account is being closed already.", "이미 탈퇴 절차가 진행 중이에요."};
