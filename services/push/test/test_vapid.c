/* services/push/test/test_vapid.c
 * Two keys at once: subscribers of the old one are still reached and come over; tokens of acknowledgements. */
#include "vapid.h"

#include "store_way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A fresh key in a file of its own; its public point. */
static void write_key(struct gg_arena *arena, char path[32], uint8_t point[GG_P256_POINT])
{
    struct gg_ec_key *key = gg_ec_key_generate();
    char *pem = gg_ec_key_pem(arena, key);
    int fd;

    snprintf(path, 32, "/tmp/test_vapid_XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
    close(fd);
    gg_ec_key_public(key, point);
    gg_ec_key_destroy(key);
}

static void n15_a_key_is_changed_without_losing_subscribers(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    char old_file[32], new_file[32];
    struct push_device_row before = {.has_vapid = false}, of_old = {.has_vapid = true}, of_new = {.has_vapid = true};
    struct gg_id notice = gg_id_new(), read;
    char *token;
    const char *header, *old_k, *new_k;
    int64_t step;
    uint8_t now[GG_P256_POINT];

    (void)state;
    write_key(arena, old_file, of_old.vapid);
    write_key(arena, new_file, of_new.vapid);
    old_k = gg_base64url(arena, of_old.vapid, GG_P256_POINT);
    new_k = gg_base64url(arena, of_new.vapid, GG_P256_POINT);

    assert_true(push_vapid_load(old_file, ""));
    assert_false(push_vapid_is_old(&of_old));
    assert_false(push_vapid_is_old(&before));
    token = push_ack_token(arena, notice, 7);
    push_vapid_forget();

    assert_true(push_vapid_load(new_file, old_file));
    push_vapid_public(now);
    assert_memory_equal(now, of_new.vapid, GG_P256_POINT);
    assert_true(push_vapid_is_old(&of_old));
    assert_true(push_vapid_is_old(&before));
    assert_false(push_vapid_is_old(&of_new));
    assert_non_null(strstr(push_vapid_header(arena, &of_old, "https://push.example", "mailto:a@b.c"), old_k));
    assert_non_null(strstr(push_vapid_header(arena, &before, "https://push.example", "mailto:a@b.c"), old_k));
    header = push_vapid_header(arena, &of_new, "https://push.example", "mailto:a@b.c");
    assert_non_null(strstr(header, new_k));
    assert_string_equal(header, push_vapid_header(arena, &of_new, "https://push.example", "mailto:a@b.c"));
    assert_string_not_equal(header, push_vapid_header(arena, &of_new, "https://other.example", "mailto:a@b.c"));

    /* What was sent before the change is still acknowledged. */
    assert_true(push_ack_read(arena, token, &read, &step));
    assert_true(gg_id_equal(read, notice));
    assert_int_equal(step, 7);
    push_vapid_forget();
    unlink(old_file);
    unlink(new_file);
    gg_arena_destroy(arena);
}

static void a_token_that_was_changed_is_nobodys(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    char file[32];
    uint8_t point[GG_P256_POINT];
    struct gg_id notice;
    int64_t step;
    char *token;

    (void)state;
    write_key(arena, file, point);
    assert_true(push_vapid_load(file, ""));
    token = push_ack_token(arena, gg_id_new(), 0);
    for (size_t i = 0; token[i]; i++) {
        char kept = token[i];
        token[i] = kept == 'A' ? 'B' : 'A';
        assert_false(push_ack_read(arena, token, &notice, &step));
        token[i] = kept;
    }
    assert_true(push_ack_read(arena, token, &notice, &step));
    assert_false(push_ack_read(arena, "", &notice, &step));
    assert_false(push_ack_read(arena, "AAAAAAAAAAAAAAAAAAAAAAAA", &notice, &step));
    push_vapid_forget();
    unlink(file);
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n15_a_key_is_changed_without_losing_subscribers),
        cmocka_unit_test(a_token_that_was_changed_is_nobodys),
    };

    return cmocka_run_group_tests_name("vapid", tests, NULL, NULL);
}
