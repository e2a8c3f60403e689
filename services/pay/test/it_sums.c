/* services/pay/test/it_sums.c
 * Many ledger operations from several processes at once on the same accounts: single-phase transfers, holds, captures
 * in whole and in part, voids, and refusals. Each process notes what it did once it is committed; at the end every
 * account is what those notes add up to, every chain holds, all entries of all transfers cancel out, and meanwhile no
 * snapshot of the ledger is off by a won. Needs GONGGU_TEST_DB_*. GONGGU_LEDGER_OPERATIONS (20000),
 * GONGGU_LEDGER_PROCESSES (3) and SEED may be set. */
#include "book.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/test/db_rig.h"
#include "libcommon/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ACCOUNTS  512
#define BLOCK     64  /* accounts of one transaction */
#define AT_ONCE   512 /* operations of one transaction */
#define RICH      INT64_C(1000000)
#define OPEN_MAX  20000 /* holds a process keeps open in one block */
#define READ      5000
#define PROCESSES 16
#define PATIENCE  900 /* s: millions of entries are summed up in one question */

enum kind { TRANSFER, HOLD, RESOLVE, KINDS };
struct op {
    enum kind kind;
    size_t a, b;
    int64_t amount; /* of a resolved hold: what is captured; 0: it is voided */
    int64_t held;
    bool refused;
};
struct open_hold {
    size_t account;
    int64_t amount;
};
/* What is committed: of one process, or of all. Small enough for a pipe to hold. */
struct notes {
    int64_t posted[ACCOUNTS], pending[ACCOUNTS], entries[ACCOUNTS];
    int64_t transfers, holds, captures, voids, refused;
};
struct worker {
    struct gg_db *db;
    struct gg_arena *arena;
    uint64_t random;
    struct op ops[AT_ONCE];
    size_t n, first; /* operations; first account of the block */
    struct open_hold *open[ACCOUNTS / BLOCK];
    size_t n_open[ACCOUNTS / BLOCK];
};

static struct gg_db_config config;
static struct gg_db *db;
static struct gg_arena *arena;
static struct gg_id ids[ACCOUNTS];
static struct notes notes;

static int64_t setting(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    int64_t value;

    return text && gg_parse_i64((struct gg_str){text, strlen(text)}, 0, INT64_MAX, &value) ? value : otherwise;
}

