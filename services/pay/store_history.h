/* services/pay/store_history.h
 * SQL about the history of a wallet. Lines are ordered by (instant, version); every question runs on an index. */
#ifndef PAY_STORE_HISTORY_H
#define PAY_STORE_HISTORY_H

#include "libcommon/db.h"
#include "libcommon/id.h"

/* Which lines. Absent: zero id, -1 or GG_NONE. */
struct pay_history_filter {
    struct gg_id account;
    int kind; /* enum pay_entry_kind */
    struct gg_id deal;
    int64_t from, until;     /* from <= instant < until */
    int64_t before, version; /* lines before this place; GG_NONE: from the newest */
};

struct pay_history_row {
    struct gg_id transfer, deal, share, counterpart, room, request;
    int kind;
    int64_t amount, balance, version, at;
    const char *nickname, *title, *memo; /* NULL: none, or a name that is gone */
    const char *bank, *number;           /* of a withdrawal; number is whole */
    int64_t terms, receipt_won, settled_at;
    const char *hash; /* hex */
};
/* Newest first. */
enum gg_status pay_history(struct gg_db *db, struct gg_arena *arena, const struct pay_history_filter *filter,
                           int64_t limit, struct pay_history_row **rows, size_t *n) GG_MUSTCHECK;

/* Balance and version of the wallet at the instant: what the last line up to and including it left. 0 and 0 before the
 * first. */
enum gg_status pay_balance_at(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t at,
                              int64_t *balance, int64_t *version) GG_MUSTCHECK;

/* What deal tells of shares and deals. */
enum gg_status pay_share_copy_save(struct gg_db *db, struct gg_id share, struct gg_id deal, struct gg_id user,
                                   int64_t terms) GG_MUSTCHECK;
enum gg_status pay_share_copy_settled(struct gg_db *db, struct gg_id share, int64_t at) GG_MUSTCHECK;
enum gg_status pay_deal_copy_bought(struct gg_db *db, struct gg_id deal, int64_t receipt_won) GG_MUSTCHECK;

#endif
