/* services/chat/test/test_fuzz_frames.c
 * What comes in over the socket, torn and twisted: decoding must end, and say yes or no. Deterministic (the seed is
 * printed), quick here, long with FUZZ_ROUNDS; most useful under `make asan`. The target has libFuzzer's signature, so
 * that it can be linked against it where clang is at hand. */
#include "libcommon/json.h"
#include "proto/chat_frame.h"
#include "room.h"
#include "scam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Decodes a frame, and what decodes must encode and decode again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_field_errors errors = {.arena = arena};
    struct chat_frame_in frame;

    if (gg_json_decode(arena, &chat_frame_in_msg, (struct gg_str){(const char *)data, n}, &frame, &errors) ==
        GG_DECODED) {
        struct chat_frame_in again;
        struct gg_buf text;
        gg_buf_init(&text, GG_JSON_OUT_MAX);
        gg_json_encode(&text, &chat_frame_in_msg, &frame);
        if (gg_json_decode(arena, &chat_frame_in_msg, gg_buf_str(&text), &again, &errors) != GG_DECODED)
            abort();
        gg_buf_free(&text);
        if (frame.send) {
            (void)chat_suspect(frame.send->message.text);
            (void)chat_preview(arena, frame.send->message.text, 80);
        }
    }
    gg_arena_destroy(arena);
    return 0;
}

static const char *const corpus[] = {
    "{\"id\":1,\"connect\":{\"token\":\"eyJ\",\"rooms\":[{\"room\":\"0192f0c1-7b1e-7000-8000-000000000001\",\"seq\":"
    "812}]}}",
    "{\"id\":2,\"send\":{\"room\":\"0192f0c1-7b1e-7000-8000-000000000001\",\"cid\":\"0192f0c1-7b1e-7000-8000-"
    "000000000002\","
    "\"text\":\"감귤 🍊 110-234-567890\",\"reply\":3,\"images\":[\"a.jpg\"],\"place\":{\"name\":\"망원\",\"lat\":37.5,"
    "\"lng\":126.9},\"mentions\":[{\"user\":\"0192f0c1-7b1e-7000-8000-000000000003\"}]}}",
    "{\"id\":3,\"act\":{\"room\":\"0192f0c1-7b1e-7000-8000-000000000001\",\"cid\":\"0192f0c1-7b1e-7000-8000-"
    "000000000004\","
    "\"react\":{\"seq\":9,\"emoji\":\"👍\",\"off\":true},\"edit\":{\"seq\":1,\"text\":\"\\u00e9\\n\"},\"pin\":{}}}",
    "{\"id\":4,\"read\":{\"room\":\"0192f0c1-7b1e-7000-8000-000000000001\",\"seq\":999999999999999}}",
    "{\"id\":5,\"watch\":{\"deals\":[{\"deal\":\"0192f0c1-7b1e-7000-8000-000000000001\"},{}]},\"unknown\":[[[{}]]]}",
    "{\"id\":6,\"auth\":{\"token\":\"\\ud83c\\udf4a\"},\"typing\":{\"room\":\"x\"},\"resume\":null}",
};

static uint64_t state_of_dice = 88172645463325252u;

static size_t roll(size_t n)
{
    state_of_dice ^= state_of_dice << 13;
    state_of_dice ^= state_of_dice >> 7;
    state_of_dice ^= state_of_dice << 17;
    return (size_t)(state_of_dice % n);
}

/* One to four of: a bit turned, a byte changed, a piece cut, doubled or taken from elsewhere, a word put in. */
static size_t mutate(uint8_t *bytes, size_t n, size_t max)
{
    static const char *const words[] = {
        "\"",  "{",    "}",    "[",    "\\u0000",      "\\ud800", "1e999", "-0",
        "0.5", "null", "true", "\xff", "\xed\xa0\x80", "\\",      ",",     "999999999999999999999"};

    for (size_t times = 1 + roll(4); times > 0 && n > 4; times--) {
        size_t at = roll(n), length = 1 + roll(n - at < 16 ? n - at : 16);
        const char *word = words[roll(GG_LEN(words))];
        switch (roll(5)) {
        case 0:
            bytes[at] ^= (uint8_t)(1u << roll(8));
            break;
        case 1:
            bytes[at] = (uint8_t)roll(256);
            break;
        case 2:
            memmove(bytes + at, bytes + at + length, n - at - length);
            n -= length;
            break;
        case 3:
            if (n + length > max)
                break;
            memmove(bytes + at + length, bytes + at, n - at);
            n += length;
            break;
        default:
            length = strlen(word);
            if (n + length > max)
                break;
            memmove(bytes + at + length, bytes + at, n - at);
            memcpy(bytes + at, word, length);
            n += length;
        }
    }
    return n;
}

static void torn_frames_are_refused_and_nothing_else_happens(void **state)
{
    const char *rounds_text = getenv("FUZZ_ROUNDS");
    long rounds = rounds_text ? strtol(rounds_text, NULL, 10) : 30000;
    uint8_t bytes[4096];

    (void)state;
    for (size_t i = 0; i < GG_LEN(corpus); i++)
        LLVMFuzzerTestOneInput((const uint8_t *)corpus[i], strlen(corpus[i]));
    for (long i = 0; i < rounds; i++) {
        const char *seed = corpus[roll(GG_LEN(corpus))];
        size_t n = strlen(seed);
        memcpy(bytes, seed, n);
        LLVMFuzzerTestOneInput(bytes, mutate(bytes, n, sizeof(bytes)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(torn_frames_are_refused_and_nothing_else_happens)};

    return cmocka_run_group_tests_name("fuzz frames", tests, NULL, NULL);
}
