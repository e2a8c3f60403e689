/* libcommon/sens.c
 * The SMS gateway: one signed request per message, another for its report. */
#include "libcommon/sens.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_client.h"
#include "libcommon/json.h"
#include "libcommon/log.h"

#include <iconv.h>
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
    GG_TEXT(struct sens_send, type, GG_REQUIRED, 1, 10, "SMS or LMS"),
    GG_TEXT(struct sens_send, contentType, GG_REQUIRED, 1, 10, "COMM or AD"),
    GG_TEXT(struct sens_send, countryCode, GG_REQUIRED, 1, 4, "82"),
    GG_TEXT(struct sens_send, from, GG_REQUIRED, 8, 16, "registered sender"),
    GG_TEXT(struct sens_send, content, GG_REQUIRED | GG_LINES, 1, 2000, "text"),
    GG_LIST(struct sens_send, messages, GG_REQUIRED, 1, 100, &to_msg, "receivers"),
};
static const struct gg_msg send_msg = GG_MSG("SensSend", struct sens_send, send_fields, "A SENS request.");

struct sens_sent {
    const char *requestId;
};
static const struct gg_field sent_fields[] = {
    GG_TEXT(struct sens_sent, requestId, GG_OPTIONAL, 1, 60, "the gateway's id"),
};
static const struct gg_msg sent_msg = GG_MSG("SensSent", struct sens_sent, sent_fields, "A SENS reply.");

struct sens_message {
    const char *status, *statusName;
};
struct sens_report {
    struct gg_list messages;
};
static const struct gg_field message_fields[] = {
    GG_TEXT(struct sens_message, status, GG_OPTIONAL, 1, 40, "READY, PROCESSING or COMPLETED"),
    GG_TEXT(struct sens_message, statusName, GG_OPTIONAL, 1, 40, "success or fail"),
};
static const struct gg_msg message_msg = GG_MSG("SensMessage", struct sens_message, message_fields, "One message.");
static const struct gg_field report_fields[] = {
    GG_LIST(struct sens_report, messages, GG_OPTIONAL, 0, 100, &message_msg, "of the request"),
};
static const struct gg_msg report_msg = GG_MSG("SensReport", struct sens_report, report_fields, "A SENS report.");

/* --- bytes --- */

/* Bytes of one character in code page 949 (which holds EUC-KR); 0: it cannot be written there. */
static size_t coded(iconv_t to_949, const char *p, size_t n)
{
    char out[8], *to = out, *from = (char *)(uintptr_t)p;
    size_t left = sizeof(out), in = n;

    iconv(to_949, NULL, NULL, NULL, NULL);
    if (iconv(to_949, &from, &in, &to, &left) != 0)
        return 0;
    return sizeof(out) - left;
}

char *gg_sens_text(struct gg_arena *arena, const char *text, size_t *bytes)
{
    iconv_t to_949 = iconv_open("CP949", "UTF-8");
    struct gg_buf out;
    char *result;

    if (to_949 == (iconv_t)-1)
        gg_fatal("sens", "this system cannot write code page 949");
    *bytes = 0;
    gg_buf_init(&out, 8192);
    while (*text) {
        size_t n = 1;
        while ((text[n] & 0xc0) == 0x80)
            n++;
        size_t width = coded(to_949, text, n);
        if (*bytes + (width ? width : 1) > GG_LMS_BYTES)
            break;
        if (width)
            gg_buf_add(&out, text, n);
        else
            gg_buf_addc(&out, '?');
        *bytes += width ? width : 1;
        text += n;
    }
    iconv_close(to_949);
    result = gg_strdup(arena, out.p);
    gg_buf_free(&out);
    return result;
}

/* --- requests --- */

/* What SENS wants signed is the path of the request, so it is cut out of the address. */
static const char *path_of(const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;

    return path ? path : "/";
}

static enum gg_status exchange(struct gg_arena *arena, const struct gg_sens_config *config, const char *method,
                               const char *url, struct gg_str body, struct gg_http_response *response)
{
    const char *stamp = gg_sprintf(arena, "%" PRId64, gg_now());
    const char *to_sign = gg_sprintf(arena, "%s %s\n%s\n%s", method, path_of(url), stamp, config->access_key);
    uint8_t mac[GG_SHA256];

    gg_hmac_sha256((struct gg_str){config->secret, strlen(config->secret)}, (struct gg_str){to_sign, strlen(to_sign)},
                   mac);
    return gg_http_exchange(
        arena,
        &(struct gg_http_request){
            .method = method,
            .url = url,
            .headers =
                (const char *const[]){
                    "Content-Type: application/json; charset=utf-8",
                    gg_sprintf(arena, "x-ncp-apigw-timestamp: %s", stamp),
                    gg_sprintf(arena, "x-ncp-iam-access-key: %s", config->access_key),
                    gg_sprintf(arena, "x-ncp-apigw-signature-v2: %s", gg_base64(arena, mac, sizeof(mac))), NULL},
            .body = body,
            .timeout_ms = 5000,
        },
        response);
}

static bool decode(struct gg_arena *arena, const struct gg_msg *msg, struct gg_str text, void *out)
{
    struct gg_field_errors *errors = GG_NEW(arena, struct gg_field_errors);

    errors->arena = arena;
    return gg_json_decode(arena, msg, text, out, errors) == GG_DECODED;
}

enum gg_status gg_sens_send(struct gg_arena *arena, const struct gg_sens_config *config, enum gg_sens_type type,
                            bool advertising, const char *to, const char *text, const char **request)
{
    struct sens_to receiver = {to};
    struct sens_send message = {
        type == GG_SENS_LMS ? "LMS" : "SMS", advertising ? "AD" : "COMM", "82", config->from, text, {&receiver, 1}};
    struct sens_sent sent;
    struct gg_http_response response;
    struct gg_buf body;
    enum gg_status status;

    gg_buf_init(&body, 16384);
    gg_json_encode(&body, &send_msg, &message);
    status = exchange(arena, config, "POST",
                      gg_sprintf(arena, "%s/v2/services/%s/messages", config->url, config->service_id),
                      gg_buf_str(&body), &response);
    gg_buf_free(&body);
    GG_TRY(status);
    if (response.status != 202) {
        gg_warn("sms_refused", "the SMS gateway answered %d", response.status);
        return GG_UNAVAILABLE;
    }
    if (request)
        *request = decode(arena, &sent_msg, response.body, &sent) ? sent.requestId : NULL;
    return GG_OK;
}

enum gg_status gg_sens_ask(struct gg_arena *arena, const struct gg_sens_config *config, const char *request,
                           enum gg_sens_report *report)
{
    struct gg_http_response response;
    struct sens_report answer;
    const struct sens_message *message;

    *report = GG_SENS_UNDER_WAY;
    GG_TRY(
        exchange(arena, config, "GET",
                 gg_sprintf(arena, "%s/v2/services/%s/messages?requestId=%s", config->url, config->service_id, request),
                 GG_STR(""), &response));
    if (response.status != 200 || !decode(arena, &report_msg, response.body, &answer)) {
        gg_warn("sms_report", "the SMS gateway answered %d to a question", response.status);
        return GG_UNAVAILABLE;
    }
    if (answer.messages.n == 0)
        return GG_OK;
    message = answer.messages.items;
    if (message->status && strcmp(message->status, "COMPLETED") == 0)
        *report =
            message->statusName && strcmp(message->statusName, "success") == 0 ? GG_SENS_DELIVERED : GG_SENS_FAILED;
    return GG_OK;
}
