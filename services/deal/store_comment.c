/* services/deal/store_comment.c
 * SQL of comments. */
#include "store_trust.h"

#include "kept.h"

#define COMMENT                                                                                                        \
    "SELECT c.id, c.deal_id, c.author_id, c.reply_to, c.text, c.state, c.reports, c.created_at, p.nickname, "          \
    "d.host_id,"                                                                                                       \
    " d.title FROM comment c JOIN deal d ON d.id = c.deal_id LEFT JOIN person p ON p.user_id = c.author_id"

static struct deal_comment_row read_comment(const struct gg_rows *rows, size_t r)
{
    return (struct deal_comment_row){.id = gg_row_id(rows, r, 0),
                                     .deal = gg_row_id(rows, r, 1),
                                     .author = gg_row_id(rows, r, 2),
                                     .reply_to = gg_row_id(rows, r, 3),
                                     .text = gg_row_text(rows, r, 4),
                                     .state = (int)gg_row_int(rows, r, 5),
                                     .reports = gg_row_int(rows, r, 6),
                                     .created_at = gg_row_time(rows, r, 7),
                                     .nickname = gg_row_text(rows, r, 8),
                                     .host = gg_row_id(rows, r, 9),
                                     .title = gg_row_text(rows, r, 10)};
}

static void read_comments(struct gg_arena *arena, const struct gg_rows *rows, struct deal_comment_row **list, size_t *n)
{
    *n = rows->n;
    *list = GG_NEW_ARRAY(arena, struct deal_comment_row, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*list)[i] = read_comment(rows, i);
}

static enum gg_status count(struct gg_db *db, struct gg_id deal, int64_t by)
{
    deal_kept_counted(db, deal);
    return gg_db_exec(db, "UPDATE deal_extra SET comments = comments + ? WHERE deal_id = ?",
                      GG_ARGS(gg_v_int(by), gg_v_id(&deal)), NULL);
}

enum gg_status deal_comment_insert(struct gg_db *db, const struct deal_comment_row *c)
{
    GG_TRY(gg_db_exec(
        db, "INSERT INTO comment (id, deal_id, author_id, reply_to, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&c->id), gg_v_id(&c->deal), gg_v_id(&c->author), gg_v_id(&c->reply_to), gg_v_text(c->text),
                gg_v_time(c->created_at)),
        NULL));
    return count(db, c->deal, 1);
}

enum gg_status deal_comment_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                struct deal_comment_row *comment)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, COMMENT " WHERE c.id = ?", GG_ARGS(gg_v_id(&id)), &rows));
    *comment = read_comment(&rows, 0);
    return GG_OK;
}

enum gg_status deal_comments(struct gg_db *db, struct gg_arena *arena, struct gg_id deal, struct gg_id viewer,
                             struct gg_id after, int64_t limit, struct deal_comment_row **list, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       COMMENT " WHERE c.deal_id = ? AND c.id > ? AND c.state <> 3 AND NOT EXISTS"
                               " (SELECT 1 FROM blocked b WHERE (b.user_id = ? AND b.blocked_id = c.author_id)"
                               " OR (b.user_id = c.author_id AND b.blocked_id = ?)) ORDER BY c.id LIMIT ?",
                       GG_ARGS(gg_v_id(&deal), gg_v_bytes(after.b, 16), gg_v_bytes(viewer.b, 16),
                               gg_v_bytes(viewer.b, 16), gg_v_int(limit)),
                       &rows));
    read_comments(arena, &rows, list, n);
    return GG_OK;
}

enum gg_status deal_comments_reported(struct gg_db *db, struct gg_arena *arena, struct gg_id after, int64_t limit,
                                      struct deal_comment_row **list, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       COMMENT " WHERE c.reports > 0 AND c.id > ? AND c.state IN (0, 2) ORDER BY c.id LIMIT ?",
                       GG_ARGS(gg_v_bytes(after.b, 16), gg_v_int(limit)), &rows));
    read_comments(arena, &rows, list, n);
    return GG_OK;
}

enum gg_status deal_comment_state_set(struct gg_db *db, const struct deal_comment_row *c, int state)
{
    bool was = c->state == DEAL_COMMENT_SHOWN, is = state == DEAL_COMMENT_SHOWN;

    /* An admin who shows it again has read the reports. */
    GG_TRY(gg_db_exec_one(db, "UPDATE comment SET state = ?, reports = IF(? = 0, 0, reports) WHERE id = ?",
                          GG_ARGS(gg_v_int(state), gg_v_int(state), gg_v_id(&c->id))));
    return was == is ? GG_OK : count(db, c->deal, is ? 1 : -1);
}

enum gg_status deal_comment_report(struct gg_db *db, struct gg_id comment, struct gg_id user, const char *reason,
                                   int64_t now)
{
    enum gg_status status =
        gg_db_exec(db, "INSERT INTO comment_report (comment_id, user_id, reason, created_at) VALUES (?, ?, ?, ?)",
                   GG_ARGS(gg_v_id(&comment), gg_v_id(&user), gg_v_text(reason), gg_v_time(now)), NULL);

    if (status == GG_DUPLICATE)
        return GG_OK;
    GG_TRY(status);
    return gg_db_exec(db, "UPDATE comment SET reports = reports + 1 WHERE id = ?", GG_ARGS(gg_v_id(&comment)), NULL);
}

enum gg_status deal_next_version(struct gg_db *db, struct deal_row *deal)
{
    deal->version++;
    return gg_db_exec_one(db, "UPDATE deal SET version = ? WHERE id = ?",
                          GG_ARGS(gg_v_int(deal->version), gg_v_id(&deal->id)));
}
