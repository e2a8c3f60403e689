/* libcommon/test/it_storage.c
 * A bucket that checks signatures: that of the sandbox (GONGGU_SANDBOX_URL, secret in GONGGU_SECRETS). Without it every
 * test is skipped. */
#include "libcommon/log.h"
#include "libcommon/storage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>

static struct gg_storage_config config;
static char secret[100];

static int begin(void **state)
{
    const char *url = getenv("GONGGU_SANDBOX_URL"), *folder = getenv("GONGGU_SECRETS");
    char path[500];
    FILE *file;

    (void)state;
    if (!url || !folder)
        return 0;
    snprintf(path, sizeof(path), "%s/storage", folder);
    file = fopen(path, "r");
    if (!file || !fgets(secret, sizeof(secret), file))
        return -1;
    fclose(file);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    config = (struct gg_storage_config){.folder = "",
                                        .endpoint = url,
                                        .bucket = "bucket",
                                        .region = "ap-northeast-2",
                                        .access_key = "gonggu-sandbox",
                                        .secret_key = secret};
    return 0;
}

static void a_bucket_keeps_what_it_is_given(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    size_t large = 3 * 1024 * 1024;
    char *bytes = gg_alloc(arena, large);
    struct gg_str back;

    (void)state;
    if (!config.endpoint)
        skip();
    for (size_t i = 0; i < large; i++)
        bytes[i] = (char)(i * 31 >> 3);
    assert_true(gg_storage_start(&config));
    assert_int_equal(gg_storage_pool(), GG_POOL_OUT);
    assert_int_equal(gg_storage_delete(arena, "it.webp"), GG_OK);
    assert_int_equal(gg_storage_get(arena, "it.webp", 1000, &back), GG_NOT_FOUND);
    assert_int_equal(gg_storage_put(arena, "it.webp", "image/webp", (struct gg_str){bytes, large}), GG_OK);
    assert_int_equal(gg_storage_put(arena, "it.webp", "image/webp", (struct gg_str){bytes, large}), GG_OK);
    assert_int_equal(gg_storage_get(arena, "it.webp", large, &back), GG_OK);
    assert_int_equal(back.n, large);
    assert_memory_equal(back.p, bytes, large);
    assert_int_equal(gg_storage_get(arena, "it.webp", large - 1, &back), GG_UNAVAILABLE);
    assert_int_equal(gg_storage_delete(arena, "it.webp"), GG_OK);
    assert_int_equal(gg_storage_get(arena, "it.webp", large, &back), GG_NOT_FOUND);
    gg_arena_destroy(arena);
}

static void a_wrong_key_is_refused(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_storage_config wrong = config;
    struct gg_str back;

    (void)state;
    if (!config.endpoint)
        skip();
    wrong.secret_key = "wrong";
    assert_true(gg_storage_start(&wrong));
    assert_int_equal(gg_storage_put(arena, "it.webp", "image/webp", GG_STR("x")), GG_UNAVAILABLE);
    assert_int_equal(gg_storage_get(arena, "it.webp", 10, &back), GG_UNAVAILABLE);
    wrong.endpoint = "http://127.0.0.1:1";
    assert_int_equal(gg_storage_get(arena, "it.webp", 10, &back), GG_UNAVAILABLE);
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_keeps_what_it_is_given),
        cmocka_unit_test(a_wrong_key_is_refused),
    };

    return cmocka_run_group_tests_name("storage in a bucket", tests, begin, NULL);
}
