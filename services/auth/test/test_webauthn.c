/* services/auth/test/test_webauthn.c
 * Passkeys: what authenticators send, cut and twisted in every place: nothing is read past its end, nothing is
 * believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/cbor.h"
#include "webauthn.h"

#define ID_N 32

static const struct auth_relying_party ours = {"localhost", "http://localhost:8080"};
static struct gg_arena *arena;
static struct gg_ec_key *key;
static uint8_t point[GG_P256_POINT], challenge[32];

static int set_up(void **state GG_UNUSED)
{
    arena = gg_arena_create();
    key = gg_ec_key_generate();
    gg_ec_key_public(key, point);
    gg_random(challenge, sizeof(challenge));
    return 0;
}

static int tear_down(void **state GG_UNUSED)
{
    gg_ec_key_destroy(key);
    gg_arena_destroy(arena);
    return 0;
}

/* Exactly as long as it is, on the heap: a byte read behind it is found by ASan. */
static struct gg_str exact(const void *bytes, size_t n)
{
    char *copy = malloc(n ? n : 1);

    assert_non_null(copy);
    if (n)
        memcpy(copy, bytes, n);
    return (struct gg_str){copy, n};
}

static void release(struct gg_str bytes)
{
    free((void *)(uintptr_t)bytes.p);
}

static struct gg_str client(const char *type)
{
    char *text = gg_sprintf(arena, "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}",
                            type, gg_base64url(arena, challenge, sizeof(challenge)), ours.origin);

    return (struct gg_str){text, strlen(text)};
}

/* An attestation object with a credential of ID_N bytes; `data` gets where authData begins. */
static size_t attestation(uint8_t out[512], size_t *data)
{
    static const uint8_t begin[] = {0xa3, 0x63, 'f', 'm',  't',  0x64, 'n', 'o', 'n', 'e', 0x67, 'a', 't', 't', 'S',
                                    't',  'm',  't', 0xa0, 0x68, 'a',  'u', 't', 'h', 'D', 'a',  't', 'a', 0x58};
    static const uint8_t cose[] = {0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20};
    static const uint8_t y[] = {0x22, 0x58, 0x20};
    uint8_t *p = out;

    memcpy(p, begin, sizeof(begin));
    p += sizeof(begin);
    *p++ = 37 + 18 + ID_N + sizeof(cose) + 32 + sizeof(y) + 32;
    *data = (size_t)(p - out);
    gg_sha256((struct gg_str){ours.id, strlen(ours.id)}, p);
    p[32] = 0x45;
    memset(p + 33, 0, 4 + 16);
    p[53] = 0;
    p[54] = ID_N;
    memset(p + 55, 0xab, ID_N);
    p += 55 + ID_N;
    memcpy(p, cose, sizeof(cose));
    memcpy(p + sizeof(cose), point + 1, 32);
    p += sizeof(cose) + 32;
    memcpy(p, y, sizeof(y));
    memcpy(p + sizeof(y), point + 33, 32);
    return (size_t)(p + sizeof(y) + 32 - out);
}

static const char *register_bytes(const uint8_t *bytes, size_t n)
{
    struct auth_new_credential credential;
    struct gg_str object = exact(bytes, n);
    const char *reason =
        auth_webauthn_register(arena, &ours, challenge, client("webauthn.create"), object, &credential);

    if (!reason) {
        assert_int_equal(credential.id.n, ID_N);
        assert_memory_equal(credential.point, point, sizeof(point));
    }
    release(object);
    return reason;
}

static void a_whole_registration_is_taken_and_no_part_of_it(void **state GG_UNUSED)
{
    uint8_t bytes[512];
    size_t data, n = attestation(bytes, &data);

    assert_null(register_bytes(bytes, n));
    for (size_t cut = 0; cut < n; cut++)
        assert_non_null(register_bytes(bytes, cut));
    bytes[n] = 0;
    assert_non_null(register_bytes(bytes, n + 1)); /* something behind it */
}

static void a_twisted_registration_is_never_another_key(void **state GG_UNUSED)
{
    uint8_t bytes[512], bad[512];
    size_t data, n = attestation(bytes, &data);

    for (size_t i = 0; i < n; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct auth_new_credential credential;
            struct gg_str object;
            memcpy(bad, bytes, n);
            bad[i] ^= (uint8_t)(1 << bit);
            object = exact(bad, n);
            if (!auth_webauthn_register(arena, &ours, challenge, client("webauthn.create"), object, &credential))
                assert_memory_equal(credential.point, point, sizeof(point)); /* a flipped point is not on the curve */
            release(object);
        }
}

