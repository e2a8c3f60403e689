/* services/push/tell.c
 * Telling people, each of them once: inbox rows, counts, and the start of the way to their devices. */
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

enum gg_status push_count(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t delta, int64_t *version)
{
    int64_t unread;

    GG_TRY(push_inbox_lock(db, arena, user, version, &unread));
    ++*version;
    GG_TRY(push_inbox_put(db, user, *version, unread + delta));
    return gg_emit(db, &PUSH_INBOX_CHANGED, user, *version, &(struct push_inbox_changed){user, unread + delta});
}

/* --- who is told --- */

static int by_user(const void *a, const void *b)
{
    return gg_id_compare(((const struct push_addressee *)a)->user, ((const struct push_addressee *)b)->user);
}

static bool among(struct gg_id id, const struct gg_id *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (gg_id_equal(ids[i], id))
            return true;
    return false;
}

/* One addressee each, in the order of ids, without nobody and without whose act it was. */
static size_t settle(const struct push_news *news, struct push_addressee *list, size_t n)
{
    size_t left = 0;

    qsort(list, n, sizeof(*list), by_user);
    for (size_t i = 0; i < n; i++)
        if (!gg_id_is_zero(list[i].user) && !gg_id_equal(list[i].user, news->from) &&
            (left == 0 || !gg_id_equal(list[i].user, list[left - 1].user)))
            list[left++] = list[i];
    return left;
}

static struct gg_id *ids_of(struct gg_arena *arena, const struct push_addressee *list, size_t n)
{
    struct gg_id *ids = GG_NEW_ARRAY(arena, struct gg_id, n);

    for (size_t i = 0; i < n; i++)
        ids[i] = list[i].user;
    return ids;
}

static size_t without(struct push_addressee *list, size_t n, const struct gg_id *out, size_t n_out)
{
    size_t left = 0;

    for (size_t i = 0; i < n; i++)
        if (!among(list[i].user, out, n_out))
            list[left++] = list[i];
    return left;
}

static enum gg_status drop_told_and_blocked(struct gg_db *db, struct gg_arena *arena, const struct push_news *news,
                                            struct push_addressee *list, size_t *n)
{
    struct gg_id *out;
    size_t n_out;

    GG_TRY(push_told(db, arena, news->event, ids_of(arena, list, *n), *n, &out, &n_out));
    *n = without(list, *n, out, n_out);
    if (*n == 0 || gg_id_is_zero(news->from))
        return GG_OK;
    GG_TRY(push_blocked(db, arena, news->from, ids_of(arena, list, *n), *n, &out, &n_out));
    *n = without(list, *n, out, n_out);
    return GG_OK;
}

/* --- what becomes of it --- */

