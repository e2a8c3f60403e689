/* libcommon/due.h
 * Work that falls due, kept as rows: survives restarts, runs once over any number of instances (SKIP LOCKED). */
#ifndef LIBCOMMON_DUE_H
#define LIBCOMMON_DUE_H

#include "libcommon/db.h"

/* Sets or moves the due time of (kind, subject), in the caller's transaction. */
enum gg_status gg_due_set(struct gg_db *db, const char *kind, struct gg_id subject, int64_t at) GG_MUSTCHECK;
/* The same for several subjects in few statements; inside a transaction. */
struct gg_due_at {
    struct gg_id subject;
    int64_t at;
};
enum gg_status gg_due_set_all(struct gg_db *db, struct gg_arena *arena, const char *kind, const struct gg_due_at *due,
                              size_t n) GG_MUSTCHECK;
/* Sets the due time of (kind, subject) unless an earlier one stands: for work that many wait for together. */
enum gg_status gg_due_sooner(struct gg_db *db, const char *kind, struct gg_id subject, int64_t at) GG_MUSTCHECK;
enum gg_status gg_due_clear(struct gg_db *db, const char *kind, struct gg_id subject) GG_MUSTCHECK;

struct gg_due {
    struct gg_arena *arena; /* lives until after the commit */
    struct gg_db *db;       /* inside a transaction; the row is deleted in it unless the handler set it again */
    struct gg_redis *redis;
    struct gg_id subject;
    int64_t at;       /* when it was due */
    int64_t attempts; /* earlier tries that failed */
};
/* GG_OK: done. Anything else is tried again with back-off (1 s doubling to 5 min), for ever, and counted. */
typedef enum gg_status (*gg_due_handler)(struct gg_due *due);
/* The same for `n` (1 to GG_DUE_TOGETHER) that are due together, by ascending subject, in one transaction and one
 * arena. When it fails with several, they are tried one by one, so that only the one that cannot be done waits. */
#define GG_DUE_TOGETHER 64
typedef enum gg_status (*gg_due_all_handler)(struct gg_due *due, size_t n);

struct gg_due_kind {
    const char *kind;    /* "deal.close" */
    bool after_catch_up; /* an event could still prevent it: wait for gg_bus_caught_up(at) */
    bool outbound; /* the handler does outbound HTTP: it runs on an OUT worker, outside a transaction (due->db is a
                      free connection), and the row is deleted after GG_OK */
    gg_due_handler handle;
    const char *doc;
    gg_due_all_handler
        handle_all; /* instead of `handle`, of kinds that are not outbound: where many fall due at once */
};

#endif
