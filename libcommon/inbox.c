/* libcommon/inbox.c
 * Events on their way in: applied once and strictly in the order of their aggregate. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <stdio.h>
#include <string.h>

/* How far an aggregate is, read under its row lock. */
struct progress {
    int64_t applied;
    bool poisoned, parked;
};

static enum gg_status lock_progress(struct inbox *in, const struct inbox_message *m, struct progress *progress)
{
    struct gg_rows rows;
    enum gg_status status = gg_db_query_one(
        in->db, in->arena,
        "SELECT applied, poisoned, parked FROM inbox_aggregate WHERE topic = ? AND aggregate = ? FOR UPDATE",
        GG_ARGS(gg_v_text(m->topic), gg_v_id(&m->envelope.aggregate)), &rows);
    if (status == GG_OK) {
        *progress = (struct progress){.applied = gg_row_int(&rows, 0, 0),
                                      .poisoned = gg_row_int(&rows, 0, 1) != 0,
                                      .parked = gg_row_int(&rows, 0, 2) != 0};
        return GG_OK;
    }
    if (status != GG_NOT_FOUND)
        return status;
    *progress = (struct progress){0};
    status =
        gg_db_exec(in->db, "INSERT INTO inbox_aggregate (topic, aggregate, applied, updated_at) VALUES (?, ?, 0, ?)",
                   GG_ARGS(gg_v_text(m->topic), gg_v_id(&m->envelope.aggregate), gg_v_time(gg_now())), NULL);
    return status == GG_DUPLICATE ? GG_RETRY : status; /* another instance was first: look again */
}

static enum gg_status move(struct inbox *in, const struct inbox_message *m)
{
    return gg_db_exec_one(in->db,
                          "UPDATE inbox_aggregate SET applied = ?, updated_at = ? WHERE topic = ? AND aggregate = ?",
                          GG_ARGS(gg_v_int(m->envelope.sequence), gg_v_time(gg_now()), gg_v_text(m->topic),
                                  gg_v_id(&m->envelope.aggregate)));
}

static const struct gg_consumes *handler_of(const struct inbox *in, const struct inbox_message *m)
{
    for (size_t i = 0; i < in->config->n_consumes; i++) {
        const struct gg_consumes *c = &in->config->consumes[i];
        if (strcmp(c->type->type, m->envelope.type) == 0 && strcmp(c->type->topic, m->topic) == 0)
            return c;
    }
    return NULL;
}

static void set_context(const struct envelope *e)
{
    char trace_id[33] = "";
    gg_bus_trace(e ? e->traceparent : NULL);
    if (e && e->traceparent && strlen(e->traceparent) == BUS_TRACE_TEXT - 1)
        snprintf(trace_id, sizeof trace_id, "%.32s", e->traceparent + 3);
    gg_log_context(NULL, *trace_id ? trace_id : NULL);
}

static enum gg_status apply(struct inbox *in, struct inbox_message *m, const struct gg_consumes *handler)
{
    struct gg_event event = {.arena = in->arena,
                             .db = in->db,
                             .redis = in->redis,
                             .id = m->envelope.id,
                             .aggregate = m->envelope.aggregate,
                             .sequence = m->envelope.sequence,
                             .time = m->envelope.time,
                             .type = handler->type};
    event.data = envelope_data(in->arena, m->text, handler->type, &m->reason);
    if (!event.data)
        return GG_ERROR;
    set_context(&m->envelope);
    enum gg_status status = handler->handle(&event);
    set_context(NULL);
    if (status != GG_OK)
        m->reason = gg_sprintf(in->arena, "the handler of %s answered %s", m->envelope.type, gg_status_name(status));
    return status;
}

enum gg_status inbox_take(struct inbox *in, struct inbox_message *m)
{
    struct progress progress;
    GG_TRY(lock_progress(in, m, &progress));
    const struct gg_consumes *handler = handler_of(in, m);
    m->drain = progress.parked && !progress.poisoned;
    switch (inbox_decide(progress.applied, progress.poisoned, m->envelope.sequence, handler != NULL)) {
    case INBOX_DROP:
        gg_count("events_dropped_total", "", 1);
        return GG_OK;
    case INBOX_PARK_GAP:
        return inbox_park(in, m, "waits for an earlier event");
    case INBOX_PARK_BEHIND:
        return inbox_park(in, m, "waits behind a dead letter");
    case INBOX_APPLY:
        GG_TRY(apply(in, m, handler));
        break;
    case INBOX_SKIP:
        break;
    }
    return move(in, m);
}

struct taking {
    struct inbox *in;
    struct inbox_message *message;
};

static enum gg_status take(struct gg_db *db, void *arg)
{
    (void)db;
    struct taking *taking = arg;
    return inbox_take(taking->in, taking->message);
}

enum gg_status inbox_take_alone(struct inbox *in, struct inbox_message *message)
{
    struct taking taking = {in, message};
    return gg_db_tx(in->db, take, &taking);
}

/* --- dead letters --- */

bool inbox_is_poison(enum gg_status status)
{
    return status == GG_ERROR || status == GG_NOT_FOUND || status == GG_DUPLICATE;
}

void inbox_dead_letter(struct inbox *in, const char *topic, struct gg_str text, const char *reason)
{
    gg_error("dead_letter", "%s: %s", topic, reason);
    gg_count("dead_letters_total", "", 1);
    char dlq[2 * BUS_NAME_MAX];
    snprintf(dlq, sizeof dlq, "%s.gonggu.%s.dlq", topic, in->config->service);
    if (in->producer && !kafka_send(in->producer, dlq, GG_STR(""), text, "reason", reason))
        gg_warn("dead_letter", "%s could not be reached; the event is kept in inbox_parked", dlq);
}

static enum gg_status stop_aggregate(struct gg_db *db, void *arg)
{
    struct taking *taking = arg;
    const struct inbox_message *m = taking->message;
    struct progress progress;
    GG_TRY(lock_progress(taking->in, m, &progress));
    if (m->envelope.sequence <= progress.applied)
        return GG_OK;
    GG_TRY(inbox_park(taking->in, m, gg_sprintf(taking->in->arena, "dead letter: %.450s", m->reason)));
    return gg_db_exec_one(db, "UPDATE inbox_aggregate SET poisoned = TRUE WHERE topic = ? AND aggregate = ?",
                          GG_ARGS(gg_v_text(m->topic), gg_v_id(&m->envelope.aggregate)));
}

enum gg_status inbox_poison(struct inbox *in, const struct inbox_message *message, enum gg_status why)
{
    struct inbox_message copy = *message;
    if (!copy.reason)
        copy.reason = gg_status_name(why);
    struct taking taking = {in, &copy};
    GG_TRY(gg_db_tx(in->db, stop_aggregate, &taking));
    inbox_dead_letter(in, copy.topic, copy.text, copy.reason);
    return GG_OK;
}
