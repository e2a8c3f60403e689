/* services/auth/store_leave.h
 * SQL of leaving. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_AUTH_STORE_LEAVE_H
#define SERVICES_AUTH_STORE_LEAVE_H

#include "proto/auth_leave.h"
#include "store.h"

struct auth_closing_row {
    struct gg_id id, user;
    int state; /* enum auth_closing_state */
    int64_t asked_at, closed_at, purge_at;
    bool deal_answered, pay_answered;
};

/* (tx) */
enum gg_status auth_closing_insert(struct gg_db *db, const struct auth_closing_row *closing) GG_MUSTCHECK;
enum gg_status auth_closing_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_closing_row *closing) GG_MUSTCHECK;
/* (tx) Reads and locks it; the account's row is locked before. */
enum gg_status auth_closing_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct auth_closing_row *closing) GG_MUSTCHECK;
/* (tx) Writes all but id, user and asked_at. */
enum gg_status auth_closing_write(struct gg_db *db, const struct auth_closing_row *closing) GG_MUSTCHECK;
/* (tx) Writes closing and closed_at of the account. */
enum gg_status auth_account_closing_write(struct gg_db *db, const struct auth_account *account) GG_MUSTCHECK;

/* (tx) Writes what a service has in flight; nothing of it may stand yet. */
enum gg_status auth_closing_items_insert(struct gg_db *db, struct gg_id closing, const char *service,
                                         const struct auth_in_flight *items, size_t n) GG_MUSTCHECK;
enum gg_status auth_closing_items(struct gg_db *db, struct gg_arena *arena, struct gg_id closing,
                                  struct auth_in_flight **items, size_t *n) GG_MUSTCHECK;

/* (tx) GG_DUPLICATE when this service's stands. */
enum gg_status auth_receipt_insert(struct gg_db *db, struct gg_id closing, const char *service, int64_t rows,
                                   int64_t now) GG_MUSTCHECK;
enum gg_status auth_receipts(struct gg_db *db, struct gg_arena *arena, struct gg_id closing,
                             struct auth_receipt **receipts, size_t *n) GG_MUSTCHECK;

/* (tx) Removes everything personal of the account; `rows` counts what was removed or made nameless. */
enum gg_status auth_account_purge(struct gg_db *db, struct gg_id user, int64_t now, int64_t *rows) GG_MUSTCHECK;

#endif
