/* libcommon/inbox_parked.c
 * Events that wait: kept, applied when their turn comes, and asked for when what is before them does not come. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <string.h>

enum gg_status inbox_park(struct inbox *in, const struct inbox_message *m, const char *reason)
{
    const struct envelope *e = &m->envelope;
    GG_TRY(gg_db_exec(in->db,
                      "INSERT INTO inbox_parked (topic, aggregate, sequence, id, envelope, reason, parked_at) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE reason = VALUES(reason)",
                      GG_ARGS(gg_v_text(m->topic), gg_v_id(&e->aggregate), gg_v_int(e->sequence), gg_v_id(&e->id),
                              (struct gg_val){.type = GG_VAL_TEXT, .p = m->text.p, .n = m->text.n}, gg_v_text(reason),
                              gg_v_time(gg_now())),
                      NULL));
    gg_count("events_parked_total", "", 1);
    return gg_db_exec_one(in->db, "UPDATE inbox_aggregate SET parked = TRUE WHERE topic = ? AND aggregate = ?",
                          GG_ARGS(gg_v_text(m->topic), gg_v_id(&e->aggregate)));
}

/* --- applying what waited --- */

struct draining {
    struct inbox *in;
    const char *topic;
    struct gg_id aggregate;
    struct inbox_message message;
    bool found; /* out: one was taken, there may be more */
};

static enum gg_status forget_up_to(struct draining *d, int64_t applied)
{
    struct gg_rows rows;
    struct gg_db *db = d->in->db;
    GG_TRY(gg_db_exec(db, "DELETE FROM inbox_parked WHERE topic = ? AND aggregate = ? AND sequence <= ?",
                      GG_ARGS(gg_v_text(d->topic), gg_v_id(&d->aggregate), gg_v_int(applied)), NULL));
    GG_TRY(gg_db_query(db, d->in->arena, "SELECT 1 FROM inbox_parked WHERE topic = ? AND aggregate = ? LIMIT 1",
                       GG_ARGS(gg_v_text(d->topic), gg_v_id(&d->aggregate)), &rows));
    if (rows.n > 0)
        return GG_OK;
    return gg_db_exec(db,
                      "UPDATE inbox_aggregate SET parked = FALSE, asks = 0, next_ask_at = NULL "
                      "WHERE topic = ? AND aggregate = ?",
                      GG_ARGS(gg_v_text(d->topic), gg_v_id(&d->aggregate)), NULL);
}

static enum gg_status drain_one(struct gg_db *db, void *arg)
{
    struct draining *d = arg;
    struct gg_rows rows;
    d->found = false;
    enum gg_status status = gg_db_query_one(
        db, d->in->arena, "SELECT applied, poisoned FROM inbox_aggregate WHERE topic = ? AND aggregate = ? FOR UPDATE",
        GG_ARGS(gg_v_text(d->topic), gg_v_id(&d->aggregate)), &rows);
    if (status != GG_OK)
        return status == GG_NOT_FOUND ? GG_OK : status;
    int64_t applied = gg_row_int(&rows, 0, 0);
    if (gg_row_int(&rows, 0, 1) != 0)
        return GG_OK;
    GG_TRY(gg_db_query(db, d->in->arena,
                       "SELECT envelope FROM inbox_parked WHERE topic = ? AND aggregate = ? AND sequence = ?",
                       GG_ARGS(gg_v_text(d->topic), gg_v_id(&d->aggregate), gg_v_int(applied + 1)), &rows));
    if (rows.n == 0)
        return forget_up_to(d, applied);
    d->message = (struct inbox_message){.topic = d->topic, .text = gg_row_bytes(&rows, 0, 0)};
    if (!envelope_decode(d->in->arena, d->message.text, &d->message.envelope, &d->message.reason))
        return GG_ERROR; /* it was decoded before it was kept */
    d->found = true;
    GG_TRY(inbox_take(d->in, &d->message, 1));
    return forget_up_to(d, applied + 1);
}

enum gg_status inbox_drain(struct inbox *in, const char *topic, struct gg_id aggregate)
{
    struct draining d = {.in = in, .topic = topic, .aggregate = aggregate};
    do {
        enum gg_status status = gg_db_tx(in->db, drain_one, &d);
        if (inbox_is_poison(status) && d.found)
            return inbox_poison(in, &d.message, status);
        GG_TRY(status);
    } while (d.found);
    return GG_OK;
}

/* --- asking for what is missing --- */

/* False when the broker does not take it. */
static bool ask(struct inbox *in, const struct replay_request *request)
{
    char key[GG_ID_TEXT];
    gg_id_format(request->aggregate, key);
    struct gg_buf text;
    gg_buf_init(&text, 1024);
    gg_json_encode(&text, &replay_request_msg, request);
    gg_warn("gap", "%s %s: event %" PRId64 " is missing, its owner is asked", request->topic, key,
            request->from_sequence);
    gg_count("replays_asked_total", "", 1);
    bool good = !in->producer || kafka_send(in->producer, BUS_CONTROL_TOPIC, (struct gg_str){key, strlen(key)},
                                            gg_buf_str(&text), "from", in->config->service);
    gg_buf_free(&text);
    return good;
}

/* Over all instances one asks, and seldom: who moves the next asking time does. False when asking makes no sense now.
 */
static bool ask_when_due(struct inbox *in, const struct replay_request *request, int64_t asks, int64_t next_ask)
{
    int64_t now = gg_now(), affected = 0;
    /* A time far ahead stems from a clock that was moved back since. */
    if (next_ask != GG_NONE && next_ask > now && next_ask <= now + 10 * GG_MINUTE)
        return true;
    enum gg_status status = gg_db_exec(
        in->db,
        "UPDATE inbox_aggregate SET asks = asks + 1, next_ask_at = ? WHERE topic = ? AND aggregate = ? AND asks = ?",
        GG_ARGS(gg_v_time(now + inbox_ask_wait(asks + 1)), gg_v_text(request->topic), gg_v_id(&request->aggregate),
                gg_v_int(asks)),
        &affected);
    return status == GG_OK && (affected == 0 || ask(in, request));
}

void inbox_scan(struct inbox *in)
{
    struct gg_rows rows;
    int64_t now = gg_now();
    if (gg_db_query(in->db, in->arena,
                    "SELECT p.topic, p.aggregate, MIN(p.sequence), MIN(p.parked_at), a.applied, a.asks, a.next_ask_at "
                    "FROM inbox_parked p JOIN inbox_aggregate a ON a.topic = p.topic AND a.aggregate = p.aggregate "
                    "WHERE a.poisoned = FALSE GROUP BY p.topic, p.aggregate, a.applied, a.asks, a.next_ask_at "
                    "ORDER BY MIN(p.parked_at) LIMIT 100",
                    GG_NO_ARGS, &rows) != GG_OK)
        return;
    for (size_t i = 0; i < rows.n; i++) {
        const char *topic = gg_row_text(&rows, i, 0);
        struct gg_id aggregate = gg_row_id(&rows, i, 1);
        int64_t applied = gg_row_int(&rows, i, 4);
        if (gg_row_int(&rows, i, 2) <= applied + 1) {
            if (inbox_drain(in, topic, aggregate) != GG_OK)
                return; /* looked at again next time */
        } else if (gg_row_time(&rows, i, 3) <= now - 2 * GG_SECOND) {
            struct replay_request request = {topic, aggregate, applied + 1};
            if (!ask_when_due(in, &request, gg_row_int(&rows, i, 5), gg_row_time(&rows, i, 6)))
                return;
        }
    }
}
