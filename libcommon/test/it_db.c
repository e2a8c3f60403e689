/* libcommon/test/it_db.c
 * The database room against a real server: GONGGU_TEST_DB_HOST, _PORT, _USER, _PASSWORD, _NAME (an empty schema of its
 * own; tables are dropped). Without them every test is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/db_internal.h"
#include "libcommon/test/db_rig.h"

static struct gg_db_config config;
static struct gg_db *db;
static struct gg_arena *arena;

static void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

static void sql(const char *text)
{
    must(gg_db_exec_dynamic(db, text, GG_NO_ARGS, NULL));
}

static int64_t count(const char *text)
{
    struct gg_rows rows;
    must(gg_db_query(db, arena, text, GG_NO_ARGS, &rows));
    return gg_row_int(&rows, 0, 0);
}

static int begin(void **state)
{
    (void)state;
    if (!db_rig(&config))
        return 0;
    db = gg_db_create(&config);
    arena = gg_arena_create();
    sql("DROP TABLE IF EXISTS it_value");
    sql("CREATE TABLE it_value (id BIGINT NOT NULL PRIMARY KEY, small TINYINT NULL, name VARCHAR(50) NULL, "
        "body MEDIUMTEXT NULL, raw VARBINARY(300) NULL, uid BINARY(16) NULL, at DATETIME(3) NULL, "
        "UNIQUE KEY uq_it_name (name), CONSTRAINT ck_it_small CHECK (small < 100)) "
        "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    return 0;
}

static int end(void **state)
{
    (void)state;
    gg_db_destroy(db);
    gg_arena_destroy(arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    if (db)
        sql("DELETE FROM it_value");
    return 0;
}

#define NEEDS_SERVER()                                                                                                 \
    do {                                                                                                               \
        if (!db)                                                                                                       \
            skip();                                                                                                    \
    } while (0)

static void every_type_comes_back_whole(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct gg_id uid = gg_id_new();
    int64_t at = INT64_C(1795254184123);
    size_t n = 200000;
    char *body = gg_alloc(arena, n + 1), raw[5] = {0, 1, 'a', 0, (char)0xff};
    memset(body, 'x', n);
    must(gg_db_exec(db, "INSERT INTO it_value (id, small, name, body, raw, uid, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    GG_ARGS(gg_v_int(INT64_MAX), gg_v_int(-7), gg_v_text("공구 🍎"), gg_v_text(body),
                            gg_v_bytes(raw, sizeof raw), gg_v_id(&uid), gg_v_time(at)),
                    NULL));
    must(gg_db_exec(db, "INSERT INTO it_value (id) VALUES (?)", GG_ARGS(gg_v_int(1)), NULL));
    struct gg_rows rows;
    must(gg_db_query(db, arena, "SELECT id, small, name, body, raw, uid, at FROM it_value ORDER BY id DESC", GG_NO_ARGS,
                     &rows));
    assert_int_equal(rows.n, 2);
    assert_int_equal(gg_row_int(&rows, 0, 0), INT64_MAX);
    assert_int_equal(gg_row_int(&rows, 0, 1), -7);
    assert_string_equal(gg_row_text(&rows, 0, 2), "공구 🍎");
    assert_int_equal(gg_row_bytes(&rows, 0, 3).n, n);
    assert_string_equal(gg_row_text(&rows, 0, 3), body);
    assert_int_equal(gg_row_bytes(&rows, 0, 4).n, sizeof raw);
    assert_memory_equal(gg_row_bytes(&rows, 0, 4).p, raw, sizeof raw);
    assert_true(gg_id_equal(gg_row_id(&rows, 0, 5), uid));
    assert_int_equal(gg_row_time(&rows, 0, 6), at);
    assert_int_equal(gg_row_int(&rows, 1, 1), GG_NONE);
    assert_null(gg_row_text(&rows, 1, 2));
    assert_null(gg_row_bytes(&rows, 1, 4).p);
    assert_true(gg_id_is_zero(gg_row_id(&rows, 1, 5)));
    assert_int_equal(gg_row_time(&rows, 1, 6), GG_NONE);
}

static void sums_and_counts_are_whole_numbers(void **state)
{
    (void)state;
    NEEDS_SERVER();
    sql("INSERT INTO it_value (id, small) VALUES (1, 40), (2, 41), (9000000000, NULL)");
    struct gg_rows rows;
    must(gg_db_query(db, arena,
                     "SELECT SUM(id), COUNT(*), COALESCE(SUM(small), 0), MAX(id) IS NULL, AVG(small), small / 7e0, "
                     "SUM(small) FROM it_value WHERE ? = 1 GROUP BY small / 7e0 ORDER BY MIN(id) DESC",
                     GG_ARGS(gg_v_int(1)), &rows));
    assert_int_equal(rows.n, 3);
    assert_int_equal(gg_row_int(&rows, 0, 0), INT64_C(9000000000));
    assert_int_equal(gg_row_int(&rows, 0, 2), 0);
    assert_int_equal(gg_row_int(&rows, 0, 3), 0);
    assert_int_equal(gg_row_int(&rows, 0, 6), GG_NONE);
    assert_string_equal(gg_row_text(&rows, 2, 4), "40.0000");
    assert_true(strncmp(gg_row_text(&rows, 2, 5), "5.714285714", 11) == 0);
}

static void guarded_updates_count_matched_rows(void **state)
{
    (void)state;
    NEEDS_SERVER();
    sql("INSERT INTO it_value (id, small) VALUES (1, 5)");
    must(gg_db_exec_one(db, "UPDATE it_value SET small = 5 WHERE id = ?", GG_ARGS(gg_v_int(1))));
    assert_int_equal(gg_db_exec_one(db, "UPDATE it_value SET small = 5 WHERE id = ?", GG_ARGS(gg_v_int(2))),
                     GG_NOT_FOUND);
    struct gg_rows rows;
    assert_int_equal(gg_db_query_one(db, arena, "SELECT 1 FROM it_value WHERE id = 2", GG_NO_ARGS, &rows),
                     GG_NOT_FOUND);
}

static void refusals_have_names(void **state)
{
    (void)state;
    NEEDS_SERVER();
    sql("INSERT INTO it_value (id, name) VALUES (1, 'a')");
    assert_int_equal(gg_db_exec(db, "INSERT INTO it_value (id, name) VALUES (2, 'a')", GG_NO_ARGS, NULL), GG_DUPLICATE);
    assert_string_equal(gg_db_constraint(db), "uq_it_name");
    assert_int_equal(gg_db_exec(db, "INSERT INTO it_value (id, name) VALUES (1, 'b')", GG_NO_ARGS, NULL), GG_DUPLICATE);
    assert_string_equal(gg_db_constraint(db), "PRIMARY");
    assert_int_equal(gg_db_exec(db, "INSERT INTO it_value (id, small) VALUES (3, 100)", GG_NO_ARGS, NULL), GG_ERROR);
    assert_int_equal(gg_db_exec(db, "INSERT INTO it_value (id, small) VALUES (3, 1000)", GG_NO_ARGS, NULL), GG_ERROR);
    assert_int_equal(gg_db_exec(db, "INSERT INTO it_value (id, name) VALUES (3, ?)",
                                GG_ARGS(gg_v_text("123456789012345678901234567890123456789012345678901")), NULL),
                     GG_ERROR);
    assert_int_equal(gg_db_exec(db, "SELEKT", GG_NO_ARGS, NULL), GG_ERROR);
    assert_int_equal(count("SELECT COUNT(*) FROM it_value"), 1);
}

/* --- transactions --- */

