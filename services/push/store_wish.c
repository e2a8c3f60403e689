/* services/push/store_wish.c
 * SQL of wishes: preferences, mutes, consents, digests, keywords. */
#include "store_wish.h"

#include "libcommon/clock.h"

enum gg_status push_person_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct push_person_row *row)
{
    struct gg_rows rows;

    *row = (struct push_person_row){.tz = "Asia/Seoul",
                                    .quiet_from = GG_NONE,
                                    .quiet_until = GG_NONE,
                                    .digest_every = 1440,
                                    .digest_at = 1080,
                                    .ads_since = GG_NONE,
                                    .ads_at_night_since = GG_NONE,
                                    .phone_since = GG_NONE};
    GG_TRY(gg_db_query(db, arena,
                       "SELECT lang, tz, quiet_from, quiet_until, digest_every, digest_at, ads_since,"
                       " ads_at_night_since, phone, phone_since FROM person WHERE user_id = ?",
                       GG_ARGS(gg_v_id(&user)), &rows));
    if (rows.n == 0)
        return GG_OK;
    *row = (struct push_person_row){
        .lang = (int)gg_row_int(&rows, 0, 0),
        .tz = gg_row_text(&rows, 0, 1),
        .quiet_from = gg_row_int(&rows, 0, 2),
        .quiet_until = gg_row_int(&rows, 0, 3),
        .digest_every = gg_row_int(&rows, 0, 4),
        .digest_at = gg_row_int(&rows, 0, 5),
        .ads_since = gg_row_time(&rows, 0, 6),
        .ads_at_night_since = gg_row_time(&rows, 0, 7),
        .phone = gg_row_text(&rows, 0, 8),
        .phone_since = gg_row_time(&rows, 0, 9),
    };
    return GG_OK;
}

enum gg_status push_person_wishes(struct gg_db *db, struct gg_id user, const struct push_person_row *row)
{
    return gg_db_exec_one(db,
                          "UPDATE person SET lang = ?, tz = ?, quiet_from = ?, quiet_until = ?, digest_every = ?,"
                          " digest_at = ? WHERE user_id = ?",
                          GG_ARGS(gg_v_int(row->lang), gg_v_text(row->tz), gg_v_int(row->quiet_from),
                                  gg_v_int(row->quiet_until), gg_v_int(row->digest_every), gg_v_int(row->digest_at),
                                  gg_v_id(&user)));
}

enum gg_status push_person_consents(struct gg_db *db, struct gg_id user, int64_t ads_since, int64_t ads_at_night_since)
{
    return gg_db_exec_one(db, "UPDATE person SET ads_since = ?, ads_at_night_since = ? WHERE user_id = ?",
                          GG_ARGS(gg_v_time(ads_since), gg_v_time(ads_at_night_since), gg_v_id(&user)));
}

enum gg_status push_person_phone(struct gg_db *db, struct gg_id user, const char *phone, int64_t now)
{
    return gg_db_exec_one(db, "UPDATE person SET phone = ?, phone_since = ? WHERE user_id = ?",
                          GG_ARGS(gg_v_text(phone), gg_v_time(phone ? now : GG_NONE), gg_v_id(&user)));
}

enum gg_status push_preferences_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    struct push_preference_row **out, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT kind, web, sms FROM preference WHERE user_id = ? ORDER BY kind",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *out = GG_NEW_ARRAY(arena, struct push_preference_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct push_preference_row){(int)gg_row_int(&rows, i, 0), (int)gg_row_int(&rows, i, 1),
                                                 gg_row_int(&rows, i, 2) != 0};
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_preferences_put(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    const struct push_preference_row *rows, size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 4 * n);
    struct gg_id *id = gg_memdup(arena, &user, sizeof(user));

    GG_TRY(gg_db_exec(db, "DELETE FROM preference WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), NULL));
    for (size_t i = 0; i < n; i++) {
        args[4 * i] = gg_v_id(id);
        args[4 * i + 1] = gg_v_int(rows[i].kind);
        args[4 * i + 2] = gg_v_int(rows[i].web);
        args[4 * i + 3] = gg_v_int(rows[i].sms);
    }
    return gg_db_upsert_rows(db, "INSERT INTO preference (user_id, kind, web, sms) VALUES", args, 4, n,
                             " ON DUPLICATE KEY UPDATE web = VALUES(web), sms = VALUES(sms)");
}

enum gg_status push_mutes_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t now,
                              struct push_mute **mutes, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT deal_id, until_at FROM mute WHERE user_id = ? AND (until_at IS NULL OR until_at > ?)"
                       " ORDER BY deal_id LIMIT 200",
                       GG_ARGS(gg_v_id(&user), gg_v_time(now)), &rows));
    *mutes = GG_NEW_ARRAY(arena, struct push_mute, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*mutes)[i] = (struct push_mute){gg_row_id(&rows, i, 0), gg_row_time(&rows, i, 1)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_mute_put_row(struct gg_db *db, struct gg_id user, struct gg_id deal, int64_t until)
{
    return gg_db_exec(db,
                      "INSERT INTO mute (user_id, deal_id, until_at) VALUES (?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE until_at = VALUES(until_at)",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&deal), gg_v_time(until)), NULL);
}

enum gg_status push_mute_delete(struct gg_db *db, struct gg_id user, struct gg_id deal)
{
    return gg_db_exec(db, "DELETE FROM mute WHERE user_id = ? AND deal_id = ?", GG_ARGS(gg_v_id(&user), gg_v_id(&deal)),
                      NULL);
}

/* --- digests --- */

enum gg_status push_digest_put(struct gg_db *db, struct gg_id user, int64_t window_at)
{
    char name[24];
    struct gg_id id;

