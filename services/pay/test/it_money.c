/* services/pay/test/it_money.c
 * The steps of money against a real server (GONGGU_TEST_DB_*, see libcommon/test/it_db.c): every pair of them at once
 * on one hold, and every one of them killed at each of its writes and reads, then delivered again. After each, what
 * must hold of the ledger holds, and after a crash the outcome is the one without it. */
#include "config.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/test/crash.h"
#include "libcommon/test/db_rig.h"
#include "steps.h"
#include "store_audit.h"

#define WON  INT64_C(10000)
#define HELD INT64_C(3000)

struct case_ids {
    struct gg_id user, host, deal, share;
};
static struct gg_db_config config;
static struct gg_db *db;
static struct gg_arena *arena;

/* --- the steps --- */

enum act {
    RESERVE,
    CONFIRM,
    CONFIRM_PART,
    VOID,
    EXPIRE,
    GROW,
    SHRINK,
    PURCHASE,
    ADJUST,
    PAY_OUT,
    FREEZE,
    THAW,
    UNDO,
    LEAVE_ESCROW,
    ACTS
};
static const char *const act_names[] = {"reserve",  "confirm", "part",   "void",   "expire", "grow", "shrink",
                                        "purchase", "adjust",  "payout", "freeze", "thaw",   "undo", "exit"};

struct doing {
    enum act act;
    struct case_ids ids;
    struct gg_arena *arena;
};

static enum gg_status do_act(struct gg_db *on, void *arg)
{
    const struct doing *doing = arg;
    const struct case_ids *ids = &doing->ids;
    struct deal_share_event share = {.deal = ids->deal,
                                     .share = ids->share,
                                     .user = ids->user,
                                     .host = ids->host,
                                     .amount_won = HELD,
                                     .refund_won = GG_NONE,
                                     .resize = 1,
                                     .hold_until = gg_now() + GG_DAY};
    struct deal_allotment allotment = {
        .share = ids->share, .user = ids->user, .quantity = 1, .amount_won = HELD, .refund_won = 500};
    struct deal_outcome outcome = {.deal = ids->deal, .host = ids->host, .shares = {&allotment, 1}};
    struct deal_dispute_event dispute = {.deal = ids->deal,
                                         .share = ids->share,
                                         .dispute = gg_id_derive(ids->share, "dispute"),
                                         .user = ids->user,
                                         .host = ids->host,
                                         .refund_won = HELD,
                                         .amount_won = 0};

    switch (doing->act) {
    case RESERVE:
        return pay_shares_reserve(&(struct gg_event){.db = on, .arena = doing->arena, .data = &share}, 1);
    case CONFIRM:
        return pay_deal_confirm(on, doing->arena, &outcome);
    case CONFIRM_PART:
        allotment.amount_won = 2000;
        return pay_deal_confirm(on, doing->arena, &outcome);
    case VOID:
        return pay_share_void(on, doing->arena, ids->share, PAY_HOLD_DO_VOID);
    case EXPIRE:
        return pay_share_void(on, doing->arena, ids->share, PAY_HOLD_DO_EXPIRE);
    case GROW:
        share.amount_won = 4000;
        return pay_share_resize(on, doing->arena, &share);
    case SHRINK:
        share.amount_won = 1000;
        share.resize = 2;
        return pay_share_resize(on, doing->arena, &share);
    case PURCHASE:
        return pay_deal_purchase(on, doing->arena, &outcome);
    case ADJUST:
        share.refund_won = 700;
        return pay_share_adjust(on, doing->arena, gg_id_derive(ids->share, "adjust"), &share);
    case PAY_OUT:
        return pay_share_pay_out(on, doing->arena, gg_id_derive(ids->share, "handed over"), &share);
    case FREEZE:
        return pay_share_freeze(on, doing->arena, &dispute);
    case THAW:
        return pay_share_thaw(on, doing->arena, &dispute);
    case UNDO:
        return pay_deal_undo(on, doing->arena, ids->deal);
    case LEAVE_ESCROW:
        return pay_deal_exit(on, doing->arena, ids->deal);
    case ACTS:
        break;
    }
    return GG_ERROR;
}

static enum gg_status perform(struct gg_db *on, enum act act, const struct case_ids *ids)
{
    struct doing doing = {act, *ids, gg_arena_create()};
    enum gg_status status = gg_db_tx(on, do_act, &doing);

    gg_arena_destroy(doing.arena);
    return status;
}

/* --- the cases --- */

