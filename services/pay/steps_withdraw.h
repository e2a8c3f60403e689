/* services/pay/steps_withdraw.h
 * Steps of a withdrawal. Each belongs inside a transaction. */
#ifndef PAY_STEPS_WITHDRAW_H
#define PAY_STEPS_WITHDRAW_H

#include "bank.h"
#include "libcommon/fsm.h"
#include "proto/pay_wallet.h"
#include "store_bank.h"
#include "wallet.h"

#define PAY_DUE_WITHDRAWAL "pay.withdrawal"

/* The states are enum pay_withdrawal_state. */
enum pay_withdrawal_act { PAY_WITHDRAWAL_DO_POST, PAY_WITHDRAWAL_DO_VOID, PAY_WITHDRAWAL_DO_DOUBT };
extern const struct gg_fsm pay_withdrawal_fsm;

/* The account that stands for the bank. */
struct gg_id pay_bank_clearing(void);

/* Decides under the lock of the wallet, holds the amount and sets the work due. In: id, user, bank_account, amount.
 * move->verdict other than PAY_MOVE_OK: nothing was held. */
enum gg_status pay_withdraw(struct gg_db *db, struct gg_arena *arena, struct pay_withdrawal_row *row,
                            struct pay_move *move) GG_MUSTCHECK;
/* Ends it as `act` says, once; an act its state does not know changes nothing. `told`: what the bank said, or NULL.
 * `row` is read, and shows what became of it. */
enum gg_status pay_withdrawal_end(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                  enum pay_withdrawal_act act, const struct pay_bank_transfer *told,
                                  struct pay_withdrawal_row *row) GG_MUSTCHECK;

#endif
