/* services/push/http_wish.c
 * Preferences, mutes, consents and keywords over HTTP. */
#include "http.h"

#include "keyword.h"
#include "libcommon/clock.h"

#include <string.h>

#define CONSENT_LIFE (730 * GG_DAY)
#define CONSENT_ASK  (30 * GG_DAY)
#define KINDS        ((size_t)PUSH_KINDS)
#define ABOUT_100M   1000 /* micro-degrees */

/* --- preferences --- */

enum gg_status push_preferences_view(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                     struct push_preferences *out)
{
    struct push_person_row person;
    struct push_preference_row *rows;
    struct push_kind_wish *kinds = GG_NEW_ARRAY(arena, struct push_kind_wish, KINDS);
    size_t n;

    GG_TRY(push_person_get(db, arena, user, &person));
    GG_TRY(push_preferences_get(db, arena, user, &rows, &n));
    for (size_t i = 0; i < KINDS; i++) {
        const struct push_rule *rule = push_rule((int)i);
        kinds[i] = (struct push_kind_wish){.kind = (int)i,
                                           .class = (int)rule->class,
                                           .web = PUSH_NOW,
                                           .sms = rule->sms,
                                           .may_sms = rule->sms,
                                           .always = rule->critical};
    }
    for (size_t i = 0; i < n; i++)
        if (rows[i].kind >= 0 && (size_t)rows[i].kind < KINDS) {
            kinds[rows[i].kind].web = rows[i].web;
            kinds[rows[i].kind].sms = rows[i].sms && kinds[rows[i].kind].may_sms;
        }
    *out = (struct push_preferences){.lang = person.lang,
                                     .tz = person.tz,
                                     .digest_every = person.digest_every,
                                     .digest_at = person.digest_at,
                                     .kinds = {kinds, KINDS}};
    if (person.quiet_from != GG_NONE) {
        out->quiet = GG_NEW(arena, struct push_quiet);
        *out->quiet = (struct push_quiet){person.quiet_from, person.quiet_until};
    }
    return GG_OK;
}

enum gg_status push_http_preferences(struct gg_call *call)
{
    return push_preferences_view(call->db, call->arena, call->user.id, call->out);
}

enum gg_status push_http_put_preferences(struct gg_call *call)
{
    const struct push_preferences *in = call->in;
    const struct push_kind_wish *kinds = in->kinds.items;
    struct push_preference_row *rows = GG_NEW_ARRAY(call->arena, struct push_preference_row, in->kinds.n);
    struct push_person_row person = {
        .lang = in->lang == PUSH_EN ? PUSH_EN : PUSH_KO,
        .tz = in->tz ? in->tz : "Asia/Seoul",
        .quiet_from = in->quiet ? in->quiet->from : GG_NONE,
        .quiet_until = in->quiet ? in->quiet->until : GG_NONE,
        .digest_every = in->digest_every == GG_NONE ? 1440 : in->digest_every,
        .digest_at = in->digest_at == GG_NONE ? 1080 : in->digest_at,
    };
    enum gg_status status;

    if (!gg_tz_find(person.tz))
        return gg_fail_field(call, "/tz", "enum", "there is no such time zone");
    if (person.digest_every != 60 && person.digest_every != 1440)
        return gg_fail_field(call, "/digest_every", "enum", "60 or 1440");
    for (size_t i = 0; i < in->kinds.n; i++) {
        const struct push_rule *rule = push_rule(kinds[i].kind);
        if (rule->critical && kinds[i].web != PUSH_NOW)
            return gg_fail_field(call, gg_sprintf(call->arena, "/kinds/%zu/web", i), "enum",
                                 "this kind protects your account and cannot be switched off");
        if (kinds[i].kind == PUSH_DIGEST && kinds[i].web == PUSH_IN_DIGEST)
            return gg_fail_field(call, gg_sprintf(call->arena, "/kinds/%zu/web", i), "enum",
                                 "a digest does not wait for itself");
        rows[i] = (struct push_preference_row){kinds[i].kind, kinds[i].web, kinds[i].sms && rule->sms};
    }
    status = push_person_wishes(call->db, call->user.id, &person);
    if (status == GG_NOT_FOUND) /* the event of the sign-up is still on its way */
        return GG_UNAVAILABLE;
    GG_TRY(status);
    GG_TRY(push_preferences_put(call->db, call->arena, call->user.id, rows, in->kinds.n));
    return push_preferences_view(call->db, call->arena, call->user.id, call->out);
}

/* --- mutes --- */

enum gg_status push_http_mutes(struct gg_call *call)
{
    struct push_mute_list *out = call->out;
    struct push_mute *mutes;
    size_t n;

    GG_TRY(push_mutes_get(call->db, call->arena, call->user.id, gg_now(), &mutes, &n));
    out->items = (struct gg_list){mutes, n};
    return GG_OK;
}

enum gg_status push_http_put_mute(struct gg_call *call)
{
    const struct push_mute_put *in = call->in;
    struct push_mute *out = call->out;

    if (!gg_param_id(call, 0, &out->deal))
        return GG_OK;
    if (in->until != GG_NONE && in->until <= gg_now())
        return gg_fail_field(call, "/until", "min", "lies in the past");
    out->until = in->until;
    return push_mute_put_row(call->db, call->user.id, out->deal, in->until);
}

