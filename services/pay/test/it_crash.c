/* services/pay/test/it_crash.c
 * Every path by which money moves, killed before and after each thing it says to or hears from the database, the
 * payment provider and the bank, then sent again as a client, the provider, the bus or the sweep would. Requests run
 * with their key, their proof and their stored reply; events with their place in the inbox; provider and bank are the
 * stack's. After a kill the ledger is as before or as after, never between; after the repeat it is what it is without a
 * kill. Needs GONGGU_TEST_DB_*, GONGGU_SANDBOX_URL, GONGGU_SECRETS and strace. GONGGU_LONG=1: every point, else a
 * sample. */
#include "crash_paths.h"
#include "libcommon/test/crash.h"
#include "libcommon/test/db_rig.h"

#define SAMPLED 29 /* the short form takes one of so many points */

static struct gg_db_config config;

/* --- what is seen of a case --- */

static int64_t count(const char *sql, const struct gg_id *id)
{
    struct gg_rows rows;

    must(gg_db_query(db, arena, sql, GG_ARGS(gg_v_id(id)), &rows));
    return gg_row_int(&rows, 0, 0);
}

/* Everything of pay's that tells two outcomes apart, as one text. */
static const char *inside(struct gg_id seed)
{
    static const struct {
        const char *what, *sql, *who;
    } looks[] = {
        {"posted a", "SELECT posted FROM account WHERE id = ?", "a"},
        {"held a", "SELECT pending_debits FROM account WHERE id = ?", "a"},
        {"version a", "SELECT version FROM account WHERE id = ?", "a"},
        {"posted b", "SELECT posted FROM account WHERE id = ?", "b"},
        {"version b", "SELECT version FROM account WHERE id = ?", "b"},
        {"holds", "SELECT COUNT(*) FROM hold WHERE state = 'pending' AND user_id = ?", "a"},
        {"ended holds", "SELECT COUNT(*) FROM hold WHERE state <> 'pending' AND user_id = ?", "a"},
        {"charges", "SELECT COUNT(*) FROM charge WHERE user_id = ?", "a"},
        {"charges done", "SELECT COUNT(*) FROM charge WHERE state = 'done' AND user_id = ?", "a"},
        {"reversed", "SELECT COALESCE(SUM(reversed), 0) FROM charge WHERE user_id = ?", "a"},
        {"sent", "SELECT COUNT(*) FROM remittance WHERE sender_id = ?", "a"},
        {"withdrawals", "SELECT COUNT(*) FROM withdrawal WHERE user_id = ?", "a"},
        {"ended", "SELECT COUNT(*) FROM withdrawal WHERE state IN ('posted', 'voided') AND user_id = ?", "a"},
        {"reviews", "SELECT COUNT(*) FROM review WHERE user_id = ?", "a"},
        {"requests", "SELECT COUNT(*) FROM money_request WHERE creator_id = ?", "b"},
        {"paid parts", "SELECT COUNT(*) FROM request_part WHERE state = 'paid' AND user_id = ?", "a"},
        {"corrections", "SELECT COUNT(*) FROM correction WHERE state = 'applied' AND debit_account = ?", "a"},
        {"spent", "SELECT COALESCE(SUM(amount), 0) FROM spent WHERE user_id = ?", "a"},
        {"proofs", "SELECT COUNT(*) FROM used_proof WHERE user_id = ?", "a"},
        {"keys", "SELECT COUNT(*) FROM idempotency WHERE user_id = ?", "a"},
        {"events", "SELECT COUNT(*) FROM outbox WHERE aggregate = ?", "share"},
    };
    struct gg_buf text;
    const char *kept;

    gg_buf_init(&text, 4096);
    for (size_t i = 0; i < GG_LEN(looks); i++) {
        struct gg_id who = name_of(seed, looks[i].who);

        gg_buf_addf(&text, "%s %" PRId64 ", ", looks[i].what, count(looks[i].sql, &who));
    }
    kept = gg_strndup(arena, text.p, text.n);
    gg_buf_free(&text);
    return kept;
}

/* Every event that names one of the two is in the outbox once: ids and places are unique there, so their number tells.
 */
static int64_t events_about(struct gg_id seed)
{
    struct gg_rows rows;

    must(gg_db_query(db, arena, "SELECT COUNT(*) FROM outbox WHERE INSTR(envelope, ?) > 0",
                     GG_ARGS(gg_v_text(text_of(name_of(seed, "a")))), &rows));
    return gg_row_int(&rows, 0, 0);
}

static void check_outside(const struct path *path, struct gg_id seed)
{
    int64_t at_provider = 0, at_bank = 0;

    if (path->at_provider > 0)
        at_provider =
            number_in(ask_sandbox("GET", gg_sprintf(arena, "/pay/v1/payments/%s", charge_of(seed).payment_key), NULL,
                                  pay_config.provider.secret),
                      "balanceAmount");
    if (path->stepwise && path->prepare != taken && path->prepare != taken_back) {
        struct pay_bank_account_row row;

        must(pay_bank_account_read(db, arena, name_of(seed, "bank account"), &row));
        at_bank = number_in(ask_sandbox("GET", gg_sprintf(arena, "/bank/_accounts/088/%s", row.number), NULL, NULL),
                            "balance");
    }
    assert_int_equal(at_provider, path->at_provider);
    assert_int_equal(at_bank, path->at_bank);
}

