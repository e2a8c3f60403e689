/* services/push/batch.h
 * Statements over many rows at once: lists of ids of fixed lengths, so that statements stay cached, and inserts of many
 * rows. */
#ifndef SERVICES_PUSH_BATCH_H
#define SERVICES_PUSH_BATCH_H

#include "libcommon/buf.h"
#include "libcommon/db.h"

#define PUSH_BATCH 500

#define PUSH_Q10 "?,?,?,?,?,?,?,?,?,?"
#define PUSH_Q100                                                                                                      \
    PUSH_Q10 "," PUSH_Q10 "," PUSH_Q10 "," PUSH_Q10 "," PUSH_Q10 "," PUSH_Q10 "," PUSH_Q10 "," PUSH_Q10 "," PUSH_Q10   \
             "," PUSH_Q10
#define PUSH_Q500 PUSH_Q100 "," PUSH_Q100 "," PUSH_Q100 "," PUSH_Q100 "," PUSH_Q100

/* A statement with one IN list, for a few ids and for many. */
struct push_in {
    const char *few, *many;
};
#define PUSH_IN(head, tail)                                                                                            \
    (const struct push_in)                                                                                             \
    {                                                                                                                  \
        head " IN (" PUSH_Q10 ")" tail, head " IN (" PUSH_Q500 ")" tail                                                \
    }

/* Runs it with the arguments before the list, up to PUSH_BATCH ids (at least one), and those behind. */
enum gg_status push_in_query(struct gg_db *db, struct gg_arena *arena, const struct push_in *sql,
                             const struct gg_val *before, size_t n_before, const struct gg_id *ids, size_t n,
                             const struct gg_val *behind, size_t n_behind, struct gg_rows *rows) GG_MUSTCHECK;
enum gg_status push_in_exec(struct gg_db *db, struct gg_arena *arena, const struct push_in *sql,
                            const struct gg_val *before, size_t n_before, const struct gg_id *ids, size_t n,
                            const struct gg_val *behind, size_t n_behind, int64_t *affected) GG_MUSTCHECK;
/* "head (?, ?), (?, ?) tail": `n` rows of `columns` arguments each. No row: nothing is done. */
enum gg_status push_insert_rows(struct gg_db *db, const char *head, const char *tail, const struct gg_val *args,
                                size_t columns, size_t n) GG_MUSTCHECK;

#endif
