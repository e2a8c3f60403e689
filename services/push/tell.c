/* services/push/tell.c
 * Telling people, each of them once: inbox rows, counts, and the start of the way to their devices. Everything goes by
 * pieces of PUSH_BATCH with a fixed number of statements, however many people and pieces of news are in them. */
#include "inbox.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "store_wish.h"

#include <stdlib.h>
#include <string.h>

#define ROUND        32        /* attempts a round has room for: twenty devices and a text message */
#define COLLAPSE_GAP GG_SECOND /* so long a room's messages are gathered before a device is bothered */

struct push_news push_news_of(const struct gg_event *event, enum push_kind kind, struct gg_id deal, const char *title)
{
    return (struct push_news){.event = event->id,
                              .at = event->time,
                              .kind = (int)kind,
                              .deal = deal,
                              .title = title,
                              .until = GG_NONE,
                              .number = GG_NONE};
}

struct gg_id push_shard_subject(int64_t shard)
{
    struct gg_id id = {.b = {[14] = 1}};

    id.b[15] = (uint8_t)shard;
    return id;
}

enum gg_status push_count(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t delta, int64_t *place)
{
    struct push_inbox_row row;

    GG_TRY(push_inbox_lock(db, arena, user, &row));
    row.version++;
    row.place++;
    row.unread += delta;
    *place = row.place;
    GG_TRY(push_inbox_put(db, &row));
    return gg_emit(db, &PUSH_INBOX_CHANGED, user, row.version, &(struct push_inbox_changed){user, row.unread});
}

/* --- who is told --- */

/* One chunk on its way into the tables; all of one kind, in the order of people. */
struct telling {
    struct gg_db *db;
    struct gg_arena *arena;
    struct push_tiding *list;
    size_t n;
    bool announced;      /* else the counts are announced later */
    struct gg_id *users; /* each of them once */
    struct push_inbox_row *inboxes;
    struct push_reader *readers;
    size_t n_users;
    size_t *user_of; /* index of the person of each tiding */
    struct push_muted *muted;
    size_t n_muted;
    struct push_facts *facts;
};

static int by_user(const void *a, const void *b)
{
    const struct push_tiding *x = a, *y = b;
    int order = gg_id_compare(x->to.user, y->to.user);

    return order ? order : gg_id_compare(x->news->event, y->news->event);
}

static bool among(struct gg_id id, const struct gg_id *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (gg_id_equal(ids[i], id))
            return true;
    return false;
}

static bool same(const struct push_tiding *a, const struct push_tiding *b)
{
    return gg_id_equal(a->to.user, b->to.user) && gg_id_equal(a->news->event, b->news->event);
}

/* In the order of ids, each once, without nobody and without whose act it was. */
static size_t settle(struct push_tiding *list, size_t n)
{
    size_t left = 0;

    qsort(list, n, sizeof(*list), by_user);
    for (size_t i = 0; i < n; i++)
        if (!gg_id_is_zero(list[i].to.user) && !gg_id_equal(list[i].to.user, list[i].news->from) &&
            (left == 0 || !same(&list[i], &list[left - 1])))
            list[left++] = list[i];
    return left;
}

static struct gg_id *users_of(const struct telling *t)
{
    struct gg_id *ids = GG_NEW_ARRAY(t->arena, struct gg_id, t->n);

    for (size_t i = 0; i < t->n; i++)
        ids[i] = t->list[i].to.user;
    return ids;
}

/* Follows from event and person, and lies where the others of the event and the person's neighbours lie: the first 48
 * bits are the event's, the next 32 (beside version and variant) of the time of the person's id, 42 of a hash. Rows
 * that are written together come into the same pages. */
static struct gg_id notice_id(const struct push_tiding *tiding)
{
    const uint8_t *user = tiding->to.user.b;
    uint32_t when = (uint32_t)user[1] << 24 | (uint32_t)user[2] << 16 | (uint32_t)user[3] << 8 | user[4];
    char name[GG_ID_TEXT];
    struct gg_id id;

    gg_id_format(tiding->to.user, name);
    id = gg_id_derive(tiding->news->event, name);
    memcpy(id.b, tiding->news->event.b, 6);
    id.b[6] = (uint8_t)((id.b[6] & 0xf0) | when >> 28);
    id.b[7] = (uint8_t)(when >> 20);
    id.b[8] = (uint8_t)(0x80 | (when >> 14 & 0x3f));
    id.b[9] = (uint8_t)(when >> 6);
    id.b[10] = (uint8_t)((id.b[10] & 3) | (when & 0x3f) << 2);
    return id;
}