enum gg_status push_http_delete_mute(struct gg_call *call)
{
    struct gg_id deal;

    if (!gg_param_id(call, 0, &deal))
        return GG_OK;
    return push_mute_delete(call->db, call->user.id, deal);
}

/* --- consents --- */

enum gg_status push_consents_view(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                  struct push_consents *out)
{
    struct push_person_row person;

    GG_TRY(push_person_get(db, arena, user, &person));
    *out = (struct push_consents){.ads = push_consent_stands(person.ads_since, gg_now()),
                                  .ads_at_night = push_consent_stands(person.ads_at_night_since, gg_now()),
                                  .ads_since = person.ads_since,
                                  .ads_at_night_since = person.ads_at_night_since,
                                  .lapses_at = person.ads_since == GG_NONE ? GG_NONE : person.ads_since + CONSENT_LIFE};
    return GG_OK;
}

enum gg_status push_http_consents(struct gg_call *call)
{
    return push_consents_view(call->db, call->arena, call->user.id, call->out);
}

/* The law wants the result told within 14 days: who, when, what. */
static enum gg_status tell_consent(struct gg_call *call, const struct push_person_row *person, bool ads, bool night)
{
    int64_t now = gg_now();
    const char *when = push_time(call->arena, now, person->lang == PUSH_EN ? PUSH_EN : PUSH_KO);
    struct push_news news = {.event = gg_id_new(),
                             .at = now,
                             .kind = PUSH_CONSENT_CHANGED,
                             .title = "",
                             .until = GG_NONE,
                             .number = GG_NONE};

    if (person->lang == PUSH_EN)
        news.text = gg_sprintf(call->arena, "Gonggu, %s: you %s advertising%s.", when, ads ? "agreed to" : "refused",
                               ads && night ? ", also at night" : "");
    else
        news.text = gg_sprintf(call->arena, "공구, %s: 광고 수신%s에 %s하셨어요.", when,
                               ads && night ? "(야간 포함)" : "", ads ? "동의" : "거부");
    return push_tell_one(call->db, call->arena, &news, call->user.id, GG_NONE);
}

enum gg_status push_http_put_consents(struct gg_call *call)
{
    const struct push_consents *in = call->in;
    struct push_person_row person;
    int64_t now = gg_now();
    bool had_ads, had_night;
    enum gg_status status;

    GG_TRY(push_person_get(call->db, call->arena, call->user.id, &person));
    had_ads = push_consent_stands(person.ads_since, now);
    had_night = push_consent_stands(person.ads_at_night_since, now);
    status = push_person_consents(call->db, call->user.id, in->ads ? now : GG_NONE,
                                  in->ads && in->ads_at_night ? now : GG_NONE);
    if (status == GG_NOT_FOUND)
        return GG_UNAVAILABLE;
    GG_TRY(status);
    if (in->ads)
        GG_TRY(gg_due_set(call->db, PUSH_DUE_CONSENT, call->user.id, now + CONSENT_LIFE - CONSENT_ASK));
    if (had_ads != in->ads || (in->ads && had_night != in->ads_at_night))
        GG_TRY(tell_consent(call, &person, in->ads, in->ads_at_night));
    return push_consents_view(call->db, call->arena, call->user.id, call->out);
}

/* --- keywords --- */

enum gg_status push_http_keywords(struct gg_call *call)
{
    struct push_keyword_list *out = call->out;
    struct push_keyword *keywords;
    size_t n;

    GG_TRY(push_keywords_get(call->db, call->arena, call->user.id, &keywords, &n));
    out->items = (struct gg_list){keywords, n};
    return GG_OK;
}

static int64_t rounded(int64_t micro_degrees)
{
    return (micro_degrees + ABOUT_100M / 2) / ABOUT_100M * ABOUT_100M;
}

enum gg_status push_http_add_keyword(struct gg_call *call)
{
    const struct push_keyword_new *in = call->in;
    struct push_keyword *out = call->out, *keywords;
    const char *folded = push_fold(call->arena, in->word);
    struct push_inbox_row inbox;
    size_t n;
    enum gg_status status;

    if (!*folded)
        return gg_fail_field(call, "/word", "text", "has nothing to look for");
    GG_TRY(push_inbox_lock(call->db, call->arena, call->user.id, &inbox)); /* two at once: one after the other */
    GG_TRY(push_keywords_get(call->db, call->arena, call->user.id, &keywords, &n));
    if (n >= PUSH_KEYWORDS_MAX)
        return gg_fail(call, &PUSH_KEYWORD_LIMIT, "at most %d", PUSH_KEYWORDS_MAX);
    *out = (struct push_keyword){gg_id_new(), in->word, rounded(in->lat), rounded(in->lng), in->radius_m, gg_now()};
    status = push_keyword_insert(call->db, call->user.id, out, folded);
    return status == GG_DUPLICATE ? gg_fail(call, &PUSH_KEYWORD_TAKEN, "change its circle by removing it first")
                                  : status;
}

enum gg_status push_http_delete_keyword(struct gg_call *call)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = push_keyword_delete(call->db, call->user.id, id);
    return status == GG_NOT_FOUND ? gg_fail(call, &GG_P_NOT_FOUND, "you have no such keyword") : status;
}
