/* services/push/send.c
 * Due work `push.send`: the notices of one shard that are due, decided one by one and sent side by side. */
#include "inbox.h"

#include "clear.h"
#include "libcommon/clock.h"
#include "libcommon/http_client.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "proto/deal.h"
#include "sms.h"
#include "vapid.h"
#include "webpush.h"

#include <string.h>

#define CLAIM         200 /* notices at once: they must be through well within their lease */
#define PARALLEL      32
#define LEASE         (90 * GG_SECOND) /* a crash in between: tried again after this, under the same topic and tag */
#define AT_A_TIME     (20 * GG_SECOND) /* then another thread may have the shard */
#define TIMEOUT       8000
#define LOOK_AT_LEAST (15 * GG_SECOND)

/* One notice in work. */
struct item {
    struct push_traveller *who;
    struct push_step step;
    const struct push_device_row *device;
    struct push_attempt_row attempt; /* of this try; step GG_NONE: none */
    struct gg_http_request *request;
    struct gg_http_response response;
    enum gg_status sent;
    bool gone;
    int64_t next_at; /* GG_NONE: its way has ended as `end` says */
    int end;
};

struct round {
    struct gg_db *db;
    struct gg_arena *arena;
    int64_t lease;
    struct item *items;
    size_t n;
    struct push_device_row *devices;
    size_t n_devices;
    struct push_attempt_row *attempts;
    size_t n_attempts;
};

/* --- deciding --- */

static bool needed(const struct push_traveller *t, int64_t now)
{
    bool unknown = t->deal_state < 0; /* a deal from before push kept copies of them */

    switch (push_rule(t->facts.kind)->need) {
    case PUSH_NEED_NOTHING:
        return true;
    case PUSH_NEED_UNTIL:
        return t->facts.until == GG_NONE || now < t->facts.until;
    case PUSH_NEED_RECRUITING:
        return unknown || (t->deal_state == DEAL_RECRUITING && (t->host || t->live));
    case PUSH_NEED_IN:
        return unknown || t->host || t->live;
    case PUSH_NEED_TO_PICK_UP:
        return unknown || ((t->deal_state == DEAL_PURCHASED || t->deal_state == DEAL_ARRIVED) && t->to_pick_up);
    case PUSH_NEED_TO_ACCEPT:
        return unknown || t->to_accept;
    }
    return true;
}

static void decide(struct round *r, struct item *item, int64_t now)
{
    struct push_traveller *t = item->who;
    const struct gg_tz *tz = gg_tz_find(t->reader.tz);
    struct push_try *tries = GG_NEW_ARRAY(r->arena, struct push_try, r->n_attempts);
    struct push_state state = {
        .facts = &t->facts,
        .give_up_at = t->give_up_at,
        .hours = {tz, tz ? t->reader.quiet_from : GG_NONE, t->reader.quiet_until},
        .needed = needed(t, now),
        .muted = t->reader.muted,
        .mode = t->reader.mode,
        .ads_since = t->reader.ads_since,
        .ads_at_night_since = t->reader.ads_at_night_since,
        .sms = t->reader.sms,
        .tries = tries,
    };
    const struct push_attempt_row *last = NULL;

    for (size_t i = 0; i < r->n_attempts; i++) {
        const struct push_attempt_row *a = &r->attempts[i];
        if (!gg_id_equal(a->notice, t->facts.id) || a->step < t->base)
            continue;
        tries[state.n_tries++] =
            (struct push_try){a->channel, a->result, a->device, a->tries, a->at, a->shown_at != GG_NONE};
        last = a;
    }
    for (size_t i = 0; i < r->n_devices && state.n_devices < PUSH_DEVICES_MAX; i++)
        if (gg_id_equal(r->devices[i].user, t->facts.user))
            state.devices[state.n_devices++] = r->devices[i].id;
    item->step = push_next_step(&state, now);
    item->attempt = (struct push_attempt_row){.notice = t->facts.id,
                                              .step = item->step.again && last ? last->step
                                                      : last                   ? last->step + 1
                                                                               : t->base,
                                              .tries = item->step.again && last ? last->tries + 1 : 1,
                                              .device = item->step.device,
                                              .channel = item->step.what == PUSH_DO_TEXT ? PUSH_SMS : PUSH_WEB,
                                              .status = GG_NONE,
                                              .at = now};
    item->next_at = item->step.next_at;
    item->end = item->step.what == PUSH_DO_END ? item->step.end : PUSH_END_SENT;
    for (size_t i = 0; i < r->n_devices; i++)
        if (item->step.what == PUSH_DO_WEB && gg_id_equal(r->devices[i].id, item->step.device))
            item->device = &r->devices[i];
}

