/* libcommon/id.c
 * UUIDv7 and its text. */
#include "libcommon/id.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"

#include <string.h>

struct gg_id gg_id_new(void)
{
    struct gg_id id;
    uint64_t ms = (uint64_t)gg_now();

    gg_random(id.b, sizeof(id.b));
    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
    id.b[6] = (uint8_t)((id.b[6] & 0x0f) | 0x70);
    id.b[8] = (uint8_t)((id.b[8] & 0x3f) | 0x80);
    return id;
}

struct gg_id gg_id_derive(struct gg_id space, const char *name)
{
    struct gg_arena *arena = gg_arena_create();
    size_t n = strlen(name);
    char *input = gg_alloc(arena, sizeof(space.b) + n);
    uint8_t hash[GG_SHA256];
    struct gg_id id;

    memcpy(input, space.b, sizeof(space.b));
    memcpy(input + sizeof(space.b), name, n);
    gg_sha256((struct gg_str){input, sizeof(space.b) + n}, hash);
    gg_arena_destroy(arena);
    memcpy(id.b, hash, sizeof(id.b));
    id.b[6] = (uint8_t)((id.b[6] & 0x0f) | 0x80);
    id.b[8] = (uint8_t)((id.b[8] & 0x3f) | 0x80);
    return id;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool dash_at(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool gg_id_parse(struct gg_str text, struct gg_id *id)
{
    struct gg_id parsed;
    size_t n = 0;

    if (text.n != GG_ID_TEXT - 1)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        int high, low;
        if (dash_at(i)) {
            if (text.p[i] != '-')
                return false;
            continue;
        }
        high = hex_digit(text.p[i]);
        low = hex_digit(text.p[++i]);
        if (high < 0 || low < 0)
            return false;
        parsed.b[n++] = (uint8_t)(high << 4 | low);
    }
    *id = parsed;
    return true;
}

void gg_id_format(struct gg_id id, char out[GG_ID_TEXT])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0, n = 0; i < GG_ID_TEXT - 1; i++) {
        if (dash_at(i)) {
            out[i] = '-';
            continue;
        }
        out[i] = digits[id.b[n] >> 4];
        out[++i] = digits[id.b[n++] & 0x0f];
    }
    out[GG_ID_TEXT - 1] = '\0';
}

bool gg_id_equal(struct gg_id a, struct gg_id b)
{
    return gg_id_compare(a, b) == 0;
}

bool gg_id_is_zero(struct gg_id id)
{
    return gg_id_equal(id, GG_ID_ZERO);
}

int gg_id_compare(struct gg_id a, struct gg_id b)
{
    return memcmp(a.b, b.b, sizeof(a.b));
}
