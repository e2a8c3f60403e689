/* libcommon/test/it_due.c
 * Work that falls due, with two instances on real servers: once, not early, not before the events that could prevent
 * it. */
#include "libcommon/test/bus_rig.h"

static enum gg_status record_due(struct gg_due *due, const char *kind)
{
    return gg_db_exec(due->db,
                      "INSERT INTO it_done (kind, subject, attempts, due_at, done_at, pid) "
                      "VALUES (?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_text(kind), gg_v_id(&due->subject), gg_v_int(due->attempts), gg_v_time(due->at),
                              gg_v_time(gg_now()), gg_v_int(getpid())),
                      NULL);
}

static enum gg_status do_plain(struct gg_due *due)
{
    return record_due(due, "it.plain");
}

static enum gg_status do_stubborn(struct gg_due *due)
{
    GG_TRY(record_due(due, "it.stubborn"));
    return due->attempts < 1 ? GG_ERROR : GG_OK;
}

static enum gg_status do_again(struct gg_due *due)
{
    GG_TRY(record_due(due, "it.again"));
    struct gg_rows rows;
    GG_TRY(gg_db_query(due->db, due->arena, "SELECT COUNT(*) FROM it_done WHERE kind = 'it.again'", GG_NO_ARGS, &rows));
    return gg_row_int(&rows, 0, 0) < 3 ? gg_due_set(due->db, "it.again", due->subject, due->at) : GG_OK;
}

static enum gg_status do_late(struct gg_due *due)
{
    return record_due(due, "it.late");
}

static enum gg_status do_outside(struct gg_due *due)
{
    if (gg_db_in_tx(due->db))
        return GG_ERROR;
    if (due->attempts < 1)
        return GG_UNAVAILABLE;
    return record_due(due, "it.outside");
}

/* One of them cannot be done at its first try: those that came with it must not wait for it. */
static enum gg_status do_together(struct gg_due *due, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && gg_id_compare(due[i - 1].subject, due[i].subject) >= 0)
            return GG_ERROR;
        if (due[i].subject.b[0] == 0xff && due[i].attempts < 1)
            return GG_ERROR;
        GG_TRY(record_due(&due[i], "it.together"));
    }
    return GG_OK;
}

static const struct gg_due_kind due_kinds[] = {
    {.kind = "it.together", .handle_all = do_together, .doc = "many at once"},
    {"it.plain", false, false, do_plain, "once"},
    {"it.stubborn", false, false, do_stubborn, "fails once"},
    {"it.again", false, false, do_again, "sets itself again"},
    {"it.late", true, false, do_late, "after the events"},
    {"it.outside", false, true, do_outside, "without a transaction"},
};

static void due_work_is_done_once(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    struct gg_id cleared = gg_id_new();
    must(gg_due_set(db, "it.plain", cleared, gg_now() + 3000));
    must(gg_due_clear(db, "it.plain", cleared));
    int64_t now = gg_now();
    for (int i = 0; i < 50; i++)
        must(gg_due_set(db, "it.plain", gg_id_new(), now + i * 80));
    must(gg_due_set(db, "it.stubborn", gg_id_new(), now));
    must(gg_due_set(db, "it.again", gg_id_new(), now));
    must(gg_due_set(db, "it.outside", gg_id_new(), now));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.plain'", 50, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.stubborn' AND attempts = 1", 1, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.again'", 3, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.outside' AND attempts = 1", 1, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM due", 0, PATIENCE));
    assert_int_equal(count("SELECT COUNT(*) FROM it_done"), 55);
    int64_t late =
        count("SELECT MAX(TIMESTAMPDIFF(MICROSECOND, due_at, done_at)) FROM it_done WHERE kind = 'it.plain'");
    fprintf(stderr, "# latest %" PRId64 " ms after its time\n", late / 1000);
    assert_int_equal(count("SELECT COUNT(*) FROM it_done WHERE done_at < due_at"), 0);
}

static void due_work_that_is_done_together(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    int64_t now = gg_now();
    struct gg_id stubborn = gg_id_new();

    stubborn.b[0] = 0xff;
    sql("DELETE FROM it_done");
    must(gg_due_set(db, "it.together", stubborn, now));
    for (int i = 0; i < 200; i++)
        must(gg_due_set(db, "it.together", gg_id_new(), now));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.together' AND attempts = 0", 200, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.together' AND attempts = 1", 1, PATIENCE));
    assert_true(becomes("SELECT COUNT(*) FROM due", 0, PATIENCE));
    assert_int_equal(count("SELECT COUNT(*) FROM it_done"), 201);
}

static void what_events_could_prevent_waits_for_them(void **state)
{
    (void)state;
    NEEDS_SERVERS();
    bool yes = false;
    caught_up_init(&config);
    must(gg_bus_caught_up(db, gg_now(), &yes)); /* this process knows no partitions: it cannot say */
    assert_false(yes);
    sql("DELETE FROM it_done");
    must(gg_due_set(db, "it.late", gg_id_new(), gg_now()));
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.late'", 1, PATIENCE));

    /* An event that cannot be applied holds back what falls due after it. */
    publish(gg_id_new(), 1, 1, "away");
    usleep(2500000);
    must(gg_due_set(db, "it.late", gg_id_new(), gg_now()));
    usleep(3000000);
    assert_int_equal(count("SELECT COUNT(*) FROM it_done WHERE kind = 'it.late'"), 1);
    sql("INSERT INTO it_calm VALUES (1)");
    assert_true(becomes("SELECT COUNT(*) FROM it_done WHERE kind = 'it.late'", 2, PATIENCE));
    sql("DELETE FROM it_calm");
}

static int begin_with_due(void **state)
{
    int code = begin(state);

    config.due = due_kinds;
    config.n_due = GG_LEN(due_kinds);
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(due_work_is_done_once, clean),
        cmocka_unit_test_setup(due_work_that_is_done_together, clean),
        cmocka_unit_test_setup(what_events_could_prevent_waits_for_them, clean),
    };
    return cmocka_run_group_tests(tests, begin_with_due, end);
}
