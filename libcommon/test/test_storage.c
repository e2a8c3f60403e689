/* libcommon/test/test_storage.c
 * The folder, and the signature of the bucket against the example AWS prints (S3 API reference, "GET Object"). */
#include "libcommon/storage_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void a_folder_keeps_what_it_is_given(void **state)
{
    char folder[] = "/tmp/gonggu-storage-XXXXXX";
    struct gg_arena *arena = gg_arena_create();
    struct gg_storage_config config = {.folder = mkdtemp(folder), .endpoint = ""};
    struct gg_str bytes;

    (void)state;
    assert_true(gg_storage_start(&config));
    assert_int_equal(gg_storage_pool(), GG_POOL_DB);
    assert_int_equal(gg_storage_get(arena, "a.jpg", 100, &bytes), GG_NOT_FOUND);
    assert_int_equal(gg_storage_put(arena, "a.jpg", "image/jpeg", GG_STR("bytes\0and more")), GG_OK);
    assert_int_equal(gg_storage_put(arena, "a.jpg", "image/jpeg", GG_STR("bytes\0and more")), GG_OK);
    assert_int_equal(gg_storage_get(arena, "a.jpg", 100, &bytes), GG_OK);
    assert_int_equal(bytes.n, 14);
    assert_memory_equal(bytes.p, "bytes\0and more", 14);
    assert_int_equal(gg_storage_get(arena, "a.jpg", 5, &bytes), GG_UNAVAILABLE);
    assert_int_equal(gg_storage_delete(arena, "a.jpg"), GG_OK);
    assert_int_equal(gg_storage_delete(arena, "a.jpg"), GG_OK);
    assert_int_equal(gg_storage_get(arena, "a.jpg", 100, &bytes), GG_NOT_FOUND);
    assert_int_equal(rmdir(folder), 0); /* nothing was left beside */
    gg_arena_destroy(arena);
}

static void a_folder_that_cannot_be_written_refuses_the_start(void **state)
{
    struct gg_storage_config config = {.folder = "/proc/nowhere", .endpoint = ""};
    struct gg_storage_config no_key = {
        .folder = "", .endpoint = "https://s3.example", .bucket = "b", .access_key = "", .secret_key = "x"};

    (void)state;
    assert_false(gg_storage_start(&config));
    assert_false(gg_storage_start(&no_key));
}

static void the_signature_is_that_of_the_reference(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_sigv4 r = {
        .method = "GET",
        .path = "/test.txt",
        .query = "",
        .headers = "host:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
                   "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                   "x-amz-date:20130524T000000Z\n",
        .signed_headers = "host;range;x-amz-content-sha256;x-amz-date",
        .payload_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .date = "20130524T000000Z",
        .region = "us-east-1",
        .access_key = "AKIAIOSFODNN7EXAMPLE",
        .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    };

    (void)state;
    assert_string_equal(gg_sigv4_authorization(arena, &r),
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_keeps_what_it_is_given),
        cmocka_unit_test(a_folder_that_cannot_be_written_refuses_the_start),
        cmocka_unit_test(the_signature_is_that_of_the_reference),
    };

    return cmocka_run_group_tests_name("storage", tests, NULL, NULL);
}