static enum gg_status fill_wallet(struct gg_db *on, void *arg)
{
    const struct case_ids *ids = arg;
    struct pay_account_key keys[2] = {{pay_provider_account(), PAY_ACCOUNT_PROVIDER}, {ids->user, PAY_ACCOUNT_WALLET}};
    struct pay_transfer transfer = {.id = gg_id_new(),
                                    .kind = PAY_ENTRY_CHARGE,
                                    .debit = pay_provider_account(),
                                    .credit = ids->user,
                                    .amount = WON};
    struct pay_book book;

    GG_TRY(pay_account_make(on, ids->host, PAY_ACCOUNT_WALLET, gg_now()));
    GG_TRY(pay_book_open(&book, on, arena, keys, 2, 1));
    GG_TRY(pay_book_move(&book, &transfer));
    return pay_book_save(&book);
}

/* A neighbour with money and a hold; captured when `captured`. */
static struct case_ids new_case(bool captured)
{
    struct case_ids ids = {gg_id_new(), gg_id_new(), gg_id_new(), gg_id_new()};

    gg_arena_reset(arena);
    assert_int_equal(gg_db_tx(db, fill_wallet, &ids), GG_OK);
    assert_int_equal(perform(db, RESERVE, &ids), GG_OK);
    if (captured)
        assert_int_equal(perform(db, CONFIRM, &ids), GG_OK);
    return ids;
}

static int64_t ask(const char *sql, const struct gg_id *id)
{
    struct gg_rows rows;

    assert_int_equal(gg_db_query(db, arena, sql, GG_ARGS(gg_v_id(id)), &rows), GG_OK);
    return gg_row_int(&rows, 0, 0);
}

static void check_chain(struct gg_id account)
{
    struct pay_posting *entries;
    struct pay_account now;
    int64_t bad;
    size_t n;

    assert_int_equal(pay_account_read(db, arena, account, &now), GG_OK);
    assert_int_equal(pay_postings_after(db, arena, account, 0, now.version, 100000, &entries, &n), GG_OK);
    assert_int_equal(n, now.version);
    for (size_t i = 0; i < n; i++)
        assert_true(pay_chain_holds(i > 0 ? &entries[i - 1] : NULL, &entries[i]));
    assert_int_equal(now.posted, n > 0 ? entries[n - 1].balance : 0);
    assert_int_equal(pay_audit_transfers(db, arena, account, 1, now.version, &bad), GG_OK);
    assert_int_equal(bad, 0);
}

/* What holds whatever has happened. */
static void check_ledger(const struct case_ids *ids)
{
    int64_t posted, pending, promised;
    struct pay_orphan *orphans;
    size_t n;

    assert_int_equal(pay_audit_sums(db, arena, &posted, &pending, &promised), GG_OK);
    assert_int_equal(posted, 0);
    assert_int_equal(pending, promised);
    assert_int_equal(pay_orphans(db, arena, 10, &orphans, &n), GG_OK);
    assert_int_equal(n, 0);
    check_chain(ids->user);
    check_chain(ids->host);
    assert_int_equal(ask("SELECT COUNT(*) FROM hold h LEFT JOIN hold_resolution r ON r.share_id = h.share_id"
                         " WHERE h.share_id = ? AND ((h.state = 'pending') <> (r.share_id IS NULL)"
                         " OR (r.state IS NOT NULL AND r.state <> h.state))",
                         &ids->share),
                     0);
    assert_int_equal(ask("SELECT COUNT(*) - COALESCE(MAX(sequence), 0) FROM outbox WHERE aggregate = ?", &ids->share),
                     0);
    assert_int_equal(ask("SELECT step FROM hold WHERE share_id = ?", &ids->share),
                     ask("SELECT COUNT(*) FROM outbox WHERE aggregate = ?", &ids->share));
}

/* Everything that tells two outcomes apart, as one text. */
static char *outcome_of(const struct case_ids *ids)
{
    struct pay_account user, host;
    struct gg_rows rows;

    assert_int_equal(pay_account_read(db, arena, ids->user, &user), GG_OK);
    assert_int_equal(pay_account_read(db, arena, ids->host, &host), GG_OK);
    assert_int_equal(gg_db_query(db, arena,
                                 "SELECT h.state, h.amount, h.step, COALESCE(e.captured, -1), COALESCE(e.refunded, -1),"
                                 " COALESCE(e.paid_out, -1), CAST(e.closed_at IS NULL AS SIGNED),"
                                 " CAST(e.dispute_id IS NULL AS SIGNED) FROM hold h"
                                 " LEFT JOIN escrow_share e ON e.share_id = h.share_id WHERE h.share_id = ?",
                                 GG_ARGS(gg_v_id(&ids->share)), &rows),
                     GG_OK);
    if (rows.n == 0)
        return gg_sprintf(arena, "no hold, %" PRId64 "/%" PRId64, user.posted, user.pending);
    return gg_sprintf(arena,
                      "%s %" PRId64 " step %" PRId64 ", escrow %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
                      ", wallet %" PRId64 "/%" PRId64 " v%" PRId64 ", host %" PRId64,
                      gg_row_text(&rows, 0, 0), gg_row_int(&rows, 0, 1), gg_row_int(&rows, 0, 2),
                      gg_row_int(&rows, 0, 3), gg_row_int(&rows, 0, 4), gg_row_int(&rows, 0, 5),
                      gg_row_int(&rows, 0, 6), gg_row_int(&rows, 0, 7), user.posted, user.pending, user.version,
                      host.posted);
}

