/* services/push/way.c
 * What to do next with a notice. */
#include "way.h"

#include "libcommon/clock.h"

#define CONSENT_LIFE (730 * GG_DAY)
#define TRIES_MAX    5 /* of one device while another one is left */
#define WAIT_FIRST   (2 * GG_SECOND)
#define WAIT_LONGEST (10 * GG_MINUTE)

bool push_consent_stands(int64_t since, int64_t now)
{
    return since != GG_NONE && now < since + CONSENT_LIFE;
}

int64_t push_back_off(int64_t tries, int64_t retry_after)
{
    int64_t wait = WAIT_FIRST;

    while (--tries > 0 && wait < WAIT_LONGEST)
        wait *= 2;
    if (wait > WAIT_LONGEST)
        wait = WAIT_LONGEST;
    return retry_after != GG_NONE && retry_after > wait ? retry_after : wait;
}

static struct push_step end(int how)
{
    return (struct push_step){.what = PUSH_DO_END, .end = how, .next_at = GG_NONE};
}

static bool tried(const struct push_state *s, struct gg_id device)
{
    for (size_t i = 0; i < s->n_tries; i++)
        if (s->tries[i].channel == PUSH_WEB && gg_id_equal(s->tries[i].device, device))
            return true;
    return false;
}

static bool texted(const struct push_state *s)
{
    return s->n_tries > 0 && s->tries[s->n_tries - 1].channel == PUSH_SMS;
}

static bool has_device(const struct push_state *s, struct gg_id device)
{
    for (size_t i = 0; i < s->n_devices; i++)
        if (gg_id_equal(s->devices[i], device))
            return true;
    return false;
}

/* Devices not tried yet, but for `except`. */
static size_t untried(const struct push_state *s, struct gg_id except)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_devices; i++)
        n += !gg_id_equal(s->devices[i], except) && !tried(s, s->devices[i]);
    return n;
}

/* Whether it may be said at all, whatever the hour; -1: yes, else how its way ends. */
static int forbidden(const struct push_state *s, int64_t now)
{
    const struct push_rule *rule = push_rule(s->facts->kind);

    if (s->facts->read || s->facts->archived_at != GG_NONE)
        return PUSH_END_READ;
    if (!s->needed)
        return PUSH_END_STALE;
    for (size_t i = 0; i < s->n_tries; i++)
        if (s->tries[i].shown)
            return PUSH_END_SHOWN;
    if (now >= s->give_up_at)
        return PUSH_END_EXPIRED;
    if (rule->class == PUSH_AD && !push_consent_stands(s->ads_since, now))
        return PUSH_END_UNWANTED;
    if (!rule->critical && (s->muted || s->mode == PUSH_OFF))
        return PUSH_END_MUTED;
    return -1;
}

/* When it may be said: now, or later. */
static int64_t allowed_at(const struct push_state *s, int64_t now)
{
    const struct push_rule *rule = push_rule(s->facts->kind);
    int64_t at = rule->critical ? now : push_quiet_end(&s->hours, now);

    if (rule->class == PUSH_AD && !push_consent_stands(s->ads_at_night_since, now)) {
        int64_t morning = push_night_end(at);
        at = push_quiet_end(&s->hours, morning);
    }
    return at;
}

static struct push_step send(const struct push_state *s, struct gg_id device, bool again, int64_t now)
{
    const struct push_rule *rule = push_rule(s->facts->kind);
    bool more = untried(s, device) > 0 || s->sms;
    int64_t left = s->give_up_at - now, patience = rule->patience_s * GG_SECOND;

    if (more && patience < left)
        return (struct push_step){.what = PUSH_DO_WEB,
                                  .device = device,
                                  .again = again,
                                  .ttl_s = rule->patience_s,
                                  .next_at = now + patience};
    return (struct push_step){
        .what = PUSH_DO_WEB, .device = device, .again = again, .ttl_s = left / GG_SECOND + 1, .next_at = GG_NONE};
}

struct push_step push_next_step(const struct push_state *s, int64_t now)
{
    const struct push_try *last = s->n_tries ? &s->tries[s->n_tries - 1] : NULL;
    int how = forbidden(s, now);
    int64_t at;

    if (how >= 0)
        return end(how);
    at = allowed_at(s, now);
    if (at >= s->give_up_at)
        return end(push_rule(s->facts->kind)->class == PUSH_AD ? PUSH_END_UNWANTED : PUSH_END_QUIET);
    if (at > now)
        return (struct push_step){.what = PUSH_DO_WAIT, .next_at = at};
    if (texted(s) && last->result != PUSH_DEFERRED)
        return end(PUSH_END_SENT);
    if (texted(s))
        return (struct push_step){.what = PUSH_DO_TEXT, .again = true, .next_at = GG_NONE};
    if (last && last->result == PUSH_DEFERRED && has_device(s, last->device) &&
        (last->tries < TRIES_MAX || untried(s, last->device) == 0))
        return send(s, last->device, true, now);
    for (size_t i = 0; i < s->n_devices; i++)
        if (!tried(s, s->devices[i]))
            return send(s, s->devices[i], false, now);
    if (s->sms)
        return (struct push_step){.what = PUSH_DO_TEXT, .next_at = GG_NONE};
    return end(PUSH_END_SENT);
}
