/* services/pay/audit.c
 * The auditor. It runs always, a small round every second on a database worker, in one instance at a time:
 *  - a walk over all accounts: what is pending against holds and withdrawals, escrow against its shares, and every
 * entry since the last visit: its hash, its place in the chain, its transfer's two sides. Each entry is looked at once;
 *  - at the end of each walk the sums over the whole ledger and the held won that nobody owns;
 *  - a slow second walk over every entry from the first on: it finds what was changed behind the auditor's back.
 * An account of which something does not add up is stopped: it neither gives nor takes until a person has looked at it
 * (`gonggu-pay --release-account`). Violations are logged and stand in gonggu_audit_violations. */
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "libcommon/work.h"
#include "rooms.h"
#include "seal.h"
#include "store_audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT_EVERY    GG_SECOND
#define AUDIT_ACCOUNTS 500 /* of a round */
#define AUDIT_ENTRIES  500 /* of one account and round; the rest comes with the next walk */
#define AUDIT_OLD      500 /* of the slow walk, each round */
#define AUDIT_VISIT    10  /* entries' worth of work that coming to another account costs */
#define AUDIT_ORPHANS  20
#define WHY_MAX        200

/* Loop thread, except while a round runs: then the worker's. */
static struct {
    bool running;
    struct gg_id cursor;  /* the walk goes on after this account */
    int64_t ledger_wrong; /* violations that belong to no account, at the end of the last walk */
    /* The slow walk. */
    struct gg_id old_account; /* zero: it begins anew */
    int64_t old_upto;
    struct pay_posting old_last;
} audit;

/* --- what is wrong --- */

static enum gg_status violation(struct gg_db *db, struct gg_id account, const char *what, int64_t is, int64_t should)
{
    char id[GG_ID_TEXT], why[WHY_MAX];

    gg_id_format(account, id);
    snprintf(why, sizeof(why), "%s is %" PRId64 ", should be %" PRId64, what, is, should);
    gg_error("audit_violation", "account %s: %s", id, why);
    gg_count("audit_found_total", "", 1);
    return pay_account_stop(db, account, why);
}

static enum gg_status check_equal(struct gg_db *db, struct gg_id account, const char *what, int64_t is, int64_t should)
{
    return is == should ? GG_OK : violation(db, account, what, is, should);
}

/* --- entries --- */

/* Checks n entries of one account that follow *last, and moves it on. *good: all of them are. */
static enum gg_status check_entries(struct gg_db *db, struct gg_arena *arena, const struct pay_posting *entries,
                                    size_t n, struct pay_posting *last, bool *good)
{
    int64_t bad;

    *good = true;
    for (size_t i = 0; i < n; i++) {
        if (!pay_chain_holds(last->version > 0 ? last : NULL, &entries[i])) {
            *good = false;
            return violation(db, last->account, "the chain breaks at version", entries[i].version, last->version + 1);
        }
        *last = entries[i];
    }
    if (n == 0)
        return GG_OK;
    GG_TRY(pay_audit_transfers(db, arena, last->account, entries[0].version, last->version, &bad));
    *good = bad == 0;
    return check_equal(db, last->account, "the number of transfers without two equal sides", bad, 0);
}

static enum gg_status check_new_entries(struct gg_db *db, struct gg_arena *arena, struct pay_audit_account *at)
{
    const struct pay_account *account = &at->account;
    struct pay_posting *entries;
    bool good;
    size_t n;

    if (account->version == at->last.version)
        return check_equal(db, account->id, "what is posted", account->posted, at->last.balance);
    if (account->version < at->last.version)
        return violation(db, account->id, "the version", account->version, at->last.version);
    GG_TRY(pay_postings_after(db, arena, account->id, at->last.version, account->version, AUDIT_ENTRIES, &entries, &n));
    if (n == 0)
        return violation(db, account->id, "the version of the last entry", at->last.version, account->version);
    gg_count("audit_entries_total", "", (int64_t)n);
    GG_TRY(check_entries(db, arena, entries, n, &at->last, &good));
    if (!good)
        return GG_OK;
    GG_TRY(pay_audit_mark(db, &at->last));
    if (n == AUDIT_ENTRIES)
        return GG_OK;
    GG_TRY(check_equal(db, account->id, "the version of the last entry", at->last.version, account->version));
    if (memcmp(at->last.hash, account->hash, GG_SHA256) != 0)
        return violation(db, account->id, "the hash of the account is not that of its entry", at->last.version,
                         account->version);
    return check_equal(db, account->id, "what is posted", account->posted, at->last.balance);
}

/* --- the walk over accounts --- */

static enum gg_status check_account(struct gg_db *db, struct gg_arena *arena, struct pay_audit_account *at)
{
    const struct pay_account *account = &at->account;

    if (account->stopped)
        return GG_OK;
    GG_TRY(check_equal(db, account->id, "what is pending", account->pending, at->holds));
    if (account->kind == PAY_ACCOUNT_ESCROW)
        GG_TRY(check_equal(db, account->id, "what is posted against its shares", account->posted, at->escrow));
    return check_new_entries(db, arena, at);
}

