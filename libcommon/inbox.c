/* libcommon/inbox.c
 * Events on their way in: applied once and strictly in the order of their aggregate. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How far an aggregate is, read under its row lock. */
struct progress {
    const char *topic;
    struct gg_id aggregate;
    int64_t applied;
    bool poisoned, parked;
    bool known, moved; /* has a row; is further than that says */
};

static int compare_progress(const void *a, const void *b)
{
    const struct progress *x = a, *y = b;
    int topics = strcmp(x->topic, y->topic);
    return topics != 0 ? topics : gg_id_compare(x->aggregate, y->aggregate);
}

/* The aggregates of the messages, sorted, each once. */
static struct progress *aggregates_of(struct inbox *in, const struct inbox_message *messages, size_t n, size_t *found)
{
    struct progress *list = GG_NEW_ARRAY(in->arena, struct progress, n);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct progress){.topic = messages[i].topic, .aggregate = messages[i].envelope.aggregate};
    qsort(list, n, sizeof *list, compare_progress);
    *found = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || compare_progress(&list[i], &list[*found - 1]) != 0)
            list[(*found)++] = list[i];
    return list;
}

static struct progress *progress_of(struct progress *list, size_t n, const char *topic, struct gg_id aggregate)
{
    const struct progress key = {.topic = topic, .aggregate = aggregate};
    return bsearch(&key, list, n, sizeof *list, compare_progress);
}

#define PROGRESS_INSERT  "INSERT INTO inbox_aggregate (topic, aggregate, applied, updated_at) VALUES "
#define PROGRESS_COLUMNS 4

static void progress_row(const struct progress *p, struct gg_val row[PROGRESS_COLUMNS])
{
    row[0] = gg_v_text(p->topic);
    row[1] = gg_v_id(&p->aggregate);
    row[2] = gg_v_int(p->applied);
    row[3] = gg_v_time(gg_now());
}

/* Those that have no row yet get one, so that another instance waits for us. */
static enum gg_status make_rows(struct inbox *in, const struct progress *list, size_t n)
{
    struct gg_val *rows = GG_NEW_ARRAY(in->arena, struct gg_val, n * PROGRESS_COLUMNS);
    size_t missing = 0;
    for (size_t i = 0; i < n; i++)
        if (!list[i].known)
            progress_row(&list[i], &rows[PROGRESS_COLUMNS * missing++]);
    enum gg_status status = gg_db_insert_rows(in->db, PROGRESS_INSERT, rows, PROGRESS_COLUMNS, missing);
    return status == GG_DUPLICATE ? GG_RETRY : status; /* another instance was first: look again */
}

/* Locks the rows of n aggregates of one topic. */
static enum gg_status lock_topic(struct inbox *in, struct progress *list, size_t n)
{
    struct gg_id *ids = GG_NEW_ARRAY(in->arena, struct gg_id, n);
    struct gg_rows rows;
    for (size_t i = 0; i < n; i++)
        ids[i] = list[i].aggregate;
    GG_TRY(gg_db_query_ids(
        in->db, in->arena,
        "SELECT aggregate, applied, poisoned, parked FROM inbox_aggregate WHERE topic = ? AND aggregate IN ",
        GG_ARGS(gg_v_text(list->topic)), ids, n, " FOR UPDATE", &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct progress *p = progress_of(list, n, list->topic, gg_row_id(&rows, i, 0));
        p->known = true;
        p->applied = gg_row_int(&rows, i, 1);
        p->poisoned = gg_row_int(&rows, i, 2) != 0;
        p->parked = gg_row_int(&rows, i, 3) != 0;
    }
    return GG_OK;
}

static enum gg_status lock_progress(struct inbox *in, struct progress *list, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && strcmp(list[end].topic, list[i].topic) == 0;)
            end++;
        GG_TRY(lock_topic(in, list + i, end - i));
    }
    return make_rows(in, list, n);
}

