/* services/deal/test/it_crash.c
 * D6: every step of a deal killed before and after everything it says to a real server (GONGGU_TEST_DB_*, see
 * libcommon/test/it_db.c) and hears from it, then done again, as a client with the same key or the bus does it. The
 * outcome is the one without a crash: a seat and its event, or neither. */
#include "change.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/test/crash.h"
#include "libcommon/test/db_rig.h"

#define PORTIONS 6
#define NOW      gg_now()

struct case_ids {
    struct gg_id deal, a, b; /* two neighbours */
};
static struct gg_db_config config;
static struct gg_db *db;
static struct gg_arena *arena;

/* --- the steps, each as its caller does it: what has been done already is not done again --- */

enum act {
    JOIN,
    HOLD,
    REFUSE,
    GROW,
    GROWN,
    WAIT,
    LEAVE,
    EDIT,
    CLOSE,
    CAPTURE,
    PURCHASE,
    ARRIVE,
    DISPUTE,
    AGREE,
    HAND_OVER,
    SETTLE,
    CANCEL,
    ACTS
};
static const char *const act_names[] = {"join",    "hold",  "refuse",    "grow",    "grown",    "wait",
                                        "leave",   "edit",  "close",     "capture", "purchase", "arrive",
                                        "dispute", "agree", "hand over", "settle",  "cancel"};

struct doing {
    enum act act;
    struct case_ids ids;
    struct gg_id who;
    struct gg_arena *arena;
};

static enum gg_status join(struct deal_work *work, struct gg_id user)
{
    struct deal_share_row share = {.user = user, .quantity = 2, .tolerance = 1};

    deal_seat(work, &share);
    return deal_reserve(work, &share, 1);
}

static enum gg_status wait_for_seat(struct deal_work *work, struct gg_id user)
{
    struct deal_wait_row wait = {.user = user, .quantity = PORTIONS};
    enum gg_status status = deal_wait_of(work->db, work->arena, work->deal.id, user, &wait);

    return status == GG_NOT_FOUND ? deal_wait_join(work, &wait) : status;
}

static enum gg_status edit(struct deal_work *work)
{
    struct deal_row after = work->deal;

    after.total_won = 7000;
    return deal_edit(work, &after, &(struct gg_list){(const char *[]){"total_won"}, 1}, true);
}

static enum gg_status of_deal(struct deal_work *work, enum act act)
{
    int state = work->deal.state;

    switch (act) {
    case EDIT:
        return work->deal.plan.terms == 1 ? edit(work) : GG_OK;
    case CLOSE:
        return state == DEAL_RECRUITING ? deal_close(work) : GG_OK;
    case PURCHASE:
        return state == DEAL_CONFIRMED ? deal_purchase_goods(work, 5001, 0, "receipt.png") : GG_OK;
    case ARRIVE:
        return state == DEAL_PURCHASED ? deal_arrive_goods(work, PORTIONS - 1) : GG_OK;
    case CANCEL:
        return state != DEAL_CANCELLED ? deal_call_off(work, DEAL_CANCEL, DEAL_REASON_HOST) : GG_OK;
    default:
        return GG_ERROR;
    }
}

static enum gg_status end_dispute(struct deal_work *work, struct deal_share_row *share)
{
    struct deal_dispute_row dispute;

    GG_TRY(deal_dispute_of(work->db, work->arena, share->id, &dispute));
    return deal_dispute_end(work, share, &dispute, DEAL_DISPUTE_STATE_AGREED, 100);
}

static enum gg_status capture(struct deal_work *work, struct deal_share_row *share)
{
    GG_TRY(deal_step_share(share, SHARE_CAPTURE));
    share->captured_won = share->amount_won;
    return deal_share_update(work->db, share);
}

static enum gg_status of_share(struct deal_work *work, enum act act, struct deal_share_row *share)
{
    bool held = share->state == DEAL_SHARE_HELD, wants = share->want_quantity != GG_NONE;
    struct deal_dispute_row dispute = {.message = "?", .photos = "", .asked_won = 100};

