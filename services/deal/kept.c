/* services/deal/kept.c
 * Four caches and the news that empties them. Loop thread, but for what says (tx). */
#include "kept.h"

#include "find.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/metrics.h"
#include "libcommon/text.h"
#include "libcommon/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHANNEL           "deal:changed"
#define ORIGIN            16 /* letters: which process told */
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
static char origin[ORIGIN + 1];
static struct gg_buf out; /* what the others are still to hear */
static bool publishing;

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

struct publish_job {
    struct gg_job job; /* first */
    struct gg_buf text;
};

static void publish_more(void);

static void publish_run(struct gg_job *job, struct gg_worker *worker)
{
    struct publish_job *p = (struct publish_job *)job;

    if (gg_redis_publish(worker->redis, CHANNEL, gg_buf_str(&p->text)) != GG_OK)
        gg_count("deal_changes_lost_total", "", 1); /* the others find out by age */
}

static void publish_done(struct gg_job *job)
{
    gg_buf_free(&((struct publish_job *)job)->text);
    gg_arena_destroy(job->arena);
    publishing = false;
    publish_more();
}

/* One message at a time; what comes meanwhile goes with the next. */
static void publish_more(void)
{
    struct gg_arena *arena;
    struct publish_job *p;

    if (publishing || out.n == 0)
        return;
    arena = gg_arena_create();
    p = GG_NEW(arena, struct publish_job);
    p->text = out;
    p->job = (struct gg_job){.pool = GG_POOL_DB, .run = publish_run, .done = publish_done, .arena = arena};
    gg_buf_init(&out, TELL_MAX);
    publishing = gg_work_submit(&p->job);
    if (!publishing) {
        gg_count("deal_changes_lost_total", "", 1);
        gg_buf_free(&p->text);
        gg_arena_destroy(arena);
    }
}

static void tell(void *arg)
{
    struct news *news = arg;
    char id[GG_ID_TEXT];

    forget(news);
    gg_id_format(news->deal, id);
    if (out.n == 0)
        gg_buf_adds(&out, origin);
    gg_buf_addf(&out, "%s %d %" PRId64 "\n", id, (int)news->what, news->cell);
    free(news);
    publish_more();
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

static void heard(const char *channel GG_UNUSED, struct gg_str text, void *arg GG_UNUSED)
{
    struct news news;

    if (!text.p) { /* what was told meanwhile is gone */
        for (size_t i = 0; i < GG_LEN(caches); i++)
            gg_reply_cache_drop_all(*caches[i]);
        return;
    }
    if (text.n < ORIGIN || memcmp(text.p, origin, ORIGIN) == 0)
        return;
    text = (struct gg_str){text.p + ORIGIN, text.n - ORIGIN};
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
    struct gg_arena *arena = gg_arena_create();
    uint8_t random[ORIGIN / 2];

    gg_random(random, sizeof(random));
    memcpy(origin, gg_hex(arena, random, sizeof(random)), ORIGIN);
    gg_arena_destroy(arena);
    gg_buf_init(&out, TELL_MAX);
    pages = gg_reply_cache_create(&pages_class);
    lists = gg_reply_cache_create(&lists_class);
    share_pages = gg_reply_cache_create(&shares_class);
    maps = gg_reply_cache_create(&maps_class);
    gg_loop_every(TIDY_EVERY, tidy, NULL);
    gg_redis_subscribe(CHANNEL, heard, NULL);
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
