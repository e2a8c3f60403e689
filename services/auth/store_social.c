/* services/auth/store_social.c
 * SQL of log-in by other services. */
#include "store_social.h"

#include <string.h>

#define COLUMNS "provider, verifier, nonce, user_id, subject, nickname, expires_at"

static void read_attempt(const struct gg_rows *rows, const uint8_t cookie_hash[GG_SHA256], struct auth_attempt *attempt)
{
    *attempt = (struct auth_attempt){
        .provider = gg_row_text(rows, 0, 0),
        .verifier = gg_row_text(rows, 0, 1),
        .nonce = gg_row_text(rows, 0, 2),
        .user = gg_row_id(rows, 0, 3),
        .subject = gg_row_text(rows, 0, 4),
        .nickname = gg_row_text(rows, 0, 5),
        .expires_at = gg_row_time(rows, 0, 6),
    };
    memcpy(attempt->cookie_hash, cookie_hash, GG_SHA256);
}

enum gg_status auth_attempt_insert(struct gg_db *db, const struct auth_attempt *attempt, int64_t now)
{
    GG_TRY(gg_db_exec(db, "DELETE FROM social_attempt WHERE expires_at < ? LIMIT 100", GG_ARGS(gg_v_time(now)), NULL));
    return gg_db_exec(
        db,
        "INSERT INTO social_attempt (cookie_hash, provider, state_hash, verifier, nonce, user_id, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_bytes(attempt->cookie_hash, GG_SHA256), gg_v_text(attempt->provider),
                gg_v_bytes(attempt->state_hash, GG_SHA256), gg_v_text(attempt->verifier), gg_v_text(attempt->nonce),
                gg_v_id(&attempt->user), gg_v_time(attempt->expires_at)),
        NULL);
}

enum gg_status auth_attempt_take(struct gg_db *db, struct gg_arena *arena, const uint8_t cookie_hash[GG_SHA256],
                                 const uint8_t state_hash[GG_SHA256], const char *provider, int64_t now,
                                 struct auth_attempt *attempt)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec_one(db,
                          "UPDATE social_attempt SET state_hash = NULL"
                          " WHERE cookie_hash = ? AND state_hash = ? AND provider = ? AND expires_at > ?",
                          GG_ARGS(gg_v_bytes(cookie_hash, GG_SHA256), gg_v_bytes(state_hash, GG_SHA256),
                                  gg_v_text(provider), gg_v_time(now))));
    GG_TRY(gg_db_query_one(db, arena, "SELECT " COLUMNS " FROM social_attempt WHERE cookie_hash = ?",
                           GG_ARGS(gg_v_bytes(cookie_hash, GG_SHA256)), &rows));
    read_attempt(&rows, cookie_hash, attempt);
    return GG_OK;
}

enum gg_status auth_attempt_keep(struct gg_db *db, const struct auth_attempt *attempt)
{
    return gg_db_exec_one(db,
                          "UPDATE social_attempt SET subject = ?, nickname = ?, expires_at = ? WHERE cookie_hash = ?",
                          GG_ARGS(gg_v_text(attempt->subject), gg_v_text(attempt->nickname),
                                  gg_v_time(attempt->expires_at), gg_v_bytes(attempt->cookie_hash, GG_SHA256)));
}

enum gg_status auth_attempt_waiting(struct gg_db *db, struct gg_arena *arena, const uint8_t cookie_hash[GG_SHA256],
                                    int64_t now, struct auth_attempt *attempt)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT " COLUMNS " FROM social_attempt"
                           " WHERE cookie_hash = ? AND subject IS NOT NULL AND expires_at > ?",
                           GG_ARGS(gg_v_bytes(cookie_hash, GG_SHA256), gg_v_time(now)), &rows));
    read_attempt(&rows, cookie_hash, attempt);
    return GG_OK;
}

enum gg_status auth_attempt_delete(struct gg_db *db, const uint8_t cookie_hash[GG_SHA256])
{
    return gg_db_exec_one(db, "DELETE FROM social_attempt WHERE cookie_hash = ?",
                          GG_ARGS(gg_v_bytes(cookie_hash, GG_SHA256)));
}

enum gg_status auth_social_user(struct gg_db *db, struct gg_arena *arena, const char *provider, const char *subject,
                                struct gg_id *user)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT user_id FROM social_link WHERE provider = ? AND subject = ?",
                           GG_ARGS(gg_v_text(provider), gg_v_text(subject)), &rows));
    *user = gg_row_id(&rows, 0, 0);
    return GG_OK;
}

enum gg_status auth_social_link(struct gg_db *db, const char *provider, const char *subject, struct gg_id user,
                                int64_t now)
{
    return gg_db_exec(db, "INSERT INTO social_link (provider, subject, user_id, linked_at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_text(provider), gg_v_text(subject), gg_v_id(&user), gg_v_time(now)), NULL);
}

enum gg_status auth_social_unlink(struct gg_db *db, const char *provider, struct gg_id user)
{
    return gg_db_exec_one(db, "DELETE FROM social_link WHERE user_id = ? AND provider = ?",
                          GG_ARGS(gg_v_id(&user), gg_v_text(provider)));
}

enum gg_status auth_social_links(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct auth_social_row **links, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT provider, linked_at FROM social_link WHERE user_id = ? ORDER BY provider",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *links = GG_NEW_ARRAY(arena, struct auth_social_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*links)[i] = (struct auth_social_row){gg_row_text(&rows, i, 0), gg_row_time(&rows, i, 1)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_social_names(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_list *names)
{
    struct auth_social_row *links;
    const char **texts;
    size_t n;

    GG_TRY(auth_social_links(db, arena, user, &links, &n));
    texts = GG_NEW_ARRAY(arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        texts[i] = links[i].provider;
    *names = (struct gg_list){texts, n};
    return GG_OK;
}