    switch (act) {
    case HOLD:
        return share->state == DEAL_SHARE_RESERVED ? deal_hold_share(work, share) : GG_OK;
    case REFUSE:
        return share->state == DEAL_SHARE_RESERVED
                   ? deal_drop_share(work, share, SHARE_HOLD_REFUSED, DEAL_REASON_NO_MONEY)
                   : GG_OK;
    case GROW:
        return held && !wants && share->quantity == 2 ? deal_resize(work, share, 3, 1, share->terms) : GG_OK;
    case GROWN:
        return deal_resized(work, share, share->resize, wants ? share->want_won : share->max_won);
    case LEAVE:
        return held ? deal_drop_share(work, share, SHARE_LEAVE, DEAL_REASON_LEFT) : GG_OK;
    case CAPTURE:
        return held ? capture(work, share) : GG_OK;
    case DISPUTE:
        return share->state == DEAL_SHARE_CAPTURED ? deal_dispute_begin(work, share, &dispute) : GG_OK;
    case AGREE:
        return share->state == DEAL_SHARE_DISPUTED ? end_dispute(work, share) : GG_OK;
    case HAND_OVER:
        return share->state == DEAL_SHARE_CAPTURED ? deal_hand_over(work, share, 1, NOW) : GG_OK;
    case SETTLE:
        return share->state == DEAL_SHARE_HANDED_OVER ? deal_settle(work, share) : GG_OK;
    default:
        return of_deal(work, act);
    }
}

static enum gg_status do_act(struct gg_db *on, void *arg)
{
    const struct doing *doing = arg;
    struct deal_share_row share;
    struct deal_work work;
    enum gg_status status;

    GG_TRY(deal_begin(&work, on, doing->arena, doing->ids.deal, doing->who));
    status = deal_share_of(on, doing->arena, doing->ids.deal, doing->who, &share);
    if (doing->act == JOIN)
        return status == GG_NOT_FOUND ? join(&work, doing->who) : status;
    if (doing->act == WAIT)
        return wait_for_seat(&work, doing->who);
    return status == GG_OK ? of_share(&work, doing->act, &share) : status;
}

static enum gg_status perform(struct gg_db *on, enum act act, const struct case_ids *ids, struct gg_id who)
{
    struct doing doing = {act, *ids, who, gg_arena_create()};
    enum gg_status status = gg_db_tx(on, do_act, &doing);

    gg_arena_destroy(doing.arena);
    return status;
}

/* --- the cases --- */

static enum gg_status open_deal(struct gg_db *on, void *arg)
{
    const struct case_ids *ids = arg;
    struct deal_work work = {.db = on, .arena = arena, .actor = gg_id_new()};
    int64_t now = NOW;

    work.deal = (struct deal_row){.id = ids->deal,
                                  .host = work.actor,
                                  .state = DEAL_RECRUITING,
                                  .reason = -1,
                                  .title = "감자",
                                  .description = "",
                                  .unit = "1kg",
                                  .photos = "",
                                  .tags = "",
                                  .total_won = 6001,
                                  .portions = PORTIONS,
                                  .min_portions = 1,
                                  .receipt_won = GG_NONE,
                                  .created_at = now,
                                  .closes_at = now + GG_DAY,
                                  .place = "역",
                                  .pickup_from = now + 2 * GG_DAY,
                                  .pickup_until = now + 3 * GG_DAY,
                                  .wrong_codes_since = GG_NONE,
                                  .distance_m = GG_NONE,
                                  .plan = deal_plan_plain};
    work.deal.plan.handover_key = (struct gg_str){"0123456789abcdef0123456789abcdef", 32};
    return deal_open(&work);
}

