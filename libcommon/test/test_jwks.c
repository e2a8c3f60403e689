/* libcommon/test/test_jwks.c
 * When signing keys are fetched and what happens when they cannot be. This file stands in for the clock, the loop, the
 * pool and the HTTP client. */
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
#include "libcommon/http_client.h"
#include "libcommon/jwt.h"
#include "libcommon/work.h"

/* --- the world around --- */

static int64_t now = INT64_C(1795251600000);

int64_t gg_now(void)
{
    return now;
}

int64_t gg_mono(void)
{
    return now;
}

void gg_time_format(int64_t ms, char out[GG_TIME_TEXT])
{
    snprintf(out, GG_TIME_TEXT, "%" PRId64, ms);
}

bool gg_time_parse(struct gg_str text, int64_t *ms)
{
    (void)text;
    (void)ms;
    return false; /* no token holds a time as text */
}

static void (*tick)(void *arg);
static int64_t tick_ms;

void gg_loop_every(int64_t ms, void (*fn)(void *arg), void *arg)
{
    assert_null(arg);
    tick = fn;
    tick_ms = ms;
}

static struct gg_job *submitted; /* waits for its worker */
static bool queue_full;
static int fetches;

bool gg_work_submit(struct gg_job *job)
{
    assert_int_equal(job->pool, GG_POOL_OUT);
    assert_null(submitted);
    if (queue_full)
        return false;
    fetches++;
    submitted = job;
    return true;
}

static enum gg_status answer_status = GG_UNAVAILABLE;
static int answer_code = 200;
static const char *answer = "";

enum gg_status gg_http_exchange(struct gg_arena *arena, const struct gg_http_request *request,
                                struct gg_http_response *response)
{
    assert_string_equal(request->method, "GET");
    assert_string_equal(request->url, "http://auth.test/v1/auth/jwks.json");
    assert_true(request->timeout_ms > 0);
    *response = (struct gg_http_response){.status = answer_code};
    if (answer_status == GG_OK)
        response->body = (struct gg_str){gg_strdup(arena, answer), strlen(answer)};
    return answer_status;
}

/* Lets the time pass; every fetch is answered at once. The number of fetches. */
static int pass(int64_t ms)
{
    int before = fetches;

    for (int64_t end = now + ms; now < end; now += tick_ms) {
        tick(NULL);
        if (submitted) {
            struct gg_job *job = submitted;
            submitted = NULL;
            job->run(job, &(struct gg_worker){0});
            job->done(job);
        }
    }
    return fetches - before;
}

/* --- keys and tokens --- */

static struct gg_arena *arena;

static struct gg_signer *new_signer(void)
{
    char path[] = "/tmp/gonggu-signer-XXXXXX";
    int fd = mkstemp(path);
    struct gg_ec_key *key = gg_ec_key_generate();
    const char *pem = gg_ec_key_pem(arena, key);
    struct gg_signer *signer;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
    close(fd);
    signer = gg_signer_load(path, "iss", "aud");
    unlink(path);
    gg_ec_key_destroy(key);
    return signer;
}

static bool accepted(const struct gg_signer *signer)
{
    struct gg_user user = {.id = gg_id_new(), .session = gg_id_new(), .expires = now + GG_HOUR};
    const char *token = gg_signer_sign(signer, arena, &user);

    return gg_verify((struct gg_str){token, strlen(token)}, &user) == NULL;
}

/* --- one story, in order: the state of the verifier is that of the process --- */

static struct gg_signer *first, *second;
static char cache_file[] = "/tmp/gonggu-jwks-XXXXXX";

static char *cached(void)
{
    FILE *file = fopen(cache_file, "r");
    char *text = gg_alloc(arena, 4096);

    if (file) {
        (void)!fread(text, 1, 4095, file);
        fclose(file);
    }
    return text;
}

static int set_up(void **state)
{
    (void)state;
    arena = gg_arena_create();
    first = new_signer();
    second = new_signer();
    close(mkstemp(cache_file));
    unlink(cache_file);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gg_signer_destroy(first);
    gg_signer_destroy(second);
    gg_arena_destroy(arena);
    unlink(cache_file);
    return 0;
}

static const struct gg_verifier_config config = {"http://auth.test/v1/auth/jwks.json", cache_file, "iss", "aud", 0};

