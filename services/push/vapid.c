/* services/push/vapid.c
 * Our keys. */
#include "vapid.h"

#include "libcommon/clock.h"
#include "libcommon/jwt.h"
#include "libcommon/log.h"
#include "store_way.h"

#include <stdio.h>
#include <string.h>

#define TOKEN_LIFE (12 * GG_HOUR)
#define TOKENS     8 /* kept by each thread: there are few push services */
#define MAC        16
#define TOKEN      (16 + 4 + MAC)

struct key {
    struct gg_ec_key *pair;
    uint8_t point[GG_P256_POINT];
    uint8_t ack_secret[GG_SHA256];
};
static struct key keys[2]; /* the one in use, the one before it; read by all threads, written at start */

static bool load(struct key *key, const char *file)
{
    struct gg_arena *arena;
    char *pem;

    key->pair = gg_ec_key_load(file);
    if (!key->pair)
        return false;
    gg_ec_key_public(key->pair, key->point);
    arena = gg_arena_create();
    pem = gg_ec_key_pem(arena, key->pair);
    gg_hkdf_sha256(GG_STR("gonggu push"), (struct gg_str){pem, strlen(pem)}, GG_STR("acknowledgements"),
                   key->ack_secret, sizeof(key->ack_secret));
    gg_arena_destroy(arena);
    return true;
}

bool push_vapid_load(const char *file, const char *old_file)
{
    return load(&keys[0], file) && (!*old_file || load(&keys[1], old_file));
}

void push_vapid_forget(void)
{
    for (size_t i = 0; i < GG_LEN(keys); i++)
        gg_ec_key_destroy(keys[i].pair);
    memset(keys, 0, sizeof(keys));
}

void push_vapid_public(uint8_t out[GG_P256_POINT])
{
    memcpy(out, keys[0].point, GG_P256_POINT);
}

static const struct key *key_of(const struct push_device_row *device)
{
    if (device->has_vapid)
        return memcmp(device->vapid, keys[0].point, GG_P256_POINT) == 0 || !keys[1].pair ? &keys[0] : &keys[1];
    return keys[1].pair ? &keys[1] : &keys[0]; /* from before devices told: the oldest we have */
}

bool push_vapid_is_old(const struct push_device_row *device)
{
    return device->has_vapid ? memcmp(device->vapid, keys[0].point, GG_P256_POINT) != 0 : keys[1].pair != NULL;
}

struct cached {
    char origin[200];
    const struct key *key;
    int64_t until;
    char header[900];
};
static _Thread_local struct cached cache[TOKENS];
static _Thread_local size_t cache_next;

const char *push_vapid_header(struct gg_arena *arena, const struct push_device_row *device, const char *origin,
                              const char *subject)
{
    const struct key *key = key_of(device);
    int64_t now = gg_now();
    char *header;

    for (size_t i = 0; i < TOKENS; i++)
        if (cache[i].key == key && now < cache[i].until && now > cache[i].until - TOKEN_LIFE &&
            strcmp(cache[i].origin, origin) == 0)
            return gg_strdup(arena, cache[i].header);
    header = gg_sprintf(arena, "Authorization: vapid t=%s, k=%s",
                        gg_vapid_sign(key->pair, arena, origin, subject, now + TOKEN_LIFE),
                        gg_base64url(arena, key->point, GG_P256_POINT));
    if (strlen(origin) < sizeof(cache[0].origin) && strlen(header) < sizeof(cache[0].header)) {
        struct cached *slot = &cache[cache_next++ % TOKENS];
        slot->key = key;
        slot->until = now + TOKEN_LIFE / 2;
        snprintf(slot->origin, sizeof(slot->origin), "%s", origin);
        snprintf(slot->header, sizeof(slot->header), "%s", header);
    }
    return header;
}

/* --- acknowledgements --- */

static void mac_of(const struct key *key, const uint8_t body[TOKEN - MAC], uint8_t mac[GG_SHA256])
{
    gg_hmac_sha256((struct gg_str){(const char *)key->ack_secret, sizeof(key->ack_secret)},
                   (struct gg_str){(const char *)body, TOKEN - MAC}, mac);
}

char *push_ack_token(struct gg_arena *arena, struct gg_id notice, int64_t step)
{
    uint8_t token[TOKEN], mac[GG_SHA256];

    memcpy(token, notice.b, 16);
    for (int i = 0; i < 4; i++)
        token[16 + i] = (uint8_t)((uint64_t)step >> (24 - 8 * i));
    mac_of(&keys[0], token, mac);
    memcpy(token + TOKEN - MAC, mac, MAC);
    return gg_base64url(arena, token, sizeof(token));
}

bool push_ack_read(struct gg_arena *arena, const char *token, struct gg_id *notice, int64_t *step)
{
    struct gg_str bytes;
    uint8_t mac[GG_SHA256];
    bool ours = false;

    if (!gg_base64url_decode(arena, (struct gg_str){token, strlen(token)}, &bytes) || bytes.n != TOKEN)
        return false;
    for (size_t i = 0; i < GG_LEN(keys); i++)
        if (keys[i].pair) {
            mac_of(&keys[i], (const uint8_t *)bytes.p, mac);
            ours = gg_secret_equal(bytes.p + TOKEN - MAC, mac, MAC) || ours;
        }
    memcpy(notice->b, bytes.p, 16);
    *step = 0;
    for (int i = 0; i < 4; i++)
        *step = *step << 8 | (uint8_t)bytes.p[16 + i];
    return ours;
}
