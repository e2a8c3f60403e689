/* services/deal/http_own.c
 * Calendar feed, export, share page. */
#include "http_own.h"

#include "libcommon/buf.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/picture.h"
#include "libcommon/service.h"
#include "plan.h"
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

/* --- share page --- */

static void escape(struct gg_buf *out, const char *text)
{
    for (const char *p = text; *p; p++)
        switch (*p) {
        case '&':
            gg_buf_adds(out, "&amp;");
            break;
        case '<':
            gg_buf_adds(out, "&lt;");
            break;
        case '>':
            gg_buf_adds(out, "&gt;");
            break;
        case '"':
            gg_buf_adds(out, "&quot;");
            break;
        default:
            gg_buf_addc(out, *p);
        }
}

static void property(struct gg_buf *out, const char *name, const char *value)
{
    gg_buf_addf(out, "<meta property=\"%s\" content=\"", name);
    escape(out, value);
    gg_buf_adds(out, "\">\n");
}

/* "12,300" */
static char *won_text(struct gg_arena *arena, int64_t won)
{
    char *digits = gg_sprintf(arena, "%" PRId64, won), *out = gg_alloc(arena, 48);
    size_t n = strlen(digits), k = 0;

    for (size_t i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[k++] = ',';
        out[k++] = digits[i];
    }
    return out;
}

static void print_page(struct gg_call *call, const struct deal_row *deal, struct gg_buf *out)
{
    int64_t left = deal_free(deal);
    const char *site = gg_public_url();
    char id[GG_ID_TEXT], *url, *about, *image;

    gg_id_format(deal->id, id);
    url = gg_sprintf(call->arena, "%s/deals/%s", site, id);
    image = gg_sprintf(call->arena, "%s/v1/deal/photos/%.*s?size=medium", site, (int)strcspn(deal->photos, ","),
                       deal->photos);
    about = gg_sprintf(call->arena, "%s 한 몫 %s원", deal->unit, won_text(call->arena, deal_max_won(deal, 1)));
    about = deal->state != DEAL_RECRUITING ? gg_sprintf(call->arena, "%s · 모집이 끝났어요", about)
            : left > 0                     ? gg_sprintf(call->arena, "%s · %" PRId64 "몫 남았어요", about, left)
                                           : gg_sprintf(call->arena, "%s · 다 찼어요", about);
    gg_buf_adds(out, "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    escape(out, deal->title);
    gg_buf_adds(out, " · 공구</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n");
    property(out, "og:type", "website");
    property(out, "og:site_name", "공구");
    property(out, "og:locale", "ko_KR");
    property(out, "og:title", deal->title);
    property(out, "og:description", about);
    property(out, "og:url", gg_sprintf(call->arena, "%s/s/%s", site, id));
    property(out, "og:image", image);
    gg_buf_adds(out, "<meta name=\"description\" content=\"");
    escape(out, about);
    gg_buf_addf(out, "\">\n<meta http-equiv=\"refresh\" content=\"0;url=%s\">\n<link rel=\"canonical\" href=\"%s\">\n",
                url, url);
    gg_buf_adds(out, "</head>\n<body>\n<h1>");
    escape(out, deal->title);
    gg_buf_adds(out, "</h1>\n<p>");
    escape(out, about);
    gg_buf_addf(out, "</p>\n<p><a href=\"%s\">공구에서 보기</a></p>\n</body>\n</html>\n", url);
}

enum gg_status deal_share_page(struct gg_call *call)
{
    struct deal_row deal;
    enum gg_status status;
    struct gg_buf out;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_get(call->db, call->arena, id, &deal);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such deal");
    GG_TRY(status);
    gg_buf_init(&out, 64 * 1024);
    print_page(call, &deal, &out);
    gg_header(call, "Cache-Control", "public, max-age=60");
    gg_header(call, "Content-Security-Policy", "default-src 'none'; img-src 'self'; base-uri 'none'");
    gg_reply_bytes(call, "text/html; charset=utf-8", gg_buf_str(&out));
    gg_buf_free(&out);
    return GG_OK;
}
