/* services/push/http.c
 * The routes of the push service. */
#include "inbox.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "webpush.h"

#include <string.h>

#define DEVICES_MAX 20

static enum gg_status list_notices(struct gg_call *call)
{
    const struct push_notice_query *query = call->query;
    struct push_notice_list *out = call->out;
    enum push_lang lang = query->lang == PUSH_EN ? PUSH_EN : PUSH_KO;
    int64_t before = INT64_MAX, limit = gg_page_limit(&query->page);
    struct push_facts *facts;
    struct push_notice *items;
    struct gg_id unused;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &unused))
        return GG_OK;
    GG_TRY(push_notices(call->db, call->arena, call->user.id, before, query->unread, limit + 1, &facts, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &facts[n - 1].position, 1, facts[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct push_notice, n);
    for (size_t i = 0; i < n; i++)
        push_render(call->arena, &facts[i], lang, &items[i]);
    out->items = (struct gg_list){items, n};
    return push_unread(call->db, call->arena, call->user.id, &out->unread);
}

static enum gg_status read_notice(struct gg_call *call)
{
    struct gg_id id;
    bool was_unread;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = push_notice_read(call->db, call->user.id, id, gg_now(), &was_unread);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "you have no such notice");
    GG_TRY(status);
    return was_unread ? push_count(call->db, call->arena, call->user.id, -1) : GG_OK;
}

static enum gg_status read_all(struct gg_call *call)
{
    const struct push_read_all *in = call->in;
    struct push_facts facts;
    int64_t changed;
    enum gg_status status = push_notice_get(call->db, call->arena, in->up_to, &facts);

    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(facts.user, call->user.id)))
        return gg_fail(call, &GG_P_NOT_FOUND, "you have no such notice");
    GG_TRY(status);
    GG_TRY(push_notices_read(call->db, call->user.id, facts.position, gg_now(), &changed));
    return changed ? push_count(call->db, call->arena, call->user.id, -changed) : GG_OK;
}

static enum gg_status vapid_key(struct gg_call *call)
{
    struct push_vapid *out = call->out;
    uint8_t point[GG_P256_POINT];

    gg_ec_key_public(push_vapid_key, point);
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

static struct push_device view(const struct push_device_row *row)
{
    return (struct push_device){row->id, row->endpoint, row->created_at};
}

static enum gg_status put_device(struct gg_call *call)
{
    const struct push_device_put *in = call->in;
    struct push_device_row device = {
        .user = call->user.id,
        .endpoint = in->endpoint,
        .lang = in->lang == PUSH_EN ? PUSH_EN : PUSH_KO,
        .created_at = gg_now(),
    };
    struct push_device_row *devices;
    size_t n, others = 0;
    enum gg_status status;

    if (!gg_param_id(call, 0, &device.id))
        return GG_OK;
    if (!push_endpoint_origin(call->arena, in->endpoint, push_config.hosts, push_config.allow_http))
        return gg_fail(call, &PUSH_BAD_ENDPOINT, "the endpoint's host is not on the list");
    if (!decode_key(call, in->keys.p256dh, device.p256dh, sizeof(device.p256dh)) ||
        !decode_key(call, in->keys.auth, device.auth, sizeof(device.auth)) || !usable_point(device.p256dh))
        return gg_fail(call, &PUSH_BAD_KEYS, "p256dh must be a P-256 point and auth 16 bytes");
    GG_TRY(push_devices(call->db, call->arena, call->user.id, &devices, &n));
    for (size_t i = 0; i < n; i++)
        others += !gg_id_equal(devices[i].id, device.id);
    if (others >= DEVICES_MAX)
        return gg_fail(call, &PUSH_DEVICE_LIMIT, "remove a device first");
    status = push_device_put(call->db, &device);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "this device is not yours");
    GG_TRY(status);
    *(struct push_device *)call->out = view(&device);
    return GG_OK;
}

static enum gg_status delete_device(struct gg_call *call)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = push_device_delete(call->db, call->user.id, id);
    return status == GG_NOT_FOUND ? gg_fail(call, &GG_P_NOT_FOUND, "you have no such device") : status;
}

static enum gg_status list_devices(struct gg_call *call)
{
    struct push_device_list *out = call->out;
    struct push_device_row *devices;
    struct push_device *items;
    size_t n;

    GG_TRY(push_devices(call->db, call->arena, call->user.id, &devices, &n));
    items = GG_NEW_ARRAY(call->arena, struct push_device, n);
    for (size_t i = 0; i < n; i++)
        items[i] = view(&devices[i]);
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static const struct gg_problem *const device_problems[] = {&PUSH_BAD_ENDPOINT, &PUSH_BAD_KEYS, &PUSH_DEVICE_LIMIT,
                                                           NULL};

const struct gg_route push_routes[] = {
    {.method = GG_GET,
     .path = "/v1/push/inbox",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &push_notice_query_msg,
     .out = &push_notice_list_msg,
     .status = 200,
     .handle = list_notices,
     .summary = "Read one's inbox"},
    {.method = GG_POST,
     .path = "/v1/push/inbox/read-all",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &push_read_all_msg,
     .status = 204,
     .handle = read_all,
     .summary = "Mark all up to one notice as read"},
    {.method = GG_POST,
     .path = "/v1/push/inbox/:id/read",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = read_notice,
     .summary = "Mark one notice as read"},
    {.method = GG_GET,
     .path = "/v1/push/vapid-key",
     .pool = GG_POOL_LOOP,
     .out = &push_vapid_msg,
     .status = 200,
     .handle = vapid_key,
     .summary = "The key to subscribe with"},
    {.method = GG_GET,
     .path = "/v1/push/devices",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &push_device_list_msg,
     .status = 200,
     .handle = list_devices,
     .summary = "List one's subscribed devices"},
    {.method = GG_PUT,
     .path = "/v1/push/devices/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &push_device_put_msg,
     .out = &push_device_msg,
     .status = 200,
     .rate = 60,
     .handle = put_device,
     .summary = "Subscribe a device, or bring its subscription up to date",
     .problems = device_problems},
    {.method = GG_DELETE,
     .path = "/v1/push/devices/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = delete_device,
     .summary = "Unsubscribe a device"},
};
const size_t push_routes_n = GG_LEN(push_routes);
