/* services/push/http.c
 * The inbox over HTTP, and the trace of a notice. */
#include "http.h"

#include "libcommon/clock.h"
#include "libcommon/metrics.h"
#include "vapid.h"

#define SNOOZE_MIN (3 * GG_MINUTE)
#define SNOOZE_MAX (90 * GG_DAY)

static enum gg_status none(struct gg_call *call)
{
    return gg_fail(call, &GG_P_NOT_FOUND, "you have no such notice");
}

enum gg_status push_http_list(struct gg_call *call)
{
    const struct push_notice_query *query = call->query;
    struct push_notice_list *out = call->out;
    enum push_lang lang = query->lang == PUSH_EN ? PUSH_EN : PUSH_KO;
    int64_t before = INT64_MAX, limit = gg_page_limit(&query->page);
    struct push_facts *facts;
    struct push_notice *items;
    struct gg_id unused;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &unused))
        return GG_OK;
    GG_TRY(push_notices(call->db, call->arena, call->user.id, before, query->unread, query->archived, limit + 1, &facts,
                        &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &facts[n - 1].position, 1, facts[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct push_notice, n);
    for (size_t i = 0; i < n; i++)
        push_render(call->arena, &facts[i], lang, &items[i]);
    out->items = (struct gg_list){items, n};
    return push_unread(call->db, call->arena, call->user.id, &out->unread);
}

/* Marks one as read and counts; GG_NOT_FOUND: not the caller's. */
static enum gg_status mark_read(struct gg_call *call, struct gg_id id)
{
    bool was_unread;
    int64_t place;

    GG_TRY(push_notice_read(call->db, call->user.id, id, gg_now(), &was_unread));
    return was_unread ? push_count(call->db, call->arena, call->user.id, -1, &place) : GG_OK;
}

enum gg_status push_http_read(struct gg_call *call)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = mark_read(call, id);
    return status == GG_NOT_FOUND ? none(call) : status;
}

enum gg_status push_http_read_all(struct gg_call *call)
{
    const struct push_read_all *in = call->in;
    struct push_facts facts;
    int64_t changed, place;
    enum gg_status status = push_notice_get(call->db, call->arena, in->up_to, &facts);

    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(facts.user, call->user.id)))
        return none(call);
    GG_TRY(status);
    GG_TRY(push_notices_read(call->db, call->user.id, facts.position, gg_now(), &changed));
    return changed ? push_count(call->db, call->arena, call->user.id, -changed, &place) : GG_OK;
}

/* What is put away counts as read. */
enum gg_status push_http_archive(struct gg_call *call)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = mark_read(call, id);
    if (status == GG_OK)
        status = push_notice_archive(call->db, call->user.id, id, gg_now());
    return status == GG_NOT_FOUND ? none(call) : status;
}

enum gg_status push_http_unarchive(struct gg_call *call)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = push_notice_archive(call->db, call->user.id, id, GG_NONE);
    return status == GG_NOT_FOUND ? none(call) : status;
}

enum gg_status push_http_snooze(struct gg_call *call)
{
    const struct push_snooze *in = call->in;
    int64_t now = gg_now();
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    if (in->until < now + SNOOZE_MIN || in->until > now + SNOOZE_MAX)
        return gg_fail_field(call, "/until", in->until < now + SNOOZE_MIN ? "min" : "max",
                             "must lie three minutes to 90 days ahead");
    status = mark_read(call, id);
    if (status == GG_OK)
        status = push_notice_snooze(call->db, call->user.id, id, in->until);
    if (status == GG_NOT_FOUND)
        return none(call);
    GG_TRY(status);
    return gg_due_set(call->db, PUSH_DUE_SNOOZE, id, in->until);
}

enum gg_status push_http_trace(struct gg_call *call)
{
    struct push_trace *out = call->out;
    struct push_attempt_row *rows;
    struct push_attempt *attempts;
    struct push_facts facts;
    struct gg_id id;
    size_t n;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = push_notice_get(call->db, call->arena, id, &facts);
    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_id_equal(facts.user, call->user.id)))
        return none(call);
    GG_TRY(status);
    GG_TRY(push_attempts_of(call->db, call->arena, &id, 1, &rows, &n));
    status = push_journey_get(call->db, call->arena, id, &out->next_at, &out->give_up_at);
    if (status != GG_OK && status != GG_NOT_FOUND)
        return status;
    n = n > 100 ? 100 : n;
    attempts = GG_NEW_ARRAY(call->arena, struct push_attempt, n);
    for (size_t i = 0; i < n; i++)
        attempts[i] = (struct push_attempt){rows[i].channel, rows[i].result, rows[i].device,   rows[i].status,
                                            rows[i].tries,   rows[i].at,     rows[i].shown_at, rows[i].clicked_at};
    out->id = id;
    out->kind = facts.kind;
    out->fate = facts.fate;
    out->end = facts.end;
    out->at = facts.at;
    out->read_at = facts.read_at;
    out->digest_at = facts.digest_at;
    out->ended_at = facts.ended_at;
    out->attempts = (struct gg_list){attempts, n};
    return GG_OK;
}

/* The service worker has no session: its token permits this one thing. What is not known any more is fine. */
enum gg_status push_http_ack(struct gg_call *call)
{
    const struct push_ack *in = call->in;
    struct gg_id notice, device;
    int64_t step, sent_at, now = gg_now();
    bool first;
    enum gg_status status;

    if (!push_ack_read(call->arena, in->token, &notice, &step))
        return gg_fail(call, &GG_P_NOT_FOUND, "nobody gave this token out");
    status = push_attempt_ack(call->db, call->arena, notice, step, in->what, now, &device, &sent_at, &first);
    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    gg_count("push_acks_total", in->what == PUSH_ACK_CLICKED ? "what=\"clicked\"" : "what=\"shown\"", 1);
    if (!first)
        return GG_OK;
    gg_observe("push_shown_after_seconds", "", (double)(now - sent_at) / 1000.0);
    return gg_id_is_zero(device) ? GG_OK : push_device_active(call->db, device, now);
}
