/* services/push/store_inbox.c
 * SQL of the inbox. */
#include "store.h"

/* Where the first notice of an inbox is put: see 0004_scale.sql. */
#define FIRST_PLACE 1000000

enum gg_status push_inbox_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct push_inbox_row *row)
{
    struct gg_rows rows;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO inbox (user_id, version, unread, place) VALUES (?, 0, 0, ?)"
                      " ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)",
                      GG_ARGS(gg_v_id(&user), gg_v_int(FIRST_PLACE)), NULL));
    GG_TRY(gg_db_query_one(db, arena, "SELECT version, unread, place FROM inbox WHERE user_id = ? FOR UPDATE",
                           GG_ARGS(gg_v_id(&user)), &rows));
    *row = (struct push_inbox_row){user, gg_row_int(&rows, 0, 0), gg_row_int(&rows, 0, 1), gg_row_int(&rows, 0, 2)};
    return GG_OK;
}

enum gg_status push_inbox_put(struct gg_db *db, const struct push_inbox_row *row)
{
    return gg_db_exec_one(
        db, "UPDATE inbox SET version = ?, unread = ?, place = ? WHERE user_id = ?",
        GG_ARGS(gg_v_int(row->version), gg_v_int(row->unread), gg_v_int(row->place), gg_v_id(&row->user)));
}

enum gg_status push_unread(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t *unread)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT unread FROM inbox WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    *unread = rows.n ? gg_row_int(&rows, 0, 0) : 0;
    return GG_OK;
}

enum gg_status push_inboxes_raise(struct gg_db *db, struct gg_arena *arena, const struct push_inbox_row *by, size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, 4 * n);

    for (size_t i = 0; i < n; i++) {
        args[4 * i] = gg_v_id(&by[i].user);
        args[4 * i + 1] = gg_v_int(by[i].version);
        args[4 * i + 2] = gg_v_int(by[i].unread);
        args[4 * i + 3] = gg_v_int(FIRST_PLACE + by[i].place);
    }
    /* FIRST_PLACE again, as the text cannot carry an argument behind its rows. */
    return gg_db_upsert_rows(db, "INSERT INTO inbox (user_id, version, unread, place) VALUES", args, 4, n,
                             " ON DUPLICATE KEY UPDATE version = version + VALUES(version),"
                             " unread = unread + VALUES(unread), place = place + VALUES(place) - 1000000");
}

enum gg_status push_inboxes_get(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n,
                                struct push_inbox_row **out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT user_id, version, unread, place FROM inbox WHERE user_id IN ", GG_NO_ARGS,
                           users, n, " ORDER BY user_id", &rows));
    if (rows.n != n)
        return GG_ERROR;
    *out = GG_NEW_ARRAY(arena, struct push_inbox_row, n);
    for (size_t i = 0; i < n; i++)
        (*out)[i] = (struct push_inbox_row){gg_row_id(&rows, i, 0), gg_row_int(&rows, i, 1), gg_row_int(&rows, i, 2),
                                            gg_row_int(&rows, i, 3)};
    return GG_OK;
}

#define INSERT_COLUMNS 16
enum gg_status push_notices_insert(struct gg_db *db, struct gg_arena *arena, const struct push_facts *facts, size_t n)
{
    struct gg_val *args = GG_NEW_ARRAY(arena, struct gg_val, INSERT_COLUMNS * n), *arg = args;