/* Whether all of them are told of one event. */
static bool of_one_event(const struct telling *t)
{
    for (size_t i = 1; i < t->n; i++)
        if (!gg_id_equal(t->list[i].news->event, t->list[0].news->event))
            return false;
    return true;
}

/* A notice that takes in later events keeps its id and forgets their predecessors: it is asked for by its event, as are
 * all that are told of one event. */
static enum gg_status drop_told(struct telling *t)
{
    struct gg_id *ids = GG_NEW_ARRAY(t->arena, struct gg_id, t->n), *out;
    bool by_event = of_one_event(t);
    size_t n_out, left = 0;

    for (size_t i = 0; i < t->n; i++)
        ids[i] = by_event ? t->list[i].to.user : notice_id(&t->list[i]);
    GG_TRY(by_event ? push_told(t->db, t->arena, t->list[0].news->event, ids, t->n, &out, &n_out)
                    : push_notices_known(t->db, t->arena, ids, t->n, &out, &n_out));
    for (size_t i = 0; i < t->n && n_out > 0; i++)
        if (!among(ids[i], out, n_out))
            t->list[left++] = t->list[i];
    t->n = n_out > 0 ? left : t->n;
    return GG_OK;
}

static enum gg_status drop_apart_from(struct telling *t, struct gg_id from)
{
    struct gg_id *out;
    size_t n_out, left = 0;

    GG_TRY(push_blocked(t->db, t->arena, from, users_of(t), t->n, &out, &n_out));
    for (size_t i = 0; i < t->n; i++)
        if (!gg_id_equal(t->list[i].news->from, from) || !among(t->list[i].to.user, out, n_out))
            t->list[left++] = t->list[i];
    t->n = left;
    return GG_OK;
}

static enum gg_status drop_blocked(struct telling *t)
{
    struct gg_id *asked = GG_NEW_ARRAY(t->arena, struct gg_id, t->n);
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        struct gg_id from = t->list[i].news->from;
        if (gg_id_is_zero(from) || among(from, asked, n))
            continue;
        asked[n++] = from;
        GG_TRY(drop_apart_from(t, from));
        i = SIZE_MAX; /* the list is another one now */
    }
    return GG_OK;
}

/* --- what becomes of it --- */

static int fate_of(const struct push_news *news, const struct push_reader *reader, bool muted)
{
    const struct push_rule *rule = push_rule(news->kind);

    if (rule->class == PUSH_AD && !push_consent_stands(reader->ads_since, gg_now()))
        return PUSH_FATE_NO_CONSENT;
    if (!rule->critical && reader->mode == PUSH_OFF)
        return PUSH_FATE_OFF;
    if (!rule->critical && muted)
        return PUSH_FATE_MUTED;
    if (!rule->critical && reader->mode == PUSH_IN_DIGEST)
        return PUSH_FATE_DIGEST;
    if (!reader->has_device && !reader->sms)
        return PUSH_FATE_NO_DEVICE;
    return PUSH_FATE_SENT;
}

static int64_t give_up_at(const struct push_news *news)
{
    const struct push_rule *rule = push_rule(news->kind);
    int64_t at = news->at + rule->ttl_s * GG_SECOND;
    bool ends =
        rule->need == PUSH_NEED_UNTIL || rule->need == PUSH_NEED_TO_ACCEPT || rule->need == PUSH_NEED_RECRUITING;

    return ends && news->until != GG_NONE && news->until < at ? news->until : at;
}

static bool is_muted(const struct telling *t, struct gg_id user, struct gg_id deal)
{
    for (size_t i = 0; i < t->n_muted; i++)
        if (gg_id_equal(t->muted[i].user, user) && gg_id_equal(t->muted[i].deal, deal))
            return true;
    return false;
}

static struct push_facts facts_for(const struct telling *t, size_t i)
{
    const struct push_tiding *tiding = &t->list[i];
    const struct push_news *news = tiding->news;
    const struct push_reader *reader = &t->readers[t->user_of[i]];
    struct push_facts facts = {
        .id = notice_id(tiding),
        .user = tiding->to.user,
        .event = news->event,
        .deal = news->deal,
        .target = news->target,
        .kind = news->kind,
        .title = news->title,
        .who = news->who,
        .text = tiding->to.text ? tiding->to.text : news->text,
        .amount_won = tiding->to.amount_won,
        .until = news->until,
        .number = push_rule(news->kind)->collapse ? 1 : news->number,
        .at = news->at,
        .fate = fate_of(news, reader, is_muted(t, tiding->to.user, news->deal)),
        .digest_at = GG_NONE,
    };

