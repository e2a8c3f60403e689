/* services/auth/store_area.c
 * SQL of areas and neighbourhoods. */
#include "store_area.h"

#define AREA_COLUMNS "code, district, name, name_en, lat, lng, size_m2"

enum gg_status auth_areas_list(struct gg_db *db, struct gg_arena *arena, const char *q, const char *district,
                               int64_t after, int64_t limit, struct auth_area **areas, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " AREA_COLUMNS " FROM area WHERE code > ? AND (? IS NULL OR district = ?)"
                       " AND (? IS NULL OR LOCATE(?, name) > 0 OR LOCATE(?, district) > 0 OR LOCATE(?, name_en) > 0)"
                       " ORDER BY code LIMIT ?",
                       GG_ARGS(gg_v_int(after), gg_v_text(district), gg_v_text(district), gg_v_text(q), gg_v_text(q),
                               gg_v_text(q), gg_v_text(q), gg_v_int(limit)),
                       &rows));
    *areas = GG_NEW_ARRAY(arena, struct auth_area, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*areas)[i] = (struct auth_area){
            .code = gg_row_int(&rows, i, 0),
            .district = gg_row_text(&rows, i, 1),
            .name = gg_row_text(&rows, i, 2),
            .name_en = gg_row_text(&rows, i, 3),
            .lat = gg_row_int(&rows, i, 4),
            .lng = gg_row_int(&rows, i, 5),
            .size_m2 = gg_row_int(&rows, i, 6),
        };
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_area_by_outline(struct gg_db *db, struct gg_arena *arena, struct auth_point point, int64_t *code)
{
    struct auth_point cell = auth_cell(point);
    int64_t half = AUTH_CELL / 2;
    struct gg_rows rows;

    *code = 0; /* the database is told the cell only */
    GG_TRY(gg_db_query(db, arena,
                       "SELECT code, points FROM area_shape"
                       " WHERE min_lat <= ? AND max_lat >= ? AND min_lng <= ? AND max_lng >= ? ORDER BY code, part",
                       GG_ARGS(gg_v_int(cell.lat + half), gg_v_int(cell.lat - half), gg_v_int(cell.lng + half),
                               gg_v_int(cell.lng - half)),
                       &rows));
    for (size_t i = 0; i < rows.n && *code == 0; i++) {
        struct gg_str points = gg_row_bytes(&rows, i, 1);
        if (auth_inside((const uint8_t *)points.p, points.n, point))
            *code = gg_row_int(&rows, i, 0);
    }
    return GG_OK;
}

enum gg_status auth_area_centres(struct gg_db *db, struct gg_arena *arena, struct auth_area_centre **areas, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT a.code, a.lat, a.lng, a.size_m2 FROM area a"
                       " WHERE NOT EXISTS (SELECT 1 FROM area_shape s WHERE s.code = a.code)",
                       GG_NO_ARGS, &rows));
    *areas = GG_NEW_ARRAY(arena, struct auth_area_centre, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*areas)[i] = (struct auth_area_centre){
            gg_row_int(&rows, i, 0), {gg_row_int(&rows, i, 1), gg_row_int(&rows, i, 2)}, gg_row_int(&rows, i, 3)};
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_area_put(struct gg_db *db, const struct auth_area *area)
{
    GG_TRY(
        gg_db_exec(db,
                   "INSERT INTO area (" AREA_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)"
                   " ON DUPLICATE KEY UPDATE district = VALUES(district), name = VALUES(name),"
                   " name_en = VALUES(name_en), lat = VALUES(lat), lng = VALUES(lng), size_m2 = VALUES(size_m2)",
                   GG_ARGS(gg_v_int(area->code), gg_v_text(area->district), gg_v_text(area->name),
                           gg_v_text(area->name_en), gg_v_int(area->lat), gg_v_int(area->lng), gg_v_int(area->size_m2)),
                   NULL));
    return gg_db_exec(db, "DELETE FROM area_shape WHERE code = ?", GG_ARGS(gg_v_int(area->code)), NULL);
}

enum gg_status auth_area_shape_add(struct gg_db *db, int64_t code, int64_t part, const struct auth_point box[2],
                                   struct gg_str points)
{
    return gg_db_exec(db,
                      "INSERT INTO area_shape (code, part, min_lat, max_lat, min_lng, max_lng, points)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_int(code), gg_v_int(part), gg_v_int(box[0].lat), gg_v_int(box[1].lat),
                              gg_v_int(box[0].lng), gg_v_int(box[1].lng), gg_v_bytes(points.p, points.n)),
                      NULL);
}

enum gg_status auth_neighbourhoods(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t now,
                                   struct auth_neighbourhood **items, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT h.code, a.district, a.name, a.name_en, h.cell_lat, h.cell_lng, h.proved_at"
                       " FROM neighbourhood h JOIN area a ON a.code = h.code WHERE h.user_id = ? AND h.proved_at > ?"
                       " ORDER BY h.proved_at DESC, h.code",
                       GG_ARGS(gg_v_id(&user), gg_v_time(now - AUTH_AREA_MS)), &rows));
    *items = GG_NEW_ARRAY(arena, struct auth_neighbourhood, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*items)[i] = (struct auth_neighbourhood){
            .code = gg_row_int(&rows, i, 0),
            .district = gg_row_text(&rows, i, 1),
            .name = gg_row_text(&rows, i, 2),
            .name_en = gg_row_text(&rows, i, 3),
            .cell_lat = gg_row_int(&rows, i, 4),
            .cell_lng = gg_row_int(&rows, i, 5),
            .proved_at = gg_row_time(&rows, i, 6),
            .valid_until = gg_row_time(&rows, i, 6) + AUTH_AREA_MS,
        };
    *n = rows.n;
    return GG_OK;
}

enum gg_status auth_neighbourhood_put(struct gg_db *db, struct gg_id user, int64_t code, struct auth_point cell,
                                      int64_t now)
{
    return gg_db_exec(db,
                      "INSERT INTO neighbourhood (user_id, code, cell_lat, cell_lng, proved_at) VALUES (?, ?, ?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE cell_lat = VALUES(cell_lat), cell_lng = VALUES(cell_lng),"
                      " proved_at = VALUES(proved_at)",
                      GG_ARGS(gg_v_id(&user), gg_v_int(code), gg_v_int(cell.lat), gg_v_int(cell.lng), gg_v_time(now)),
                      NULL);
}

enum gg_status auth_neighbourhood_delete(struct gg_db *db, struct gg_id user, int64_t code)
{
    return gg_db_exec_one(db, "DELETE FROM neighbourhood WHERE user_id = ? AND code = ?",
                          GG_ARGS(gg_v_id(&user), gg_v_int(code)));
}

enum gg_status auth_neighbourhoods_expire(struct gg_db *db, struct gg_id user, int64_t now)
{
    return gg_db_exec(db, "DELETE FROM neighbourhood WHERE user_id = ? AND proved_at <= ?",
                      GG_ARGS(gg_v_id(&user), gg_v_time(now - AUTH_AREA_MS)), NULL);
}

enum gg_status auth_account_areas_write(struct gg_db *db, struct gg_id user, const char *areas)
{
    return gg_db_exec_one(db, "UPDATE users SET areas = ? WHERE id = ?", GG_ARGS(gg_v_text(areas), gg_v_id(&user)));
}
