/* services/pay/show.h
 * Rows as the messages show them; texts live in the arena or in the row. */
#ifndef PAY_SHOW_H
#define PAY_SHOW_H

#include "proto/pay_history.h"
#include "store.h"
#include "store_bank.h"
#include "store_history.h"
#include "store_request.h"

struct pay_hold pay_show_hold(const struct pay_share *share);
struct pay_bank_account pay_show_bank_account(struct gg_arena *arena, const struct pay_bank_account_row *row);
struct pay_withdrawal pay_show_withdrawal(struct gg_arena *arena, const struct pay_withdrawal_row *row);
/* Without rounds and reminders. */
struct pay_request pay_show_request(const struct pay_request_row *row);
struct pay_line pay_show_line(struct gg_arena *arena, const struct pay_history_row *row);

#endif
