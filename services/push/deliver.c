/* services/push/deliver.c
 * Due work `push.deliver`: one notice to one device, tried until the push service takes it or it is stale. */
#include "inbox.h"

#include "libcommon/clock.h"
#include "libcommon/http_client.h"
#include "libcommon/json.h"
#include "libcommon/jwt.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "webpush.h"

#define VAPID_LIFE (12 * GG_HOUR)

#define COUNT(result) gg_count("push_deliveries_total", "result=\"" result "\"", 1)

/* The notice as the service worker will read it. */
static enum gg_status encrypt(struct gg_arena *arena, const struct push_facts *facts,
                              const struct push_device_row *device, struct gg_str *body)
{
    struct push_notice notice;
    struct gg_buf plain;
    struct gg_ec_key *key = gg_ec_key_generate();
    uint8_t salt[16];
    bool ok;

    push_render(arena, facts, device->lang == PUSH_EN ? PUSH_EN : PUSH_KO, &notice);
    gg_buf_init(&plain, PUSH_PAYLOAD_MAX);
    gg_json_encode(&plain, &push_notice_msg, &notice);
    gg_random(salt, sizeof(salt));
    ok =
        !plain.overflow && push_encrypt(arena, device->p256dh, device->auth, key, salt, gg_buf_str(&plain), true, body);
    gg_buf_free(&plain);
    gg_ec_key_destroy(key);
    if (!ok)
        gg_error("push_encrypt", "a notice could not be encrypted for a device");
    return ok ? GG_OK : GG_ERROR;
}

static enum gg_status post(struct gg_arena *arena, const struct push_facts *facts, const struct push_device_row *device,
                           const char *origin, struct gg_str body, struct gg_http_response *response)
{
    char *token = gg_vapid_sign(push_vapid_key, arena, origin, push_config.vapid_subject, gg_now() + VAPID_LIFE);
    uint8_t public_key[GG_P256_POINT];
    char *topic = gg_base64url(arena, facts->id.b, sizeof(facts->id.b)); /* a retry replaces, never doubles */

    gg_ec_key_public(push_vapid_key, public_key);
    return gg_http_exchange(
        arena,
        &(struct gg_http_request){
            .method = "POST",
            .url = device->endpoint,
            .headers = (const char *const[]){gg_sprintf(arena, "Authorization: vapid t=%s, k=%s", token,
                                                        gg_base64url(arena, public_key, sizeof(public_key))),
                                             "Content-Type: application/octet-stream", "Content-Encoding: aes128gcm",
                                             gg_sprintf(arena, "TTL: %" PRId64, push_ttl(facts->kind)),
                                             gg_sprintf(arena, "Urgency: %s", push_urgency(facts->kind)),
                                             gg_sprintf(arena, "Topic: %s", topic), NULL},
            .body = body,
            .timeout_ms = 8000,
            .public_only = !push_config.allow_http,
        },
        response);
}

/* What the push service's answer means for this delivery. */
static enum gg_status conclude(struct gg_due *due, const struct push_device_row *device,
                               const struct gg_http_response *response)
{
    if (response->status >= 200 && response->status < 300) {
        COUNT("accepted");
        return push_delivery_delete(due->db, due->subject);
    }
    if (response->status == 404 || response->status == 410) {
        COUNT("gone");
        gg_info("push_device_gone", "a subscription has ended; the device is forgotten");
        enum gg_status status = push_device_delete(due->db, device->user, device->id); /* deliveries go with it */
        return status == GG_NOT_FOUND ? GG_OK : status;
    }
    if (response->status == 429 || response->status >= 500) {
        COUNT("deferred");
        if (response->retry_after_ms == GG_NONE)
            return GG_UNAVAILABLE;
        return gg_due_set(due->db, PUSH_DUE_DELIVER, due->subject, gg_now() + response->retry_after_ms);
    }
    COUNT("refused");
    gg_error("push_refused", "a push service answered %d", response->status);
    return push_delivery_delete(due->db, due->subject);
}

static enum gg_status deliver(struct gg_due *due)
{
    struct gg_id notice_id, device_id;
    struct push_facts facts;
    struct push_device_row device;
    struct gg_http_response response;
    struct gg_str body;
    int64_t give_up_at;
    char *origin;
    enum gg_status status = push_delivery_get(due->db, due->arena, due->subject, &notice_id, &device_id, &give_up_at);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    GG_TRY(push_notice_get(due->db, due->arena, notice_id, &facts));
    GG_TRY(push_device_get(due->db, due->arena, device_id, &device));
    origin = push_endpoint_origin(due->arena, device.endpoint, push_config.hosts, push_config.allow_http);
    if (facts.read || gg_now() >= give_up_at || !origin) {
        COUNT("stale");
        return push_delivery_delete(due->db, due->subject);
    }
    GG_TRY(encrypt(due->arena, &facts, &device, &body));
    GG_TRY(post(due->arena, &facts, &device, origin, body, &response));
    return conclude(due, &device, &response);
}

const struct gg_due_kind push_due_kinds[] = {
    {PUSH_DUE_DELIVER, false, true, deliver, "a notice on its way to a device"},
};
const size_t push_due_kinds_n = GG_LEN(push_due_kinds);