/* --- sending --- */

static const struct push_cleared *clear(const struct round *r, const struct item *item, int lang)
{
    return push_clear(r->arena, &item->who->facts, lang == PUSH_EN ? PUSH_EN : PUSH_KO, item->who->reader.ads_since,
                      item->who->reader.ads_at_night_since, gg_now());
}

/* The message as the service worker will read it. */
static bool encrypt(const struct round *r, const struct item *item, const struct push_cleared *cleared,
                    struct gg_str *body)
{
    struct gg_buf plain;
    struct gg_ec_key *key = gg_ec_key_generate();
    uint8_t salt[16];
    bool ok;

    gg_buf_init(&plain, PUSH_PAYLOAD_MAX);
    push_payload(r->arena, cleared, push_ack_token(r->arena, item->attempt.notice, item->attempt.step), &plain);
    gg_random(salt, sizeof(salt));
    ok = !plain.overflow &&
         push_encrypt(r->arena, item->device->p256dh, item->device->auth, key, salt, gg_buf_str(&plain), true, body);
    gg_buf_free(&plain);
    gg_ec_key_destroy(key);
    if (!ok)
        gg_error("push_encrypt", "a notice could not be encrypted for a device");
    return ok;
}

static void refuse(struct item *item)
{
    item->attempt.result = PUSH_REJECTED;
    item->next_at = gg_now(); /* the next device, if there is one */
}

static bool prepare(const struct round *r, struct item *item, struct gg_http_request *request)
{
    const struct push_facts *facts = &item->who->facts;
    const struct push_device_row *device = item->device;
    const struct push_cleared *cleared = clear(r, item, device->lang);
    char *origin = push_endpoint_origin(r->arena, device->endpoint, push_config.hosts, push_config.allow_http);
    const char **headers = GG_NEW_ARRAY(r->arena, const char *, 8);
    struct gg_str body;

    if (!cleared || !origin || !encrypt(r, item, cleared, &body)) {
        refuse(item);
        return false;
    }
    headers[0] = push_vapid_header(r->arena, device, origin, push_config.vapid_subject);
    headers[1] = "Content-Type: application/octet-stream";
    headers[2] = "Content-Encoding: aes128gcm";
    headers[3] = gg_sprintf(r->arena, "TTL: %" PRId64, item->step.ttl_s);
    headers[4] = gg_sprintf(r->arena, "Urgency: %s", push_rule(facts->kind)->urgency);
    /* A retry takes the place of the first try while it waits there, and of what it has shown on the device (tag). */
    headers[5] = gg_sprintf(r->arena, "Topic: %s", gg_base64url(r->arena, facts->id.b, sizeof(facts->id.b)));
    *request = (struct gg_http_request){.method = "POST",
                                        .url = device->endpoint,
                                        .headers = headers,
                                        .body = body,
                                        .timeout_ms = TIMEOUT,
                                        .max_reply = 4096,
                                        .ca_file = *push_config.ca_file ? push_config.ca_file : NULL,
                                        .public_only = !push_config.allow_http};
    return true;
}

#define COUNT(result) gg_count("push_deliveries_total", "result=\"" result "\"", 1)

/* What the push service's answer means. */
static void conclude(struct item *item, enum gg_status sent, const struct gg_http_response *response)
{
    int status = sent == GG_OK ? response->status : 0;

    item->attempt.status = status ? status : GG_NONE;
    if (status >= 200 && status < 300) {
        COUNT("accepted");
        item->attempt.result = PUSH_ACCEPTED;
        return;
    }
    if (status == 404 || status == 410) {
        COUNT("gone");
        item->gone = true;
        item->attempt.result = PUSH_GONE;
        item->next_at = gg_now();
        return;
    }
    if (status == 0 || status == 429 || status >= 500) {
        COUNT("deferred");
        item->attempt.result = PUSH_DEFERRED;
        item->next_at = gg_now() + push_back_off(item->attempt.tries, response->retry_after_ms);
        return;
    }
    COUNT("refused");
    gg_error("push_refused", "a push service answered %d", status);
    refuse(item);
}

static void send_web(struct round *r)
{
    struct gg_http_request *requests = GG_NEW_ARRAY(r->arena, struct gg_http_request, r->n);
    struct gg_http_response *responses = GG_NEW_ARRAY(r->arena, struct gg_http_response, r->n);
    enum gg_status *results = GG_NEW_ARRAY(r->arena, enum gg_status, r->n);
    struct item **of = GG_NEW_ARRAY(r->arena, struct item *, r->n);
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].device && prepare(r, &r->items[i], &requests[n]))
            of[n++] = &r->items[i];
    gg_http_multi(r->arena, requests, n, PARALLEL, responses, results);
    for (size_t i = 0; i < n; i++)
        conclude(of[i], results[i], &responses[i]);
}