/* splitmix64 */
static uint64_t next(struct worker *w, uint64_t below)
{
    uint64_t z = w->random += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

/* --- one transaction --- */

static void choose(struct worker *w)
{
    size_t block = next(w, ACCOUNTS / BLOCK), taken = 0;

    w->first = block * BLOCK;
    for (size_t i = 0; i < w->n; i++) {
        struct op *op = &w->ops[i];
        size_t left = w->n_open[block] - taken;

        *op = (struct op){.kind = (enum kind)next(w, KINDS), .a = w->first + next(w, BLOCK)};
        op->b = w->first + (op->a - w->first + 1 + next(w, BLOCK - 1)) % BLOCK;
        op->amount = 1 + (int64_t)next(w, next(w, 50) == 0 ? (uint64_t)RICH * 4 : 2000);
        if (op->kind == RESOLVE && left == 0)
            op->kind = HOLD;
        if (op->kind == RESOLVE) {
            const struct open_hold *hold = &w->open[block][w->n_open[block] - 1 - taken++];

            op->a = hold->account;
            op->b = w->first + (op->a - w->first + 1 + next(w, BLOCK - 1)) % BLOCK;
            op->held = hold->amount;
            op->amount = next(w, 3) == 0 ? 0 : 1 + (int64_t)next(w, (uint64_t)hold->amount);
        }
    }
}

static enum gg_status act(struct pay_book *book, struct op *op)
{
    struct pay_account *from = pay_book_account(book, ids[op->a]);
    struct pay_transfer transfer = {.id = gg_id_new(),
                                    .kind = op->kind == RESOLVE ? PAY_ENTRY_CAPTURE : PAY_ENTRY_REMIT,
                                    .debit = ids[op->a],
                                    .credit = ids[op->b],
                                    .amount = op->amount};

    op->refused = false;
    if (op->kind == HOLD) {
        op->refused = pay_hold_place(from, op->amount) != PAY_OK;
        return GG_OK;
    }
    if (op->kind == RESOLVE)
        return pay_book_capture(book, op->held, &transfer);
    op->refused = pay_available(from) < op->amount;
    return op->refused ? GG_OK : pay_book_move(book, &transfer);
}

static enum gg_status apply(struct gg_db *on, void *arg)
{
    struct worker *w = arg;
    struct pay_account_key keys[BLOCK];
    struct pay_book book;

    gg_arena_reset(w->arena);
    for (size_t i = 0; i < BLOCK; i++)
        keys[i] = (struct pay_account_key){ids[w->first + i], PAY_ACCOUNT_WALLET};
    GG_TRY(pay_book_open(&book, on, w->arena, keys, BLOCK, AT_ONCE));
    for (size_t i = 0; i < w->n; i++)
        GG_TRY(act(&book, &w->ops[i]));
    return pay_book_save(&book);
}

static void note_transfer(const struct op *op)
{
    notes.posted[op->a] -= op->amount;
    notes.posted[op->b] += op->amount;
    notes.entries[op->a] += 1;
    notes.entries[op->b] += 1;
}

/* After the commit. */
static void note(struct worker *w)
{
    size_t block = w->first / BLOCK;

    for (size_t i = 0; i < w->n; i++) /* first: what was taken from the end of the list */
        w->n_open[block] -= w->ops[i].kind == RESOLVE;
    for (size_t i = 0; i < w->n; i++) {
        const struct op *op = &w->ops[i];

        if (op->refused) {
            notes.refused++;
        } else if (op->kind == TRANSFER) {
            note_transfer(op);
            notes.transfers++;
        } else if (op->kind == HOLD) {
            notes.pending[op->a] += op->amount;
            notes.holds++;
            assert_true(w->n_open[block] < OPEN_MAX);
            w->open[block][w->n_open[block]++] = (struct open_hold){op->a, op->amount};
        } else {
            notes.pending[op->a] -= op->held;
            if (op->amount > 0)
                note_transfer(op);
            notes.captures += op->amount > 0;
            notes.voids += op->amount == 0;
        }
    }
}

/* --- a process --- */

static void work(uint64_t seed, int64_t operations, int report)
{
    struct worker *w = calloc(1, sizeof(*w));

    if (!w)
        abort();
    w->db = gg_db_create(&config);
    gg_db_set_timeout(w->db, PATIENCE);
    w->arena = gg_arena_create();
    w->random = seed;
    for (size_t i = 0; i < ACCOUNTS / BLOCK; i++)
        w->open[i] = calloc(OPEN_MAX, sizeof(*w->open[i]));
    for (int64_t done = 0; done < operations; done += (int64_t)w->n) {
        enum gg_status status;

        w->n = operations - done < AT_ONCE ? (size_t)(operations - done) : AT_ONCE;
        choose(w);
        do /* a lost race left nothing behind, however often it is lost on a busy machine */
            status = gg_db_tx(w->db, apply, w);
        while (status == GG_RETRY);
        if (status != GG_OK) {
            fprintf(stderr, "a transaction ended with %s\n", gg_status_name(status));
            _exit(1);
        }
        note(w);
    }
    _exit(write(report, &notes, sizeof(notes)) == (ssize_t)sizeof(notes) ? 0 : 1);
}

/* Adds what a process has reported. */
static void add_notes(int report)
{
    struct notes one;

    assert_int_equal(read(report, &one, sizeof(one)), sizeof(one));
    for (size_t i = 0; i < ACCOUNTS; i++) {
        notes.posted[i] += one.posted[i];
        notes.pending[i] += one.pending[i];
        notes.entries[i] += one.entries[i];
    }
    notes.transfers += one.transfers;
    notes.holds += one.holds;
    notes.captures += one.captures;
    notes.voids += one.voids;
    notes.refused += one.refused;
}

/* --- what must hold --- */

static void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

static int64_t number(const char *sql)
{
    struct gg_rows rows;

    must(gg_db_query(db, arena, sql, GG_NO_ARGS, &rows));
    return gg_row_int(&rows, 0, 0);
}

/* While they work: one look is one instant of the whole ledger. Gives how often it was looked. */
static int64_t watch(int64_t processes)
{
    int64_t looks = 0;
    int status;

    while (processes > 0) {
        pid_t pid = waitpid(-1, &status, WNOHANG);

        gg_arena_reset(arena);
        assert_int_equal(number("SELECT COALESCE(SUM(posted), 0) FROM account"), 0);
        assert_int_equal(number("SELECT COUNT(*) FROM account WHERE kind = 'wallet' AND posted < pending_debits"), 0);
        looks++;
        if (pid > 0) {
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            processes--;
        } else
            usleep(100000);
    }
    return looks;
}

static void check_account(size_t i, int64_t *sum)
{
    struct pay_account now;
    struct pay_posting last = {0}, *entries;
    size_t n;

    gg_arena_reset(arena);
    must(pay_account_read(db, arena, ids[i], &now));
    assert_int_equal(now.posted, RICH + notes.posted[i]);
    assert_int_equal(now.pending, notes.pending[i]);
    assert_int_equal(now.version, 1 + notes.entries[i]);
    for (int64_t at = 0; at < now.version; at += READ) {
        gg_arena_reset(arena);
        must(pay_postings_after(db, arena, ids[i], at, now.version, READ, &entries, &n));
        for (size_t k = 0; k < n; k++) {
            assert_true(pay_chain_holds(last.version > 0 ? &last : NULL, &entries[k]));
            last = entries[k];
        }
    }
    assert_int_equal(last.version, now.version);
    assert_int_equal(last.balance, now.posted);
    *sum += now.posted;
}

static enum gg_status fill(struct gg_db *on, void *arg)
{
    struct pay_account_key *keys = GG_NEW_ARRAY(arena, struct pay_account_key, ACCOUNTS + 1);
    struct pay_book book;

    (void)arg;
    for (size_t i = 0; i < ACCOUNTS; i++) {
        ids[i] = gg_id_derive(GG_ID_ZERO, gg_sprintf(arena, "sums.%zu", i));
        keys[i] = (struct pay_account_key){ids[i], PAY_ACCOUNT_WALLET};
    }
    keys[ACCOUNTS] = (struct pay_account_key){pay_provider_account(), PAY_ACCOUNT_PROVIDER};
    GG_TRY(pay_book_open(&book, on, arena, keys, ACCOUNTS + 1, ACCOUNTS));
    for (size_t i = 0; i < ACCOUNTS; i++) {
        struct pay_transfer transfer = {.id = gg_id_new(),
                                        .kind = PAY_ENTRY_CHARGE,
                                        .debit = pay_provider_account(),
                                        .credit = ids[i],
                                        .amount = RICH};

        GG_TRY(pay_book_move(&book, &transfer));
    }
    return pay_book_save(&book);
}

static void test_sums_over_many_operations(void **state)
{
    int64_t operations = setting("GONGGU_LEDGER_OPERATIONS", 20000), start, ms, looks, sum = 0;
    int64_t processes = setting("GONGGU_LEDGER_PROCESSES", 3), seed = setting("SEED", gg_now() % 1000000000), moved;
    int reports[PROCESSES][2];

    (void)state;
    if (!db)
        skip();
    assert_true(processes > 0 && processes <= PROCESSES);
    must(gg_db_tx(db, fill, NULL));
    gg_db_destroy(db); /* no child shares it */
    printf("# seed %" PRId64 ", %" PRId64 " operations of %" PRId64 " processes\n", seed, operations, processes);
    (void)fflush(stdout);
    start = gg_mono();
    for (int64_t i = 0; i < processes; i++) {
        pid_t pid;

        assert_int_equal(pipe(reports[i]), 0);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            work((uint64_t)(seed * PROCESSES + i), operations / processes + (i < operations % processes),
                 reports[i][1]);
    }
    db = gg_db_create(&config);
    gg_db_set_timeout(db, PATIENCE);
    looks = watch(processes);
    ms = gg_mono() - start;
    for (int64_t i = 0; i < processes; i++)
        add_notes(reports[i][0]);
    moved = notes.transfers + notes.captures;
    assert_int_equal(moved + notes.holds + notes.voids + notes.refused, operations);
    printf("# %" PRId64 " ms, %" PRId64 " a second: %" PRId64 " transfers, %" PRId64 " holds, %" PRId64
           " captures, %" PRId64 " voids, %" PRId64 " refused; every one of %" PRId64 " snapshots adds up\n",
           ms, operations * GG_SECOND / (ms > 0 ? ms : 1), notes.transfers, notes.holds, notes.captures, notes.voids,
           notes.refused, looks);
    for (size_t i = 0; i < ACCOUNTS; i++)
        check_account(i, &sum);
    assert_int_equal(sum, ACCOUNTS * RICH);
    gg_arena_reset(arena);
    assert_int_equal(number("SELECT COUNT(*) FROM transfer"), ACCOUNTS + moved);
    assert_int_equal(number("SELECT COUNT(*) FROM entry"), 2 * (ACCOUNTS + moved));
    assert_int_equal(number("SELECT COUNT(*) FROM (SELECT transfer_id FROM entry GROUP BY transfer_id"
                            " HAVING COUNT(*) <> 2 OR SUM(amount) <> 0) x"),
                     0);
}

/* --- server --- */

static int begin(void **state)
{
    static const char *const folders[] = {"libcommon/schema", "services/pay/schema"};

    (void)state;
    if (!db_rig(&config))
        return 0;
    arena = gg_arena_create();
    db = gg_db_create(&config);
    return gg_db_migrate(db, folders, GG_LEN(folders)) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    if (!db)
        return 0;
    gg_db_destroy(db);
    gg_arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_over_many_operations),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
