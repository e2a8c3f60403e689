/* services/deal/kept.c
 * Four caches and the news that empties them. Loop thread, but for what says (tx). */
#include "kept.h"

#include "find.h"
#include "libcommon/clock.h"
#include "libcommon/siblings.h"
#include "libcommon/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNEL           "deal:changed"
#define TIDY_EVERY        (5 * GG_SECOND)
#define TELL_MAX          (256 * 1024)
#define METRES_PER_DEGREE 111195.0

static const struct gg_reply_cache_class pages_class = {.name = "deal_page", .lives = 5 * GG_SECOND, .most = 4096};
static const struct gg_reply_cache_class lists_class = {.name = "deal_list", .lives = 2 * GG_SECOND, .most = 1024};
static const struct gg_reply_cache_class shares_class = {
    .name = "deal_share_page", .lives = 5 * GG_SECOND, .most = 1024};
static const struct gg_reply_cache_class maps_class = {.name = "deal_map", .lives = 2 * GG_SECOND, .most = 256};
static struct gg_reply_cache *pages, *lists, *share_pages, *maps;
static struct gg_reply_cache **const caches[] = {&pages, &lists, &share_pages, &maps};
static struct gg_siblings *siblings;

struct news {
    struct gg_id deal;
    int64_t cell;
    enum deal_news what;
};

/* --- forgetting --- */

static bool within(const struct deal_kept_place *place, int64_t cell)
{
    int64_t lat, lng;

    deal_cell_centre(cell, &lat, &lng);
    return llabs(lat - place->lat) <= place->reach_lat && llabs(lng - place->lng) <= place->reach_lng;
}

static bool lists_it(const struct deal_kept_list *list, struct gg_id deal)
{
    for (size_t i = 0; i < list->n; i++)
        if (gg_id_equal(list->rows[i].id, deal))
            return true;
    return false;
}

static bool stale(const void *about, const void *value, const void *arg)
{
    const struct deal_kept_place *place = about;
    const struct news *news = arg;

    if (news->what == DEAL_NEWS_ALL)
        return !place->near || !value || within(place, news->cell) || lists_it(value, news->deal);
    return place->near && within(place, news->cell);
}

static bool stale_map(const void *about, const void *value GG_UNUSED, const void *arg)
{
    const struct deal_kept_patch *patch = about;
    const struct news *news = arg;
    int64_t row = news->cell / DEAL_CELL_COLUMN, column = news->cell % DEAL_CELL_COLUMN;

    return row >= patch->south && row <= patch->north && column >= patch->west && column <= patch->east;
}

static void forget(const struct news *news)
{
    gg_reply_cache_drop(pages, news->deal);
    gg_reply_cache_drop(share_pages, news->deal);
    if (news->what != DEAL_NEWS_COUNTS)
        gg_reply_cache_drop_if(lists, stale, news);
    if (news->what == DEAL_NEWS_ALL)
        gg_reply_cache_drop_if(maps, stale_map, news);
}

/* --- telling the other instances --- */

static void tell(void *arg)
{
    struct news *news = arg;
    char id[GG_ID_TEXT], line[80];
    int n;

    forget(news);
    gg_id_format(news->deal, id);
    n = snprintf(line, sizeof(line), "%s %d %" PRId64 "\n", id, (int)news->what, news->cell);
    gg_siblings_tell(siblings, (struct gg_str){line, (size_t)n}, GG_STR(""));
    free(news);
}

/* On the thread of the commit. */
static void committed(void *arg)
{
    struct news *copy = gg_xmalloc(sizeof(*copy));

    memcpy(copy, arg, sizeof(*copy));
    gg_loop_post(tell, copy);
}

void deal_kept_changed(struct gg_db *db, const struct deal_row *deal, enum deal_news what)
{
    const struct news news = {deal->id, deal_cell_of(deal->lat, deal->lng), what};

    gg_db_after_commit_copied(db, committed, &news, sizeof(news));
}

void deal_kept_moved(struct gg_db *db, struct gg_id deal, int64_t cell)
{
    const struct news news = {deal, cell, DEAL_NEWS_ALL};

    gg_db_after_commit_copied(db, committed, &news, sizeof(news));
}

