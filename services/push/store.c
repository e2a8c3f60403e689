/* services/push/store.c
 * SQL of the push service. */
#include "store.h"

#include "libcommon/crypto.h"

#include <string.h>

#define NOTICE_COLUMNS "id, user_id, event_id, deal_id, position, kind, title, who, amount_won, at, read_at"
#define DEVICE_COLUMNS "id, user_id, endpoint, p256dh, auth, lang, created_at"

enum gg_status push_person_put(struct gg_db *db, struct gg_id user, const char *nickname)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, nickname) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE nickname = VALUES(nickname)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(nickname)), NULL);
}

enum gg_status push_person_nickname(struct gg_db *db, struct gg_arena *arena, struct gg_id user, const char **nickname)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT nickname FROM person WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *nickname = rows.n ? gg_row_text(&rows, 0, 0) : NULL;
    return GG_OK;
}

enum gg_status push_share_put(struct gg_db *db, struct gg_id share, struct gg_id deal, struct gg_id host,
                              struct gg_id user, const char *title)
{
    return gg_db_exec(db,
                      "INSERT INTO share (share_id, deal_id, host_id, user_id, title) VALUES (?, ?, ?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE title = VALUES(title)",
                      GG_ARGS(gg_v_id(&share), gg_v_id(&deal), gg_v_id(&host), gg_v_id(&user), gg_v_text(title)), NULL);
}

enum gg_status push_share_get(struct gg_db *db, struct gg_arena *arena, struct gg_id share, struct gg_id *user,
                              const char **title)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT user_id, title FROM share WHERE share_id = ?", GG_ARGS(gg_v_id(&share)),
                           &rows));
    *user = gg_row_id(&rows, 0, 0);
    *title = gg_row_text(&rows, 0, 1);
    return GG_OK;
}

enum gg_status push_inbox_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *version,
                               int64_t *unread)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO inbox (user_id, version, unread) VALUES (?, 0, 0)"
                      " ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)",
                      GG_ARGS(gg_v_id(&user)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT version, unread FROM inbox WHERE user_id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&user)), &rows));
    *version = gg_row_int(&rows, 0, 0);
    *unread = gg_row_int(&rows, 0, 1);
    return GG_OK;
}

enum gg_status push_inbox_put(struct gg_db *db, struct gg_id user, int64_t version, int64_t unread)
{
    return gg_db_exec_one(db, "UPDATE inbox SET version = ?, unread = ? WHERE user_id = ?",
                          GG_ARGS(gg_v_int(version), gg_v_int(unread), gg_v_id(&user)));
}

enum gg_status push_unread(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *unread)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT unread FROM inbox WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *unread = rows.n ? gg_row_int(&rows, 0, 0) : 0;
    return GG_OK;
}

enum gg_status push_notice_insert(struct gg_db *db, const struct push_facts *facts)
{
    return gg_db_exec(db,
                      "INSERT INTO notice (id, user_id, event_id, deal_id, position, kind, title, who, amount_won, at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&facts->id), gg_v_id(&facts->user), gg_v_id(&facts->event), gg_v_id(&facts->deal),
                              gg_v_int(facts->position), gg_v_int(facts->kind), gg_v_text(facts->title),
                              gg_v_text(facts->who), gg_v_int(facts->amount_won), gg_v_time(facts->at)),
                      NULL);
}

static struct push_facts read_notice(const struct gg_rows *rows, size_t row)
{
    return (struct push_facts){
        .id = gg_row_id(rows, row, 0),
        .user = gg_row_id(rows, row, 1),
        .event = gg_row_id(rows, row, 2),
        .deal = gg_row_id(rows, row, 3),
        .position = gg_row_int(rows, row, 4),
        .kind = (int)gg_row_int(rows, row, 5),
        .title = gg_row_text(rows, row, 6),
        .who = gg_row_text(rows, row, 7),
        .amount_won = gg_row_int(rows, row, 8),
        .at = gg_row_time(rows, row, 9),
        .read = gg_row_time(rows, row, 10) != GG_NONE,
    };
}

enum gg_status push_notice_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct push_facts *facts)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query_one(db, arena, "SELECT " NOTICE_COLUMNS " FROM notice WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *facts = read_notice(&rows, 0);
    return GG_OK;
}

