/* services/deal/http_share_page.c
 * The page that other sites preview, with its Open Graph tags; printed once for all who ask. */
#include "http_share_page.h"

#include "http_common.h"
#include "kept.h"
#include "libcommon/buf.h"
#include "libcommon/service.h"
#include "plan.h"

#include <string.h>

#define PAGE_MAX (64 * 1024)

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

static enum gg_status load(struct gg_call *call, struct gg_kept *kept)
{
    struct deal_row deal;
    struct gg_buf out;
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_NOT_FOUND;
    GG_TRY(deal_get(call->db, call->arena, id, &deal));
    gg_buf_init(&out, PAGE_MAX);
    print_page(call, &deal, &out);
    gg_kept_print(kept, "text/html; charset=utf-8", gg_buf_str(&out));
    gg_buf_free(&out);
    return GG_OK;
}

static enum gg_status use(struct gg_call *call)
{
    const struct gg_kept *kept = gg_call_kept_value(call);

    if (!kept)
        return deal_call_none(call);
    gg_header(call, "Content-Security-Policy", "default-src 'none'; img-src 'self'; base-uri 'none'");
    gg_reply_kept(call, kept);
    return GG_OK;
}

enum gg_status deal_share_page(struct gg_call *call)
{
    struct gg_id id;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    return deal_kept_share_page(call, id, load, use);
}