void deal_kept_counted(struct gg_db *db, struct gg_id deal)
{
    const struct news news = {deal, 0, DEAL_NEWS_COUNTS};

    gg_db_after_commit_copied(db, committed, &news, sizeof(news));
}

/* --- hearing --- */

/* "<id> <what> <cell>" */
static bool parse(struct gg_str line, struct news *news)
{
    int64_t what;

    if (line.n < 40 || line.p[36] != ' ' || line.p[38] != ' ' ||
        !gg_id_parse((struct gg_str){line.p, 36}, &news->deal) ||
        !gg_parse_i64((struct gg_str){line.p + 37, 1}, 0, DEAL_NEWS_ALL, &what) ||
        !gg_parse_i64((struct gg_str){line.p + 39, line.n - 39}, 0, INT64_MAX, &news->cell))
        return false;
    news->what = (enum deal_news)what;
    return true;
}

static void heard(struct gg_str text)
{
    struct news news;

    if (!text.p) /* what was told meanwhile is gone */
        for (size_t i = 0; i < GG_LEN(caches); i++)
            gg_reply_cache_drop_all(*caches[i]);
    while (text.n > 0) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        if (parse((struct gg_str){text.p, n}, &news))
            forget(&news);
        n += end != NULL;
        text = (struct gg_str){text.p + n, text.n - n};
    }
}

static void tidy(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < GG_LEN(caches); i++)
        gg_reply_cache_tidy(*caches[i]);
}

void deal_kept_start(void)
{
    pages = gg_reply_cache_create(&pages_class);
    lists = gg_reply_cache_create(&lists_class);
    share_pages = gg_reply_cache_create(&shares_class);
    maps = gg_reply_cache_create(&maps_class);
    gg_loop_every(TIDY_EVERY, tidy, NULL);
    siblings = gg_siblings_start(CHANNEL, "deal_changes_lost_total", TELL_MAX, heard);
}

/* --- asking --- */

struct deal_kept_place deal_kept_around(int64_t lat, int64_t lng, int64_t radius_m)
{
    double degrees = (double)radius_m / METRES_PER_DEGREE + 0.01; /* a cell more: a box too large drops too much only */
    double shrink = cos((fabs((double)lat / 1e6) + degrees) * M_PI / 180);
    bool pole = shrink < 0.01;

    return (struct deal_kept_place){.near = true,
                                    .lat = lat,
                                    .lng = lng,
                                    .reach_lat = (int64_t)(degrees * 1e6),
                                    .reach_lng = pole ? INT64_C(360000000) : (int64_t)(degrees / shrink * 1e6)};
}

enum gg_status deal_kept_page(struct gg_call *call, struct gg_id deal,
                              enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use)
{
    const struct gg_reply_ask ask = {.key = deal, .load = load, .use = use, .pool = GG_POOL_LOOP};

    return gg_reply_cache_answer(pages, call, &ask);
}

enum gg_status deal_kept_ask(struct gg_call *call, struct gg_id key, const struct deal_kept_place *place,
                             enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use)
{
    const struct gg_reply_ask ask = {.key = key,
                                     .about = place,
                                     .about_n = sizeof(*place),
                                     .load = load,
                                     .use = use,
                                     .pool = gg_id_is_zero(call->user.id) ? GG_POOL_LOOP : GG_POOL_DB};

    return gg_reply_cache_answer(lists, call, &ask);
}

enum gg_status deal_kept_share_page(struct gg_call *call, struct gg_id deal,
                                    enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use)
{
    const struct gg_reply_ask ask = {.key = deal, .load = load, .use = use, .pool = GG_POOL_LOOP};

    return gg_reply_cache_answer(share_pages, call, &ask);
}

enum gg_status deal_kept_map(struct gg_call *call, const struct deal_kept_patch *patch,
                             enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use)
{
    char *key = gg_sprintf(call->arena, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, patch->south,
                           patch->north, patch->west, patch->east, patch->step);
    const struct gg_reply_ask ask = {.key = gg_id_derive(GG_ID_ZERO, key),
                                     .about = patch,
                                     .about_n = sizeof(*patch),
                                     .load = load,
                                     .use = use,
                                     .pool = GG_POOL_LOOP};

    return gg_reply_cache_answer(maps, call, &ask);
}
