/* services/auth/leave.h
 * Leaving: asked, answered, closed, restored or erased. */
#ifndef SERVICES_AUTH_LEAVE_H
#define SERVICES_AUTH_LEAVE_H

#include "flow.h"
#include "libcommon/fsm.h"
#include "proto/auth_leave.h"
#include "store_leave.h"

#define AUTH_RESTORE_MS  (30 * INT64_C(86400000)) /* a closed account can come back for so long */
#define AUTH_ANSWER_MS   (24 * INT64_C(3600000))  /* deal and pay answer within this, or nothing happens */
#define AUTH_RECEIPTS_MS INT64_C(86400000)        /* receipts that take longer are complained about */

#define AUTH_DUE_ANSWERS  "auth.closing_answers" /* subject: the closing, as of the two below */
#define AUTH_DUE_PURGE    "auth.purge"
#define AUTH_DUE_RECEIPTS "auth.purge_receipts"

enum auth_closing_step {
    AUTH_STEP_CLEAR,     /* both answered, nothing is in flight */
    AUTH_STEP_IN_FLIGHT, /* both answered, something is */
    AUTH_STEP_WITHDRAW,  /* the user stays */
    AUTH_STEP_SILENCE,   /* no answer in time */
    AUTH_STEP_RETURN,    /* a log-in */
    AUTH_STEP_PURGE,     /* 30 days are over */
    AUTH_STEP_RECEIPTS   /* the last one has come */
};
extern const struct gg_fsm auth_closing_fsm;

/* (tx) The locked account asks to leave; fills the new closing. */
enum gg_status auth_leave_ask(struct gg_db *db, struct auth_account *account,
                              struct auth_closing_row *closing) GG_MUSTCHECK;
/* (tx) The user stays after all. GG_NOT_FOUND when nothing is asked. */
enum gg_status auth_leave_withdraw(struct gg_db *db, struct gg_arena *arena, struct auth_account *account) GG_MUSTCHECK;
/* (tx) Called by every log-in with the locked account: a closed one comes back. */
enum gg_status auth_leave_restore(struct gg_call *call, struct auth_account *account) GG_MUSTCHECK;

enum gg_status auth_leave_silence_due(struct gg_due *due);
enum gg_status auth_leave_purge_due(struct gg_due *due);
enum gg_status auth_leave_receipts_due(struct gg_due *due);

extern const struct gg_consumes auth_consumes[];
extern const size_t auth_consumes_n;
extern const struct gg_route auth_leave_routes[];
extern const size_t auth_leave_routes_n;

#endif
