/* libcommon/test/it_inbox.c
 * Many events taken in one transaction, against a real server: what is handled together, what is not, what is left when
 * one of them fails. Needs GONGGU_TEST_DB_HOST, _PORT, _USER, _PASSWORD, _NAME (an empty schema of its own). */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/test/db_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TOPIC  "gonggu.it"
#define TRACED "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"

struct word {
    int64_t number;
};
static const struct gg_field word_fields[] = {
    GG_INT(struct word, number, GG_REQUIRED, 0, 1000, "666: nobody can handle it"),
};
static const struct gg_msg word_msg = GG_MSG("Word", struct word, word_fields, "A word.");
static const struct gg_event_type one_type = {"it.one.v1", TOPIC, &word_msg, "Handled one by one."};
static const struct gg_event_type many_type = {"it.many.v1", TOPIC, &word_msg, "Handled many at a time."};
static const struct gg_event_type rare_type = {"it.rare.v1", TOPIC, &word_msg, "Nobody handles it."};
static const struct gg_event_type there_type = {"it.there.v1", "gonggu.there", &word_msg, "Of another topic."};

static struct gg_db *db;
static struct gg_arena *arena;
static struct gg_buf heard; /* "one 1; many 2 3;" */

static enum gg_status hear_one(struct gg_event *event)
{
    gg_buf_addf(&heard, "one %" PRId64 "; ", ((const struct word *)event->data)->number);
    return GG_OK;
}

static enum gg_status hear_many(struct gg_event *events, size_t n)
{
    gg_buf_adds(&heard, "many");
    for (size_t i = 0; i < n; i++) {
        const struct word *word = events[i].data;

        if (word->number == 666)
            return GG_ERROR;
        assert_ptr_equal(events[i].type, &many_type);
        assert_string_equal(events[i].traceparent, TRACED);
        assert_string_equal(bus_trace(), n == 1 ? TRACED : "");
        gg_buf_addf(&heard, " %" PRId64, word->number);
    }
    gg_buf_adds(&heard, "; ");
    return GG_OK;
}

static const struct gg_consumes consumes[] = {
    {&one_type, hear_one}, {&many_type, .handle_all = hear_many}, {&there_type, hear_one}};
static const struct gg_bus_config config = {.service = "it", .consumes = consumes, .n_consumes = GG_LEN(consumes)};

/* --- taking --- */

struct said {
    const struct gg_event_type *type;
    int who; /* number of the aggregate */
    int64_t sequence, number;
};
struct taking {
    struct inbox in;
    struct inbox_message *messages;
    size_t n;
};

static struct gg_id aggregate(int who)
{
    char name[20];

    snprintf(name, sizeof name, "it.%d", who);
    return gg_id_derive(GG_ID_ZERO, name);
}

static struct inbox_message message_of(const struct said *said)
{
    const struct envelope e = {.id = gg_id_new(),
                               .aggregate = aggregate(said->who),
                               .sequence = said->sequence,
                               .time = gg_now(),
                               .traceparent = TRACED};
    const struct word word = {said->number};
    struct inbox_message message = {.topic = said->type->topic};
    struct gg_buf text;

    gg_buf_init(&text, 4096);
    envelope_encode(&text, &e, said->type, &word);
    message.text = (struct gg_str){gg_strndup(arena, text.p, text.n), text.n};
    gg_buf_free(&text);
    assert_true(envelope_decode(arena, message.text, &message.envelope, &message.reason));
    return message;
}

static enum gg_status take_them(struct gg_db *on, void *arg)
{
    struct taking *taking = arg;

    (void)on;
    return inbox_take(&taking->in, taking->messages, taking->n);
}

static enum gg_status take(const struct said *said, size_t n)
{
    struct taking taking = {.in = {.config = &config, .db = db, .arena = arena}, .n = n};

    gg_arena_reset(arena);
    heard.n = 0;
    gg_buf_adds(&heard, "");
    taking.messages = GG_NEW_ARRAY(arena, struct inbox_message, n);
    for (size_t i = 0; i < n; i++)
        taking.messages[i] = message_of(&said[i]);
    return gg_db_tx(db, take_them, &taking);
}

static int64_t number(const char *sql)
{
    struct gg_rows rows;

    assert_int_equal(gg_db_query(db, arena, sql, GG_NO_ARGS, &rows), GG_OK);
    return gg_row_int(&rows, 0, 0);
}

static void assert_applied(int who, int64_t applied)
{
    const struct gg_id id = aggregate(who);
    struct gg_rows rows;

    assert_int_equal(gg_db_query(db, arena, "SELECT MAX(applied), COUNT(*) FROM inbox_aggregate WHERE aggregate = ?",
                                 GG_ARGS(gg_v_id(&id)), &rows),
                     GG_OK);
    assert_int_equal(gg_row_int(&rows, 0, 1), applied > 0);
    if (applied > 0)
        assert_int_equal(gg_row_int(&rows, 0, 0), applied);
}

