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

/* Starts the auditor: every 30 s, on a database worker. Before the loop runs. */
void pay_audit_start(void);

#endif
