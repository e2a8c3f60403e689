/* services/pay/audit.c
 * The auditor: every 30 s the sums of the whole ledger, and a walk over the accounts, so many each time. A round costs
 * two sums over the account table and at most AUDIT_ACCOUNTS small look-ups; a pass over all accounts takes as many
 * rounds as there are such blocks. Violations are logged and stand in gonggu_audit_violations. */
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "libcommon/work.h"
#include "rooms.h"
#include "store.h"

#include <stdlib.h>

#define AUDIT_EVERY    (30 * INT64_C(1000))
#define AUDIT_ACCOUNTS 200
/* Of each visited account the newest entries are checked against their hashes and their other sides. */
#define AUDIT_ENTRIES 50

/* Loop thread, except while a round runs: then the worker's. */
static struct {
    bool running;
    struct gg_id cursor; /* the walk goes on after this account */
    int64_t found;       /* violations in this pass so far */
    int64_t found_last;  /* in the last whole pass */
} audit;

static void violation(struct gg_id account, const char *what, int64_t is, int64_t should)
{
    char id[GG_ID_TEXT];

    gg_id_format(account, id);
    gg_error("audit_violation", "account %s: %s is %" PRId64 ", should be %" PRId64, id, what, is, should);
    audit.found++;
}

static void check_equal(struct gg_id account, const char *what, int64_t is, int64_t should)
{
    if (is != should)
        violation(account, what, is, should);
}

static enum gg_status check_entries(struct gg_db *db, struct gg_arena *arena, struct gg_id account)
{
    struct pay_posting *newest;
    int64_t bad;
    size_t n;

    GG_TRY(pay_postings_of(db, arena, account, GG_ID_ZERO, GG_NONE, AUDIT_ENTRIES, &newest, &n));
    for (size_t i = 0; i < n; i++) {
        bool first = newest[i].version == 1;

        /* The oldest of the block is checked with the next one further back, when that is looked at. */
        if ((first || i + 1 < n) && !pay_chain_holds(first ? NULL : &newest[i + 1], &newest[i]))
            violation(account, "the chain before version", newest[i].version, newest[i].version);
    }
    GG_TRY(pay_audit_transfers(db, arena, account, AUDIT_ENTRIES, &bad));
    check_equal(account, "number of transfers without two equal sides", bad, 0);
    return GG_OK;
}

static enum gg_status check_account(struct gg_db *db, struct gg_arena *arena, const struct pay_audit_account *account)
{
    check_equal(account->id, "posted against the last entry's balance", account->posted, account->last_balance);
    check_equal(account->id, "pending against its holds", account->pending, account->holds);
    if (account->kind == PAY_ACCOUNT_ESCROW)
        check_equal(account->id, "posted against its shares", account->posted, account->escrow);
    return check_entries(db, arena, account->id);
}

static enum gg_status audit_round(struct gg_db *db, struct gg_arena *arena)
{
    struct pay_audit_account *accounts;
    int64_t posted, pending;
    size_t n;

    GG_TRY(pay_audit_sums(db, arena, &posted, &pending));
    check_equal(GG_ID_ZERO, "the sum over all accounts", posted, 0);
    check_equal(GG_ID_ZERO, "the sum of pending less that of the holds", pending, 0);
    GG_TRY(pay_audit_accounts(db, arena, audit.cursor, AUDIT_ACCOUNTS, &accounts, &n));
    for (size_t i = 0; i < n; i++)
        GG_TRY(check_account(db, arena, &accounts[i]));
    gg_count("audit_accounts_total", "", (int64_t)n);
    if (n == AUDIT_ACCOUNTS) {
        audit.cursor = accounts[n - 1].id;
        return GG_OK;
    }
    audit.cursor = GG_ID_ZERO;
    audit.found_last = audit.found;
    audit.found = 0;
    return GG_OK;
}

static void run(struct gg_job *job, struct gg_worker *worker)
{
    if (audit_round(worker->db, job->arena) != GG_OK)
        gg_count("audit_rounds_total", "result=\"failed\"", 1);
    else
        gg_count("audit_rounds_total", "result=\"done\"", 1);
    gg_gauge("audit_violations", "", audit.found > audit.found_last ? audit.found : audit.found_last);
}

static void end(struct gg_job *job)
{
    audit.running = false;
    gg_arena_destroy(job->arena);
    free(job);
}

static void tick(void *arg)
{
    struct gg_job *job;

    (void)arg;
    if (audit.running)
        return;
    job = gg_xcalloc(1, sizeof(*job));
    *job = (struct gg_job){.pool = GG_POOL_DB, .run = run, .done = end, .arena = gg_arena_create()};
    audit.running = true;
    if (!gg_work_submit(job))
        end(job);
}

void pay_audit_start(void)
{
    gg_gauge("audit_violations", "", 0);
    gg_loop_every(AUDIT_EVERY, tick, NULL);
}
