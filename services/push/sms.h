/* services/push/sms.h
 * Text messages: short or long, what they cost, budgets, the log. Blocks: OUT pool and outbound due work. */
#ifndef SERVICES_PUSH_SMS_H
#define SERVICES_PUSH_SMS_H

#include "clear.h"
#include "libcommon/db.h"

/* One notice by text message, at most once whatever happens: the row that is written before the gateway is asked is the
 * permission to ask. GG_OK and `result`: PUSH_ACCEPTED, PUSH_NO_BUDGET, or PUSH_REJECTED (the gateway did not take it,
 * or it was sent before). */
enum gg_status push_sms_send(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id notice,
                             const char *phone, const struct push_cleared *cleared, int *result) GG_MUSTCHECK;
/* A code to prove a number with. GG_NOT_FOUND: a budget is spent. */
enum gg_status push_sms_code(struct gg_db *db, struct gg_arena *arena, struct gg_id user, const char *phone,
                             const char *code) GG_MUSTCHECK;

#endif
