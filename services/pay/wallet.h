/* services/pay/wallet.h
 * Steps of neighbours' own moves: remittances and withdrawals. Each belongs inside a transaction. */
#ifndef PAY_WALLET_H
#define PAY_WALLET_H

#include "libcommon/http.h"
#include "store.h"
#include "store_move.h"
#include "store_people.h"

/* What one move would do, or has done. */
struct pay_move {
    struct pay_remit_row row; /* in: all but `at`; the id makes it once */
    const char *from_nickname, *to_nickname;
    enum pay_move_verdict verdict;
    int64_t available, held; /* of the paying wallet: before a refused move, after one that was made */
    int64_t spent;           /* of the day, before */
};

/* Sends: decides under the lock of both wallets, moves, and tells both sides. GG_OK with another verdict than
 * PAY_MOVE_OK: nothing has moved. */
enum gg_status pay_remit(struct gg_db *db, struct gg_arena *arena, struct pay_move *move) GG_MUSTCHECK;

/* True, and the move will be rolled back once answered, when the call says ?dry_run=1. For routes with
 * pay_dry_query_msg; call it first. */
bool pay_dry(struct gg_call *call);

/* Uses up the caller's proof (header Step-Up) of exactly this move. False, answered or failed, when there is none:
 * return *status. A dry run needs no proof. `purpose` is "remit" (payee: the user), "withdraw" (the bank account) or
 * "request" (the request). */
bool pay_prove(struct gg_call *call, const char *purpose, struct gg_id payee, int64_t amount,
               enum gg_status *status) GG_MUSTCHECK;

/* Answers the problem of a verdict that is not PAY_MOVE_OK. */
enum gg_status pay_refuse_move(struct gg_call *call, const struct pay_move *move);

#endif