    for (size_t i = 0; i < n; i++) {
        const struct push_facts *f = &facts[i];
        *arg++ = gg_v_id(&f->id);
        *arg++ = gg_v_id(&f->user);
        *arg++ = gg_v_id(&f->event);
        *arg++ = gg_v_id(&f->deal);
        *arg++ = gg_v_id(&f->target);
        *arg++ = gg_v_int(f->position);
        *arg++ = gg_v_int(f->kind);
        *arg++ = gg_v_text(f->title);
        *arg++ = gg_v_text(f->who);
        *arg++ = gg_v_text(f->text);
        *arg++ = gg_v_int(f->amount_won);
        *arg++ = gg_v_time(f->until);
        *arg++ = gg_v_int(f->number);
        *arg++ = gg_v_int(f->fate);
        *arg++ = gg_v_time(f->digest_at);
        *arg++ = gg_v_time(f->at);
    }
    return gg_db_upsert_rows(
        db,
        "INSERT INTO notice (id, user_id, event_id, deal_id, target_id, position, kind, title, who,"
        " text, amount_won, until_at, number, fate, digest_at, at) VALUES",
        args, INSERT_COLUMNS, n, "");
}

static void ids_in(struct gg_arena *arena, const struct gg_rows *rows, struct gg_id **ids, size_t *n)
{
    *ids = GG_NEW_ARRAY(arena, struct gg_id, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*ids)[i] = gg_row_id(rows, i, 0);
    *n = rows->n;
}

enum gg_status push_notices_known(struct gg_db *db, struct gg_arena *arena, const struct gg_id *ids, size_t n,
                                  struct gg_id **known, size_t *n_known)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT id FROM notice WHERE id IN ", GG_NO_ARGS, ids, n, "", &rows));
    ids_in(arena, &rows, known, n_known);
    return GG_OK;
}

enum gg_status push_told(struct gg_db *db, struct gg_arena *arena, struct gg_id event, const struct gg_id *users,
                         size_t n, struct gg_id **told, size_t *n_told)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena, "SELECT user_id FROM notice WHERE event_id = ? AND user_id IN ",
                           GG_ARGS(gg_v_id(&event)), users, n, "", &rows));
    ids_in(arena, &rows, told, n_told);
    return GG_OK;
}

enum gg_status push_open_notices(struct gg_db *db, struct gg_arena *arena, int kind, struct gg_id target,
                                 const struct gg_id *users, size_t n, struct push_open_row **open, size_t *n_open)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_ids(db, arena,
                           "SELECT user_id, id, number FROM notice WHERE target_id = ? AND kind = ?"
                           " AND read_at IS NULL AND user_id IN ",
                           GG_ARGS(gg_v_id(&target), gg_v_int(kind)), users, n, "", &rows));
    *open = GG_NEW_ARRAY(arena, struct push_open_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*open)[i] = (struct push_open_row){gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1), gg_row_int(&rows, i, 2)};
    *n_open = rows.n;
    return GG_OK;
}

enum gg_status push_notice_renew(struct gg_db *db, const struct push_facts *f)
{
    return gg_db_exec_one(db,
                          "UPDATE notice SET event_id = ?, position = ?, title = ?, who = ?, text = ?, number = ?,"
                          " at = ?, fate = ?, ended_at = NULL, ended = NULL WHERE id = ?",
                          GG_ARGS(gg_v_id(&f->event), gg_v_int(f->position), gg_v_text(f->title), gg_v_text(f->who),
                                  gg_v_text(f->text), gg_v_int(f->number), gg_v_time(f->at), gg_v_int(f->fate),
                                  gg_v_id(&f->id)));
}

struct push_facts push_facts_row(const struct gg_rows *rows, size_t row, size_t c)
{
    int64_t ended = gg_row_int(rows, row, c + 20);

    return (struct push_facts){
        .id = gg_row_id(rows, row, c),
        .user = gg_row_id(rows, row, c + 1),
        .event = gg_row_id(rows, row, c + 2),
        .deal = gg_row_id(rows, row, c + 3),
        .position = gg_row_int(rows, row, c + 4),
        .kind = (int)gg_row_int(rows, row, c + 5),
        .title = gg_row_text(rows, row, c + 6),
        .who = gg_row_text(rows, row, c + 7),
        .amount_won = gg_row_int(rows, row, c + 8),
        .at = gg_row_time(rows, row, c + 9),
        .read_at = gg_row_time(rows, row, c + 10),
        .read = gg_row_time(rows, row, c + 10) != GG_NONE,
        .target = gg_row_id(rows, row, c + 11),
        .text = gg_row_text(rows, row, c + 12),
        .until = gg_row_time(rows, row, c + 13),
        .number = gg_row_int(rows, row, c + 14),
        .fate = (int)gg_row_int(rows, row, c + 15),
        .archived_at = gg_row_time(rows, row, c + 16),
        .snoozed_until = gg_row_time(rows, row, c + 17),
        .digest_at = gg_row_time(rows, row, c + 18),
        .ended_at = gg_row_time(rows, row, c + 19),
        .end = ended == GG_NONE ? -1 : (int)ended,
    };
}

