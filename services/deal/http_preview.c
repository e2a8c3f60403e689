/* services/deal/http_preview.c
 * Fetching a page that a user names: public addresses only, checked again at every connection and after every redirect,
 * few redirects, little time, little room. */
#include "http_preview.h"

#include "http_photo.h"
#include "libcommon/clock.h"
#include "libcommon/http_client.h"
#include "libcommon/picture.h"
#include "og.h"
#include "proto/deal_market.h"

#include <string.h>

#define REDIRECTS_MAX 4
#define PAGE_MAX      ((size_t)1024 * 1024)
#define PAGE_MS       5000
#define PICTURE_MS    6000

/* Follows redirects itself. GG_NOT_FOUND: the address cannot be used, or answers nothing of use. */
static enum gg_status fetch(struct gg_call *call, const char **url, size_t max, int64_t timeout_ms,
                            struct gg_http_response *response)
{
    static const char *const headers[] = {"User-Agent: Mozilla/5.0 (compatible; GongguPreview/1.0)",
                                          "Accept: text/html,image/*;q=0.9,*/*;q=0.1", "Accept-Language: ko,en;q=0.5",
                                          NULL};

    for (int i = 0; i <= REDIRECTS_MAX && *url; i++) {
        const char *host = deal_url_host(call->arena, *url);
        bool known = deal_config.preview_host[0] && strcmp(host, deal_config.preview_host) == 0;
        enum gg_status status = gg_http_exchange(call->arena,
                                                 &(struct gg_http_request){.method = "GET",
                                                                           .url = *url,
                                                                           .headers = headers,
                                                                           .timeout_ms = timeout_ms,
                                                                           .max_reply = max,
                                                                           .public_only = !known},
                                                 response);
        if (status != GG_OK)
            return GG_NOT_FOUND;
        if (response->status < 300 || response->status >= 400)
            return response->status == 200 ? GG_OK : GG_NOT_FOUND;
        *url = response->location ? deal_url_join(call->arena, *url, response->location) : NULL;
    }
    return GG_NOT_FOUND;
}

/* The page's picture becomes an upload of the user, cleaned like any other. None is no failure. */
static enum gg_status take_picture(struct gg_call *call, const char *page, const char *image, const char **name)
{
    struct gg_picture *picture = GG_NEW(call->arena, struct gg_picture);
    const char *url = deal_url_join(call->arena, page, image);
    struct deal_photo_kept *kept = GG_NEW(call->arena, struct deal_photo_kept);
    struct gg_http_response response;

    *name = NULL;
    if (!url || fetch(call, &url, GG_PICTURE_BYTES_MAX, PICTURE_MS, &response) != GG_OK ||
        !gg_picture_take(call->arena, response.body, picture))
        return GG_OK;
    kept->picture = picture;
    GG_TRY(deal_photo_keep(call, kept));
    if (!kept->full)
        *name = picture->name;
    return GG_OK;
}

/* At most `max` characters. */
static const char *cut(struct gg_arena *arena, const char *text, size_t max)
{
    const char *p = text;

    if (!text)
        return NULL;
    for (size_t n = 0; *p && n < max; n++)
        for (p++; (*p & 0xc0) == 0x80; p++)
            ;
    return gg_strndup(arena, text, (size_t)(p - text));
}

enum gg_status deal_link_preview(struct gg_call *call)
{
    const struct deal_link *in = call->in;
    struct deal_link_preview *out = call->out;
    const char *url = in->url, *photo = NULL;
    struct gg_http_response response;
    struct deal_og og;

    if (!deal_url_valid(url))
        return gg_fail_field(call, "/url", "format", "http or https, with a host and without a user name");
    if (fetch(call, &url, PAGE_MAX, PAGE_MS, &response) != GG_OK)
        return gg_fail(call, &DEAL_LINK_UNREADABLE, "the page does not answer, or not in public");
    deal_og_read(call->arena, response.body, &og);
    if (og.image)
        GG_TRY(take_picture(call, url, og.image, &photo));
    *out = (struct deal_link_preview){
        .url = in->url,
        .title = cut(call->arena, og.title, 60),
        .description = cut(call->arena, og.description, 500),
        .site = cut(call->arena, og.site, 60),
        .price_won = og.price_won,
        .photo = photo,
        .photo_url = photo ? gg_sprintf(call->arena, "/v1/deal/photos/%s", photo) : NULL,
    };
    return GG_OK;
}
