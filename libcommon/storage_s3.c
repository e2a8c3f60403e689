/* libcommon/storage_s3.c
 * Pictures in a bucket: PUT, GET and DELETE of S3, signed with AWS Signature Version 4. Path style, as every
 * S3-compatible store understands it. */
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_client.h"
#include "libcommon/log.h"
#include "libcommon/storage_internal.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 15000

bool gg_storage_s3_start(const struct gg_storage_config *config)
{
    size_t n = strlen(config->endpoint);
    bool scheme = strncmp(config->endpoint, "https://", 8) == 0 || strncmp(config->endpoint, "http://", 7) == 0;

    if (scheme && config->endpoint[n - 1] != '/' && config->bucket[0] && config->access_key[0] && config->secret_key[0])
        return true;
    gg_error("storage", "object storage needs an address without a slash at its end, a bucket, and both keys");
    return false;
}

static struct gg_str text(const char *p)
{
    return (struct gg_str){p, strlen(p)};
}

static struct gg_str hmac(struct gg_arena *arena, struct gg_str key, const char *data)
{
    uint8_t *out = gg_alloc(arena, GG_SHA256);

    gg_hmac_sha256(key, text(data), out);
    return (struct gg_str){(const char *)out, GG_SHA256};
}

static char *hash_hex(struct gg_arena *arena, struct gg_str data)
{
    uint8_t hash[GG_SHA256];

    gg_sha256(data, hash);
    return gg_hex(arena, hash, GG_SHA256);
}

char *gg_sigv4_authorization(struct gg_arena *arena, const struct gg_sigv4 *r)
{
    char *day = gg_strndup(arena, r->date, 8);
    char *scope = gg_sprintf(arena, "%s/%s/s3/aws4_request", day, r->region);
    char *canonical = gg_sprintf(arena, "%s\n%s\n%s\n%s\n%s\n%s", r->method, r->path, r->query, r->headers,
                                 r->signed_headers, r->payload_hash);
    char *to_sign = gg_sprintf(arena, "AWS4-HMAC-SHA256\n%s\n%s\n%s", r->date, scope, hash_hex(arena, text(canonical)));
    struct gg_str key = hmac(arena, text(gg_sprintf(arena, "AWS4%s", r->secret_key)), day);

    key = hmac(arena, key, r->region);
    key = hmac(arena, key, "s3");
    key = hmac(arena, key, "aws4_request");
    key = hmac(arena, key, to_sign);
    return gg_sprintf(arena, "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s", r->access_key, scope,
                      r->signed_headers, gg_hex(arena, key.p, GG_SHA256));
}

/* "2026-11-21T09:00:00.000Z" -> "20261121T090000Z" */
static char *compact_date(struct gg_arena *arena)
{
    char t[GG_TIME_TEXT];

    gg_time_format(gg_now(), t);
    return gg_sprintf(arena, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", t, t + 5, t + 8, t + 11, t + 14, t + 17);
}

static enum gg_status exchange(struct gg_arena *arena, const struct gg_storage_config *config, const char *method,
                               const char *name, const char *media_type, struct gg_str body, size_t max,
                               struct gg_http_response *response)
{
    const char *host = strstr(config->endpoint, "://") + 3;
    struct gg_sigv4 r = {.method = method,
                         .path = gg_sprintf(arena, "/%s/%s", config->bucket, name),
                         .query = "",
                         .signed_headers = "host;x-amz-content-sha256;x-amz-date",
                         .payload_hash = hash_hex(arena, body),
                         .date = compact_date(arena),
                         .region = config->region,
                         .access_key = config->access_key,
                         .secret_key = config->secret_key};
    const char *headers[5] = {0};

    r.headers = gg_sprintf(arena, "host:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n", host, r.payload_hash, r.date);
    headers[0] = gg_sprintf(arena, "Authorization: %s", gg_sigv4_authorization(arena, &r));
    headers[1] = gg_sprintf(arena, "x-amz-content-sha256: %s", r.payload_hash);
    headers[2] = gg_sprintf(arena, "x-amz-date: %s", r.date);
    headers[3] = media_type ? gg_sprintf(arena, "Content-Type: %s", media_type) : NULL;
    return gg_http_exchange(arena,
                            &(struct gg_http_request){.method = method,
                                                      .url = gg_sprintf(arena, "%s%s", config->endpoint, r.path),
                                                      .headers = headers,
                                                      .body = body,
                                                      .timeout_ms = TIMEOUT_MS,
                                                      .max_reply = max},
                            response);
}

static enum gg_status judge(const char *what, int status)
{
    if (status >= 200 && status < 300)
        return GG_OK;
    if (status == 404)
        return GG_NOT_FOUND;
    gg_error("storage", "object storage answered %d to %s", status, what);
    return GG_UNAVAILABLE;
}

enum gg_status gg_storage_s3_put(struct gg_arena *arena, const struct gg_storage_config *config, const char *name,
                                 const char *media_type, struct gg_str bytes)
{
    struct gg_http_response response;
    enum gg_status status;

    GG_TRY(exchange(arena, config, "PUT", name, media_type, bytes, 0, &response));
    status = judge("PUT", response.status);
    if (status == GG_NOT_FOUND)
        gg_error("storage", "there is no bucket %s", config->bucket);
    return status == GG_NOT_FOUND ? GG_UNAVAILABLE : status;
}

enum gg_status gg_storage_s3_get(struct gg_arena *arena, const struct gg_storage_config *config, const char *name,
                                 size_t max, struct gg_str *bytes)
{
    struct gg_http_response response;

    GG_TRY(exchange(arena, config, "GET", name, NULL, (struct gg_str){"", 0}, max, &response));
    GG_TRY(judge("GET", response.status));
    *bytes = response.body;
    return GG_OK;
}

enum gg_status gg_storage_s3_delete(struct gg_arena *arena, const struct gg_storage_config *config, const char *name)
{
    struct gg_http_response response;
    enum gg_status status;

    GG_TRY(exchange(arena, config, "DELETE", name, NULL, (struct gg_str){"", 0}, 0, &response));
    status = judge("DELETE", response.status);
    return status == GG_NOT_FOUND ? GG_OK : status;
}