static enum gg_status save_progress(struct inbox *in, const struct progress *list, size_t n)
{
    struct gg_val *rows = GG_NEW_ARRAY(in->arena, struct gg_val, n * PROGRESS_COLUMNS);
    size_t moved = 0;
    for (size_t i = 0; i < n; i++)
        if (list[i].moved)
            progress_row(&list[i], &rows[PROGRESS_COLUMNS * moved++]);
    return gg_db_upsert_rows(in->db, PROGRESS_INSERT, rows, PROGRESS_COLUMNS, moved,
                             " ON DUPLICATE KEY UPDATE applied = VALUES(applied), updated_at = VALUES(updated_at)");
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

/* --- applying --- */

/* Events of one type that came one behind the other and are handled together. */
struct run {
    const struct gg_consumes *handler;
    struct gg_event *events;
    struct inbox_message *first;
    size_t n;
};

/* What is emitted and logged belongs to the trace of the event; of many, each carries its own. */
static enum gg_status end_run(struct run *run)
{
    const struct gg_consumes *handler = run->handler;
    if (run->n == 0)
        return GG_OK;
    set_context(run->n == 1 ? &run->first->envelope : NULL);
    enum gg_status status =
        handler->handle_all ? handler->handle_all(run->events, run->n) : handler->handle(run->events);
    set_context(NULL);
    if (status != GG_OK)
        run->first->reason = gg_sprintf(run->events->arena, "the handler of %s answered %s", handler->type->type,
                                        gg_status_name(status));
    run->n = 0;
    return status;
}

/* Nothing is handled before what came earlier: a run ends at whatever does not belong to it. */
static enum gg_status apply(struct inbox *in, struct inbox_message *m, const struct gg_consumes *handler,
                            struct run *run)
{
    if (run->handler != handler || !handler->handle_all)
        GG_TRY(end_run(run));
    struct gg_event *event = &run->events[run->n];
    *event = (struct gg_event){.arena = in->arena,
                               .db = in->db,
                               .redis = in->redis,
                               .id = m->envelope.id,
                               .aggregate = m->envelope.aggregate,
                               .sequence = m->envelope.sequence,
                               .time = m->envelope.time,
                               .type = handler->type,
                               .traceparent = m->envelope.traceparent};
    event->data = envelope_data(in->arena, m->text, handler->type, &m->reason);
    if (!event->data)
        return GG_ERROR;
    if (run->n++ == 0) {
        run->handler = handler;
        run->first = m;
    }
    return GG_OK;
}

static enum gg_status take_one(struct inbox *in, struct inbox_message *m, struct progress *progress, struct run *run)
{
    const struct gg_consumes *handler = handler_of(in, m);
    m->drain = progress->parked && !progress->poisoned;
    switch (inbox_decide(progress->applied, progress->poisoned, m->envelope.sequence, handler != NULL)) {
    case INBOX_DROP:
        gg_count("events_dropped_total", "", 1);
        return GG_OK;
    case INBOX_PARK_GAP:
        progress->parked = true;
        return inbox_park(in, m, "waits for an earlier event");
    case INBOX_PARK_BEHIND:
        progress->parked = true;
        return inbox_park(in, m, "waits behind a dead letter");
    case INBOX_APPLY:
        GG_TRY(apply(in, m, handler, run));
        break;
    case INBOX_SKIP:
        break;
    }
    progress->applied = m->envelope.sequence;
    progress->moved = true;
    return GG_OK;
}

enum gg_status inbox_take(struct inbox *in, struct inbox_message *messages, size_t n)
{
    size_t aggregates;
    struct progress *list = aggregates_of(in, messages, n, &aggregates);
    struct run run = {.events = GG_NEW_ARRAY(in->arena, struct gg_event, n)};
    GG_TRY(lock_progress(in, list, aggregates));
    for (size_t i = 0; i < n; i++)
        GG_TRY(take_one(in, &messages[i],
                        progress_of(list, aggregates, messages[i].topic, messages[i].envelope.aggregate), &run));
    GG_TRY(end_run(&run));
    return save_progress(in, list, aggregates);
}

struct taking {
    struct inbox *in;
    struct inbox_message *message;
};

static enum gg_status take(struct gg_db *db, void *arg)
{
    (void)db;
    struct taking *taking = arg;
    return inbox_take(taking->in, taking->message, 1);
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
    struct progress progress = {.topic = m->topic, .aggregate = m->envelope.aggregate};
    GG_TRY(lock_progress(taking->in, &progress, 1));
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
