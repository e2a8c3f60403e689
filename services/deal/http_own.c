/* services/deal/http_own.c
 * Calendar feed, export. */
#include "http_own.h"

#include "libcommon/buf.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/picture.h"
#include "libcommon/service.h"
#include "proto/deal_market.h"
#include "store.h"
#include "store_own.h"

#include <string.h>

#define TOKEN_BYTES  24
#define EXPORT_MAX   ((size_t)64 * 1024 * 1024)
#define CALENDAR_MAX ((size_t)1024 * 1024)
#define PAST_MS      (30 * GG_DAY)

/* --- calendar --- */

static struct gg_str hash_of(struct gg_arena *arena, const char *token)
{
    uint8_t *hash = gg_alloc(arena, GG_SHA256);

    gg_sha256((struct gg_str){token, strlen(token)}, hash);
    return (struct gg_str){(const char *)hash, GG_SHA256};
}

enum gg_status deal_calendar_open(struct gg_call *call)
{
    struct deal_calendar *out = call->out;
    uint8_t secret[TOKEN_BYTES];
    char *token;

    gg_random(secret, sizeof(secret));
    token = gg_hex(call->arena, secret, sizeof(secret));
    GG_TRY(deal_calendar_put(call->db, call->user.id, hash_of(call->arena, token), gg_now()));
    out->url = gg_sprintf(call->arena, "%s/v1/deal/calendar/%s", gg_public_url(), token);
    gg_header(call, "Cache-Control", "no-store");
    return GG_OK;
}

enum gg_status deal_calendar_close(struct gg_call *call)
{
    return deal_calendar_delete(call->db, call->user.id);
}

enum gg_status deal_calendar_feed(struct gg_call *call)
{
    const char *token = call->params[0];
    struct deal_pickup_event *events;
    struct gg_id user;
    enum gg_status status;
    struct gg_buf out;
    size_t n;

    if (strlen(token) > 4 && strcmp(token + strlen(token) - 4, ".ics") == 0)
        token = gg_strndup(call->arena, token, strlen(token) - 4);
    status = deal_calendar_user(call->db, call->arena, hash_of(call->arena, token), &user);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such calendar");
    GG_TRY(status);
    GG_TRY(deal_pickups(call->db, call->arena, user, gg_now() - PAST_MS, gg_public_url(), &events, &n));
    gg_buf_init(&out, CALENDAR_MAX);
    deal_ics_print(&out, events, n);
    gg_header(call, "Cache-Control", "private, max-age=300");
    gg_reply_bytes(call, "text/calendar; charset=utf-8", gg_buf_str(&out));
    gg_buf_free(&out);
    return GG_OK;
}

/* --- export --- */

enum gg_status deal_own_export(struct gg_call *call)
{
    enum gg_status status;
    struct gg_buf out;

    gg_buf_init(&out, EXPORT_MAX);
    status = deal_export(call->db, call->arena, call->user.id, &out);
    if (status == GG_OK && !out.overflow) {
        gg_header(call, "Cache-Control", "no-store");
        gg_header(call, "Content-Disposition", "attachment; filename=\"gonggu-deal.json\"");
        gg_reply_bytes(call, "application/json", gg_buf_str(&out));
    }
    if (out.overflow)
        status = GG_ERROR;
    gg_buf_free(&out);
    return status;
}