/* What leads up to each act: neighbour a first, then b. */
static const struct path {
    enum act act;
    bool of_b;
    enum act before[9]; /* of a, ended by ACTS; b joins and is held when `both` */
    bool both;
} paths[] = {
    {JOIN, false, {ACTS}, false},
    {CLOSE, false, {JOIN, HOLD, WAIT, ACTS}, true},
    {HAND_OVER, false, {JOIN, HOLD, CLOSE, CAPTURE, PURCHASE, ARRIVE, ACTS}, false},
    {SETTLE, false, {JOIN, HOLD, CLOSE, CAPTURE, PURCHASE, ARRIVE, HAND_OVER, ACTS}, false},
    {LEAVE, false, {JOIN, HOLD, ACTS}, true},
    {HOLD, false, {JOIN, ACTS}, false},
    {REFUSE, false, {JOIN, ACTS}, false},
    {JOIN, true, {JOIN, HOLD, ACTS}, false},
    {GROW, false, {JOIN, HOLD, ACTS}, false},
    {GROWN, false, {JOIN, HOLD, GROW, ACTS}, false},
    {WAIT, true, {JOIN, HOLD, ACTS}, false},
    {EDIT, false, {JOIN, HOLD, ACTS}, true},
    {CAPTURE, false, {JOIN, HOLD, CLOSE, ACTS}, false},
    {PURCHASE, false, {JOIN, HOLD, CLOSE, CAPTURE, ACTS}, false},
    {ARRIVE, false, {JOIN, HOLD, CLOSE, CAPTURE, PURCHASE, ACTS}, false},
    {DISPUTE, false, {JOIN, HOLD, CLOSE, CAPTURE, PURCHASE, ACTS}, false},
    {AGREE, false, {JOIN, HOLD, CLOSE, CAPTURE, PURCHASE, DISPUTE, ACTS}, false},
    {CANCEL, false, {JOIN, HOLD, CLOSE, CAPTURE, ACTS}, false},
};

static struct case_ids new_case(const struct path *path)
{
    struct case_ids ids = {gg_id_new(), gg_id_new(), gg_id_new()};

    gg_arena_reset(arena);
    assert_int_equal(gg_db_tx(db, open_deal, &ids), GG_OK);
    if (path->both) {
        assert_int_equal(perform(db, JOIN, &ids, ids.b), GG_OK);
        assert_int_equal(perform(db, HOLD, &ids, ids.b), GG_OK);
    }
    for (size_t i = 0; path->before[i] != ACTS; i++)
        assert_int_equal(perform(db, path->before[i], &ids, ids.a), GG_OK);
    return ids;
}

static int64_t ask(const char *sql, struct gg_id id)
{
    struct gg_rows rows;

    assert_int_equal(gg_db_query(db, arena, sql, GG_ARGS(gg_v_id(&id)), &rows), GG_OK);
    return gg_row_int(&rows, 0, 0);
}

/* What holds whatever has happened: the deal counts what its shares say, and every version is one event. */
static void check_deal(const struct case_ids *ids)
{
    assert_int_equal(
        ask("SELECT d.taken - COALESCE((SELECT CAST(SUM(s.quantity + GREATEST(COALESCE(s.want_quantity, 0)"
            " - s.quantity, 0)) AS SIGNED) FROM share s WHERE s.deal_id = d.id AND s.live_user IS NOT NULL), 0)"
            " FROM deal d WHERE d.id = ?",
            ids->deal),
        0);
    assert_int_equal(ask("SELECT CAST(taken + offered > portions AS SIGNED) FROM deal WHERE id = ?", ids->deal), 0);
    assert_int_equal(ask("SELECT d.version - (SELECT COUNT(*) FROM outbox o WHERE o.aggregate = d.id) FROM deal d"
                         " WHERE d.id = ?",
                         ids->deal),
                     0);
    assert_int_equal(ask("SELECT COUNT(*) - COALESCE(MAX(sequence), 0) FROM outbox WHERE aggregate = ?", ids->deal), 0);
}

