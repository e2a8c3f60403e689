/* services/auth/store_passkey.c
 * SQL of passkeys. */
#include "store_passkey.h"

#include <string.h>

#define COLUMNS "id, user_id, credential, point, counter, name, made_at, used_at"

enum gg_status auth_challenge_insert(struct gg_db *db, const struct auth_challenge *challenge, int64_t now)
{
    GG_TRY(
        gg_db_exec(db, "DELETE FROM passkey_challenge WHERE expires_at < ? LIMIT 100", GG_ARGS(gg_v_time(now)), NULL));
    return gg_db_exec(db,
                      "INSERT INTO passkey_challenge (id, purpose, challenge, user_id, act_digest, expires_at)"
                      " VALUES (?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&challenge->id), gg_v_int(challenge->purpose),
                              gg_v_bytes(challenge->challenge, 32), gg_v_id(&challenge->user),
                              gg_v_bytes(challenge->act, GG_SHA256), gg_v_time(challenge->expires_at)),
                      NULL);
}

enum gg_status auth_challenge_take(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int purpose, int64_t now,
                                   struct auth_challenge *challenge)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT challenge, user_id, act_digest FROM passkey_challenge"
                           " WHERE id = ? AND purpose = ? AND expires_at > ?",
                           GG_ARGS(gg_v_id(&id), gg_v_int(purpose), gg_v_time(now)), &rows));
    GG_TRY(gg_db_exec_one(db, "DELETE FROM passkey_challenge WHERE id = ?", GG_ARGS(gg_v_id(&id))));
    *challenge = (struct auth_challenge){.id = id, .purpose = purpose, .user = gg_row_id(&rows, 0, 1)};
    memcpy(challenge->challenge, gg_row_bytes(&rows, 0, 0).p, 32);
    memcpy(challenge->act, gg_row_bytes(&rows, 0, 2).p, GG_SHA256);
    return GG_OK;
}

enum gg_status auth_passkey_insert(struct gg_db *db, const struct auth_passkey_row *passkey)
{
    uint8_t hash[GG_SHA256];

    gg_sha256(passkey->credential, hash);
    return gg_db_exec(db,
                      "INSERT INTO passkey (id, user_id, credential_hash, credential, point, counter, name, made_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&passkey->id), gg_v_id(&passkey->user), gg_v_bytes(hash, sizeof(hash)),
                              gg_v_bytes(passkey->credential.p, passkey->credential.n),
                              gg_v_bytes(passkey->point, GG_P256_POINT), gg_v_int(passkey->counter),
                              gg_v_text(passkey->name), gg_v_time(passkey->made_at)),
                      NULL);
}

static void read_passkey(const struct gg_rows *rows, size_t row, struct auth_passkey_row *passkey)
{
    *passkey = (struct auth_passkey_row){
        .id = gg_row_id(rows, row, 0),
        .user = gg_row_id(rows, row, 1),
        .credential = gg_row_bytes(rows, row, 2),
        .counter = gg_row_int(rows, row, 4),
        .name = gg_row_text(rows, row, 5),
        .made_at = gg_row_time(rows, row, 6),
        .used_at = gg_row_time(rows, row, 7),
    };
    memcpy(passkey->point, gg_row_bytes(rows, row, 3).p, GG_P256_POINT);
}

enum gg_status auth_passkey_by_credential(struct gg_db *db, struct gg_arena *arena, struct gg_str credential,
                                          struct auth_passkey_row *passkey)
{
    struct gg_rows rows;
    uint8_t hash[GG_SHA256];

    gg_sha256(credential, hash);
    GG_TRY(gg_db_query_one(db, arena, "SELECT " COLUMNS " FROM passkey WHERE credential_hash = ?",
                           GG_ARGS(gg_v_bytes(hash, sizeof(hash))), &rows));
    read_passkey(&rows, 0, passkey);
    return GG_OK;
}

enum gg_status auth_passkeys_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                struct auth_passkey_row **passkeys, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT " COLUMNS " FROM passkey WHERE user_id = ? ORDER BY id",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *passkeys = GG_NEW_ARRAY(arena, struct auth_passkey_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        read_passkey(&rows, i, &(*passkeys)[i]);
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_passkey_used(struct gg_db *db, struct gg_id id, int64_t counter, int64_t now)
{
    return gg_db_exec_one(
        db, "UPDATE passkey SET counter = ?, used_at = ? WHERE id = ? AND (counter < ? OR (counter = 0 AND ? = 0))",
        GG_ARGS(gg_v_int(counter), gg_v_time(now), gg_v_id(&id), gg_v_int(counter), gg_v_int(counter)));
}

enum gg_status auth_passkey_rename(struct gg_db *db, struct gg_id user, struct gg_id id, const char *name)
{
    return gg_db_exec_one(db, "UPDATE passkey SET name = ? WHERE id = ? AND user_id = ?",
                          GG_ARGS(gg_v_text(name), gg_v_id(&id), gg_v_id(&user)));
}

enum gg_status auth_passkey_delete(struct gg_db *db, struct gg_id user, struct gg_id id)
{
    return gg_db_exec_one(db, "DELETE FROM passkey WHERE id = ? AND user_id = ?",
                          GG_ARGS(gg_v_id(&id), gg_v_id(&user)));
}
