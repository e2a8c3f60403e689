/* services/chat/store_people.h
 * SQL about whole accounts: what goes when one is purged, and what an export tells. */
#ifndef SERVICES_CHAT_STORE_PEOPLE_H
#define SERVICES_CHAT_STORE_PEOPLE_H

#include "store_log.h"

/* (tx) Takes out what the account wrote and set; `rows` counts what was changed or removed. */
enum gg_status chat_person_purge(struct gg_db *db, struct gg_id user, int64_t *rows) GG_MUSTCHECK;

/* What an account wrote, by room and seq, above (room, seq). */
struct chat_own_entry {
    struct gg_id room;
    struct chat_entry_row entry;
};
enum gg_status chat_entries_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id room,
                               int64_t seq, int64_t limit, struct chat_own_entry **entries, size_t *n) GG_MUSTCHECK;
struct chat_own_member {
    struct chat_member_row member;
    int kind;
    const char *title;
    bool muted;
};
enum gg_status chat_members_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               struct chat_own_member **members, size_t *n) GG_MUSTCHECK;
struct chat_own_report {
    struct gg_id id, room;
    int64_t seq, at;
    int reason;
    const char *text;
};
enum gg_status chat_reports_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               struct chat_own_report **reports, size_t *n) GG_MUSTCHECK;

#endif
