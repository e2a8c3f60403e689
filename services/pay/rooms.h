/* services/pay/rooms.h
 * The tables main.c wires together, and the auditor it starts. */
#ifndef PAY_ROOMS_H
#define PAY_ROOMS_H

#include "libcommon/service.h"

extern const struct gg_route pay_routes[];
extern const size_t pay_routes_n;
extern const struct gg_consumes pay_consumes[];
extern const size_t pay_consumes_n;
extern const struct gg_due_kind pay_due_kinds[];
extern const size_t pay_due_kinds_n;

extern const struct gg_route pay_remit_routes[];
extern const size_t pay_remit_routes_n;
extern const struct gg_route pay_bank_routes[];
extern const size_t pay_bank_routes_n;
extern const struct gg_due_kind pay_withdraw_due[];
extern const size_t pay_withdraw_due_n;
extern const struct gg_route pay_request_routes[];
extern const size_t pay_request_routes_n;
extern const struct gg_due_kind pay_request_due[];
extern const size_t pay_request_due_n;
extern const struct gg_route pay_history_routes[];
extern const size_t pay_history_routes_n;
extern const struct gg_route pay_export_routes[];
extern const size_t pay_export_routes_n;
extern const struct gg_route pay_admin_routes[];
extern const size_t pay_admin_routes_n;
extern const struct gg_due_kind pay_reconcile_due[];
extern const size_t pay_reconcile_due_n;
extern const struct gg_consumes pay_people_consumes[];
extern const size_t pay_people_consumes_n;

extern const struct gg_consumes pay_leave_consumes[];
extern const size_t pay_leave_consumes_n;

/* Fills routes, consumed events and kinds of due work from the tables above. Before gg_service_main. */
void pay_assemble(struct gg_service *service);

/* Of events_people.c; the handlers of these events call them too. */
enum gg_status pay_on_deal_purchased(struct gg_event *event) GG_MUSTCHECK;
enum gg_status pay_on_user_changed(struct gg_event *event) GG_MUSTCHECK;

extern const struct gg_route pay_proof_routes[];
extern const size_t pay_proof_routes_n;

/* Starts the auditor: a small round every second, on a database worker. Before the loop runs. */
void pay_audit_start(void);
/* One such round, on this connection. In one thread at a time. */
enum gg_status pay_audit_round(struct gg_db *db, struct gg_arena *arena) GG_MUSTCHECK;
extern const struct gg_command pay_commands[];
extern const size_t pay_commands_n;

#endif
