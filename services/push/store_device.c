/* services/push/store_device.c
 * SQL of devices. */
#include "store_way.h"

#include "libcommon/crypto.h"

#include <string.h>

#define DEVICE_COLUMNS "id, user_id, endpoint, p256dh, auth, lang, created_at, active_at, vapid"

static struct push_device_row read_device(const struct gg_rows *rows, size_t row)
{
    struct push_device_row device = {
        .id = gg_row_id(rows, row, 0),
        .user = gg_row_id(rows, row, 1),
        .endpoint = gg_row_text(rows, row, 2),
        .lang = (int)gg_row_int(rows, row, 5),
        .created_at = gg_row_time(rows, row, 6),
        .active_at = gg_row_time(rows, row, 7),
        .has_vapid = gg_row_bytes(rows, row, 8).n == sizeof(device.vapid),
    };

    memcpy(device.p256dh, gg_row_bytes(rows, row, 3).p, sizeof(device.p256dh));
    memcpy(device.auth, gg_row_bytes(rows, row, 4).p, sizeof(device.auth));
    if (device.has_vapid)
        memcpy(device.vapid, gg_row_bytes(rows, row, 8).p, sizeof(device.vapid));
    return device;
}

static void read_all(struct gg_arena *arena, const struct gg_rows *rows, struct push_device_row **devices, size_t *n)
{
    *devices = GG_NEW_ARRAY(arena, struct push_device_row, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*devices)[i] = read_device(rows, i);
    *n = rows->n;
}

enum gg_status push_devices(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                            struct push_device_row **devices, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT " DEVICE_COLUMNS " FROM device WHERE user_id = ? ORDER BY id",
                       GG_ARGS(gg_v_id(&user)), &rows));
    read_all(arena, &rows, devices, n);
    return GG_OK;
}

enum gg_status push_devices_of(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                               struct push_device_row **devices, size_t *n_devices)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT " DEVICE_COLUMNS " FROM device WHERE user_id IN ", GG_NO_ARGS, users, n,
                           " ORDER BY user_id, active_at DESC, id DESC", &rows));
    read_all(arena, &rows, devices, n_devices);
    return GG_OK;
}

enum gg_status push_device_put(struct gg_db *db, const struct push_device_row *device)
{
    uint8_t hash[GG_SHA256];
    struct gg_val vapid = device->has_vapid ? gg_v_bytes(device->vapid, sizeof(device->vapid)) : gg_v_null();
    int64_t changed;

    gg_sha256((struct gg_str){device->endpoint, strlen(device->endpoint)}, hash);
    GG_TRY(gg_db_exec(db, "DELETE FROM device WHERE endpoint_hash = ? AND id <> ?",
                      GG_ARGS(gg_v_bytes(hash, sizeof(hash)), gg_v_id(&device->id)), NULL));
    GG_TRY(gg_db_exec(db,
                      "UPDATE device SET endpoint = ?, endpoint_hash = ?, p256dh = ?, auth = ?, lang = ?, vapid = ?,"
                      " active_at = ? WHERE id = ? AND user_id = ?",
                      GG_ARGS(gg_v_text(device->endpoint), gg_v_bytes(hash, sizeof(hash)),
                              gg_v_bytes(device->p256dh, sizeof(device->p256dh)),
                              gg_v_bytes(device->auth, sizeof(device->auth)), gg_v_int(device->lang), vapid,
                              gg_v_time(device->active_at), gg_v_id(&device->id), gg_v_id(&device->user)),
                      &changed));
    if (changed > 0)
        return GG_OK;
    enum gg_status status = gg_db_exec(
        db,
        "INSERT INTO device (id, user_id, endpoint, endpoint_hash, p256dh, auth, lang, vapid, created_at, active_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&device->id), gg_v_id(&device->user), gg_v_text(device->endpoint),
                gg_v_bytes(hash, sizeof(hash)), gg_v_bytes(device->p256dh, sizeof(device->p256dh)),
                gg_v_bytes(device->auth, sizeof(device->auth)), gg_v_int(device->lang), vapid,
                gg_v_time(device->created_at), gg_v_time(device->active_at)),
        NULL);
    return status == GG_DUPLICATE ? GG_NOT_FOUND : status;
}

enum gg_status push_device_delete(struct gg_db *db, struct gg_id user, struct gg_id id)
{
    return gg_db_exec_one(db, "DELETE FROM device WHERE id = ? AND user_id = ?", GG_ARGS(gg_v_id(&id), gg_v_id(&user)));
}

enum gg_status push_device_active(struct gg_db *db, struct gg_id id, int64_t now)
{
    return gg_db_exec(db, "UPDATE device SET active_at = ? WHERE id = ?", GG_ARGS(gg_v_time(now), gg_v_id(&id)), NULL);
}
