/* services/deal/store_listing.h
 * SQL of what can be found. Those marked (tx) run inside the transaction that changes the deal, under its lock. */
#ifndef SERVICES_DEAL_STORE_LISTING_H
#define SERVICES_DEAL_STORE_LISTING_H

#include "find.h"
#include "store.h"

/* (tx) Lets the listing follow the deal, with what is left of it; written anew (`renewed`) when state, title, tags,
 * price, place or category changed; `was`: the cell it was listed in before then, or GG_NONE. Called by deal_update, so
 * nobody else needs to. */
enum gg_status deal_listing_follow(struct gg_db *db, const struct deal_row *deal, bool *renewed,
                                   int64_t *was) GG_MUSTCHECK;

enum deal_sort { DEAL_SORT_NEAR, DEAL_SORT_NEW, DEAL_SORT_CLOSING, DEAL_SORT_LEFT, DEAL_SORT_SAVES, DEAL_SORT_PRICE };

/* What a list of deals asks for; -1, GG_NONE and empty mean anything. */
struct deal_question {
    int state;
    enum deal_sort sort;
    const char *const *words; /* all of them */
    size_t n_words;
    const struct deal_cell_range *ranges; /* in any of them; none: everywhere */
    size_t n_ranges;
    int64_t around; /* deals in those cells; not needed for `near` */
    int category, measure;
    int64_t most_unit_won, most_portion_won, closes_before, least_left;
    int64_t now;           /* past their closing instant recruiting deals are left out */
    int64_t after_key;     /* of the page before; GG_NONE: from the start */
    struct gg_id after_id; /* likewise */
};
struct deal_found {
    struct gg_id id;
    int64_t cell, key;
};
/* Ids in order of the sort (near: by cell list only, ids ascending; the caller orders the cells). */
enum gg_status deal_find(struct gg_db *db, struct gg_arena *arena, const struct deal_question *question, int64_t limit,
                         struct deal_found **found, size_t *n) GG_MUSTCHECK;
/* Cells with deals of that state in these ranges. */
enum gg_status deal_cells(struct gg_db *db, struct gg_arena *arena, int state, const struct deal_cell_range *ranges,
                          size_t n_ranges, struct deal_cell **cells, size_t *n) GG_MUSTCHECK;

/* What is counted of a deal. */
struct deal_extra_row {
    struct gg_id deal;
    int64_t views, saves, comments;
    bool saved; /* by the viewer */
};
/* Of at most 101 deals; those without a row are left out. */
enum gg_status deal_extras(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                           struct gg_id viewer, struct deal_extra_row **rows, size_t *n_rows) GG_MUSTCHECK;

/* Everybody whom this user blocked or who blocked him. Nobody for the zero id. */
enum gg_status deal_apart(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id **others,
                          size_t *n) GG_MUSTCHECK;

/* (tx) Saves or forgets a deal for a user and counts it; nothing happens when it is so already. */
enum gg_status deal_bookmark_set(struct gg_db *db, struct gg_id user, struct gg_id deal, bool saved,
                                 int64_t now) GG_MUSTCHECK;
enum gg_status deal_bookmarks(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before,
                              struct gg_id before_id, int64_t limit, struct deal_found **found, size_t *n) GG_MUSTCHECK;
enum gg_status deal_view_count(struct gg_db *db, struct gg_id deal) GG_MUSTCHECK;

#endif