static int64_t ledger_equal(const char *what, int64_t is, int64_t should)
{
    if (is == should)
        return 0;
    gg_error("audit_violation", "the ledger: %s is %" PRId64 ", should be %" PRId64, what, is, should);
    return 1;
}

/* The whole ledger, once for each walk. */
static enum gg_status check_ledger(struct gg_db *db, struct gg_arena *arena)
{
    int64_t posted, pending, promised, wrong;
    struct pay_orphan *orphans;
    size_t n;

    GG_TRY(pay_audit_sums(db, arena, &posted, &pending, &promised));
    GG_TRY(pay_orphans(db, arena, AUDIT_ORPHANS, &orphans, &n));
    wrong = ledger_equal("the sum over all accounts", posted, 0) + ledger_equal("what is pending", pending, promised);
    for (size_t i = 0; i < n; i++) {
        char id[GG_ID_TEXT];

        gg_id_format(orphans[i].id, id);
        gg_error("audit_violation", "%s %s: %" PRId64 " won without owner, reason, deadline or way out",
                 orphans[i].what, id, orphans[i].won);
    }
    audit.ledger_wrong = wrong + (int64_t)n;
    gg_gauge("orphan_won", "", (int64_t)n);
    return GG_OK;
}

static enum gg_status walk_accounts(struct gg_db *db, struct gg_arena *arena)
{
    struct pay_audit_account *accounts;
    size_t n;

    GG_TRY(pay_audit_accounts(db, arena, audit.cursor, AUDIT_ACCOUNTS, &accounts, &n));
    for (size_t i = 0; i < n; i++)
        GG_TRY(check_account(db, arena, &accounts[i]));
    gg_count("audit_accounts_total", "", (int64_t)n);
    audit.cursor = n == AUDIT_ACCOUNTS ? accounts[n - 1].account.id : GG_ID_ZERO;
    return n == AUDIT_ACCOUNTS ? GG_OK : check_ledger(db, arena);
}

/* --- the slow walk over all entries --- */

static enum gg_status next_old_account(struct gg_db *db, struct gg_arena *arena)
{
    struct pay_audit_account *next;
    size_t n;

    GG_TRY(pay_audit_accounts(db, arena, audit.old_account, 1, &next, &n));
    if (n == 0)
        gg_count("audit_full_walks_total", "", 1);
    audit.old_account = n == 0 ? GG_ID_ZERO : next->account.id;
    audit.old_upto = n == 0 ? 0 : next->account.version;
    audit.old_last = (struct pay_posting){.account = audit.old_account};
    return GG_OK;
}

static enum gg_status walk_entries(struct gg_db *db, struct gg_arena *arena)
{
    struct pay_posting *entries;
    size_t left = AUDIT_OLD, n;
    bool good;

    do {
        if (audit.old_last.version >= audit.old_upto)
            GG_TRY(next_old_account(db, arena));
        GG_TRY(pay_postings_after(db, arena, audit.old_account, audit.old_last.version, audit.old_upto, (int64_t)left,
                                  &entries, &n));
        GG_TRY(check_entries(db, arena, entries, n, &audit.old_last, &good));
        if (good && n == 0 && audit.old_last.version < audit.old_upto) {
            GG_TRY(
                violation(db, audit.old_account, "the chain ends at version", audit.old_last.version, audit.old_upto));
            good = false;
        }
        if (!good)
            audit.old_last.version = audit.old_upto; /* found and stopped: on to the next account */
        left -= n + AUDIT_VISIT < left ? n + AUDIT_VISIT : left;
    } while (left > 0 && !gg_id_is_zero(audit.old_account));
    return GG_OK;
}

/* --- rounds --- */

enum gg_status pay_audit_round(struct gg_db *db, struct gg_arena *arena)
{
    int64_t stopped;

    GG_TRY(walk_accounts(db, arena));
    GG_TRY(walk_entries(db, arena));
    GG_TRY(pay_accounts_stopped(db, arena, &stopped));
    gg_gauge("audit_violations", "", stopped + audit.ledger_wrong);
    return pay_seal_when_due(db, arena);
}

static void run(struct gg_job *job, struct gg_worker *worker)
{
    enum gg_status status;
    bool mine;

    status = pay_audit_lock(worker->db, job->arena, &mine);
    if (status != GG_OK || !mine)
        return;
    status = pay_audit_round(worker->db, job->arena);
    pay_audit_unlock(worker->db, job->arena);
    gg_count("audit_rounds_total", status == GG_OK ? "result=\"done\"" : "result=\"failed\"", 1);
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

/* --- the command --- */

static int release_account(struct gg_db *db, int argc, char **argv)
{
    struct gg_id id;

    if (argc != 1 || !gg_id_parse((struct gg_str){argv[0], strlen(argv[0])}, &id)) {
        fprintf(stderr, "which account?\n");
        return 2;
    }
    if (pay_account_release(db, id) != GG_OK) {
        fprintf(stderr, "no such account is stopped\n");
        return 1;
    }
    printf("released; the auditor looks at it again\n");
    return 0;
}

const struct gg_command pay_commands[] = {
    {"--release-account", "ID", "lets an account that the auditor has stopped give and take again", release_account},
};
const size_t pay_commands_n = GG_LEN(pay_commands);