static enum gg_status send_texts(struct round *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct item *item = &r->items[i];
        const struct push_reader *reader = &item->who->reader;
        const struct push_cleared *cleared;
        if (item->step.what != PUSH_DO_TEXT)
            continue;
        cleared = clear(r, item, reader->lang);
        item->attempt.result = PUSH_REJECTED;
        if (cleared)
            GG_TRY(push_sms_send(r->db, r->arena, item->who->facts.user, item->who->facts.id, reader->phone, cleared,
                                 &item->attempt.result));
    }
    return GG_OK;
}

/* --- remembering --- */

static enum gg_status end_all(struct gg_db *db, struct round *r, int end)
{
    struct gg_id *ended = GG_NEW_ARRAY(r->arena, struct gg_id, r->n);
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].next_at == GG_NONE && r->items[i].end == end)
            ended[n++] = r->items[i].who->facts.id;
    return n ? push_journeys_end(db, ended, n, r->lease, end, gg_now()) : GG_OK;
}

static enum gg_status remember(struct gg_db *db, void *arg)
{
    struct round *r = arg;
    struct push_attempt_row *attempts = GG_NEW_ARRAY(r->arena, struct push_attempt_row, r->n);
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++) {
        struct item *item = &r->items[i];
        if (item->step.what == PUSH_DO_WEB || item->step.what == PUSH_DO_TEXT)
            attempts[n++] = item->attempt;
        if (item->gone) {
            enum gg_status status = push_device_delete(db, item->who->facts.user, item->attempt.device);
            if (status != GG_NOT_FOUND)
                GG_TRY(status);
        }
    }
    GG_TRY(push_attempts_put(db, r->arena, attempts, n));
    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].next_at != GG_NONE)
            GG_TRY(push_journey_wait(db, r->items[i].who->facts.id, r->lease, r->items[i].next_at));
    for (int end = 0; push_end_names[end]; end++)
        GG_TRY(end_all(db, r, end));
    return GG_OK;
}

struct claim {
    struct gg_arena *arena;
    int64_t shard, lease;
    struct gg_id *notices;
    size_t n;
};

static enum gg_status claim_some(struct gg_db *db, void *arg)
{
    struct claim *c = arg;

    return push_journeys_claim(db, c->arena, c->shard, gg_now(), c->lease, CLAIM, &c->notices, &c->n);
}

static enum gg_status work(struct gg_db *db, struct gg_arena *arena, const struct claim *claim)
{
    struct round r = {.db = db, .arena = arena, .lease = claim->lease};
    struct push_traveller *travellers;
    struct gg_id *users;
    int64_t now = gg_now();

    GG_TRY(push_travellers(db, arena, now, claim->notices, claim->n, &travellers, &r.n));
    if (r.n == 0)
        return GG_OK;
    r.items = GG_NEW_ARRAY(arena, struct item, r.n);
    users = GG_NEW_ARRAY(arena, struct gg_id, r.n);
    for (size_t i = 0; i < r.n; i++) {
        r.items[i].who = &travellers[i];
        users[i] = travellers[i].facts.user;
    }
    GG_TRY(push_devices_of(db, arena, users, r.n, &r.devices, &r.n_devices));
    GG_TRY(push_attempts_of(db, arena, claim->notices, claim->n, &r.attempts, &r.n_attempts));
    for (size_t i = 0; i < r.n; i++)
        decide(&r, &r.items[i], now);
    send_web(&r);
    GG_TRY(send_texts(&r));
    return gg_db_tx(db, remember, &r);
}

enum gg_status push_send_due(struct gg_due *due)
{
    struct claim claim = {.arena = due->arena, .shard = due->subject.b[15]};
    int64_t until = gg_mono() + AT_A_TIME, next;

    do {
        claim.lease = gg_now() + LEASE;
        GG_TRY(gg_db_tx(due->db, claim_some, &claim));
        if (claim.n > 0)
            GG_TRY(work(due->db, due->arena, &claim));
    } while (claim.n > 0 && gg_mono() < until);
    GG_TRY(push_journeys_next(due->db, due->arena, claim.shard, &next));
    if (next == GG_NONE)
        return GG_OK;
    /* Always before the lease of this row ends, or it would be deleted after us. */
    if (next > gg_now() + LOOK_AT_LEAST)
        next = gg_now() + LOOK_AT_LEAST;
    return gg_due_sooner(due->db, PUSH_DUE_SEND, due->subject, next);
}
