/* proto/pay_history.c
 * The tables behind proto/pay_history.h. */
#include "proto/pay_history.h"

const char *const pay_statement_format_names[] = {"csv", "pdf", NULL};

static const struct gg_field history_query_fields[] = {
    GG_PAGE_FIELDS(struct pay_history_query),
    GG_ENUM(struct pay_history_query, kind, GG_OPTIONAL, pay_entry_kind_names, "only this kind"),
    GG_ID(struct pay_history_query, deal, GG_OPTIONAL, "only this deal"),
    GG_TIME(struct pay_history_query, from, GG_OPTIONAL, "not before this"),
    GG_TIME(struct pay_history_query, until, GG_OPTIONAL, "before this"),
};
const struct gg_msg pay_history_query_msg =
    GG_MSG("HistoryQuery", struct pay_history_query, history_query_fields, "Which lines.");

static const struct gg_field line_fields[] = {
    GG_ID(struct pay_line, id, GG_REQUIRED, "the transfer"),
    GG_ENUM(struct pay_line, kind, GG_REQUIRED, pay_entry_kind_names, "why"),
    GG_WON(struct pay_line, amount_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "+ came in, - went out"),
    GG_WON(struct pay_line, balance_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "posted, after this line"),
    GG_INT(struct pay_line, version, GG_REQUIRED, 1, GG_WIRE_MAX, "1, 2, 3 ... in this wallet"),
    GG_ID(struct pay_line, counterpart, GG_OPTIONAL, "the neighbour on the other side"),
    GG_TEXT(struct pay_line, counterpart_nickname, GG_OPTIONAL, 1, 60, "name; gone when the account is"),
    GG_TEXT(struct pay_line, bank, GG_OPTIONAL, 3, 3, "withdraw: code of the bank"),
    GG_TEXT(struct pay_line, number, GG_OPTIONAL, 4, 40, "withdraw: the last four digits visible"),
    GG_TEXT(struct pay_line, memo, GG_OPTIONAL, 1, 300, "a word with it; correction: why"),
    GG_ID(struct pay_line, deal, GG_OPTIONAL, "for which deal"),
    GG_ID(struct pay_line, share, GG_OPTIONAL, "for which share"),
    GG_ID(struct pay_line, room, GG_OPTIONAL, "sent from which chat room"),
    GG_ID(struct pay_line, request, GG_OPTIONAL, "answering which 1/N request"),
    GG_TEXT(struct pay_line, deal_title, GG_OPTIONAL, 1, 120, "of the deal"),
    GG_TEXT(struct pay_line, deal_path, GG_OPTIONAL, 1, 200, "where the deal is"),
    GG_INT(struct pay_line, terms, GG_OPTIONAL, 0, GG_WIRE_MAX, "version of the terms the share accepted"),
    GG_TEXT(struct pay_line, receipt_path, GG_OPTIONAL, 1, 200, "where the receipt is shown"),
    GG_WON(struct pay_line, receipt_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "what the lot cost"),
    GG_TIME(struct pay_line, handed_over_at, GG_OPTIONAL, "when the goods changed hands"),
    GG_TIME(struct pay_line, at, GG_REQUIRED, "when"),
    GG_TEXT(struct pay_line, hash, GG_REQUIRED, 64, 64, "SHA-256 chain of the wallet"),
};
const struct gg_msg pay_line_msg = GG_MSG("Line", struct pay_line, line_fields, "One line of the history.");
static const struct gg_field line_list_fields[] = {
    GG_LIST(struct pay_line_list, items, GG_REQUIRED, 0, 100, &pay_line_msg, "newest first"),
    GG_TEXT(struct pay_line_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg pay_line_list_msg = GG_MSG("LineList", struct pay_line_list, line_list_fields, "History.");

static const struct gg_field balance_query_fields[] = {
    GG_TIME(struct pay_balance_query, at, GG_REQUIRED, "the instant"),
};
const struct gg_msg pay_balance_query_msg =
    GG_MSG("BalanceQuery", struct pay_balance_query, balance_query_fields, "At which instant.");
static const struct gg_field balance_fields[] = {
    GG_TIME(struct pay_balance, at, GG_REQUIRED, "the instant"),
    GG_WON(struct pay_balance, posted_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "in the wallet then"),
    GG_INT(struct pay_balance, version, GG_REQUIRED, 0, GG_WIRE_MAX, "entries by then"),
};
const struct gg_msg pay_balance_msg =
    GG_MSG("Balance", struct pay_balance, balance_fields, "What was in the wallet at an instant.");

static const struct gg_field statement_query_fields[] = {
    GG_ENUM(struct pay_statement_query, format, GG_OPTIONAL, pay_statement_format_names, "csv unless told"),
};
const struct gg_msg pay_statement_query_msg =
    GG_MSG("StatementQuery", struct pay_statement_query, statement_query_fields, "In which form.");

const struct gg_problem PAY_STATEMENT_TOO_LONG = {"statement_too_long", 422, false,
                                                  "The month has more lines than a statement takes.",
                                                  "내역이 너무 많아 한 번에 만들 수 없어요."};
