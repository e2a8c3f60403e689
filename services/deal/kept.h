/* services/deal/kept.h
 * Pages, lists and maps of deals as this process keeps them for those who ask next, and how it learns that they are not
 * true any more: from the commit itself here, through Redis in the other instances, and by their age in the worst case.
 */
#ifndef SERVICES_DEAL_KEPT_H
#define SERVICES_DEAL_KEPT_H

#include "libcommon/reply_cache.h"
#include "store.h"

/* Begins to listen. Once, before the loop runs. */
void deal_kept_start(void);

enum deal_news {
    DEAL_NEWS_COUNTS, /* comments: its pages */
    DEAL_NEWS_SEATS,  /* what is left of it, who saved it: its pages, lists around its cell */
    DEAL_NEWS_ALL /* opened, edited, another state: its pages, maps of its cell, every list it is in or could enter */
};
/* (tx) Once this transaction has committed, nobody who asks any instance gets the old page or lists. */
void deal_kept_changed(struct gg_db *db, const struct deal_row *deal, enum deal_news what);
/* (tx) The same for what looks at a cell that it has left. */
void deal_kept_moved(struct gg_db *db, struct gg_id deal, int64_t cell);
/* (tx) The same for its page alone, by its id. */
void deal_kept_counted(struct gg_db *db, struct gg_id deal);

/* What is kept of a list: rows as nobody in particular sees them, and the cursor behind them. */
struct deal_kept_list {
    const struct deal_row *rows;
    size_t n;
    const char *next;
};
/* Where a list looks: around a point, or everywhere. */
struct deal_kept_place {
    bool near;
    int64_t lat, lng, reach_lat, reach_lng; /* micro-degrees */
};
struct deal_kept_place deal_kept_around(int64_t lat, int64_t lng, int64_t radius_m);

/* Where a map looks: rows and columns of the grid. */
struct deal_kept_patch {
    int64_t south, north, west, east, step;
};

/* Loop handlers: as gg_reply_cache_answer. `load` of a list makes a struct deal_kept_list. */
enum gg_status deal_kept_page(struct gg_call *call, struct gg_id deal,
                              enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use);
enum gg_status deal_kept_ask(struct gg_call *call, struct gg_id key, const struct deal_kept_place *place,
                             enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use);
enum gg_status deal_kept_share_page(struct gg_call *call, struct gg_id deal,
                                    enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use);
enum gg_status deal_kept_map(struct gg_call *call, const struct deal_kept_patch *patch,
                             enum gg_status (*load)(struct gg_call *call, struct gg_kept *kept), gg_handler use);

#endif
