/* services/pay/seal.h
 * The daily seal: a Merkle root over everything that was written since the last one. Two trees: the entries an account
 * has gained make its root, the roots of all such accounts, by id, make the seal. */
#ifndef PAY_SEAL_H
#define PAY_SEAL_H

#include "merkle.h"
#include "store.h"

/* Seals once for each day of Seoul, at the first call in it; else does nothing. Outside a transaction. */
enum gg_status pay_seal_when_due(struct gg_db *db, struct gg_arena *arena) GG_MUSTCHECK;

/* --- store_seal.c --- */

struct pay_seal_row {
    int64_t number, day, accounts, entries, made_at;
    pay_hash root;
};
/* The newest seals below `number` (GG_NONE: from the end). */
enum gg_status pay_seals(struct gg_db *db, struct gg_arena *arena, int64_t below, int64_t limit,
                         struct pay_seal_row **seals, size_t *n) GG_MUSTCHECK;
enum gg_status pay_seal_read(struct gg_db *db, struct gg_arena *arena, int64_t number,
                             struct pay_seal_row *out) GG_MUSTCHECK;
enum gg_status pay_seal_insert(struct gg_db *db, const struct pay_seal_row *seal) GG_MUSTCHECK;
/* Writes what was counted. */
enum gg_status pay_seal_finish(struct gg_db *db, const struct pay_seal_row *seal) GG_MUSTCHECK;

struct pay_seal_part { /* of one account */
    struct gg_id account;
    int64_t from, to, seal, leaf;
    pay_hash root;
};
enum gg_status pay_seal_part_insert(struct gg_db *db, const struct pay_seal_part *part) GG_MUSTCHECK;
/* The part that covers this version. GG_NOT_FOUND: not sealed yet. */
enum gg_status pay_seal_part_of(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t version,
                                struct pay_seal_part *out) GG_MUSTCHECK;
/* Accounts after `after` with the version they have now and the last sealed one. */
struct pay_seal_account {
    struct gg_id id;
    int64_t version, sealed;
};
enum gg_status pay_seal_accounts(struct gg_db *db, struct gg_arena *arena, struct gg_id after, int64_t limit,
                                 struct pay_seal_account **accounts, size_t *n) GG_MUSTCHECK;
/* Hashes of the entries after < version <= to, in order, at most `limit`. */
enum gg_status pay_entry_hashes(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t after,
                                int64_t to, int64_t limit, pay_hash **hashes, size_t *n) GG_MUSTCHECK;
/* The roots of all parts of a seal, by leaf. */
enum gg_status pay_seal_roots(struct gg_db *db, struct gg_arena *arena, int64_t seal, pay_hash **roots,
                              size_t *n) GG_MUSTCHECK;

#endif
