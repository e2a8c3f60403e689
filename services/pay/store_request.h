/* services/pay/store_request.h
 * SQL about 1/N requests. Lock order: the request's row, then accounts. */
#ifndef PAY_STORE_REQUEST_H
#define PAY_STORE_REQUEST_H

#include "libcommon/db.h"
#include "request.h"

struct pay_request_row {
    struct gg_id id, creator, deal, room;
    const char *title, *memo;
    int state; /* enum pay_request_state */
    int64_t step, created_at, reminded_at, ended_at;
    const char *creator_nickname; /* read only */
    int64_t asked, paid, mine;    /* sums; read only */
};
enum gg_status pay_request_insert(struct gg_db *db, const struct pay_request_row *row) GG_MUSTCHECK;
/* Without the sums. */
enum gg_status pay_request_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct pay_request_row *out) GG_MUSTCHECK;
/* Writes state, step, reminded_at, ended_at. */
enum gg_status pay_request_save(struct gg_db *db, const struct pay_request_row *row) GG_MUSTCHECK;
/* With the sums; `mine` is what `user` still owes. */
enum gg_status pay_request_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct gg_id user,
                                struct pay_request_row *out) GG_MUSTCHECK;
/* Of a creator, or of somebody who is asked; newest first, older than (created_at, id) unless it is GG_NONE. */
enum gg_status pay_requests_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, bool received,
                               int64_t before_at, struct gg_id before, int64_t limit, struct pay_request_row **rows,
                               size_t *n) GG_MUSTCHECK;

struct pay_round_row {
    int64_t round, total, own;
    const char *title, *receipt;
    int split;
};
enum gg_status pay_round_insert(struct gg_db *db, struct gg_id request, const struct pay_round_row *row) GG_MUSTCHECK;
enum gg_status pay_rounds_of(struct gg_db *db, struct gg_arena *arena, struct gg_id request,
                             struct pay_round_row **rows, size_t *n) GG_MUSTCHECK;

struct pay_part_row {
    struct gg_id user;
    const char *nickname; /* read only */
    struct pay_open_part part;
};
enum gg_status pay_part_insert(struct gg_db *db, struct gg_id request, const struct pay_part_row *row,
                               int64_t place) GG_MUSTCHECK;
/* Writes paid and state. */
enum gg_status pay_part_save(struct gg_db *db, struct gg_id request, const struct pay_part_row *row) GG_MUSTCHECK;
/* By round and place. */
enum gg_status pay_parts_of(struct gg_db *db, struct gg_arena *arena, struct gg_id request, struct pay_part_row **rows,
                            size_t *n) GG_MUSTCHECK;

struct pay_reminder_row {
    struct gg_id id, request;
    int64_t at, sent_at;
};
enum gg_status pay_reminder_insert(struct gg_db *db, const struct pay_reminder_row *row) GG_MUSTCHECK;
/* GG_NOT_FOUND: it was taken back. */
enum gg_status pay_reminder_read(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 struct pay_reminder_row *out) GG_MUSTCHECK;
enum gg_status pay_reminder_sent(struct gg_db *db, struct gg_id id, int64_t now) GG_MUSTCHECK;
enum gg_status pay_reminders_of(struct gg_db *db, struct gg_arena *arena, struct gg_id request,
                                struct pay_reminder_row **rows, size_t *n) GG_MUSTCHECK;
/* Takes back those that were not sent. */
enum gg_status pay_reminders_clear(struct gg_db *db, struct gg_id request) GG_MUSTCHECK;

#endif