struct script {
    int runs, after;
    enum gg_status answers[8];
    bool pass_over; /* goes on after an error */
    void (*before_end)(void);
};

static void count_after(void *arg)
{
    ((struct script *)arg)->after++;
}

static enum gg_status play(struct gg_db *d, void *arg)
{
    struct script *script = arg;
    int run = script->runs++;
    gg_db_after_commit(d, count_after, script);
    GG_TRY(gg_db_exec(d, "INSERT INTO it_value (id) VALUES (?)", GG_ARGS(gg_v_int(100 + run)), NULL));
    if (script->pass_over && gg_db_exec(d, "SELEKT", GG_NO_ARGS, NULL) == GG_ERROR)
        return GG_OK;
    if (script->before_end && run == 0)
        script->before_end();
    return script->answers[run];
}

static void a_transaction_is_all_or_nothing(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct script good = {0}, bad = {.answers = {GG_NOT_FOUND}}, passed = {.pass_over = true};
    must(gg_db_tx(db, play, &good));
    assert_int_equal(good.after, 1);
    assert_int_equal(count("SELECT COUNT(*) FROM it_value"), 1);
    sql("DELETE FROM it_value");
    assert_int_equal(gg_db_tx(db, play, &bad), GG_NOT_FOUND);
    assert_int_equal(bad.after, 0);
    assert_int_equal(gg_db_tx(db, play, &passed), GG_ERROR);
    assert_int_equal(passed.after, 0);
    assert_int_equal(count("SELECT COUNT(*) FROM it_value"), 0);
    assert_false(gg_db_in_tx(db));
}