    if (facts.fate == PUSH_FATE_DIGEST) {
        const struct gg_tz *tz = gg_tz_find(reader->tz);
        if (tz)
            facts.digest_at = push_digest_window(tz, reader->digest_every, reader->digest_at, gg_now());
    }
    return facts;
}

/* --- writing --- */

static enum gg_status emit_counts(struct gg_db *db, struct gg_arena *arena, const struct push_inbox_row *inboxes,
                                  size_t n)
{
    struct push_inbox_changed *changes = GG_NEW_ARRAY(arena, struct push_inbox_changed, n);
    struct gg_emission *emissions = GG_NEW_ARRAY(arena, struct gg_emission, n);

    for (size_t i = 0; i < n; i++) {
        changes[i] = (struct push_inbox_changed){inboxes[i].user, inboxes[i].unread};
        emissions[i] =
            (struct gg_emission){&PUSH_INBOX_CHANGED, inboxes[i].user, inboxes[i].version, &changes[i], NULL};
    }
    return gg_emit_all(db, emissions, n);
}

enum gg_status push_announce(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users, size_t n)
{
    struct push_inbox_row *by = GG_NEW_ARRAY(arena, struct push_inbox_row, n), *inboxes;

    if (n == 0)
        return GG_OK;
    for (size_t i = 0; i < n; i++)
        by[i] = (struct push_inbox_row){.user = users[i], .version = 1};
    GG_TRY(push_inboxes_raise(db, arena, by, n));
    GG_TRY(push_inboxes_get(db, arena, users, n, &inboxes));
    return emit_counts(db, arena, inboxes, n);
}

static enum gg_status set_out(const struct telling *t)
{
    struct push_journey *journeys = GG_NEW_ARRAY(t->arena, struct push_journey, t->n);
    const struct push_rule *rule = push_rule(t->list[0].news->kind);
    int64_t shard = gg_random_below(PUSH_SHARDS), now = gg_now(), at = now + (rule->collapse ? COLLAPSE_GAP : 0);
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        int64_t until = give_up_at(t->list[i].news);
        /* Past that an outage was longer than it is of use; the inbox keeps it. */
        if (t->facts[i].fate == PUSH_FATE_SENT && until > now)
            journeys[n++] =
                (struct push_journey){t->facts[i].id, rule->collapse ? t->facts[i].number * ROUND : 0, at, until};
    }
    if (n == 0)
        return GG_OK;
    GG_TRY(push_journeys_put(t->db, t->arena, shard, journeys, n));
    return gg_due_sooner(t->db, PUSH_DUE_SEND, push_shard_subject(shard), at);
}

static enum gg_status collect_digests(const struct telling *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->facts[i].digest_at != GG_NONE)
            GG_TRY(push_digest_put(t->db, t->facts[i].user, t->facts[i].digest_at));
    return GG_OK;
}

/* Inboxes first: their locks are taken in the order of ids, and everything else belongs to them. `counted`: unread ones
 * are added; else only what is there changes. Then places, from the first of each person on, and wishes. */
static enum gg_status open_inboxes(struct telling *t, bool counted)
{
    struct push_inbox_row *by = GG_NEW_ARRAY(t->arena, struct push_inbox_row, t->n);
    bool deals = false;

    t->users = GG_NEW_ARRAY(t->arena, struct gg_id, t->n);
    t->user_of = GG_NEW_ARRAY(t->arena, size_t, t->n);
    t->n_users = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (i == 0 || !gg_id_equal(t->list[i].to.user, t->list[i - 1].to.user)) {
            t->users[t->n_users] = t->list[i].to.user;
            by[t->n_users++] = (struct push_inbox_row){.user = t->list[i].to.user, .version = t->announced};
        }
        t->user_of[i] = t->n_users - 1;
        by[t->n_users - 1].place++;
        by[t->n_users - 1].unread += counted;
        deals = deals || !gg_id_is_zero(t->list[i].news->deal);
    }
    GG_TRY(push_inboxes_raise(t->db, t->arena, by, t->n_users));
    GG_TRY(push_inboxes_get(t->db, t->arena, t->users, t->n_users, &t->inboxes));
    for (size_t i = 0; i < t->n_users; i++)
        t->inboxes[i].place -= by[i].place - 1;
    GG_TRY(push_readers(t->db, t->arena, t->list[0].news->kind, t->users, t->n_users, &t->readers));
    return deals ? push_mutes_of(t->db, t->arena, gg_now(), t->users, t->n_users, &t->muted, &t->n_muted) : GG_OK;
}