static void lengths_that_lie_are_refused(void **state GG_UNUSED)
{
    uint8_t bytes[512];
    size_t data, n = attestation(bytes, &data);
    static const uint8_t id_lengths[][2] = {{0, 0}, {0, 255}, {3, 255}, {4, 0}, {255, 255}};

    for (size_t i = 0; i < GG_LEN(id_lengths); i++) {
        memcpy(bytes + data + 53, id_lengths[i], 2);
        assert_non_null(register_bytes(bytes, n));
    }
    n = attestation(bytes, &data);
    bytes[data - 1] = 255; /* the byte string is said to be longer than the object */
    assert_non_null(register_bytes(bytes, n));
    for (size_t depth = 1; depth < 400; depth += 57) { /* lists in lists */
        memset(bytes, 0x81, depth);
        assert_non_null(register_bytes(bytes, depth));
    }
    assert_non_null(
        register_bytes((const uint8_t[]){0xbb, 255, 255, 255, 255, 255, 255, 255, 255}, 9)); /* a vast map */
    assert_non_null(
        register_bytes((const uint8_t[]){0x5b, 127, 255, 255, 255, 255, 255, 255, 255}, 9)); /* vast bytes */
    assert_non_null(register_bytes((const uint8_t[]){0x9a, 63, 255, 255, 255}, 5)); /* eight gigabytes of list */
    assert_non_null(register_bytes((const uint8_t[]){0xbf, 0xff}, 2));
    assert_non_null(register_bytes((const uint8_t[]){0xff}, 1));
}

static void random_bytes_are_refused(void **state GG_UNUSED)
{
    uint8_t bytes[300], out[GG_P256_POINT];
    struct gg_str data;

    for (int i = 0; i < 20000; i++) {
        struct gg_str object;
        gg_random(bytes, sizeof(bytes));
        object = exact(bytes, gg_random_below(sizeof(bytes)));
        assert_false(gg_cose_es256(object, out));
        assert_false(gg_cbor_auth_data(arena, object, &data));
        release(object);
    }
}

static const char *assertion(const uint8_t *data, size_t n, struct gg_str signature, int64_t *counter)
{
    struct gg_str exactly = exact(data, n);
    const char *reason =
        auth_webauthn_assert(arena, &ours, challenge, client("webauthn.get"), exactly, signature, point, counter);

    release(exactly);
    return reason;
}

static void an_assertion_without_a_good_signature_is_refused(void **state GG_UNUSED)
{
    uint8_t data[37] = {0};
    static const uint8_t ones[] = {0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01};
    static const uint8_t zeros[] = {0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00};
    static const uint8_t vast[] = {0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01};
    int64_t counter = 0;

    gg_sha256((struct gg_str){ours.id, strlen(ours.id)}, data);
    data[32] = 0x05;
    data[36] = 1;
    for (size_t n = 0; n < sizeof(data); n++)
        assert_non_null(assertion(data, n, GG_STR("x"), &counter));
    assert_non_null(assertion(data, sizeof(data), GG_STR(""), &counter));
    assert_non_null(assertion(data, sizeof(data), (struct gg_str){(const char *)ones, sizeof(ones)}, &counter));
    assert_non_null(assertion(data, sizeof(data), (struct gg_str){(const char *)zeros, sizeof(zeros)}, &counter));
    assert_non_null(assertion(data, sizeof(data), (struct gg_str){(const char *)vast, sizeof(vast)}, &counter));
    assert_int_equal(counter, 0);
}

static void client_data_are_taken_by_the_letter(void **state GG_UNUSED)
{
    static const char *const wrong[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"type\":\"webauthn.create\"}",
        "{\"type\":7,\"challenge\":7,\"origin\":7}",
        "{\"type\":\"webauthn.create\",\"challenge\":\"AAAA\",\"origin\":\"http://localhost:8080\"}"};
    uint8_t bytes[512];
    struct auth_new_credential credential;
    size_t data, n = attestation(bytes, &data);

    for (size_t i = 0; i < GG_LEN(wrong); i++)
        assert_non_null(auth_webauthn_register(arena, &ours, challenge, (struct gg_str){wrong[i], strlen(wrong[i])},
                                               (struct gg_str){(const char *)bytes, n}, &credential));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_registration_is_taken_and_no_part_of_it),
        cmocka_unit_test(a_twisted_registration_is_never_another_key),
        cmocka_unit_test(lengths_that_lie_are_refused),
        cmocka_unit_test(random_bytes_are_refused),
        cmocka_unit_test(an_assertion_without_a_good_signature_is_refused),
        cmocka_unit_test(client_data_are_taken_by_the_letter),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