enum gg_status push_notice_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id, struct push_facts *facts)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, "SELECT " PUSH_NOTICE_COLUMNS " FROM notice n WHERE n.id = ?",
                           GG_ARGS(gg_v_id(&id)), &rows));
    *facts = push_facts_row(&rows, 0, 0);
    return GG_OK;
}

enum gg_status push_notices(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t before, bool unread,
                            bool archived, int64_t limit, struct push_facts **facts, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT " PUSH_NOTICE_COLUMNS " FROM notice n WHERE n.user_id = ? AND n.position < ?"
                       " AND (? = 0 OR n.read_at IS NULL) AND (n.archived_at IS NOT NULL) = ?"
                       " AND n.snoozed_until IS NULL ORDER BY n.position DESC LIMIT ?",
                       GG_ARGS(gg_v_id(&user), gg_v_int(before), gg_v_int(unread), gg_v_int(archived), gg_v_int(limit)),
                       &rows));
    *facts = GG_NEW_ARRAY(arena, struct push_facts, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*facts)[i] = push_facts_row(&rows, i, 0);
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

enum gg_status push_notice_archive(struct gg_db *db, struct gg_id user, struct gg_id id, int64_t at)
{
    return gg_db_exec_one(db, "UPDATE notice SET archived_at = ? WHERE id = ? AND user_id = ?",
                          GG_ARGS(gg_v_time(at), gg_v_id(&id), gg_v_id(&user)));
}

enum gg_status push_notice_snooze(struct gg_db *db, struct gg_id user, struct gg_id id, int64_t until)
{
    return gg_db_exec_one(db, "UPDATE notice SET snoozed_until = ?, archived_at = NULL WHERE id = ? AND user_id = ?",
                          GG_ARGS(gg_v_time(until), gg_v_id(&id), gg_v_id(&user)));
}

enum gg_status push_notice_wake(struct gg_db *db, struct gg_id id, int64_t position)
{
    return gg_db_exec_one(db, "UPDATE notice SET snoozed_until = NULL, read_at = NULL, position = ? WHERE id = ?",
                          GG_ARGS(gg_v_int(position), gg_v_id(&id)));
}

enum gg_status push_notices_old(struct gg_db *db, struct gg_arena *arena, int64_t before, struct push_old_row **old,
                                size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT user_id, id, read_at FROM notice WHERE at < ? ORDER BY at LIMIT 256",
                       GG_ARGS(gg_v_time(before)), &rows));
    *old = GG_NEW_ARRAY(arena, struct push_old_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*old)[i] =
            (struct push_old_row){gg_row_id(&rows, i, 0), gg_row_id(&rows, i, 1), gg_row_time(&rows, i, 2) == GG_NONE};
    *n = rows.n;
    return GG_OK;
}

enum gg_status push_notices_delete(struct gg_db *db, const struct gg_id *ids, size_t n)
{
    return gg_db_exec_ids(db, "DELETE FROM notice WHERE id IN ", GG_NO_ARGS, ids, n, "", NULL);
}

enum gg_status push_notices_oldest(struct gg_db *db, struct gg_arena *arena, int64_t *at)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, "SELECT at FROM notice ORDER BY at LIMIT 1", GG_NO_ARGS, &rows));
    *at = rows.n ? gg_row_time(&rows, 0, 0) : GG_NONE;
    return GG_OK;
}
