/* services/deal/http_save.c
 * Bookmarks and views. */
#include "http_save.h"

#include "http_common.h"
#include "http_find.h"
#include "kept.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "proto/deal_market.h"
#include "store_listing.h"

#include <string.h>

#define VIEW_AGAIN_MS (6 * GG_HOUR)

static enum gg_status set(struct gg_call *call, bool saved)
{
    struct deal_row deal;
    enum gg_status status;

    if (!deal_call_read(call, &deal, &status))
        return status;
    deal_kept_changed(call->db, &deal, DEAL_NEWS_SEATS);
    return deal_bookmark_set(call->db, call->user.id, deal.id, saved, gg_now());
}

enum gg_status deal_bookmark_put(struct gg_call *call)
{
    return set(call, true);
}

enum gg_status deal_bookmark_delete(struct gg_call *call)
{
    return set(call, false);
}

enum gg_status deal_bookmark_list(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t before = GG_NONE, limit = gg_page_limit(&query->page);
    struct gg_id id = GG_ID_ZERO, *ids;
    const char *next = NULL;
    struct deal_found *found;
    struct deal_row *deals;
    size_t n, n_deals;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &id))
        return GG_OK;
    GG_TRY(deal_bookmarks(call->db, call->arena, call->user.id, before, id, limit + 1, &found, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        next = gg_cursor_encode(call->arena, &found[n - 1].key, 1, found[n - 1].id);
    }
    ids = GG_NEW_ARRAY(call->arena, struct gg_id, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = found[i].id;
    GG_TRY(deal_get_many(call->db, call->arena, ids, n, &deals, &n_deals));
    GG_TRY(deal_drop_apart(call, deals, &n_deals));
    return deal_answer_list(call, deals, n_deals, next);
}

/* The page says so once it is shown. Who looks again within six hours counts once; addresses are kept as a hash.
 * Without Redis nobody counts: a number too low is better than one that every reload raises. */
enum gg_status deal_viewed(struct gg_call *call)
{
    char deal[GG_ID_TEXT], user[GG_ID_TEXT];
    uint8_t hash[GG_SHA256];
    enum gg_status status;
    struct gg_id id;
    char *who;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    gg_id_format(id, deal);
    gg_id_format(call->user.id, user);
    who = gg_id_is_zero(call->user.id) ? gg_sprintf(call->arena, "%s|%s", call->address, call->user_agent) : user;
    gg_sha256((struct gg_str){who, strlen(who)}, hash);
    status =
        gg_redis_set_new(call->redis, gg_sprintf(call->arena, "deal:view:%s:%s", deal, gg_hex(call->arena, hash, 12)),
                         GG_STR("1"), VIEW_AGAIN_MS);
    if (status != GG_OK)
        return GG_OK;
    status = deal_view_count(call->db, id);
    return status == GG_NOT_FOUND ? deal_call_none(call) : status;
}