static enum gg_status write_chunk(struct telling *t)
{
    GG_TRY(open_inboxes(t, true));
    t->facts = GG_NEW_ARRAY(t->arena, struct push_facts, t->n);
    for (size_t i = 0; i < t->n; i++) {
        t->facts[i] = facts_for(t, i);
        t->facts[i].position = t->inboxes[t->user_of[i]].place++;
    }
    GG_TRY(push_notices_insert(t->db, t->arena, t->facts, t->n));
    if (t->announced)
        GG_TRY(emit_counts(t->db, t->arena, t->inboxes, t->n_users));
    GG_TRY(collect_digests(t));
    return set_out(t);
}

/* --- one open notice for many events --- */

static const struct push_open_row *open_of(const struct push_open_row *open, size_t n, struct gg_id user)
{
    for (size_t i = 0; i < n; i++)
        if (gg_id_equal(open[i].user, user))
            return &open[i];
    return NULL;
}

/* The open notices of these people take the news in; who has none is left in the list. One piece of news. */
static enum gg_status renew_open(struct telling *t)
{
    const struct push_news *news = t->list[0].news;
    struct telling part = *t;
    struct push_open_row *open;
    size_t n_open, left = 0;

    GG_TRY(push_open_notices(t->db, t->arena, news->kind, news->target, users_of(t), t->n, &open, &n_open));
    if (n_open == 0)
        return GG_OK;
    part.list = GG_NEW_ARRAY(t->arena, struct push_tiding, t->n);
    part.n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (open_of(open, n_open, t->list[i].to.user))
            part.list[part.n++] = t->list[i];
        else
            t->list[left++] = t->list[i];
    t->n = left;
    GG_TRY(open_inboxes(&part, false));
    part.facts = GG_NEW_ARRAY(t->arena, struct push_facts, part.n);
    for (size_t i = 0; i < part.n; i++) {
        const struct push_open_row *row = open_of(open, n_open, part.list[i].to.user);
        part.facts[i] = facts_for(&part, i);
        part.facts[i].id = row->notice;
        part.facts[i].number = (row->number == GG_NONE ? 1 : row->number) + 1;
        part.facts[i].position = part.inboxes[i].place;
        GG_TRY(push_notice_renew(t->db, &part.facts[i]));
    }
    GG_TRY(emit_counts(t->db, t->arena, part.inboxes, part.n_users));
    return set_out(&part);
}

static enum gg_status tell_chunk(struct telling t)
{
    GG_TRY(drop_told(&t));
    GG_TRY(drop_blocked(&t));
    if (t.n > 0 && push_rule(t.list[0].news->kind)->collapse)
        GG_TRY(renew_open(&t));
    return t.n > 0 ? write_chunk(&t) : GG_OK;
}

enum gg_status push_tell_all(struct gg_db *db, struct gg_arena *arena, const struct push_tiding *tidings, size_t n,
                             bool announced)
{
    struct telling t = {.db = db, .arena = arena, .announced = announced};
    struct push_tiding *list = gg_memdup(arena, tidings, n * sizeof(*tidings));

    n = settle(list, n);
    for (size_t i = 0; i < n; i += t.n) {
        t.list = list + i;
        t.n = n - i < PUSH_BATCH ? n - i : PUSH_BATCH;
        GG_TRY(tell_chunk(t));
    }
    return GG_OK;
}

enum gg_status push_tell(struct gg_db *db, struct gg_arena *arena, const struct push_news *news,
                         const struct push_addressee *to, size_t n)
{
    struct push_tiding *tidings = GG_NEW_ARRAY(arena, struct push_tiding, n);

    for (size_t i = 0; i < n; i++)
        tidings[i] = (struct push_tiding){news, to[i]};
    return push_tell_all(db, arena, tidings, n, true);
}

enum gg_status push_tell_one(struct gg_db *db, struct gg_arena *arena, const struct push_news *news, struct gg_id user,
                             int64_t amount_won)
{
    return push_tell(db, arena, news, &(struct push_addressee){.user = user, .amount_won = amount_won}, 1);
}
