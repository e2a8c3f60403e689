/* services/push/fanout.c
 * Due work `push.fanout`: one piece of news for many people, a thousand in each transaction: first their rows, then the
 * announcement of their new counts. Parts of an audience go side by side, on any instance, each in the order of people.
 */
#include "store_wish.h"

#include "keyword.h"
#include "libcommon/clock.h"
#include "libcommon/metrics.h"

#include <string.h>

/* Nobody waits for a word further away than this (micro-degrees of about 10 km). */
#define BOX_LAT 91000
#define BOX_LNG 116000

#define PARTS      4
#define LOOK_AGAIN 100 /* ms, until the other parts have told everybody */

enum gg_status push_fan_out(struct gg_db *db, const struct push_fanout *fanout)
{
    for (int64_t i = 0; i < PARTS; i++) {
        const char name[] = {(char)('0' + i), '\0'};
        struct push_fanout part = *fanout;
        part.part = i;
        part.parts = PARTS;
        if (i > 0) /* the first has the audience's own id: repeated, the same parts are set */
            part.id = gg_id_derive(fanout->id, name);
        GG_TRY(push_fanout_insert(db, &part));
        GG_TRY(gg_due_set(db, PUSH_DUE_FANOUT, part.id, gg_now()));
    }
    return GG_OK;
}

/* Who of the next keywords is told; `last` the last person looked at, `more` whether there may be others. */
static enum gg_status by_keyword(struct gg_due *due, const struct push_fanout *f, struct push_addressee **to, size_t *n,
                                 struct gg_id *last, bool *more)
{
    struct push_keyword_row *rows;
    const char *title = push_fold(due->arena, f->title);
    size_t n_rows;

    GG_TRY(push_keywords_near(due->db, due->arena, f, BOX_LAT, BOX_LNG, &rows, &n_rows));
    *more = n_rows == PUSH_AUDIENCE;
    if (*more) /* the last one's other keywords may stand behind the end: he is for the next piece */
        for (struct gg_id cut = rows[n_rows - 1].user; n_rows > 0 && gg_id_equal(rows[n_rows - 1].user, cut);)
            n_rows--;
    *to = GG_NEW_ARRAY(due->arena, struct push_addressee, n_rows);
    *n = 0;
    for (size_t i = 0; i < n_rows; i++)
        if ((strstr(title, rows[i].folded) || (f->tags && strstr(f->tags, rows[i].folded))) &&
            push_distance_m(rows[i].lat, rows[i].lng, f->lat, f->lng) <= rows[i].radius_m)
            (*to)[(*n)++] = (struct push_addressee){.user = rows[i].user, .amount_won = GG_NONE, .text = rows[i].word};
    if (n_rows)
        *last = rows[n_rows - 1].user;
    return GG_OK;
}

static enum gg_status by_consent(struct gg_due *due, const struct push_fanout *f, struct push_addressee **to, size_t *n,
                                 struct gg_id *last, bool *more)
{
    struct gg_id *users;

    GG_TRY(push_agreed(due->db, due->arena, f, &users, n));
    *to = GG_NEW_ARRAY(due->arena, struct push_addressee, *n);
    for (size_t i = 0; i < *n; i++)
        (*to)[i] = (struct push_addressee){.user = users[i], .amount_won = GG_NONE};
    if (*n)
        *last = users[*n - 1];
    *more = *n == PUSH_AUDIENCE;
    return GG_OK;
}

/* Everybody has his row: now the counts, so that a hundred thousand events do not stand in the way of the rows. */
static enum gg_status announce_some(struct gg_due *due, const struct push_fanout *f)
{
    struct gg_id *users;
    size_t n;
    bool telling;

    GG_TRY(push_fanout_telling(due->db, due->arena, f->event, &telling));
    if (telling)
        return gg_due_set(due->db, PUSH_DUE_FANOUT, f->id, gg_now() + LOOK_AGAIN);
    GG_TRY(push_told_after(due->db, due->arena, f, &users, &n));
    GG_TRY(push_announce(due->db, due->arena, users, n));
    if (n < PUSH_BATCH)
        return push_fanout_delete(due->db, f->id);
    GG_TRY(push_fanout_done_to(due->db, f->id, users[n - 1], true));
    return gg_due_set(due->db, PUSH_DUE_FANOUT, f->id, gg_now());
}

static enum gg_status tell_some(struct gg_due *due, const struct push_fanout *f)
{
    const struct push_news news = {.event = f->event,
                                   .at = f->at,
                                   .kind = f->kind,
                                   .deal = f->deal,
                                   .title = f->title,
                                   .text = f->text,
                                   .until = GG_NONE,
                                   .number = GG_NONE,
                                   .from = f->from};
    struct push_addressee *to;
    struct push_tiding *tidings;
    struct gg_id last = GG_ID_ZERO;
    size_t n;
    bool more;

    GG_TRY(f->audience == PUSH_TO_KEYWORDS ? by_keyword(due, f, &to, &n, &last, &more)
                                           : by_consent(due, f, &to, &n, &last, &more));
    tidings = GG_NEW_ARRAY(due->arena, struct push_tiding, n);
    for (size_t i = 0; i < n; i++)
        tidings[i] = (struct push_tiding){&news, to[i]};
    GG_TRY(push_tell_all(due->db, due->arena, tidings, n, false));
    gg_count("push_fanout_people_total", "", (int64_t)n);
    GG_TRY(push_fanout_done_to(due->db, f->id, more ? last : GG_ID_ZERO, !more));
    return gg_due_set(due->db, PUSH_DUE_FANOUT, f->id, gg_now());
}

enum gg_status push_fanout_due(struct gg_due *due)
{
    struct push_fanout f;
    enum gg_status status = push_fanout_get(due->db, due->arena, due->subject, &f);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    return f.announcing ? announce_some(due, &f) : tell_some(due, &f);
}
