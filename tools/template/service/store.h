/* services/@NAME@/store.h
 * SQL of the @NAME@ service. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_@UPPER@_STORE_H
#define SERVICES_@UPPER@_STORE_H

#include "@NAME@.h"

/* (tx) Locks one person's notes and counts them. */
enum gg_status @NAME@_notes_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               int64_t *kept) GG_MUSTCHECK;
/* (tx) */
enum gg_status @NAME@_note_insert(struct gg_db *db, struct gg_id user, const struct @NAME@_note *note) GG_MUSTCHECK;
/* Newest first, ids below `before`; ids are in the order of time. */
enum gg_status @NAME@_notes(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id before,
                          int64_t limit, struct gg_list *notes) GG_MUSTCHECK;

#endif
