/* libcommon/test/it_batch.c
 * Calls decided together, and many rows in few statements, against a real server (environment as in it_db.c). */
#include "libcommon/clock.h"
#include "libcommon/db_internal.h"
#include "libcommon/http_internal.h"
#include "libcommon/log.h"
#include "libcommon/test/db_rig.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the first two */
#include <cmocka.h>

#define CALLS 100

struct seat {
    int64_t number;
};
static const struct gg_field seat_fields[] = {
    GG_INT(struct seat, number, GG_REQUIRED, 0, GG_WIRE_MAX, "which"),
};
static const struct gg_msg seat_msg = GG_MSG("Seat", struct seat, seat_fields, "A seat.");
static const struct gg_problem FULL = {"full", 409, false, "Full.", "가득 찼어요."};
static const struct gg_problem WAIT = {"wait", 409, true, "Not now.", "지금은 안 돼요."};

static struct gg_db_config config;
static struct gg_arena *arena;
static int64_t room = CALLS;
static size_t poison = SIZE_MAX; /* the number of the call that the handler cannot stand */

static void must(enum gg_status status)
{
    assert_string_equal(gg_status_name(status), gg_status_name(GG_OK));
}

/* Seats for the first comers; the rest are refused. The last call of all is told to wait. */
static enum gg_status take_seats(struct gg_call **calls, size_t n)
{
    struct gg_db *db = calls[0]->db;
    struct gg_val *rows = gg_alloc(calls[0]->arena, n * 2 * sizeof(*rows));
    struct gg_rows taken;
    size_t kept = 0;
    int64_t next;

    GG_TRY(
        gg_db_query_one(db, calls[0]->arena, "SELECT taken FROM it_room WHERE id = 1 FOR UPDATE", GG_NO_ARGS, &taken));
    next = gg_row_int(&taken, 0, 0);
    for (size_t i = 0; i < n; i++) {
        const struct seat *wish = calls[i]->in;
        if (wish->number == (int64_t)poison)
            return GG_ERROR;
        if (wish->number == CALLS - 1) {
            gg_fail(calls[i], &WAIT, "come again");
        } else if (next >= room) {
            gg_fail(calls[i], &FULL, "no seat left");
        } else {
            ((struct seat *)calls[i]->out)->number = next++;
            rows[2 * kept] = gg_v_int(next - 1);
            rows[2 * kept++ + 1] = gg_v_int(wish->number);
        }
    }
    GG_TRY(gg_db_insert_rows(db, "INSERT INTO it_seat (number, wish) VALUES", rows, 2, kept));
    return gg_db_exec_one(db, "UPDATE it_room SET taken = ? WHERE id = 1", GG_ARGS(gg_v_int(next)));
}

static const struct gg_route route = {.method = GG_POST,
                                      .path = "/v1/it/rooms/:id/seats",
                                      .auth = GG_USER,
                                      .flags = GG_KEY,
                                      .pool = GG_POOL_DB,
                                      .in = &seat_msg,
                                      .out = &seat_msg,
                                      .status = 201,
                                      .batch = take_seats};

/* Requests as the loop would hand them over: number i by user i with key i. */
static struct gg_reply **requests(uint8_t body)
{
    struct gg_reply **xs = gg_alloc(arena, CALLS * sizeof(struct gg_reply *));

    for (size_t i = 0; i < CALLS; i++) {
        struct gg_reply *x = xs[i] = GG_NEW(arena, struct gg_reply);
        struct seat *wish = GG_NEW(arena, struct seat);
        uint8_t *hash = gg_alloc(arena, 32);
        wish->number = (int64_t)i;
        memset(hash, body, 32);
        x->call = (struct gg_call){.arena = arena,
                                   .route = &route,
                                   .in = wish,
                                   .out = gg_alloc(arena, sizeof(struct seat)),
                                   .request_id = "it",
                                   ._reply = x};
        x->call.user.id.b[0] = x->call.idempotency_key.b[0] = (uint8_t)(i + 1);
        x->key_hash = (struct gg_str){(const char *)hash, 32};
    }
    return xs;
}

static struct gg_db *connect_db(void)
{
    return gg_db_create(&config);
}

static int64_t count(const char *sql)
{
    struct gg_db *db = connect_db();
    struct gg_rows rows;
    int64_t n;

    must(gg_db_query(db, arena, sql, GG_NO_ARGS, &rows));
    n = gg_row_int(&rows, 0, 0);
    gg_db_destroy(db);
    return n;
}

static void run(struct gg_reply **xs)
{
    struct gg_worker worker = {.db = connect_db()};

    gg_idempotent_batch(xs, CALLS, arena, &worker);
    gg_db_destroy(worker.db);
}

static size_t with_status(struct gg_reply **xs, int status)
{
    size_t n = 0;

    for (size_t i = 0; i < CALLS; i++)
        n += xs[i]->final_status == status;
    return n;
}

static bool replayed(const struct gg_reply *x)
{
    for (const struct gg_out_header *h = x->headers; h; h = h->next)
        if (strcmp(h->name, "Idempotency-Replayed") == 0)
            return true;
    return false;
}