static void check_model(const struct path *path, struct gg_id seed)
{
    struct pay_account a, b;
    int64_t posted, pending, promised;
    struct pay_orphan *orphans;
    size_t n;

    must(pay_account_read(db, arena, name_of(seed, "a"), &a));
    must(pay_account_read(db, arena, name_of(seed, "b"), &b));
    assert_int_equal(a.posted, path->a);
    assert_int_equal(a.pending, path->held);
    assert_int_equal(b.posted, path->b);
    must(pay_audit_sums(db, arena, &posted, &pending, &promised));
    assert_int_equal(posted, 0);
    assert_int_equal(pending, promised);
    must(pay_orphans(db, arena, 10, &orphans, &n));
    assert_int_equal(n, 0);
    check_outside(path, seed);
}

/* --- killing --- */

/* One path without a kill, and that its repeat changes nothing: what it leaves. */
static const char *whole(const struct path *path, char *before, size_t n, int64_t *events)
{
    struct gg_id seed = gg_id_new();
    const char *after;

    path->prepare(seed);
    snprintf(before, n, "%s", inside(seed));
    need(path->run(db, seed), path->status);
    after = inside(seed);
    *events = events_about(seed);
    check_model(path, seed);
    need(path->run(db, seed), path->status);
    assert_string_equal(inside(seed), after);
    assert_int_equal(events_about(seed), *events);
    return after;
}

static size_t crash(size_t number, const char *call, int first, int step)
{
    const struct path *path = &paths[number];
    char before[2000], after[2000];
    size_t points = 0;
    int64_t events;

    gg_arena_reset(arena);
    snprintf(after, sizeof(after), "%s", whole(path, before, sizeof(before), &events));
    for (int k = first;; k += step, points++) {
        struct gg_id seed = gg_id_new();
        const char *left;

        gg_arena_reset(arena);
        path->prepare(seed);
        if (!crash_at(call, k, number, &seed, 1)) {
            assert_string_equal(inside(seed), after);
            return points;
        }
        left = inside(seed);
        if (!path->stepwise && strcmp(left, before) != 0 && strcmp(left, after) != 0)
            fail_msg("%s killed at %s %d left %s", path->name, call, k, left);
        need(path->run(db, seed), path->status);
        left = inside(seed);
        if (strcmp(left, after) != 0 || events_about(seed) != events)
            fail_msg("%s killed at %s %d and sent again: %s instead of %s", path->name, call, k, left, after);
        check_model(path, seed);
    }
}

static void test_every_point_of_every_path(void **state)
{
    bool all = getenv("GONGGU_LONG") != NULL;
    size_t sum = 0;
    int start = all ? 0 : (int)(gg_now() % SAMPLED);

    (void)state;
    if (!db || !crash_can())
        skip();
    printf("# from point %d\n", start + 1);
    for (size_t i = 0; i < GG_LEN(paths); i++) {
        size_t points = 0;

        for (size_t s = 0; s < GG_LEN(crash_calls); s++)
            points += crash(i, crash_calls[s], 1 + (start + (int)(i + s)) % (all ? 1 : SAMPLED), all ? 1 : SAMPLED);
        printf("# %s: %zu points\n", paths[i].name, points);
        assert_true(points > (all ? 20 : 0));
        sum += points;
    }
    printf("# %zu crash points\n", sum);
}

/* --- servers --- */

static const char *secret(const char *name)
{
    const char *path = gg_sprintf(arena, "%s/%s", getenv("GONGGU_SECRETS"), name);
    char text[512] = "";
    FILE *file = fopen(path, "r");

    if (file && !fgets(text, sizeof(text), file))
        text[0] = 0;
    if (file)
        fclose(file);
    text[strcspn(text, "\n")] = 0;
    return strdup(text);
}

static bool connect_servers(void)
{
    const char *jwks;

    if (!db_rig(&config) || !getenv("GONGGU_SANDBOX_URL") || !getenv("GONGGU_SECRETS"))
        return false;
    gg_log_init("test", GG_LOG_ERROR);
    arena = gg_arena_create();
    sandbox = getenv("GONGGU_SANDBOX_URL");
    gg_public_url_set("http://market.test");
    pay_config = (struct pay_config){
        .provider = {strdup(gg_sprintf(arena, "%s/pay", sandbox)), secret("provider"), secret("webhook")},
        .bank = {strdup(gg_sprintf(arena, "%s/bank", sandbox)), secret("bank")},
        .limits = {.move = 2000000, .day = 5000000, .withdraw_min = 1000},
        .escrow_days = 45,
    };
    signer = gg_signer_load(gg_sprintf(arena, "%s/signing_key.pem", getenv("GONGGU_SECRETS")), "gonggu", "gonggu");
    if (!signer)
        return false;
    jwks = gg_signer_jwks(signer, arena);
    if (!gg_verifier_load(jwks, strlen(jwks)))
        return false;
    pay_assemble(&service);
    bus = (struct gg_bus_config){.service = "pay", .consumes = service.consumes, .n_consumes = service.n_consumes};
    db = gg_db_create(&config);
    return true;
}

static int begin(void **state)
{
    static const char *const folders[] = {"libcommon/schema", "services/pay/schema"};

    (void)state;
    if (!connect_servers())
        return 0;
    return gg_db_migrate(db, folders, GG_LEN(folders)) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    if (!db)
        return 0;
    gg_db_destroy(db);
    gg_signer_destroy(signer);
    gg_arena_destroy(arena);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_point_of_every_path),
    };
    struct gg_id seed;
    size_t path;

    if (crash_asked(argc, argv, &path, &seed, 1))
        return connect_servers() && paths[path].run(db, seed) == paths[path].status ? 0 : 5;
    return cmocka_run_group_tests(tests, begin, end);
}
