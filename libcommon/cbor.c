/* libcommon/cbor.c
 * CBOR of passkeys, read by libcbor. */
#include "libcommon/cbor.h"

#include <string.h>

#include <cbor.h>

#define OBJECT_MAX 8192

/* Reads one head: its type, and the number in it. False when it is cut short or of indefinite length, which
 * authenticators may not use (CTAP 2). */
static bool head(struct gg_str bytes, size_t *at, uint8_t *type, uint64_t *number)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    uint8_t small = p[*at] & 0x1f;
    size_t more = small < 24 ? 0 : (size_t)1 << (small - 24);

    *type = p[*at] >> 5;
    *number = small;
    if (small > 27 || bytes.n - *at <= more)
        return false;
    if (more > 0)
        *number = 0;
    for (size_t i = 1; i <= more; i++)
        *number = *number << 8 | p[*at + i];
    *at += 1 + more;
    return true;
}

/* Whether the first item is as large as it says. libcbor makes room for what a head promises before it looks for it:
 * five bytes would cost gigabytes. */
static bool honest(struct gg_str bytes)
{
    enum { BYTES = 2, TEXT, LIST, MAP, TAG };
    uint64_t items = 1, number;
    size_t at = 0;
    uint8_t type;

    while (items > 0) {
        if (items > bytes.n - at || !head(bytes, &at, &type, &number))
            return false;
        items--;
        if (type == BYTES || type == TEXT || type == LIST || type == MAP) {
            if (number > bytes.n - at)
                return false;
        }
        if (type == BYTES || type == TEXT)
            at += (size_t)number;
        else if (type == LIST || type == MAP)
            items += type == MAP ? 2 * number : number;
        else if (type == TAG)
            items++;
    }
    return true;
}

static cbor_item_t *load(struct gg_str bytes, size_t *used)
{
    struct cbor_load_result result;
    cbor_item_t *item;

    if (bytes.n == 0 || bytes.n > OBJECT_MAX || !honest(bytes))
        return NULL;
    item = cbor_load((const unsigned char *)bytes.p, bytes.n, &result);
    *used = result.read;
    return item;
}

/* The bytes under a text key; {NULL, 0} when there are none. */
static struct gg_str bytes_under(const cbor_item_t *map, const char *name)
{
    const struct cbor_pair *pairs = cbor_map_handle(map);

    for (size_t i = 0; i < cbor_map_size(map); i++)
        if (cbor_isa_string(pairs[i].key) && cbor_string_is_definite(pairs[i].key) &&
            cbor_string_length(pairs[i].key) == strlen(name) &&
            memcmp(cbor_string_handle(pairs[i].key), name, strlen(name)) == 0 && cbor_isa_bytestring(pairs[i].value) &&
            cbor_bytestring_is_definite(pairs[i].value))
            return (struct gg_str){(const char *)cbor_bytestring_handle(pairs[i].value),
                                   cbor_bytestring_length(pairs[i].value)};
    return (struct gg_str){NULL, 0};
}

bool gg_cbor_auth_data(struct gg_arena *arena, struct gg_str object, struct gg_str *auth_data)
{
    size_t used = 0;
    cbor_item_t *item = load(object, &used);
    struct gg_str found = {NULL, 0};

    if (!item)
        return false;
    if (cbor_isa_map(item) && cbor_map_is_definite(item) && used == object.n)
        found = bytes_under(item, "authData");
    if (found.p)
        *auth_data = (struct gg_str){gg_memdup(arena, found.p, found.n), found.n};
    cbor_decref(&item);
    return found.p != NULL;
}

static bool whole(const cbor_item_t *item, int64_t *value)
{
    if (!cbor_is_int(item) || cbor_get_int(item) > 0x7fffffff)
        return false;
    *value = (int64_t)cbor_get_int(item);
    if (cbor_isa_negint(item))
        *value = -1 - *value;
    return true;
}

bool gg_cose_es256(struct gg_str bytes, uint8_t point[GG_P256_POINT])
{
    size_t used = 0;
    cbor_item_t *item = load(bytes, &used);
    int64_t kty = 0, alg = 0, crv = 0, label, value;
    bool x = false, y = false;

    if (!item)
        return false;
    for (size_t i = 0; cbor_isa_map(item) && cbor_map_is_definite(item) && i < cbor_map_size(item); i++) {
        const struct cbor_pair *pair = &cbor_map_handle(item)[i];
        if (!whole(pair->key, &label))
            continue;
        if ((label == -2 || label == -3) && cbor_isa_bytestring(pair->value) &&
            cbor_bytestring_is_definite(pair->value) && cbor_bytestring_length(pair->value) == 32) {
            memcpy(point + (label == -2 ? 1 : 33), cbor_bytestring_handle(pair->value), 32);
            x = x || label == -2;
            y = y || label == -3;
        } else if (whole(pair->value, &value)) {
            kty = label == 1 ? value : kty;
            alg = label == 3 ? value : alg;
            crv = label == -1 ? value : crv;
        }
    }
    cbor_decref(&item);
    point[0] = 4;
    return kty == 2 && alg == -7 && crv == 1 && x && y;
}