static int fate_of(const struct push_news *news, const struct push_reader *reader)
{
    const struct push_rule *rule = push_rule(news->kind);

    if (rule->class == PUSH_AD && !push_consent_stands(reader->ads_since, gg_now()))
        return PUSH_FATE_NO_CONSENT;
    if (!rule->critical && reader->mode == PUSH_OFF)
        return PUSH_FATE_OFF;
    if (!rule->critical && reader->muted)
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

/* One chunk on its way into the tables. */
struct telling {
    struct gg_db *db;
    struct gg_arena *arena;
    const struct push_news *news;
    const struct push_addressee *to;
    struct push_reader *readers;
    size_t n;
    struct push_facts *facts;
};

static struct push_facts facts_for(const struct telling *t, size_t i)
{
    const struct push_news *news = t->news;
    const struct push_reader *reader = &t->readers[i];
    const struct gg_tz *tz = gg_tz_find(reader->tz);
    char name[GG_ID_TEXT];
    struct push_facts facts = {
        .user = t->to[i].user,
        .event = news->event,
        .deal = news->deal,
        .target = news->target,
        .kind = news->kind,
        .title = news->title,
        .who = news->who,
        .text = t->to[i].text ? t->to[i].text : news->text,
        .amount_won = t->to[i].amount_won,
        .until = news->until,
        .number = push_rule(news->kind)->collapse ? 1 : news->number,
        .at = news->at,
        .fate = fate_of(news, reader),
        .digest_at = GG_NONE,
    };

    gg_id_format(facts.user, name);
    facts.id = gg_id_derive(news->event, name);
    if (facts.fate == PUSH_FATE_DIGEST && tz)
        facts.digest_at = push_digest_window(tz, reader->digest_every, reader->digest_at, gg_now());
    return facts;
}

static enum gg_status announce(const struct telling *t, const struct push_inbox_row *inboxes)
{
    struct push_inbox_changed *changes = GG_NEW_ARRAY(t->arena, struct push_inbox_changed, t->n);
    struct gg_emission *emissions = GG_NEW_ARRAY(t->arena, struct gg_emission, t->n);

    for (size_t i = 0; i < t->n; i++) {
        changes[i] = (struct push_inbox_changed){inboxes[i].user, inboxes[i].unread};
        emissions[i] =
            (struct gg_emission){&PUSH_INBOX_CHANGED, inboxes[i].user, inboxes[i].version, &changes[i], NULL};
    }
    return gg_emit_all(t->db, emissions, t->n);
}

static enum gg_status set_out(const struct telling *t)
{
    struct push_journey *journeys = GG_NEW_ARRAY(t->arena, struct push_journey, t->n);
    const struct push_rule *rule = push_rule(t->news->kind);
    int64_t shard = gg_random_below(PUSH_SHARDS), now = gg_now(), at = now + (rule->collapse ? COLLAPSE_GAP : 0);
    size_t n = 0;

    if (give_up_at(t->news) <= now)
        return GG_OK; /* an outage was longer than it is of use; the inbox keeps it */
    for (size_t i = 0; i < t->n; i++)
        if (t->facts[i].fate == PUSH_FATE_SENT)
            journeys[n++] = (struct push_journey){t->facts[i].id, rule->collapse ? t->facts[i].number * ROUND : 0, at,
                                                  give_up_at(t->news)};
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

/* Inboxes first: their locks are taken in the order of ids, and everything else belongs to them. */
static enum gg_status write_chunk(struct telling *t)
{
    struct gg_id *users = ids_of(t->arena, t->to, t->n);
    struct push_inbox_row *inboxes;

    GG_TRY(push_inboxes_raise(t->db, t->arena, users, t->n, true));
    GG_TRY(push_inboxes_get(t->db, t->arena, users, t->n, &inboxes));
    GG_TRY(push_readers(t->db, t->arena, t->news->kind, t->news->deal, gg_now(), users, t->n, &t->readers));
    t->facts = GG_NEW_ARRAY(t->arena, struct push_facts, t->n);
    for (size_t i = 0; i < t->n; i++) {
        t->facts[i] = facts_for(t, i);
        t->facts[i].position = inboxes[i].version;
    }
    GG_TRY(push_notices_insert(t->db, t->arena, t->facts, t->n));
    GG_TRY(announce(t, inboxes));
    GG_TRY(collect_digests(t));
    return set_out(t);
}

/* --- one open notice for many events --- */

/* The open notices of these people take the news in; who has none is left in the list. */
static enum gg_status renew_open(struct telling *t, struct push_addressee *list, size_t *n)
{
    struct gg_id *users = ids_of(t->arena, list, *n), *renewed;
    struct push_open_row *open;
    struct push_inbox_row *inboxes;
    size_t n_open, left;

    GG_TRY(push_open_notices(t->db, t->arena, t->news->kind, t->news->target, users, *n, &open, &n_open));
    if (n_open == 0)
        return GG_OK;
    renewed = GG_NEW_ARRAY(t->arena, struct gg_id, n_open);
    for (size_t i = 0; i < n_open; i++)
        renewed[i] = open[i].user;
    struct push_addressee *those = gg_memdup(t->arena, list, *n * sizeof(*list));
    left = 0;
    for (size_t i = 0; i < *n; i++)
        if (among(list[i].user, renewed, n_open))
            those[left++] = list[i];
    struct telling part = *t;
    part.to = those;
    part.n = left;
    users = ids_of(t->arena, those, left);
    GG_TRY(push_inboxes_raise(t->db, t->arena, users, left, false));
    GG_TRY(push_inboxes_get(t->db, t->arena, users, left, &inboxes));
    GG_TRY(push_readers(t->db, t->arena, t->news->kind, t->news->deal, gg_now(), users, left, &part.readers));
    part.facts = GG_NEW_ARRAY(t->arena, struct push_facts, left);
    for (size_t i = 0; i < left; i++) {
        size_t k = 0;
        while (!gg_id_equal(open[k].user, users[i]))
            k++;
        part.facts[i] = facts_for(&part, i);
        part.facts[i].id = open[k].notice;
        part.facts[i].number = (open[k].number == GG_NONE ? 1 : open[k].number) + 1;
        part.facts[i].position = inboxes[i].version;
        GG_TRY(push_notice_renew(t->db, &part.facts[i]));
    }
    GG_TRY(announce(&part, inboxes));
    GG_TRY(set_out(&part));
    *n = without(list, *n, renewed, n_open);
    return GG_OK;
}

static enum gg_status tell_chunk(struct gg_db *db, struct gg_arena *arena, const struct push_news *news,
                                 struct push_addressee *list, size_t n)
{
    struct telling t = {.db = db, .arena = arena, .news = news};

    GG_TRY(drop_told_and_blocked(db, arena, news, list, &n));
    if (n > 0 && push_rule(news->kind)->collapse)
        GG_TRY(renew_open(&t, list, &n));
    if (n == 0)
        return GG_OK;
    t.to = list;
    t.n = n;
    return write_chunk(&t);
}

enum gg_status push_tell(struct gg_db *db, struct gg_arena *arena, const struct push_news *news,
                         const struct push_addressee *to, size_t n)
{
    struct push_addressee *list = gg_memdup(arena, to, n * sizeof(*to));

    n = settle(news, list, n);
    for (size_t i = 0; i < n; i += PUSH_BATCH)
        GG_TRY(tell_chunk(db, arena, news, list + i, n - i < PUSH_BATCH ? n - i : PUSH_BATCH));
    return GG_OK;
}

enum gg_status push_tell_one(struct gg_db *db, struct gg_arena *arena, const struct push_news *news, struct gg_id user,
                             int64_t amount_won)
{
    return push_tell(db, arena, news, &(struct push_addressee){.user = user, .amount_won = amount_won}, 1);
}
