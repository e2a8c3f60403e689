/* services/pay/steps_request.h
 * Steps of a 1/N request. Each belongs inside a transaction. */
#ifndef PAY_STEPS_REQUEST_H
#define PAY_STEPS_REQUEST_H

#include "store_request.h"
#include "wallet.h"

#define PAY_DUE_REMINDER "pay.reminder"

/* A request and everybody in it, its row locked. */
struct pay_request_book {
    struct pay_request_row row;
    struct pay_part_row *parts;
    size_t n;
};
enum gg_status pay_request_open(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct pay_request_book *book) GG_MUSTCHECK;
/* What this person still owes of it; none of a request that is not open. */
int64_t pay_request_owed(const struct pay_request_book *book, struct gg_arena *arena, struct gg_id user);

/* Tells of a step to everybody it concerns: `type` with the people who still owe; the row's step is counted up. The
 * caller saves the row. */
enum gg_status pay_request_tell(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book,
                                const struct gg_event_type *type, struct gg_id user, int64_t amount,
                                const char *reason) GG_MUSTCHECK;

/* Pays `amount` of what the user owes; move->verdict says whether it was. */
enum gg_status pay_request_pay(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book,
                               struct gg_id user, int64_t amount, struct gg_id transfer,
                               struct pay_move *move) GG_MUSTCHECK;
enum gg_status pay_request_decline(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book,
                                   struct gg_id user, const char *reason) GG_MUSTCHECK;
enum gg_status pay_request_cancel(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book) GG_MUSTCHECK;
/* Reminds whoever still owes; nobody: nothing is told. */
enum gg_status pay_request_remind(struct gg_db *db, struct gg_arena *arena, struct pay_request_book *book) GG_MUSTCHECK;

#endif