static void a_lost_race_runs_again(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct script script = {.answers = {GG_RETRY, GG_RETRY, GG_OK}};
    must(gg_db_tx(db, play, &script));
    assert_int_equal(script.runs, 3);
    assert_int_equal(script.after, 1);
    assert_int_equal(count("SELECT COUNT(*) FROM it_value WHERE id = 102"), 1);
    struct script lasting = {.answers = {GG_RETRY, GG_RETRY, GG_RETRY, GG_RETRY, GG_RETRY, GG_RETRY, GG_RETRY}};
    sql("DELETE FROM it_value");
    assert_int_equal(gg_db_tx(db, play, &lasting), GG_RETRY);
    assert_int_equal(lasting.runs, 5);
}

static void kill_connection(void)
{
    struct gg_db *other = gg_db_create(&config);
    char text[64];
    snprintf(text, sizeof text, "KILL CONNECTION %lu", mysql_thread_id(db->my));
    must(gg_db_exec_dynamic(other, text, GG_NO_ARGS, NULL));
    gg_db_destroy(other);
    usleep(50000);
}

static enum gg_status write_after_kill(struct gg_db *d, void *arg)
{
    GG_TRY(play(d, arg));
    return gg_db_exec(d, "INSERT INTO it_value (id) VALUES (?)", GG_ARGS(gg_v_int(500)), NULL);
}

static void a_lost_connection_runs_once_more(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct script script = {.before_end = kill_connection};
    must(gg_db_tx(db, write_after_kill, &script));
    assert_int_equal(script.runs, 2);
    assert_int_equal(count("SELECT COUNT(*) FROM it_value"), 2);
    assert_int_equal(count("SELECT COUNT(*) FROM it_value WHERE id = 100"), 0);
}

static void a_loss_at_commit_is_not_repeated(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct script script = {.before_end = kill_connection};
    assert_int_equal(gg_db_tx(db, play, &script), GG_UNAVAILABLE);
    assert_int_equal(script.runs, 1);
    assert_int_equal(script.after, 0);
    assert_int_equal(count("SELECT COUNT(*) FROM it_value"), 0);
}

static void a_question_survives_a_dead_connection(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_true(gg_db_ping(db));
    kill_connection();
    assert_int_equal(count("SELECT COUNT(*) FROM it_value"), 0);
}

static enum gg_status with_savepoint(struct gg_db *d, void *arg)
{
    int *after = arg;
    (void)after;
    GG_TRY(gg_db_exec(d, "INSERT INTO it_value (id) VALUES (1)", GG_NO_ARGS, NULL));
    GG_TRY(gg_db_savepoint(d));
    GG_TRY(gg_db_exec(d, "INSERT INTO it_value (id) VALUES (2)", GG_NO_ARGS, NULL));
    if (gg_db_exec(d, "INSERT INTO it_value (id, small) VALUES (3, 100)", GG_NO_ARGS, NULL) != GG_ERROR)
        return GG_NOT_FOUND;
    if (gg_db_exec(d, "INSERT INTO it_value (id) VALUES (4)", GG_NO_ARGS, NULL) != GG_ERROR)
        return GG_NOT_FOUND; /* useless until rolled back */
    GG_TRY(gg_db_rollback_to_savepoint(d));
    return gg_db_exec(d, "INSERT INTO it_value (id) VALUES (5)", GG_NO_ARGS, NULL);
}

static void a_savepoint_undoes_a_part(void **state)
{
    (void)state;
    NEEDS_SERVER();
    int after = 0;
    must(gg_db_tx(db, with_savepoint, &after));
    assert_int_equal(count("SELECT COUNT(*) FROM it_value"), 2);
    assert_int_equal(count("SELECT SUM(id) FROM it_value"), 6);
}

static enum gg_status wait_for_row(struct gg_db *d, void *arg)
{
    (*(int *)arg)++;
    return gg_db_exec(d, "UPDATE it_value SET small = 2 WHERE id = 1", GG_NO_ARGS, NULL);
}

static enum gg_status hold_row(struct gg_db *d, void *arg)
{
    GG_TRY(gg_db_exec(d, "UPDATE it_value SET small = 3 WHERE id = 1", GG_NO_ARGS, NULL));
    struct gg_db *other = gg_db_create(&config);
    int64_t began = gg_mono();
    gg_db_set_timeout(other, 1);
    *(enum gg_status *)arg = gg_db_exec(other, "UPDATE it_value SET small = 4 WHERE id = 1", GG_NO_ARGS, NULL);
    assert_true(gg_mono() - began < 3000);
    gg_db_destroy(other);
    return GG_OK;
}

static void a_slow_reply_is_given_up(void **state)
{
    (void)state;
    NEEDS_SERVER();
    sql("INSERT INTO it_value (id, small) VALUES (1, 1)");
    enum gg_status status = GG_OK;
    int runs = 0;
    must(gg_db_tx(db, hold_row, &status));
    assert_int_equal(status, GG_UNAVAILABLE);
    must(gg_db_tx(db, wait_for_row, &runs));
    assert_int_equal(runs, 1);
}

