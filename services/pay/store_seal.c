/* services/pay/store_seal.c
 * SQL of the daily seals. */
#include "libcommon/log.h"
#include "seal.h"

#include <string.h>

static void read_hash(const struct gg_rows *rows, size_t row, size_t column, pay_hash out)
{
    struct gg_str bytes = gg_row_bytes(rows, row, column);

    if (bytes.n != GG_SHA256)
        gg_fatal("broken_data", "a hash of %zu bytes", bytes.n);
    memcpy(out, bytes.p, GG_SHA256);
}

static pay_hash *read_hashes(struct gg_arena *arena, const struct gg_rows *rows, size_t *n)
{
    pay_hash *hashes = GG_NEW_ARRAY(arena, pay_hash, rows->n);

    *n = rows->n;
    for (size_t i = 0; i < rows->n; i++)
        read_hash(rows, i, 0, hashes[i]);
    return hashes;
}

#define SEAL_QUERY "SELECT number, day, accounts, entries, made_at, root FROM seal "

static struct pay_seal_row read_seal(const struct gg_rows *rows, size_t i)
{
    struct pay_seal_row seal = {
        .number = gg_row_int(rows, i, 0),
        .day = gg_row_int(rows, i, 1),
        .accounts = gg_row_int(rows, i, 2),
        .entries = gg_row_int(rows, i, 3),
        .made_at = gg_row_time(rows, i, 4),
    };

    read_hash(rows, i, 5, seal.root);
    return seal;
}

enum gg_status pay_seals(struct gg_db *db, struct gg_arena *arena, int64_t below, int64_t limit,
                         struct pay_seal_row **seals, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, SEAL_QUERY "WHERE number < ? ORDER BY number DESC LIMIT ?",
                       GG_ARGS(gg_v_int(below == GG_NONE ? INT64_MAX : below), gg_v_int(limit)), &rows));
    *n = rows.n;
    *seals = GG_NEW_ARRAY(arena, struct pay_seal_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*seals)[i] = read_seal(&rows, i);
    return GG_OK;
}

enum gg_status pay_seal_read(struct gg_db *db, struct gg_arena *arena, int64_t number, struct pay_seal_row *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, SEAL_QUERY "WHERE number = ?", GG_ARGS(gg_v_int(number)), &rows));
    *out = read_seal(&rows, 0);
    return GG_OK;
}

enum gg_status pay_seal_insert(struct gg_db *db, const struct pay_seal_row *seal)
{
    return gg_db_exec(db, "INSERT INTO seal (number, day, accounts, entries, root, made_at) VALUES (?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_int(seal->number), gg_v_int(seal->day), gg_v_int(seal->accounts),
                              gg_v_int(seal->entries), gg_v_bytes(seal->root, GG_SHA256), gg_v_time(seal->made_at)),
                      NULL);
}

enum gg_status pay_seal_finish(struct gg_db *db, const struct pay_seal_row *seal)
{
    return gg_db_exec_one(db, "UPDATE seal SET accounts = ?, entries = ?, root = ? WHERE number = ?",
                          GG_ARGS(gg_v_int(seal->accounts), gg_v_int(seal->entries), gg_v_bytes(seal->root, GG_SHA256),
                                  gg_v_int(seal->number)));
}

enum gg_status pay_seal_part_insert(struct gg_db *db, const struct pay_seal_part *part)
{
    return gg_db_exec(
        db,
        "INSERT INTO seal_account (account_id, to_version, from_version, seal, leaf, root) VALUES (?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&part->account), gg_v_int(part->to), gg_v_int(part->from), gg_v_int(part->seal),
                gg_v_int(part->leaf), gg_v_bytes(part->root, GG_SHA256)),
        NULL);
}

enum gg_status pay_seal_part_of(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t version,
                                struct pay_seal_part *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT from_version, to_version, seal, leaf, root FROM seal_account"
                           " WHERE account_id = ? AND to_version >= ? ORDER BY to_version LIMIT 1",
                           GG_ARGS(gg_v_id(&account), gg_v_int(version)), &rows));
    *out = (struct pay_seal_part){
        .account = account,
        .from = gg_row_int(&rows, 0, 0),
        .to = gg_row_int(&rows, 0, 1),
        .seal = gg_row_int(&rows, 0, 2),
        .leaf = gg_row_int(&rows, 0, 3),
    };
    read_hash(&rows, 0, 4, out->root);
    return GG_OK;
}

enum gg_status pay_seal_accounts(struct gg_db *db, struct gg_arena *arena, struct gg_id after, int64_t limit,
                                 struct pay_seal_account **accounts, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT a.id, a.version, COALESCE((SELECT MAX(s.to_version) FROM seal_account s"
                       " WHERE s.account_id = a.id), 0) FROM account a WHERE a.id > ? ORDER BY a.id LIMIT ?",
                       GG_ARGS(gg_v_bytes(after.b, sizeof(after.b)), gg_v_int(limit)), &rows));
    *n = rows.n;
    *accounts = GG_NEW_ARRAY(arena, struct pay_seal_account, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*accounts)[i] = (struct pay_seal_account){
            .id = gg_row_id(&rows, i, 0), .version = gg_row_int(&rows, i, 1), .sealed = gg_row_int(&rows, i, 2)};
    return GG_OK;
}

enum gg_status pay_entry_hashes(struct gg_db *db, struct gg_arena *arena, struct gg_id account, int64_t after,
                                int64_t to, int64_t limit, pay_hash **hashes, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT hash FROM entry WHERE account_id = ? AND version > ? AND version <= ? ORDER BY version LIMIT ?",
        GG_ARGS(gg_v_id(&account), gg_v_int(after), gg_v_int(to), gg_v_int(limit)), &rows));
    *hashes = read_hashes(arena, &rows, n);
    return GG_OK;
}

enum gg_status pay_seal_roots(struct gg_db *db, struct gg_arena *arena, int64_t seal, pay_hash **roots, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT root FROM seal_account WHERE seal = ? ORDER BY leaf", GG_ARGS(gg_v_int(seal)),
                       &rows));
    *roots = read_hashes(arena, &rows, n);
    return GG_OK;
}
