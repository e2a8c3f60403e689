/* services/auth/store_order.h
 * SQL of order among neighbours: roles, suspension, blocks, reports, the admin log and the security log. Those marked
 * (tx) run inside the caller's transaction. */
#ifndef SERVICES_AUTH_STORE_ORDER_H
#define SERVICES_AUTH_STORE_ORDER_H

#include "proto/auth_order.h"
#include "store.h"

/* (tx) Writes admin and the three members of a suspension. */
enum gg_status auth_order_write(struct gg_db *db, const struct auth_account *account) GG_MUSTCHECK;
/* (tx) Locks all admins, so that the last one cannot go twice, and counts them. */
enum gg_status auth_admins_lock(struct gg_db *db, struct gg_arena *arena, int64_t *n) GG_MUSTCHECK;
/* By whichever of the three is given; GG_NOT_FOUND. */
enum gg_status auth_account_find(struct gg_db *db, struct gg_arena *arena, const struct auth_admin_user_query *by,
                                 struct auth_account *account) GG_MUSTCHECK;
/* Reports about this user that wait for a decision. */
enum gg_status auth_reports_open(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *n) GG_MUSTCHECK;
/* (tx) Ends every open session of the user but `except` (zero: every one). Rows only. */
enum gg_status auth_sessions_close_all(struct gg_db *db, struct gg_id user, struct gg_id except, int reason,
                                       int64_t now) GG_MUSTCHECK;

/* (tx) GG_DUPLICATE when it stands already. */
enum gg_status auth_block_insert(struct gg_db *db, struct gg_id user, struct gg_id blocked, int64_t now) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND when there is none. */
enum gg_status auth_block_delete(struct gg_db *db, struct gg_id user, struct gg_id blocked) GG_MUSTCHECK;
enum gg_status auth_block_count(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *n) GG_MUSTCHECK;
/* Newest first, before the cursor's (blocked_at, blocked) when `before` is not GG_NONE. */
enum gg_status auth_blocks(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                           struct gg_id before_id, int64_t limit, struct auth_block **blocks, size_t *n) GG_MUSTCHECK;

/* (tx) Writes a new report. */
enum gg_status auth_report_insert(struct gg_db *db, const struct auth_report *report) GG_MUSTCHECK;
/* (tx) Reads and locks it. */
enum gg_status auth_report_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct auth_report *report) GG_MUSTCHECK;
/* (tx) Writes state, decided_at and decision. */
enum gg_status auth_report_decide(struct gg_db *db, const struct auth_report *report) GG_MUSTCHECK;
/* What one reported, newest first, before `before` when it is not zero. */
enum gg_status auth_reports_by(struct gg_db *db, struct gg_arena *arena, struct gg_id reporter, struct gg_id before,
                               int64_t limit, struct auth_report **reports, size_t *n) GG_MUSTCHECK;
/* The queue of one state, oldest first, after `after`. */
enum gg_status auth_reports_in(struct gg_db *db, struct gg_arena *arena, int state, struct gg_id after, int64_t limit,
                               struct auth_report **reports, size_t *n) GG_MUSTCHECK;

/* (tx) Appends to the admin log; number and hash are made here. GG_RETRY when another admin was quicker. */
enum gg_status auth_admin_note(struct gg_db *db, struct gg_arena *arena,
                               const struct auth_admin_entry *entry) GG_MUSTCHECK;
/* Newest first, before number `before` (GG_NONE: from the newest on). */
enum gg_status auth_admin_log_read(struct gg_db *db, struct gg_arena *arena, int64_t before, int64_t limit,
                                   struct auth_admin_entry **entries, size_t *n) GG_MUSTCHECK;

/* Writes down what happened to an account. device, address and note may be NULL. */
enum gg_status auth_security_note(struct gg_db *db, struct gg_id user, enum auth_security_kind kind, const char *device,
                                  const char *address, const char *note) GG_MUSTCHECK;
/* Newest first, before `before` when it is not zero. */
enum gg_status auth_security_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id before,
                                  int64_t limit, struct auth_security_entry **entries, size_t *n) GG_MUSTCHECK;
enum gg_status auth_security_delete_before(struct gg_db *db, int64_t at) GG_MUSTCHECK;

#endif
