/* services/push/http_device.c
 * Devices over HTTP. */
#include "http.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "vapid.h"
#include "webpush.h"

#include <string.h>

enum gg_status push_http_vapid(struct gg_call *call)
{
    struct push_vapid *out = call->out;
    uint8_t point[GG_P256_POINT];

    push_vapid_public(point);
    out->key = gg_base64url(call->arena, point, sizeof(point));
    return GG_OK;
}

/* base64url of exactly `n` bytes; padding, which some browsers add, is cut. */
static bool decode_key(struct gg_call *call, const char *text, uint8_t *out, size_t n)
{
    struct gg_str bytes, source = {text, strcspn(text, "=")};

    if (!gg_base64url_decode(call->arena, source, &bytes) || bytes.n != n)
        return false;
    memcpy(out, bytes.p, n);
    return true;
}

/* A point that is not on the curve would make every later delivery fail. */
static bool usable_point(const uint8_t point[GG_P256_POINT])
{
    struct gg_ec_key *key = gg_ec_key_generate();
    uint8_t secret[GG_P256_SECRET];
    bool ok = gg_ecdh(key, point, secret);

    gg_ec_key_destroy(key);
    return ok;
}

struct push_device push_device_view(const struct push_device_row *row)
{
    return (struct push_device){row->id, row->endpoint, row->created_at, row->active_at, push_vapid_is_old(row)};
}

/* A client that does not say which key it subscribed with was given the present one. */
static bool read_vapid(struct gg_call *call, const struct push_device_put *in, struct push_device_row *device)
{
    device->has_vapid = true;
    if (in->key)
        return decode_key(call, in->key, device->vapid, sizeof(device->vapid));
    push_vapid_public(device->vapid);
    return true;
}

enum gg_status push_http_put_device(struct gg_call *call)
{
    const struct push_device_put *in = call->in;
    struct push_device_row device = {
        .user = call->user.id,
        .endpoint = in->endpoint,
        .lang = in->lang == PUSH_EN ? PUSH_EN : PUSH_KO,
        .created_at = gg_now(),
        .active_at = gg_now(),
    };
    struct push_device_row *devices;
    size_t n, others = 0;
    enum gg_status status;

    if (!gg_param_id(call, 0, &device.id))
        return GG_OK;
    if (!push_endpoint_origin(call->arena, in->endpoint, push_config.hosts, push_config.allow_http))
        return gg_fail(call, &PUSH_BAD_ENDPOINT, "the endpoint's host is not on the list");
    if (!decode_key(call, in->keys.p256dh, device.p256dh, sizeof(device.p256dh)) ||
        !decode_key(call, in->keys.auth, device.auth, sizeof(device.auth)) || !usable_point(device.p256dh) ||
        !read_vapid(call, in, &device))
        return gg_fail(call, &PUSH_BAD_KEYS, "p256dh and key must be P-256 points and auth 16 bytes");
    GG_TRY(push_devices(call->db, call->arena, call->user.id, &devices, &n));
    for (size_t i = 0; i < n; i++) {
        others += !gg_id_equal(devices[i].id, device.id);
        if (gg_id_equal(devices[i].id, device.id))
            device.created_at = devices[i].created_at;
    }
    if (others >= PUSH_DEVICES_MAX)
        return gg_fail(call, &PUSH_DEVICE_LIMIT, "remove a device first");
    status = push_device_put(call->db, &device);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "this device is not yours");
    GG_TRY(status);
    *(struct push_device *)call->out = push_device_view(&device);
    return GG_OK;
}

enum gg_status push_http_delete_device(struct gg_call *call)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = push_device_delete(call->db, call->user.id, id);
    return status == GG_NOT_FOUND ? gg_fail(call, &GG_P_NOT_FOUND, "you have no such device") : status;
}

enum gg_status push_http_devices(struct gg_call *call)
{
    struct push_device_list *out = call->out;
    struct push_device_row *devices;
    struct push_device *items;
    size_t n;

    GG_TRY(push_devices(call->db, call->arena, call->user.id, &devices, &n));
    items = GG_NEW_ARRAY(call->arena, struct push_device, n);
    for (size_t i = 0; i < n; i++)
        items[i] = push_device_view(&devices[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}
