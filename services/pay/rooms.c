/* services/pay/rooms.c
 * Puts the tables of the rooms together, so that each room has its own. */
#include "rooms.h"

#include "config.h"
#include "libcommon/log.h"

struct pay_config pay_config;

#define ROUTES_MAX   96
#define CONSUMES_MAX 64
#define DUE_MAX      32

static struct gg_route routes[ROUTES_MAX];
static struct gg_consumes consumes[CONSUMES_MAX];
static struct gg_due_kind due[DUE_MAX];

static void check_room(size_t n, size_t more, size_t max, const char *what)
{
    if (n + more > max)
        gg_fatal("table_full", "more %s than the assembled table has room for", what);
}

static void add_routes(struct gg_service *service, const struct gg_route *rows, size_t n)
{
    check_room(service->n_routes, n, ROUTES_MAX, "routes");
    for (size_t i = 0; i < n; i++)
        routes[service->n_routes++] = rows[i];
}

static void add_consumes(struct gg_service *service, const struct gg_consumes *rows, size_t n)
{
    check_room(service->n_consumes, n, CONSUMES_MAX, "consumed events");
    for (size_t i = 0; i < n; i++)
        consumes[service->n_consumes++] = rows[i];
}

static void add_due(struct gg_service *service, const struct gg_due_kind *rows, size_t n)
{
    check_room(service->n_due, n, DUE_MAX, "kinds of due work");
    for (size_t i = 0; i < n; i++)
        due[service->n_due++] = rows[i];
}

void pay_assemble(struct gg_service *service)
{
    service->routes = routes;
    service->consumes = consumes;
    service->due = due;
    add_routes(service, pay_routes, pay_routes_n);
    add_routes(service, pay_remit_routes, pay_remit_routes_n);
    add_routes(service, pay_bank_routes, pay_bank_routes_n);
    add_routes(service, pay_request_routes, pay_request_routes_n);
    add_routes(service, pay_proof_routes, pay_proof_routes_n);
    add_routes(service, pay_history_routes, pay_history_routes_n);
    add_routes(service, pay_export_routes, pay_export_routes_n);
    add_routes(service, pay_admin_routes, pay_admin_routes_n);
    add_consumes(service, pay_consumes, pay_consumes_n);
    add_consumes(service, pay_people_consumes, pay_people_consumes_n);
    add_consumes(service, pay_leave_consumes, pay_leave_consumes_n);
    add_due(service, pay_due_kinds, pay_due_kinds_n);
    add_due(service, pay_request_due, pay_request_due_n);
    add_due(service, pay_reconcile_due, pay_reconcile_due_n);
    add_due(service, pay_withdraw_due, pay_withdraw_due_n);
}