enum gg_status push_notices(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before, bool unread,
                            int64_t limit, struct push_facts **facts, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " NOTICE_COLUMNS " FROM notice WHERE user_id = ? AND position < ?"
                       " AND (? = 0 OR read_at IS NULL) ORDER BY position DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&user), gg_v_int(before), gg_v_int(unread), gg_v_int(limit)), &rows));
    *facts = GG_NEW_ARRAY(arena, struct push_facts, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*facts)[i] = read_notice(&rows, i);
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_notice_read(struct gg_db *db, struct gg_id user, struct gg_id id, int64_t now, bool *was_unread)
{
    int64_t changed;

    GG_TRY(gg_db_exec(db, "UPDATE notice SET read_at = ? WHERE id = ? AND user_id = ? AND read_at IS NULL",
                      GG_ARGS(gg_v_time(now), gg_v_id(&id), gg_v_id(&user)), &changed));
    *was_unread = changed > 0;
    if (*was_unread)
        return GG_OK;
    return gg_db_exec_one(db, "UPDATE notice SET read_at = read_at WHERE id = ? AND user_id = ?",
                          GG_ARGS(gg_v_id(&id), gg_v_id(&user)));
}

enum gg_status push_notices_read(struct gg_db *db, struct gg_id user, int64_t up_to, int64_t now, int64_t *changed)
{
    return gg_db_exec(db, "UPDATE notice SET read_at = ? WHERE user_id = ? AND position <= ? AND read_at IS NULL",
                      GG_ARGS(gg_v_time(now), gg_v_id(&user), gg_v_int(up_to)), changed);
}

static struct push_device_row read_device(const struct gg_rows *rows, size_t row)
{
    struct push_device_row device = {
        .id = gg_row_id(rows, row, 0),
        .user = gg_row_id(rows, row, 1),
        .endpoint = gg_row_text(rows, row, 2),
        .lang = (int)gg_row_int(rows, row, 5),
        .created_at = gg_row_time(rows, row, 6),
    };

    memcpy(device.p256dh, gg_row_bytes(rows, row, 3).p, sizeof(device.p256dh));
    memcpy(device.auth, gg_row_bytes(rows, row, 4).p, sizeof(device.auth));
    return device;
}

enum gg_status push_devices(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                            struct push_device_row **devices, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT " DEVICE_COLUMNS " FROM device WHERE user_id = ? ORDER BY id",
                       GG_ARGS(gg_v_id(&user)), &rows));
    *devices = GG_NEW_ARRAY(arena, struct push_device_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*devices)[i] = read_device(&rows, i);
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_device_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct push_device_row *device)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query_one(db, arena, "SELECT " DEVICE_COLUMNS " FROM device WHERE id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *device = read_device(&rows, 0);
    return GG_OK;
}

enum gg_status push_device_put(struct gg_db *db, const struct push_device_row *device)
{
    uint8_t hash[GG_SHA256];
    int64_t changed;

    gg_sha256((struct gg_str){device->endpoint, strlen(device->endpoint)}, hash);
    GG_TRY(gg_db_exec(db, "DELETE FROM device WHERE endpoint_hash = ? AND id <> ?",
                      GG_ARGS(gg_v_bytes(hash, sizeof(hash)), gg_v_id(&device->id)), NULL));
    GG_TRY(gg_db_exec(db,
                      "UPDATE device SET endpoint = ?, endpoint_hash = ?, p256dh = ?, auth = ?, lang = ?"
                      " WHERE id = ? AND user_id = ?",
                      GG_ARGS(gg_v_text(device->endpoint), gg_v_bytes(hash, sizeof(hash)),
                              gg_v_bytes(device->p256dh, sizeof(device->p256dh)),
                              gg_v_bytes(device->auth, sizeof(device->auth)), gg_v_int(device->lang),
                              gg_v_id(&device->id), gg_v_id(&device->user)),
                      &changed));
    if (changed > 0)
        return GG_OK;
    enum gg_status status = gg_db_exec(
        db,
        "INSERT INTO device (id, user_id, endpoint, endpoint_hash, p256dh, auth, lang, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&device->id), gg_v_id(&device->user), gg_v_text(device->endpoint),
                gg_v_bytes(hash, sizeof(hash)), gg_v_bytes(device->p256dh, sizeof(device->p256dh)),
                gg_v_bytes(device->auth, sizeof(device->auth)), gg_v_int(device->lang), gg_v_time(device->created_at)),
        NULL);
    return status == GG_DUPLICATE ? GG_NOT_FOUND : status;
}

enum gg_status push_device_delete(struct gg_db *db, struct gg_id user, struct gg_id id)
{
    return gg_db_exec_one(db, "DELETE FROM device WHERE id = ? AND user_id = ?", GG_ARGS(gg_v_id(&id), gg_v_id(&user)));
}

enum gg_status push_delivery_insert(struct gg_db *db, struct gg_id id, struct gg_id notice, struct gg_id device,
                                    int64_t give_up_at)
{
    return gg_db_exec(db, "INSERT INTO delivery (id, notice_id, device_id, give_up_at) VALUES (?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&id), gg_v_id(&notice), gg_v_id(&device), gg_v_time(give_up_at)), NULL);
}

enum gg_status push_delivery_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct gg_id *notice,
                                 struct gg_id *device, int64_t *give_up_at)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT notice_id, device_id, give_up_at FROM delivery WHERE id = ?",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *notice = gg_row_id(&rows, 0, 0);
    *device = gg_row_id(&rows, 0, 1);
    *give_up_at = gg_row_time(&rows, 0, 2);
    return GG_OK;
}

enum gg_status push_delivery_delete(struct gg_db *db, struct gg_id id)
{
    return gg_db_exec(db, "DELETE FROM delivery WHERE id = ?", GG_ARGS(gg_v_id(&id)), NULL);
}