/* --- races --- */

/* A process of its own that waits for the pipe to close, acts, and ends. */
static pid_t start_racer(int gate[2], enum act act, const struct case_ids *ids)
{
    pid_t pid = fork();
    struct gg_db *own;
    char byte;

    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    close(gate[1]);
    own = gg_db_create(&config);
    if (!gg_db_ping(own) || read(gate[0], &byte, 1) != 0)
        _exit(3);
    /* A refusal is an answer; a lost server is not. */
    _exit(perform(own, act, ids) == GG_UNAVAILABLE ? 4 : 0);
}

static void race(enum act a, enum act b, bool captured)
{
    struct case_ids ids = new_case(captured);
    int gate[2], status;
    pid_t pids[2];

    assert_int_equal(pipe(gate), 0);
    pids[0] = start_racer(gate, a, &ids);
    pids[1] = start_racer(gate, b, &ids);
    close(gate[1]);
    close(gate[0]);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    check_ledger(&ids);
}

static void test_every_pair_on_one_hold(void **state)
{
    (void)state;
    if (!db)
        skip();
    for (int captured = 0; captured <= 1; captured++)
        for (enum act a = CONFIRM; a < ACTS; a++)
            for (enum act b = a; b < ACTS; b++)
                race(a, b, captured);
}

/* --- crashes --- */

static size_t crash(enum act act, bool captured, const char *call)
{
    struct case_ids ids = new_case(captured);
    const char *expected, *after;
    size_t points = 0;

    assert_int_equal(perform(db, act, &ids), GG_OK);
    expected = gg_strdup(arena, outcome_of(&ids));
    for (int k = 1;; k++, points++) {
        char kept[300];
        bool killed;

        snprintf(kept, sizeof(kept), "%s", expected);
        ids = new_case(captured);
        killed = crash_at(call, k, act, (struct gg_id[]){ids.user, ids.host, ids.deal, ids.share}, 4);
        if (killed)
            (void)perform(db, act, &ids); /* delivered again */
        after = outcome_of(&ids);
        if (strcmp(after, kept) != 0)
            fail_msg("%s killed at %s %d: %s instead of %s", act_names[act], call, k, after, kept);
        check_ledger(&ids);
        expected = gg_strdup(arena, kept);
        if (!killed)
            return points;
    }
}

static void test_every_point_of_every_path(void **state)
{
    static const struct {
        enum act act;
        bool captured;
    } paths[] = {{CONFIRM_PART, false}, {PAY_OUT, true},  {GROW, false},       {UNDO, true},
                 {EXPIRE, false},       {PURCHASE, true}, {FREEZE, true},      {VOID, false},
                 {SHRINK, false},       {CONFIRM, false}, {LEAVE_ESCROW, true}};
    /* The short form takes the path in which most moves; GONGGU_LONG=1 all of them. */
    size_t n = getenv("GONGGU_LONG") ? GG_LEN(paths) : 1, points = 0;

    (void)state;
    if (!db || !crash_can())
        skip();
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < GG_LEN(crash_calls); s++)
            points += crash(paths[i].act, paths[i].captured, crash_calls[s]);
    printf("# %zu crash points\n", points);
    assert_true(points > 20 * n);
}

/* --- server --- */

static bool connect_server(void)
{
    if (!db_rig(&config))
        return false;
    pay_config.escrow_days = 45;
    db = gg_db_create(&config);
    arena = gg_arena_create();
    return true;
}

static int begin(void **state)
{
    static const char *const folders[] = {"libcommon/schema", "services/pay/schema"};

    (void)state;
    if (!connect_server())
        return 0;
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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair_on_one_hold),
        cmocka_unit_test(test_every_point_of_every_path),
    };
    struct gg_id ids[4];
    size_t act;

    if (crash_asked(argc, argv, &act, ids, GG_LEN(ids))) {
        struct case_ids of = {ids[0], ids[1], ids[2], ids[3]};
        return connect_server() && perform(db, (enum act)act, &of) == GG_OK ? 0 : 5;
    }
    return cmocka_run_group_tests(tests, begin, end);
}