    for (size_t i = 0; i < sizeof(name); i++)
        name[i] = '\0';
    for (int64_t left = window_at / GG_SECOND, i = 0; left > 0; left /= 10)
        name[i++] = (char)('0' + left % 10);
    id = gg_id_derive(user, name);
    GG_TRY(gg_db_exec(db,
                      "INSERT INTO digest (id, user_id, window_at) VALUES (?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE window_at = VALUES(window_at)",
                      GG_ARGS(gg_v_id(&id), gg_v_id(&user), gg_v_time(window_at)), NULL));
    return gg_due_set(db, PUSH_DUE_DIGEST, id, window_at);
}

enum gg_status push_digest_take(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int64_t now,
                                struct gg_id *user, int64_t *unread, const char **newest)
{
    struct gg_rows rows, waiting;
    int64_t window_at;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT user_id, window_at FROM digest WHERE id = ? AND sent_at IS NULL FOR UPDATE",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *user = gg_row_id(&rows, 0, 0);
    window_at = gg_row_time(&rows, 0, 1);
    GG_TRY(gg_db_exec_one(db, "UPDATE digest SET sent_at = ? WHERE id = ?", GG_ARGS(gg_v_time(now), gg_v_id(&id))));
    GG_TRY(gg_db_query(db, arena,
                       "SELECT title FROM notice WHERE user_id = ? AND digest_at = ? AND read_at IS NULL"
                       " ORDER BY position DESC LIMIT 1000",
                       GG_ARGS(gg_v_id(user), gg_v_time(window_at)), &waiting));
    *unread = (int64_t)waiting.n;
    *newest = waiting.n ? gg_row_text(&waiting, 0, 0) : NULL;
    return GG_OK;
}

/* --- keywords --- */

enum gg_status push_keywords_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct push_keyword **keywords, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, word, lat, lng, radius_m, created_at FROM keyword WHERE user_id = ? ORDER BY id",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *keywords = GG_NEW_ARRAY(arena, struct push_keyword, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*keywords)[i] =
            (struct push_keyword){gg_row_id(&rows, i, 0),  gg_row_text(&rows, i, 1), gg_row_int(&rows, i, 2),
                                  gg_row_int(&rows, i, 3), gg_row_int(&rows, i, 4),  gg_row_time(&rows, i, 5)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_keyword_insert(struct gg_db *db, struct gg_id user, const struct push_keyword *k,
                                   const char *folded)
{
    return gg_db_exec(db,
                      "INSERT INTO keyword (id, user_id, word, folded, lat, lng, radius_m, created_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&k->id), gg_v_id(&user), gg_v_text(k->word), gg_v_text(folded), gg_v_int(k->lat),
                              gg_v_int(k->lng), gg_v_int(k->radius_m), gg_v_time(k->created_at)),
                      NULL);
}

enum gg_status push_keyword_delete(struct gg_db *db, struct gg_id user, struct gg_id id)
{
    return gg_db_exec_one(db, "DELETE FROM keyword WHERE id = ? AND user_id = ?",
                          GG_ARGS(gg_v_id(&id), gg_v_id(&user)));
}

/* The zero id as bytes: gg_v_id would make it NULL, which nothing is above. */
static struct gg_val above(const struct gg_id *id)
{
    return gg_v_bytes(id->b, sizeof(id->b));
}

/* People of one part of an audience, behind the last one. */
#define IN_PART " AND MOD(ASCII(SUBSTRING(user_id, 16, 1)), ?) = ?"

enum gg_status push_keywords_near(struct gg_db *db, struct gg_arena *arena, const struct push_fanout *f, int64_t d_lat,
                                  int64_t d_lng, struct push_keyword_row **out, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query(db, arena,
                    "SELECT id, user_id, word, folded, lat, lng, radius_m FROM keyword WHERE user_id > ?"
                    " AND lat BETWEEN ? AND ? AND lng BETWEEN ? AND ?" IN_PART " ORDER BY user_id, id LIMIT 1024",
                    GG_ARGS(above(&f->done_to), gg_v_int(f->lat - d_lat), gg_v_int(f->lat + d_lat),
                            gg_v_int(f->lng - d_lng), gg_v_int(f->lng + d_lng), gg_v_int(f->parts), gg_v_int(f->part)),
                    &rows));
    *out = GG_NEW_ARRAY(arena, struct push_keyword_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct push_keyword_row){
            gg_row_id(&rows, i, 0),  gg_row_id(&rows, i, 1),  gg_row_text(&rows, i, 2), gg_row_text(&rows, i, 3),
            gg_row_int(&rows, i, 4), gg_row_int(&rows, i, 5), gg_row_int(&rows, i, 6)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_agreed(struct gg_db *db, struct gg_arena *arena, const struct push_fanout *f, struct gg_id **users,
                           size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT user_id FROM person WHERE lang = ? AND user_id > ? AND ads_since IS NOT NULL" IN_PART
                       " ORDER BY user_id LIMIT 1024",
                       GG_ARGS(gg_v_int(f->lang), above(&f->done_to), gg_v_int(f->parts), gg_v_int(f->part)), &rows));
    *users = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*users)[i] = gg_row_id(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_told_after(struct gg_db *db, struct gg_arena *arena, const struct push_fanout *f,
                               struct gg_id **users, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT user_id FROM notice WHERE event_id = ? AND user_id > ?" IN_PART
                       " ORDER BY user_id LIMIT 256",
                       GG_ARGS(gg_v_id(&f->event), above(&f->done_to), gg_v_int(f->parts), gg_v_int(f->part)), &rows));
    *users = GG_NEW_ARRAY(arena, struct gg_id, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*users)[i] = gg_row_id(&rows, i, 0);
    *n = rows.n;
    return GG_OK;
}
