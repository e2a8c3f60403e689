/* services/auth/sms.c
 * The SMS gateway: one signed request per message. */
#include "sms.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_client.h"
#include "libcommon/json.h"
#include "libcommon/log.h"

#include <string.h>

struct sens_to {
    const char *to;
};
struct sens_send {
    const char *type, *contentType, *countryCode, *from, *content;
    struct gg_list messages;
};
static const struct gg_field to_fields[] = {GG_TEXT(struct sens_to, to, GG_REQUIRED, 10, 11, "number")};
static const struct gg_msg to_msg = GG_MSG("SensTo", struct sens_to, to_fields, "A receiver.");
static const struct gg_field send_fields[] = {
    GG_TEXT(struct sens_send, type, GG_REQUIRED, 1, 10, "SMS"),
    GG_TEXT(struct sens_send, contentType, GG_REQUIRED, 1, 10, "COMM"),
    GG_TEXT(struct sens_send, countryCode, GG_REQUIRED, 1, 4, "82"),
    GG_TEXT(struct sens_send, from, GG_REQUIRED, 8, 16, "registered sender"),
    GG_TEXT(struct sens_send, content, GG_REQUIRED | GG_LINES, 1, 90, "text"),
    GG_LIST(struct sens_send, messages, GG_REQUIRED, 1, 100, &to_msg, "receivers"),
};
static const struct gg_msg send_msg = GG_MSG("SensSend", struct sens_send, send_fields, "A SENS request.");

/* What SENS wants signed is the path of the request, so it is cut out of the address. */
static const char *path_of(const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;

    return path ? path : "/";
}

enum gg_status auth_sms_send(struct gg_arena *arena, const struct auth_sms_config *config, const char *to,
                             const char *text)
{
    struct sens_to receiver = {to};
    struct sens_send message = {"SMS", "COMM", "82", config->from, text, {&receiver, 1}};
    const char *url = gg_sprintf(arena, "%s/v2/services/%s/messages", config->url, config->service_id);
    const char *stamp = gg_sprintf(arena, "%" PRId64, gg_now());
    const char *to_sign = gg_sprintf(arena, "POST %s\n%s\n%s", path_of(url), stamp, config->access_key);
    uint8_t mac[GG_SHA256];
    struct gg_buf body;
    struct gg_http_response response;
    enum gg_status status;

    gg_hmac_sha256((struct gg_str){config->secret, strlen(config->secret)}, (struct gg_str){to_sign, strlen(to_sign)},
                   mac);
    gg_buf_init(&body, 4096);
    gg_json_encode(&body, &send_msg, &message);
    status = gg_http_exchange(
        arena,
        &(struct gg_http_request){
            .method = "POST",
            .url = url,
            .headers =
                (const char *const[]){
                    "Content-Type: application/json; charset=utf-8",
                    gg_sprintf(arena, "x-ncp-apigw-timestamp: %s", stamp),
                    gg_sprintf(arena, "x-ncp-iam-access-key: %s", config->access_key),
                    gg_sprintf(arena, "x-ncp-apigw-signature-v2: %s", gg_base64(arena, mac, sizeof(mac))), NULL},
            .body = gg_buf_str(&body),
            .timeout_ms = 5000,
        },
        &response);
    gg_buf_free(&body);
    if (status == GG_OK && response.status != 202) {
        gg_warn("sms_refused", "the SMS gateway answered %d", response.status);
        status = GG_UNAVAILABLE;
    }
    return status;
}
