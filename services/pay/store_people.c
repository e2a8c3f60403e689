/* services/pay/store_people.c
 * SQL about pay's copies of people, blocks and deals. */
#include "store_people.h"

enum gg_status pay_person_save(struct gg_db *db, struct gg_id user, const char *nickname)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, nickname) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE nickname = IF(purged_at IS NULL, VALUES(nickname), NULL)",
                      GG_ARGS(gg_v_id(&user), gg_v_text(nickname)), NULL);
}

static void read_person(const struct gg_rows *rows, struct pay_person *out)
{
    *out = (struct pay_person){0};
    if (rows->n == 0)
        return;
    *out = (struct pay_person){
        .party = {.id = gg_row_id(rows, 0, 0),
                  .known = true,
                  .closing = gg_row_time(rows, 0, 2) != GG_NONE,
                  .closed = gg_row_time(rows, 0, 3) != GG_NONE},
        .nickname = gg_row_text(rows, 0, 1),
    };
}

#define PERSON_QUERY "SELECT user_id, nickname, closing_at, purged_at FROM person"

enum gg_status pay_person_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct pay_person *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, PERSON_QUERY " WHERE user_id = ?", GG_ARGS(gg_v_id(&user)), &rows));
    read_person(&rows, out);
    return GG_OK;
}

enum gg_status pay_person_named(struct gg_db *db, struct gg_arena *arena, const char *nickname, struct pay_person *out)
{
    struct gg_rows rows;

    /* Two people may have had a name one after the other while the events were on their way: then it names nobody. */
    GG_TRY(gg_db_query(db, arena, PERSON_QUERY " WHERE nickname = ? LIMIT 2", GG_ARGS(gg_v_text(nickname)), &rows));
    if (rows.n > 1)
        rows.n = 0;
    read_person(&rows, out);
    return GG_OK;
}

enum gg_status pay_person_closing(struct gg_db *db, struct gg_id user, int64_t at)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, closing_at) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE closing_at = VALUES(closing_at)",
                      GG_ARGS(gg_v_id(&user), gg_v_time(at)), NULL);
}

enum gg_status pay_person_purge(struct gg_db *db, struct gg_id user, int64_t at)
{
    return gg_db_exec(db,
                      "INSERT INTO person (user_id, purged_at) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE nickname = NULL, purged_at = COALESCE(purged_at, VALUES(purged_at))",
                      GG_ARGS(gg_v_id(&user), gg_v_time(at)), NULL);
}

enum gg_status pay_block_save(struct gg_db *db, struct gg_id user, struct gg_id blocked)
{
    return gg_db_exec(db,
                      "INSERT INTO block (user_id, blocked_id) VALUES (?, ?)"
                      " ON DUPLICATE KEY UPDATE user_id = VALUES(user_id)",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)), NULL);
}

enum gg_status pay_block_remove(struct gg_db *db, struct gg_id user, struct gg_id blocked)
{
    return gg_db_exec(db, "DELETE FROM block WHERE user_id = ? AND blocked_id = ?",
                      GG_ARGS(gg_v_id(&user), gg_v_id(&blocked)), NULL);
}

enum gg_status pay_block_between(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b, bool *yes)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT 1 FROM block WHERE (user_id = ? AND blocked_id = ?)"
                       " OR (user_id = ? AND blocked_id = ?)",
                       GG_ARGS(gg_v_id(&a), gg_v_id(&b), gg_v_id(&b), gg_v_id(&a)), &rows));
    *yes = rows.n > 0;
    return GG_OK;
}

enum gg_status pay_deal_copy_save(struct gg_db *db, struct gg_id deal, struct gg_id host, const char *title)
{
    return gg_db_exec(db,
                      "INSERT INTO deal_copy (deal_id, host_id, title) VALUES (?, ?, ?)"
                      " ON DUPLICATE KEY UPDATE title = VALUES(title), host_id = VALUES(host_id)",
                      GG_ARGS(gg_v_id(&deal), gg_v_id(&host), gg_v_text(title)), NULL);
}

/* The newest deals of the user first: their people are who one deals with now. */
enum gg_status pay_contacts_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t limit,
                               struct pay_contact_row **contacts, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena,
        "SELECT g.user_id, g.nickname, g.deal_id, d.title FROM (SELECT p.user_id, p.nickname, MAX(c.deal_id) AS deal_id"
        " FROM ("
        " SELECT k.host_id AS other, k.deal_id FROM hold h JOIN deal_copy k ON k.deal_id = h.deal_id"
        " WHERE h.user_id = ? AND h.state IN ('pending', 'captured')"
        " UNION SELECT o.user_id, h.deal_id FROM hold h JOIN hold o ON o.deal_id = h.deal_id"
        " WHERE h.user_id = ? AND h.state IN ('pending', 'captured') AND o.state IN ('pending', 'captured')"
        " UNION SELECT o.user_id, k.deal_id FROM deal_copy k JOIN hold o ON o.deal_id = k.deal_id"
        " WHERE k.host_id = ? AND o.state IN ('pending', 'captured')"
        " UNION SELECT r.recipient_id, NULL FROM remittance r WHERE r.sender_id = ?) c"
        " JOIN person p ON p.user_id = c.other AND p.purged_at IS NULL AND p.closing_at IS NULL"
        " WHERE p.user_id <> ? AND NOT EXISTS (SELECT 1 FROM block b WHERE"
        " (b.user_id = ? AND b.blocked_id = p.user_id) OR (b.user_id = p.user_id AND b.blocked_id = ?))"
        " GROUP BY p.user_id, p.nickname) g LEFT JOIN deal_copy d ON d.deal_id = g.deal_id"
        " ORDER BY g.deal_id DESC, g.user_id LIMIT ?",
        GG_ARGS(gg_v_id(&user), gg_v_id(&user), gg_v_id(&user), gg_v_id(&user), gg_v_id(&user), gg_v_id(&user),
                gg_v_id(&user), gg_v_int(limit)),
        &rows));
    *n = rows.n;
    *contacts = GG_NEW_ARRAY(arena, struct pay_contact_row, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*contacts)[i] = (struct pay_contact_row){
            .user = gg_row_id(&rows, i, 0),
            .nickname = gg_row_text(&rows, i, 1),
            .deal = gg_row_id(&rows, i, 2),
            .title = gg_row_text(&rows, i, 3),
        };
    return GG_OK;
}
