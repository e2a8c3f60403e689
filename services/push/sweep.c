/* services/push/sweep.c
 * Work that falls due: snoozed notices, old ones, digests, consents. */
#include "store_wish.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/metrics.h"

#define KEEP         (90 * GG_DAY)
#define CONSENT_LIFE (730 * GG_DAY)
#define CONSENT_ASK  (30 * GG_DAY)

enum gg_status push_snooze_due(struct gg_due *due)
{
    struct push_facts facts;
    int64_t place;
    enum gg_status status = push_notice_get(due->db, due->arena, due->subject, &facts);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    if (facts.snoozed_until == GG_NONE || facts.archived_at != GG_NONE)
        return GG_OK;
    GG_TRY(push_count(due->db, due->arena, facts.user, facts.read ? 1 : 0, &place));
    GG_TRY(push_notice_wake(due->db, facts.id, place));
    if (facts.fate != PUSH_FATE_SENT)
        return GG_OK;
    /* It is said again, for as long as a fresh one would be. */
    int64_t now = gg_now(), shard = gg_random_below(PUSH_SHARDS);
    struct push_attempt_row *attempts;
    size_t n;
    GG_TRY(push_attempts_of(due->db, due->arena, &facts.id, 1, &attempts, &n));
    GG_TRY(push_journeys_put(due->db, due->arena, shard,
                             &(struct push_journey){facts.id, n ? attempts[n - 1].step + 1 : 0, now,
                                                    now + push_rule(facts.kind)->ttl_s * GG_SECOND},
                             1));
    return gg_due_sooner(due->db, PUSH_DUE_SEND, push_shard_subject(shard), now);
}

/* Unread ones that go leave their count too. */
static enum gg_status uncount(struct gg_due *due, const struct push_old_row *old, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t unread = 0, place;
        bool first = true;
        for (size_t k = 0; k < n; k++)
            if (gg_id_equal(old[k].user, old[i].user)) {
                first = first && k >= i;
                unread += old[k].unread;
            }
        if (first && unread > 0)
            GG_TRY(push_count(due->db, due->arena, old[i].user, -unread, &place));
    }
    return GG_OK;
}

/* The delivered rate: of the notices before the last hour, so that their devices have had time to answer. */
static enum gg_status measure(struct gg_due *due)
{
    int64_t until = gg_now() - GG_HOUR, taken, shown;

    GG_TRY(push_delivered(due->db, due->arena, until - GG_HOUR, until, &taken, &shown));
    if (taken > 0)
        gg_gauge("push_delivered_permille", "", 1000 * shown / taken);
    return GG_OK;
}

enum gg_status push_keep_due(struct gg_due *due)
{
    struct push_old_row *old;
    struct gg_id *ids;
    size_t n;

    GG_TRY(push_notices_old(due->db, due->arena, gg_now() - KEEP, &old, &n));
    if (n > 0) {
        ids = GG_NEW_ARRAY(due->arena, struct gg_id, n);
        for (size_t i = 0; i < n; i++)
            ids[i] = old[i].id;
        GG_TRY(uncount(due, old, n));
        GG_TRY(push_notices_delete(due->db, ids, n));
    }
    GG_TRY(push_clean(due->db, gg_now()));
    GG_TRY(measure(due));
    return gg_due_set(due->db, PUSH_DUE_KEEP, due->subject, gg_now() + (n == PUSH_BATCH ? 0 : GG_HOUR));
}

enum gg_status push_digest_due(struct gg_due *due)
{
    struct gg_id user;
    int64_t unread;
    const char *newest;
    enum gg_status status = push_digest_take(due->db, due->arena, due->subject, gg_now(), &user, &unread, &newest);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    if (unread == 0)
        return GG_OK;
    return push_tell_one(due->db, due->arena,
                         &(struct push_news){.event = due->subject,
                                             .at = gg_now(),
                                             .kind = PUSH_DIGEST,
                                             .title = newest,
                                             .until = GG_NONE,
                                             .number = unread},
                         user, GG_NONE);
}

enum gg_status push_consent_due(struct gg_due *due)
{
    struct push_person_row person;
    int64_t now = gg_now(), ask_at, lapses_at;
    struct push_news news = {.at = now, .title = "", .until = GG_NONE, .number = GG_NONE};

    GG_TRY(push_person_get(due->db, due->arena, due->subject, &person));
    if (person.ads_since == GG_NONE)
        return GG_OK;
    lapses_at = person.ads_since + CONSENT_LIFE;
    ask_at = lapses_at - CONSENT_ASK;
    if (now < ask_at)
        return gg_due_set(due->db, PUSH_DUE_CONSENT, due->subject, ask_at);
    if (now < lapses_at) {
        news.kind = PUSH_CONSENT_CHECK;
        news.until = lapses_at;
        news.event = gg_id_derive(due->subject, gg_sprintf(due->arena, "consent %" PRId64, person.ads_since));
        GG_TRY(push_tell_one(due->db, due->arena, &news, due->subject, GG_NONE));
        return gg_due_set(due->db, PUSH_DUE_CONSENT, due->subject, lapses_at);
    }
    GG_TRY(push_person_consents(due->db, due->subject, GG_NONE, GG_NONE));
    news.kind = PUSH_CONSENT_CHANGED;
    news.event = gg_id_derive(due->subject, gg_sprintf(due->arena, "lapsed %" PRId64, person.ads_since));
    news.text = person.lang == PUSH_EN ? "Your consent to advertising has ended after two years."
                                       : "2년이 지나 광고 수신 동의가 끝났어요.";
    return push_tell_one(due->db, due->arena, &news, due->subject, GG_NONE);
}

struct push_config push_config;

const struct gg_due_kind push_due_kinds[] = {
    {PUSH_DUE_SEND, false, true, push_send_due, "notices on their way to devices, by shard"},
    {PUSH_DUE_SNOOZE, false, false, push_snooze_due, "a snoozed notice comes back"},
    {PUSH_DUE_KEEP, false, false, push_keep_due, "notices older than 90 days are deleted, every hour"},
    {PUSH_DUE_REMIND, true, false, push_remind_due, "reminders, by shard: said if it is still so"},
    {PUSH_DUE_FANOUT, false, false, push_fanout_due, "news for many people, in pieces"},
    {PUSH_DUE_DIGEST, false, false, push_digest_due, "the window of somebody's digest closes"},
    {PUSH_DUE_CONSENT, false, false, push_consent_due,
     "consent to advertising: asked again, and lapsed, after two years"},
    {PUSH_DUE_REPORT, false, true, push_report_due, "the gateway is asked what became of a text message"},
};
const size_t push_due_kinds_n = GG_LEN(push_due_kinds);
