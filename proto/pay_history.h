/* proto/pay_history.h
 * What crosses the border of pay about the past of a wallet: history (송금 내역), balances at an instant, statements.
 */
#ifndef PROTO_PAY_HISTORY_H
#define PROTO_PAY_HISTORY_H

#include "proto/pay_request.h"

struct pay_history_query { /* GET /v1/pay/history, newest first */
    struct gg_page page;
    int kind; /* enum pay_entry_kind */
    struct gg_id deal;
    int64_t from, until;
};
struct pay_line {
    struct gg_id id; /* the transfer */
    int kind;
    int64_t amount_won;  /* + came in, - went out */
    int64_t balance_won; /* posted, after this line */
    int64_t version;
    struct gg_id counterpart;
    const char *counterpart_nickname; /* absent: nobody, or a name that is gone */
    const char *bank, *number;        /* withdraw: where it went, last four digits visible */
    const char *memo;
    struct gg_id deal, share, room, request;
    const char *deal_title;
    /* What explains the line: */
    const char *deal_path; /* the deal */
    int64_t terms;         /* version of its terms that the share accepted */
    const char *receipt_path;
    int64_t receipt_won; /* what the lot cost */
    int64_t handed_over_at;
    int64_t at;
    const char *hash;
};
struct pay_line_list {
    struct gg_list items;
    const char *next;
};
struct pay_balance_query { /* GET /v1/pay/balance: as it was at that instant */
    int64_t at;
};
struct pay_balance {
    int64_t at, posted_won, version;
};
enum pay_statement_format { PAY_STATEMENT_CSV, PAY_STATEMENT_PDF };
extern const char *const pay_statement_format_names[];
struct pay_statement_query { /* GET /v1/pay/statements/:month */
    int format;
};
extern const struct gg_msg pay_history_query_msg, pay_line_msg, pay_line_list_msg, pay_balance_query_msg,
    pay_balance_msg, pay_statement_query_msg;

/* --- problems --- */
extern const struct gg_problem PAY_STATEMENT_TOO_LONG; /* 422 */

#endif