static void without_auth_it_asks_more_and_more_rarely(void **state)
{
    (void)state;
    gg_verifier_start(&config);
    assert_int_equal(fetches, 0); /* starting never blocks */
    assert_false(gg_verifier_ready());
    assert_int_equal(pass(GG_SECOND), 1);
    assert_int_equal(pass(GG_SECOND), 1);        /* after 1 s */
    assert_in_range(pass(29 * GG_SECOND), 3, 4); /* 2, 4, 8, 16 s */
    pass(GG_MINUTE);
    assert_in_range(pass(5 * GG_MINUTE), 9, 10); /* every 30 s */
    assert_false(gg_verifier_ready());
}

static void bad_answers_are_no_keys(void **state)
{
    (void)state;
    answer_status = GG_OK;
    answer = "{\"keys\":[]}";
    pass(GG_MINUTE);
    assert_false(gg_verifier_ready());
    answer = gg_signer_jwks(first, arena);
    answer_code = 500;
    pass(GG_MINUTE);
    assert_false(gg_verifier_ready());
    assert_string_equal(cached(), "");
}

static void good_keys_are_kept_and_copied(void **state)
{
    struct stat st;

    (void)state;
    answer_code = 200;
    pass(GG_MINUTE);
    assert_true(gg_verifier_ready());
    assert_true(accepted(first));
    assert_string_equal(cached(), answer);
    assert_int_equal(stat(gg_sprintf(arena, "%s.new", cache_file), &st), -1);
}

static void then_every_ten_minutes(void **state)
{
    (void)state;
    assert_in_range(pass(GG_HOUR), 5, 7);
}

static void an_unknown_key_asks_at_most_once_a_minute(void **state)
{
    (void)state;
    pass(10 * GG_MINUTE);
    while (pass(GG_SECOND) == 0)
        ;
    assert_false(accepted(second));
    assert_int_equal(pass(10 * GG_SECOND), 0); /* just asked */
    int asked = 0;
    for (int i = 0; i < 300; i++) {
        assert_false(accepted(second));
        asked += pass(GG_SECOND);
    }
    assert_in_range(asked, 4, 6);
}

static void a_new_key_is_found(void **state)
{
    (void)state;
    answer = gg_signer_jwks(second, arena);
    assert_false(accepted(second));
    pass(61 * GG_SECOND);
    for (int i = 0; i < 61 && !accepted(second); i++)
        pass(GG_SECOND);
    assert_true(accepted(second));
    assert_false(accepted(first));
}

static void an_outage_changes_nothing(void **state)
{
    (void)state;
    answer_status = GG_UNAVAILABLE;
    pass(GG_HOUR);
    assert_true(accepted(second));
    assert_string_equal(cached(), answer);
    answer_status = GG_OK;
    answer = "<html>";
    pass(GG_HOUR);
    assert_true(accepted(second));
    assert_string_not_equal(cached(), answer);
}

static void a_full_queue_only_delays(void **state)
{
    int before = fetches;

    (void)state;
    queue_full = true;
    pass(GG_MINUTE);
    assert_int_equal(fetches, before);
    queue_full = false;
    assert_true(pass(GG_MINUTE) > 0);
}

/* A service that starts while auth is away goes on with the copy. */
static void a_start_from_the_copy(void **state)
{
    struct gg_verifier_config other = config;

    (void)state;
    answer_status = GG_UNAVAILABLE;
    const char *keys = gg_signer_jwks(first, arena);
    assert_true(gg_verifier_load(keys, strlen(keys)));
    assert_false(accepted(second));
    gg_verifier_start(&config);
    assert_true(accepted(second));
    other.cache_file = NULL;
    gg_verifier_start(&other);
    other.cache_file = "/nonexistent/folder/jwks.json";
    gg_verifier_start(&other);
    answer_status = GG_OK;
    answer = keys;
    pass(GG_HOUR); /* a copy that cannot be written is no reason to do without keys */
    assert_true(accepted(first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_auth_it_asks_more_and_more_rarely),
        cmocka_unit_test(bad_answers_are_no_keys),
        cmocka_unit_test(good_keys_are_kept_and_copied),
        cmocka_unit_test(then_every_ten_minutes),
        cmocka_unit_test(an_unknown_key_asks_at_most_once_a_minute),
        cmocka_unit_test(a_new_key_is_found),
        cmocka_unit_test(an_outage_changes_nothing),
        cmocka_unit_test(a_full_queue_only_delays),
        cmocka_unit_test(a_start_from_the_copy),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