#define NEEDS_SERVER()                                                                                                 \
    do {                                                                                                               \
        if (!db)                                                                                                       \
            skip();                                                                                                    \
    } while (0)
#define TAKE(...)                                                                                                      \
    take((const struct said[]){__VA_ARGS__}, sizeof((const struct said[]){__VA_ARGS__}) / sizeof(struct said))

/* --- the tests --- */

static void neighbours_of_one_type_are_handled_together(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_int_equal(TAKE({&many_type, 1, 1, 11}, {&many_type, 2, 1, 21}, {&many_type, 1, 2, 12}), GG_OK);
    assert_string_equal(heard.p, "many 11 21 12; ");
    assert_applied(1, 2);
    assert_applied(2, 1);
    assert_int_equal(TAKE({&many_type, 1, 3, 13}), GG_OK);
    assert_string_equal(heard.p, "many 13; ");
}

static void the_order_of_the_log_is_kept(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_int_equal(TAKE({&many_type, 3, 1, 31}, {&one_type, 4, 1, 41}, {&one_type, 3, 2, 32}, {&rare_type, 4, 2, 0},
                          {&many_type, 4, 3, 43}, {&rare_type, 5, 1, 0}, {&many_type, 5, 2, 52},
                          {&there_type, 6, 1, 61}, {&many_type, 3, 3, 33}),
                     GG_OK);
    assert_string_equal(heard.p, "many 31; one 41; one 32; many 43 52; one 61; many 33; ");
    assert_applied(3, 3);
    assert_applied(4, 3);
    assert_applied(5, 2);
    assert_applied(6, 1);
}

static void doubles_and_gaps_are_told_apart_inside_one_batch(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_int_equal(TAKE({&many_type, 7, 1, 71}, {&many_type, 7, 1, 71}, {&many_type, 7, 3, 73},
                          {&many_type, 8, 1, 81}, {&many_type, 7, 2, 72}, {&many_type, 7, 2, 72}),
                     GG_OK);
    assert_string_equal(heard.p, "many 71 81 72; ");
    assert_applied(7, 2);
    assert_int_equal(number("SELECT COUNT(*) FROM inbox_parked WHERE sequence = 3"), 1);
    assert_int_equal(number("SELECT SUM(parked) FROM inbox_aggregate"), 1);
    assert_int_equal(inbox_drain(&(struct inbox){.config = &config, .db = db, .arena = arena}, TOPIC, aggregate(7)),
                     GG_OK);
    assert_applied(7, 3);
    assert_int_equal(number("SELECT COUNT(*) FROM inbox_parked"), 0);
}

static void one_that_fails_leaves_nothing_of_the_batch(void **state)
{
    (void)state;
    NEEDS_SERVER();
    assert_int_equal(TAKE({&one_type, 9, 1, 91}, {&many_type, 10, 1, 101}, {&many_type, 11, 1, 666}), GG_ERROR);
    assert_applied(9, 0);
    assert_applied(10, 0);
    assert_applied(11, 0);
    assert_int_equal(TAKE({&many_type, 10, 1, 101}), GG_OK);
    assert_applied(10, 1);
}

static void a_stopped_aggregate_keeps_its_events_and_holds_up_nobody(void **state)
{
    const struct gg_id sick = aggregate(12);

    (void)state;
    NEEDS_SERVER();
    assert_int_equal(TAKE({&many_type, 12, 1, 121}), GG_OK);
    assert_int_equal(
        gg_db_exec(db, "UPDATE inbox_aggregate SET poisoned = TRUE WHERE aggregate = ?", GG_ARGS(gg_v_id(&sick)), NULL),
        GG_OK);
    assert_int_equal(TAKE({&many_type, 12, 2, 122}, {&many_type, 13, 1, 131}, {&many_type, 12, 3, 123}), GG_OK);
    assert_string_equal(heard.p, "many 131; ");
    assert_applied(12, 1);
    assert_int_equal(number("SELECT COUNT(*) FROM inbox_parked"), 2);
}

static int begin(void **state)
{
    struct gg_db_config db_config;

    (void)state;
    gg_buf_init(&heard, 4096);
    if (!db_rig(&db_config))
        return 0;
    arena = gg_arena_create();
    db = gg_db_create(&db_config);
    return gg_db_migrate(db, (const char *const[]){"libcommon/schema"}, 1) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    gg_buf_free(&heard);
    if (!db)
        return 0;
    gg_db_destroy(db);
    gg_arena_destroy(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_of_one_type_are_handled_together),
        cmocka_unit_test(the_order_of_the_log_is_kept),
        cmocka_unit_test(doubles_and_gaps_are_told_apart_inside_one_batch),
        cmocka_unit_test(one_that_fails_leaves_nothing_of_the_batch),
        cmocka_unit_test(a_stopped_aggregate_keeps_its_events_and_holds_up_nobody),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
