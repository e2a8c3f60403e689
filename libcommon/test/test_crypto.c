/* libcommon/test/test_crypto.c
 * Published vectors: SHA-256, HMAC, HKDF, AES-GCM, base64url, and RFC 8291 from key to record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libcommon/crypto.h"

static int make(void **state)
{
    *state = gg_arena_create();
    return 0;
}

static int drop(void **state)
{
    gg_arena_destroy(*state);
    return 0;
}

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

/* Bytes of an even number of hex digits. */
static struct gg_str unhex(struct gg_arena *arena, const char *hex)
{
    size_t n = strlen(hex) / 2;
    char *out = gg_alloc(arena, n + 1);

    for (size_t i = 0; i < n; i++) {
        unsigned value;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &value), 1);
        out[i] = (char)value;
    }
    return (struct gg_str){out, n};
}

static struct gg_str unbase64(struct gg_arena *arena, const char *text)
{
    struct gg_str bytes;

    assert_true(gg_base64url_decode(arena, str(text), &bytes));
    return bytes;
}

static const uint8_t *bytes_of(struct gg_str s)
{
    return (const uint8_t *)s.p;
}

static void hashes(void **state)
{
    uint8_t out[GG_SHA256];

    gg_sha256(str("abc"), out);
    assert_string_equal(gg_hex(*state, out, sizeof(out)),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    gg_sha256(str(""), out);
    assert_string_equal(gg_hex(*state, out, sizeof(out)),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    /* RFC 4231, case 2 */
    gg_hmac_sha256(str("Jefe"), str("what do ya want for nothing?"), out);
    assert_string_equal(gg_hex(*state, out, sizeof(out)),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void hkdf_of_rfc_5869(void **state)
{
    static const struct {
        const char *salt, *ikm, *info, *okm;
    } cases[] = {
        {"000102030405060708090a0b0c", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "f0f1f2f3f4f5f6f7f8f9",
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
        {"", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "",
         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
    };
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        uint8_t out[42];
        gg_hkdf_sha256(unhex(*state, cases[i].salt), unhex(*state, cases[i].ikm), unhex(*state, cases[i].info), out,
                       sizeof(out));
        assert_string_equal(gg_hex(*state, out, sizeof(out)), cases[i].okm);
    }
    uint8_t out[42];
    gg_hkdf_sha256((struct gg_str){0}, unhex(*state, cases[1].ikm), (struct gg_str){0}, out, sizeof(out));
    assert_string_equal(gg_hex(*state, out, sizeof(out)), cases[1].okm);
}

/* The GCM specification, cases 1 to 3. */
static void aes_128_gcm(void **state)
{
    uint8_t zero[16] = {0}, out[80];

    gg_aes128gcm_seal(zero, zero, str(""), out);
    assert_string_equal(gg_hex(*state, out, 16), "58e2fccefa7e3061367f1d57a4e7455a");
    gg_aes128gcm_seal(zero, zero, (struct gg_str){(const char *)zero, 16}, out);
    assert_string_equal(gg_hex(*state, out, 32), "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
    gg_aes128gcm_seal(bytes_of(unhex(*state, "feffe9928665731c6d6a8f9467308308")),
                      bytes_of(unhex(*state, "cafebabefacedbaddecaf888")),
                      unhex(*state,
                            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf"
                            "0e2449a6b525b16aedf5aa0de657ba637b391aafd255"),
                      out);
    assert_string_equal(
        gg_hex(*state, out, 80),
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa0"
        "51ba30b396a0aac973d58e091473f59854d5c2af327cd64a62cf35abd2ba6fab4");
}

static void encodings(void **state)
{
    static const struct {
        const char *bytes, *base64, *base64url;
    } cases[] = {
        {"", "", ""},
        {"f", "Zg==", "Zg"},
        {"fo", "Zm8=", "Zm8"},
        {"foo", "Zm9v", "Zm9v"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+", "-__-"},
    };
    for (size_t i = 0; i < GG_LEN(cases); i++) {
        struct gg_str back;
        size_t n = strlen(cases[i].bytes);
        assert_string_equal(gg_base64(*state, cases[i].bytes, n), cases[i].base64);
        assert_string_equal(gg_base64url(*state, cases[i].bytes, n), cases[i].base64url);
        assert_true(gg_base64url_decode(*state, str(cases[i].base64url), &back));
        assert_int_equal(back.n, n);
        assert_memory_equal(back.p, cases[i].bytes, n);
    }
    for (size_t n = 0; n < 300; n++) {
        uint8_t bytes[300];
        gg_random(bytes, n);
        struct gg_str back = unbase64(*state, gg_base64url(*state, bytes, n));
        assert_int_equal(back.n, n);
        assert_memory_equal(back.p, bytes, n);
    }
}

/* Every text of up to three characters decodes only when encoding gives that very text again. */
static void base64url_has_one_spelling(void **state)
{
    static const char *const bad[] = {"Zg==", "Zg=",  "Zh",    "Zm9", "Z",       "Zm9vY",
                                      "+//+", "Zm 8", "Zm8\n", "Z.",  "\xff\xff"};
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct gg_str bytes;
    size_t good = 0;

    for (size_t i = 0; i < GG_LEN(bad); i++)
        assert_false(gg_base64url_decode(*state, str(bad[i]), &bytes));
    assert_false(gg_base64url_decode(*state, GG_STR("Zg\0"), &bytes));
    for (size_t i = 0; i < 64 * 64; i++) {
        char text[] = {alphabet[i / 64], alphabet[i % 64], '\0'};
        if (!gg_base64url_decode(*state, str(text), &bytes))
            continue;
        good++;
        assert_string_equal(gg_base64url(*state, bytes.p, bytes.n), text);
    }
    assert_int_equal(good, 256);
}

static void chance(void **state)
{
    unsigned seen[10] = {0};
    uint8_t a[32], b[32];

    (void)state;
    gg_random(a, sizeof(a));
    gg_random(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    for (int i = 0; i < 10000; i++)
        seen[gg_random_below(10)]++;
    for (size_t i = 0; i < GG_LEN(seen); i++)
        assert_in_range(seen[i], 800, 1200); /* 6.6 standard deviations */
    for (int i = 0; i < 100; i++) {
        assert_int_equal(gg_random_below(1), 0);
        assert_true(gg_random_below(UINT32_MAX) < UINT32_MAX);
    }
    assert_true(gg_secret_equal("abc", "abd", 2));
    assert_false(gg_secret_equal("abc", "abd", 3));
    assert_true(gg_secret_equal("", "", 0));
}

/* --- keys --- */

/* A file that holds this text, and the key read from it. */
static struct gg_ec_key *load_text(const char *text)
{
    char path[] = "/tmp/gonggu-key-XXXXXX";
    int fd = mkstemp(path);
    struct gg_ec_key *key;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    key = gg_ec_key_load(path);
    unlink(path);
    return key;
}

/* PKCS#8 around raw numbers, so that the vectors of RFC 8291 can be loaded like any key. */
static struct gg_ec_key *key_of(struct gg_arena *arena, const char *secret, const char *point)
{
    char *der =
        gg_sprintf(arena, "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420%sa144034200%s",
                   gg_hex(arena, unbase64(arena, secret).p, GG_P256_SECRET),
                   gg_hex(arena, unbase64(arena, point).p, GG_P256_POINT));
    struct gg_str bytes = unhex(arena, der);
    const char *text = gg_base64(arena, bytes.p, bytes.n);
    char *pem = gg_sprintf(arena, "-----BEGIN %s KEY-----\n%.64s\n%.64s\n%s\n-----END %s KEY-----\n", "PRIVATE", text,
                           text + 64, text + 128, "PRIVATE");

    return load_text(pem);
}

#define SENDER_SECRET   "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
#define SENDER_POINT    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
#define RECEIVER_SECRET "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
#define RECEIVER_POINT  "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"

static void shared_secret_of_rfc_8291(void **state)
{
    struct gg_ec_key *sender = key_of(*state, SENDER_SECRET, SENDER_POINT);
    struct gg_ec_key *receiver = key_of(*state, RECEIVER_SECRET, RECEIVER_POINT);
    uint8_t point[GG_P256_POINT], secret[GG_P256_SECRET];

    assert_non_null(sender);
    assert_non_null(receiver);
    gg_ec_key_public(sender, point);
    assert_string_equal(gg_base64url(*state, point, sizeof(point)), SENDER_POINT);
    assert_true(gg_ecdh(sender, bytes_of(unbase64(*state, RECEIVER_POINT)), secret));
    assert_string_equal(gg_base64url(*state, secret, sizeof(secret)), "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
    memset(secret, 0, sizeof(secret));
    assert_true(gg_ecdh(receiver, point, secret));
    assert_string_equal(gg_base64url(*state, secret, sizeof(secret)), "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
    gg_ec_key_destroy(sender);
    gg_ec_key_destroy(receiver);
}

/* The rest of RFC 8291, appendix A: from the shared secret to the encrypted record. */
static void record_of_rfc_8291(void **state)
{
    struct gg_str salt = unbase64(*state, "DGv6ra1nlYgDCS1FRnbzlw");
    struct gg_str secret = unbase64(*state, "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
    struct gg_str plain = str("When I grow up, I want to be a watermelon\x02");
    char info[14 + 2 * GG_P256_POINT] = "WebPush: info";
    uint8_t ikm[32], key[16], nonce[12], out[58];

    memcpy(info + 14, unbase64(*state, RECEIVER_POINT).p, GG_P256_POINT);
    memcpy(info + 14 + GG_P256_POINT, unbase64(*state, SENDER_POINT).p, GG_P256_POINT);
    gg_hkdf_sha256(unbase64(*state, "BTBZMqHH6r4Tts7J_aSIgg"), secret, (struct gg_str){info, sizeof(info)}, ikm,
                   sizeof(ikm));
    assert_string_equal(gg_base64url(*state, ikm, sizeof(ikm)), "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg");
    struct gg_str from = {(const char *)ikm, sizeof(ikm)};
    gg_hkdf_sha256(salt, from, GG_STR("Content-Encoding: aes128gcm\0"), key, sizeof(key));
    gg_hkdf_sha256(salt, from, GG_STR("Content-Encoding: nonce\0"), nonce, sizeof(nonce));
    assert_string_equal(gg_base64url(*state, key, sizeof(key)), "oIhVW04MRdy2XN9CiKLxTg");
    assert_string_equal(gg_base64url(*state, nonce, sizeof(nonce)), "4h_95klXJ5E_qnoN");
    assert_int_equal(plain.n + 16, sizeof(out));
    gg_aes128gcm_seal(key, nonce, plain, out);
    assert_string_equal(gg_base64url(*state, out, sizeof(out)),
                        "8pfeW0KbunFT06SuDKoJH9Ql87S1QUrdirN6GcG7sFz1y1sqLgVi1VhjVkHsUoEsbI_0LpXMuGvnzQ");
}

static void points_off_the_curve_are_refused(void **state)
{
    struct gg_ec_key *key = gg_ec_key_generate();
    uint8_t point[GG_P256_POINT], secret[GG_P256_SECRET];

    (void)state;
    gg_ec_key_public(key, point);
    assert_int_equal(point[0], 4);
    assert_true(gg_ecdh(key, point, secret));
    point[64] ^= 1;
    assert_false(gg_ecdh(key, point, secret));
    point[64] ^= 1;
    point[0] = 2;
    assert_false(gg_ecdh(key, point, secret));
    memset(point, 0, sizeof(point));
    assert_false(gg_ecdh(key, point, secret));
    point[0] = 4;
    assert_false(gg_ecdh(key, point, secret));
    memset(point + 1, 0xff, sizeof(point) - 1);
    assert_false(gg_ecdh(key, point, secret));
    gg_ec_key_destroy(key);
    gg_ec_key_destroy(NULL);
}

static void a_key_survives_its_file(void **state)
{
    struct gg_ec_key *key = gg_ec_key_generate(), *back = load_text(gg_ec_key_pem(*state, key));
    uint8_t a[GG_P256_POINT], b[GG_P256_POINT];

    assert_non_null(back);
    gg_ec_key_public(key, a);
    gg_ec_key_public(back, b);
    assert_memory_equal(a, b, sizeof(a));
    assert_non_null(strstr(gg_p256_public_pem(*state, a), "PUBLIC KEY"));
    a[64] ^= 1;
    assert_null(gg_p256_public_pem(*state, a));
    gg_ec_key_destroy(key);
    gg_ec_key_destroy(back);
}

/* Made once with `openssl genpkey`: the right form, the wrong curve or a password. */
static const char p384_key[] = "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDkIP7BtOfMb1pfAPZh\n"
                               "mYtsR2ShcUdVLEsuigsQ7tAyYtwEvwHtN+6G9ZFSQthetv+hZANiAARyarFkqDvg\n"
                               "sqrYdR3k03qZz+SJFNLMslzJRlp9a0wLPv7a6u+9QeNS2FRmkpDdk5ZC5/PstNKu\n"
                               "Ii71qlkCXzka3me8BTBThL7JmqR+uS7nEhen3mIsup9IZByjmXrP9uE=\n";
static const char locked_key[] = "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgZmLLuwRWKoAICCAAw\n"
                                 "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEECLFSwOEn6ze073uCttFfEoEgZBP\n"
                                 "ya1dIAoDAp5hCp1geQZLRpvBmGccQUmWfs1cU9RAYff4Rs/IAsngtqAlY+tUh74a\n"
                                 "mNSlDPL08hBJErD74CKLcYOX2yDKTTqdFfUUg2zdo/xOsbXm1IBKLQvxKhe4GzU+\n"
                                 "joywgeudHQV5115fdlKCzEfUdPYq7qMpV1v+0cPEYe4Jg0/Mq0a9Ezy0t/s9GRc=\n";

static void files_that_hold_no_p256_key(void **state)
{
    struct gg_ec_key *key = gg_ec_key_generate();
    uint8_t point[GG_P256_POINT];

    gg_ec_key_public(key, point);
    gg_ec_key_destroy(key);
    assert_null(gg_ec_key_load("/nonexistent/key.pem"));
    assert_null(load_text(""));
    assert_null(load_text("no key at all\n"));
    assert_null(load_text(gg_p256_public_pem(*state, point)));
    assert_null(load_text(
        gg_sprintf(*state, "-----BEGIN %s KEY-----\n%s-----END %s KEY-----\n", "PRIVATE", p384_key, "PRIVATE")));
    assert_null(load_text(gg_sprintf(*state, "-----BEGIN %s KEY-----\n%s-----END %s KEY-----\n", "ENCRYPTED PRIVATE",
                                     locked_key, "ENCRYPTED PRIVATE")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hashes, make, drop),
        cmocka_unit_test_setup_teardown(hkdf_of_rfc_5869, make, drop),
        cmocka_unit_test_setup_teardown(aes_128_gcm, make, drop),
        cmocka_unit_test_setup_teardown(encodings, make, drop),
        cmocka_unit_test_setup_teardown(base64url_has_one_spelling, make, drop),
        cmocka_unit_test(chance),
        cmocka_unit_test_setup_teardown(shared_secret_of_rfc_8291, make, drop),
        cmocka_unit_test_setup_teardown(record_of_rfc_8291, make, drop),
        cmocka_unit_test(points_off_the_curve_are_refused),
        cmocka_unit_test_setup_teardown(a_key_survives_its_file, make, drop),
        cmocka_unit_test_setup_teardown(files_that_hold_no_p256_key, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
