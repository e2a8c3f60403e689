/* libcommon/outbox.c
 * Events on their way out: written with the effect, published by the relay. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"

#include <stdio.h>
#include <string.h>

static _Thread_local char trace[BUS_TRACE_TEXT];

void gg_bus_trace(const char *traceparent)
{
    size_t n = traceparent ? strlen(traceparent) : 0;
    bool good = n == BUS_TRACE_TEXT - 1 && strspn(traceparent, "0123456789abcdef-") == n;
    snprintf(trace, sizeof trace, "%s", good ? traceparent : "");
}

const char *bus_trace(void)
{
    return trace;
}

static void new_trace(char out[BUS_TRACE_TEXT])
{
    uint8_t random[24];
    gg_random(random, sizeof random);
    char hex[2 * sizeof random + 1];
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(hex + 2 * i, 3, "%02x", random[i]);
    snprintf(out, BUS_TRACE_TEXT, "00-%.32s-%.16s-01", hex, hex + 32);
}

static void wake(void *arg)
{
    (void)arg;
    relay_wake();
}

enum gg_status gg_emit(struct gg_db *db, const struct gg_event_type *type, struct gg_id aggregate, int64_t sequence,
                       const void *data)
{
    if (!gg_db_in_tx(db))
        gg_fatal("emit", "%s outside a transaction", type->type);
    char traceparent[BUS_TRACE_TEXT];
    snprintf(traceparent, sizeof traceparent, "%s", trace);
    if (!*traceparent)
        new_trace(traceparent);
    struct envelope e = {
        .id = gg_id_new(), .aggregate = aggregate, .sequence = sequence, .time = gg_now(), .traceparent = traceparent};
    struct gg_buf text;
    gg_buf_init(&text, GG_JSON_TEXT_MAX); /* no consumer would decode more */
    envelope_encode(&text, &e, type, data);
    enum gg_status status = GG_ERROR;
    if (text.overflow)
        gg_error("emit_size", "%s is larger than %d bytes", type->type, GG_JSON_TEXT_MAX);
    else
        status =
            gg_db_exec(db,
                       "INSERT INTO outbox (id, topic, aggregate, sequence, type, envelope, traceparent, created_at) "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       GG_ARGS(gg_v_id(&e.id), gg_v_text(type->topic), gg_v_id(&aggregate), gg_v_int(sequence),
                               gg_v_text(type->type), gg_v_text(text.p), gg_v_text(traceparent), gg_v_time(e.time)),
                       NULL);
    gg_buf_free(&text);
    if (status == GG_DUPLICATE) {
        gg_error("emit_sequence", "%s: sequence %" PRId64 " of this aggregate is taken", type->type, sequence);
        status = GG_ERROR;
    }
    if (status == GG_OK)
        gg_db_after_commit(db, wake, NULL);
    return status;
}

static enum gg_status forget_published(struct gg_db *db, void *arg)
{
    const struct replay_request *request = arg;
    int64_t n = 0;
    GG_TRY(gg_db_exec(
        db,
        "UPDATE outbox SET published_at = NULL WHERE aggregate = ? AND sequence >= ? AND topic = ? "
        "AND published_at IS NOT NULL",
        GG_ARGS(gg_v_id(&request->aggregate), gg_v_int(request->from_sequence), gg_v_text(request->topic)), &n));
    gg_info("replay", "%" PRId64 " events of one aggregate are published again from sequence %" PRId64, n,
            request->from_sequence);
    gg_db_after_commit(db, wake, NULL);
    return GG_OK;
}

enum gg_status outbox_replay(struct gg_db *db, const struct replay_request *request)
{
    return gg_db_tx(db, forget_published, (void *)(uintptr_t)request);
}