static void an_absent_server_is_not_waited_for(void **state)
{
    (void)state;
    NEEDS_SERVER();
    struct gg_db_config nowhere = config;
    nowhere.port = 1;
    struct gg_db *other = gg_db_create(&nowhere);
    assert_false(gg_db_ping(other));
    int64_t began = gg_mono();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(gg_db_exec(other, "DO 1", GG_NO_ARGS, NULL), GG_UNAVAILABLE);
    assert_true(gg_mono() - began < 500);
    gg_db_destroy(other);
    usleep(200000);
    assert_true(gg_db_ping(db));
}

/* --- migrations --- */

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void migrations_are_applied_once_and_guarded(void **state)
{
    (void)state;
    NEEDS_SERVER();
    char base[] = "/tmp/gonggu-it-XXXXXX", folder[100], path[200];
    assert_non_null(mkdtemp(base));
    snprintf(folder, sizeof folder, "%s/schema", base);
    assert_int_equal(mkdir(folder, 0700), 0);
    const char *const folders[] = {folder};
    sql("DROP TABLE IF EXISTS it_a, it_b, it_c");
    if (count("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() "
              "AND table_name = 'schema_migration'") > 0)
        sql("DELETE FROM schema_migration WHERE name LIKE 'gonggu-it-%'");
    write_file(folder, "0001_first.sql", "-- first\nCREATE TABLE it_a (x INT);\nINSERT INTO it_a VALUES (1);\n");
    write_file(folder, "notes.txt", "not a migration");
    assert_true(gg_db_migrate(db, folders, 1));
    assert_true(gg_db_migrate(db, folders, 1));
    assert_int_equal(count("SELECT COUNT(*) FROM it_a"), 1);

    /* The second fails halfway, and goes on where it was once it is possible. */
    write_file(folder, "0002_second.sql", "CREATE TABLE it_b (x INT);\nINSERT INTO it_c VALUES (1);\n");
    assert_false(gg_db_migrate(db, folders, 1));
    sql("CREATE TABLE it_c (x INT)");
    assert_true(gg_db_migrate(db, folders, 1));
    assert_int_equal(count("SELECT COUNT(*) FROM it_c"), 1);

    /* A crash between a statement and its note. */
    write_file(folder, "0003_third.sql", "ALTER TABLE it_b ADD COLUMN y INT;\n");
    assert_true(gg_db_migrate(db, folders, 1));
    sql("UPDATE schema_migration SET statements = 0, applied_at = NULL WHERE name LIKE 'gonggu-it-%/0003_third'");
    assert_true(gg_db_migrate(db, folders, 1));

    write_file(folder, "0001_first.sql", "CREATE TABLE it_a (x BIGINT);\n");
    assert_false(gg_db_migrate(db, folders, 1));
    write_file(folder, "0001_first.sql", "-- first\nCREATE TABLE it_a (x INT);\nINSERT INTO it_a VALUES (1);\n");
    assert_true(gg_db_migrate(db, folders, 1));
    snprintf(path, sizeof path, "%s/0002_second.sql", folder);
    assert_int_equal(unlink(path), 0);
    assert_false(gg_db_migrate(db, folders, 1));
    sql("DELETE FROM schema_migration WHERE name LIKE 'gonggu-it-%'");
    sql("DROP TABLE it_a, it_b, it_c");
}

static void the_server_is_safe_to_use(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_true(gg_db_assert_server(db));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_type_comes_back_whole, fresh),
        cmocka_unit_test_setup(sums_and_counts_are_whole_numbers, fresh),
        cmocka_unit_test_setup(guarded_updates_count_matched_rows, fresh),
        cmocka_unit_test_setup(refusals_have_names, fresh),
        cmocka_unit_test_setup(a_transaction_is_all_or_nothing, fresh),
        cmocka_unit_test_setup(a_lost_race_runs_again, fresh),
        cmocka_unit_test_setup(a_lost_connection_runs_once_more, fresh),
        cmocka_unit_test_setup(a_loss_at_commit_is_not_repeated, fresh),
        cmocka_unit_test_setup(a_question_survives_a_dead_connection, fresh),
        cmocka_unit_test_setup(a_savepoint_undoes_a_part, fresh),
        cmocka_unit_test_setup(a_slow_reply_is_given_up, fresh),
        cmocka_unit_test_setup(an_absent_server_is_not_waited_for, fresh),
        cmocka_unit_test_setup(migrations_are_applied_once_and_guarded, fresh),
        cmocka_unit_test_setup(the_server_is_safe_to_use, fresh),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