/* Everything that tells two outcomes apart, as one text; ids and times differ from case to case. */
static char *outcome_of(const struct case_ids *ids)
{
    static const char *const questions[] = {
        "SELECT CONCAT_WS(' ', state, version, taken, waiting, joined, extras, offered, queue, COALESCE(settled_won, "
        "'-'),"
        " COALESCE(host_won, '-'), terms) FROM deal WHERE id = ?",
        "SELECT GROUP_CONCAT(CONCAT_WS(' ', position, state, quantity, tolerance, COALESCE(want_quantity, '-'), resize,"
        " terms, COALESCE(allotted, '-'), COALESCE(amount_won, '-'), COALESCE(received, '-'), carry_delta) ORDER BY "
        "position)"
        " FROM share WHERE deal_id = ?",
        "SELECT GROUP_CONCAT(type ORDER BY sequence) FROM outbox WHERE aggregate = ?",
        "SELECT GROUP_CONCAT(kind ORDER BY kind) FROM due WHERE subject = ?",
        "SELECT GROUP_CONCAT(u.kind ORDER BY u.kind) FROM due u JOIN share s ON s.id = u.subject WHERE s.deal_id = ?",
        "SELECT GROUP_CONCAT(CONCAT_WS(' ', state, position, offered) ORDER BY position) FROM wait WHERE deal_id = ?",
        "SELECT GROUP_CONCAT(CONCAT_WS(' ', state, asked_won, COALESCE(refund_won, '-'))) FROM dispute WHERE deal_id = "
        "?",
        "SELECT GROUP_CONCAT(kind ORDER BY kind, user_id) FROM fact WHERE deal_id = ?",
        "SELECT GROUP_CONCAT(version ORDER BY version) FROM terms WHERE deal_id = ?",
        "SELECT CAST(SUM(c.carry) AS CHAR) FROM carry c JOIN share s ON s.user_id = c.user_id WHERE s.deal_id = ?",
    };
    char *text = gg_strdup(arena, "");

    for (size_t i = 0; i < GG_LEN(questions); i++) {
        struct gg_rows rows;
        assert_int_equal(gg_db_query(db, arena, questions[i], GG_ARGS(gg_v_id(&ids->deal)), &rows), GG_OK);
        text = gg_sprintf(arena, "%s | %s", text, rows.n && gg_row_text(&rows, 0, 0) ? gg_row_text(&rows, 0, 0) : "-");
    }
    return text;
}

/* --- crashes --- */

static size_t crash(const struct path *path, const char *call)
{
    struct case_ids ids = new_case(path);
    size_t points = 0;
    char *expected;

    assert_int_equal(perform(db, path->act, &ids, path->of_b ? ids.b : ids.a), GG_OK);
    check_deal(&ids);
    expected = strdup(outcome_of(&ids));
    for (int k = 1;; k++, points++) {
        struct gg_id who;
        const char *after;
        bool killed;

        ids = new_case(path);
        who = path->of_b ? ids.b : ids.a;
        killed = crash_at(call, k, path->act, (struct gg_id[]){ids.deal, who}, 2);
        check_deal(&ids); /* at once, before anybody mends anything */
        assert_int_equal(perform(db, path->act, &ids, who), GG_OK);
        check_deal(&ids);
        after = outcome_of(&ids);
        if (strcmp(after, expected) != 0)
            fail_msg("%s killed at %s %d: %s instead of %s", act_names[path->act], call, k, after, expected);
        if (!killed)
            break;
    }
    free(expected);
    return points;
}

static void d6_every_point_of_every_step(void **state)
{
    /* The short form takes joining; GONGGU_LONG=1 all of them, GONGGU_LONG=<act> those that end in this act. */
    const char *wanted = getenv("GONGGU_LONG");
    bool all = wanted && strcmp(wanted, "1") == 0;
    size_t taken = 0, points = 0;

    (void)state;
    if (!db || !crash_can())
        skip();
    for (size_t i = 0; i < GG_LEN(paths); i++) {
        if (wanted ? !all && strcmp(wanted, act_names[paths[i].act]) != 0 : i > 0)
            continue;
        for (size_t s = 0; s < GG_LEN(crash_calls); s++)
            points += crash(&paths[i], crash_calls[s]);
        taken++;
    }
    printf("# %zu crash points\n", points);
    assert_true(taken > 0 && points > 15 * taken);
}

/* --- server --- */

static bool connect_server(void)
{
    if (!db_rig(&config))
        return false;
    db = gg_db_create(&config);
    arena = gg_arena_create();
    return true;
}

static int begin(void **state)
{
    static const char *const folders[] = {"libcommon/schema", "services/deal/schema"};

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
    const struct CMUnitTest tests[] = {cmocka_unit_test(d6_every_point_of_every_step)};
    struct gg_id ids[2]; /* the deal, who acts */
    size_t act;

    if (crash_asked(argc, argv, &act, ids, GG_LEN(ids))) {
        struct case_ids of = {ids[0], GG_ID_ZERO, GG_ID_ZERO};
        return connect_server() && perform(db, (enum act)act, &of, ids[1]) == GG_OK ? 0 : 5;
    }
    return cmocka_run_group_tests(tests, begin, end);
}