static void each_call_is_answered_by_itself(void **state)
{
    struct gg_reply **xs = requests(1), **again = requests(1), **other = requests(2);

    (void)state;
    if (!config.host)
        skip();
    room = 60;
    run(xs);
    assert_int_equal(with_status(xs, 201), 60);
    assert_int_equal(with_status(xs, 409), 40);
    assert_string_equal(xs[7]->final_body.p, "{\"number\":7}");
    assert_non_null(strstr(xs[80]->final_body.p, "\"full\""));
    assert_int_equal(count("SELECT COUNT(*) FROM it_seat"), 60);
    assert_int_equal(count("SELECT COUNT(*) FROM idempotency"), CALLS - 1); /* "come again" is no outcome */

    room = CALLS; /* what was refused stays refused, what was given is not given twice */
    run(again);
    assert_int_equal(with_status(again, 201), 60);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seat"), 60);
    for (size_t i = 0; i < CALLS - 1; i++) {
        assert_true(replayed(again[i]));
        assert_string_equal(again[i]->final_body.p, xs[i]->final_body.p);
    }
    assert_false(replayed(again[CALLS - 1]));

    run(other); /* the same keys for something else */
    assert_int_equal(with_status(other, 422), CALLS - 1);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seat"), 60);
}

static void one_bad_call_takes_nobody_along(void **state)
{
    struct gg_reply **xs = requests(1);

    (void)state;
    if (!config.host)
        skip();
    room = CALLS;
    poison = 41;
    run(xs);
    poison = SIZE_MAX;
    assert_int_equal(with_status(xs, 201), CALLS - 2);
    assert_int_equal(xs[41]->final_status, 500);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seat"), CALLS - 2);
}

static void *run_in_thread(void *xs)
{
    run(xs);
    mysql_thread_end();
    return NULL;
}

static void two_instances_with_the_same_keys(void **state)
{
    struct gg_reply **xs[4];
    pthread_t threads[4];

    (void)state;
    if (!config.host)
        skip();
    room = CALLS;
    for (size_t i = 0; i < GG_LEN(xs); i++)
        xs[i] = requests(1);
    for (size_t i = 0; i < GG_LEN(xs); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_in_thread, xs[i]), 0);
    for (size_t i = 0; i < GG_LEN(xs); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(count("SELECT COUNT(*) FROM it_seat"), CALLS - 1);
    for (size_t i = 0; i < CALLS - 1; i++)
        for (size_t k = 0; k < GG_LEN(xs); k++) {
            assert_int_equal(xs[k][i]->final_status, 201);
            assert_string_equal(xs[k][i]->final_body.p, xs[0][i]->final_body.p);
        }
}

static void many_rows_and_long_lists(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 63, 64, 65, 127, 200};
    struct gg_db *db;
    struct gg_rows rows;
    struct gg_val values[400];

    (void)state;
    if (!config.host)
        skip();
    db = connect_db();
    for (size_t s = 0; s < GG_LEN(sizes); s++) {
        must(gg_db_exec(db, "DELETE FROM it_seat", GG_NO_ARGS, NULL));
        for (size_t i = 0; i < sizes[s]; i++) {
            values[2 * i] = gg_v_int((int64_t)i);
            values[2 * i + 1] = gg_v_int((int64_t)(1000 + i));
        }
        must(gg_db_insert_rows(db, "INSERT INTO it_seat (number, wish) VALUES", values, 2, sizes[s]));
        must(gg_db_query_in(db, arena, "SELECT number FROM it_seat WHERE (number, wish) IN ", values, 2, sizes[s],
                            " ORDER BY number", &rows));
        assert_int_equal(rows.n, sizes[s]);
        assert_int_equal(gg_row_int(&rows, rows.n - 1, 0), (int64_t)sizes[s] - 1);
        assert_int_equal(
            gg_db_insert_rows(db, "INSERT INTO it_seat (number, wish) VALUES", values + 2 * (sizes[s] - 1), 2, 1),
            GG_DUPLICATE);
    }
    values[0] = gg_v_int(5);
    must(gg_db_query_in(db, arena, "SELECT wish FROM it_seat WHERE number IN ", values, 1, 1, "", &rows));
    assert_int_equal(gg_row_int(&rows, 0, 0), 1005);
    gg_db_destroy(db);
}

static int begin(void **state)
{
    static const char *const folders[] = {"libcommon/schema"};
    struct gg_db *db;

    (void)state;
    arena = gg_arena_create();
    gg_log_init("test", GG_LOG_ERROR);
    if (!db_rig(&config))
        return 0;
    db = connect_db();
    assert_true(gg_db_migrate(db, folders, 1));
    must(gg_db_exec(db, "CREATE TABLE it_room (id INT NOT NULL PRIMARY KEY, taken BIGINT NOT NULL) ENGINE=InnoDB",
                    GG_NO_ARGS, NULL));
    must(gg_db_exec(db, "CREATE TABLE it_seat (number BIGINT NOT NULL PRIMARY KEY, wish BIGINT NOT NULL) ENGINE=InnoDB",
                    GG_NO_ARGS, NULL));
    gg_db_destroy(db);
    return 0;
}

static int fresh(void **state)
{
    static const char *const commands[] = {"DELETE FROM idempotency", "DELETE FROM it_seat",
                                           "REPLACE INTO it_room VALUES (1, 0)"};
    struct gg_db *db;

    (void)state;
    if (!config.host)
        return 0;
    db = connect_db();
    for (size_t i = 0; i < GG_LEN(commands); i++)
        must(gg_db_exec(db, commands[i], GG_NO_ARGS, NULL));
    gg_db_destroy(db);
    return 0;
}

static int end(void **state)
{
    (void)state;
    gg_arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_call_is_answered_by_itself, fresh),
        cmocka_unit_test_setup(one_bad_call_takes_nobody_along, fresh),
        cmocka_unit_test_setup(two_instances_with_the_same_keys, fresh),
        cmocka_unit_test_setup(many_rows_and_long_lists, fresh),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
