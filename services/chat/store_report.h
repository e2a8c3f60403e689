/* services/chat/store_report.h
 * SQL of reports. Rows are only ever added. */
#ifndef SERVICES_CHAT_STORE_REPORT_H
#define SERVICES_CHAT_STORE_REPORT_H

#include "libcommon/crypto.h"
#include "store_log.h"

struct chat_report_row {
    int64_t number; /* 1, 2, 3 ... */
    struct gg_id id, room, reporter, accused;
    int64_t seq, at;
    int reason;
    const char *text, *snapshot;
    uint8_t hash[GG_SHA256];
};
/* (tx) Locks the chain: its newest number and hash. */
enum gg_status chat_chain_lock(struct gg_db *db, struct gg_arena *arena, int64_t *number,
                               uint8_t hash[GG_SHA256]) GG_MUSTCHECK;
/* (tx) GG_DUPLICATE: this reporter has reported the message already. */
enum gg_status chat_report_insert(struct gg_db *db, const struct chat_report_row *report) GG_MUSTCHECK;
enum gg_status chat_report_of(struct gg_db *db, struct gg_arena *arena, struct gg_id room, int64_t seq,
                              struct gg_id reporter, struct chat_report_row *report) GG_MUSTCHECK;
enum gg_status chat_report_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct chat_report_row *report) GG_MUSTCHECK;
/* The hash of a report's number; 0 is where the chain begins. */
enum gg_status chat_report_hash(struct gg_db *db, struct gg_arena *arena, int64_t number,
                                uint8_t hash[GG_SHA256]) GG_MUSTCHECK;
/* Newest first, below `before`. */
enum gg_status chat_reports(struct gg_db *db, struct gg_arena *arena, int64_t before, int64_t limit,
                            struct chat_report_row **reports, size_t *n) GG_MUSTCHECK;

#endif
