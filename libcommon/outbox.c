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

#define COLUMNS 8

/* One row of the outbox; its texts live in the arena. */
static enum gg_status fill_row(struct gg_arena *arena, const struct gg_emission *emission, struct gg_val row[COLUMNS])
{
    struct gg_id *id = GG_NEW(arena, struct gg_id);
    char *traceparent = gg_alloc(arena, BUS_TRACE_TEXT);
    struct gg_buf text;

    snprintf(traceparent, BUS_TRACE_TEXT, "%s", emission->traceparent ? emission->traceparent : trace);
    if (!*traceparent)
        new_trace(traceparent);
    *id = gg_id_new();
    struct envelope e = {.id = *id,
                         .aggregate = emission->aggregate,
                         .sequence = emission->sequence,
                         .time = gg_now(),
                         .traceparent = traceparent};
    gg_buf_init(&text, GG_JSON_TEXT_MAX); /* no consumer would decode more */
    envelope_encode(&text, &e, emission->type, emission->data);
    if (text.overflow) {
        gg_error("emit_size", "%s is larger than %d bytes", emission->type->type, GG_JSON_TEXT_MAX);
        gg_buf_free(&text);
        return GG_ERROR;
    }
    row[0] = gg_v_id(id);
    row[1] = gg_v_text(emission->type->topic);
    row[2] = gg_v_id(&emission->aggregate);
    row[3] = gg_v_int(emission->sequence);
    row[4] = gg_v_text(emission->type->type);
    row[5] = gg_v_text(gg_strndup(arena, text.p, text.n));
    row[6] = gg_v_text(traceparent);
    row[7] = gg_v_time(e.time);
    gg_buf_free(&text);
    return GG_OK;
}

static enum gg_status insert(struct gg_db *db, struct gg_arena *arena, const struct gg_emission *emissions, size_t n)
{
    struct gg_val *rows = gg_alloc(arena, n * COLUMNS * sizeof(*rows));

    for (size_t i = 0; i < n; i++)
        GG_TRY(fill_row(arena, &emissions[i], rows + i * COLUMNS));
    return gg_db_insert_rows(
        db, "INSERT INTO outbox (id, topic, aggregate, sequence, type, envelope, traceparent, created_at) VALUES", rows,
        COLUMNS, n);
}

static enum gg_status emit(struct gg_db *db, const struct gg_emission *emissions, size_t n)
{
    struct gg_arena *arena;
    enum gg_status status;

    if (n == 0)
        return GG_OK;
    if (!gg_db_in_tx(db))
        gg_fatal("emit", "%s outside a transaction", emissions[0].type->type);
    arena = gg_arena_create();
    status = insert(db, arena, emissions, n);
    gg_arena_destroy(arena);
    if (status == GG_DUPLICATE) {
        gg_error("emit_sequence", "%s: a sequence of this aggregate, from %" PRId64 " on, is taken",
                 emissions[0].type->type, emissions[0].sequence);
        status = GG_ERROR;
    }
    return status;
}

enum gg_status gg_emit_all(struct gg_db *db, const struct gg_emission *emissions, size_t n)
{
    GG_TRY(emit(db, emissions, n));
    if (n > 0)
        gg_db_after_commit(db, wake, NULL);
    return GG_OK;
}

enum gg_status gg_emit(struct gg_db *db, const struct gg_event_type *type, struct gg_id aggregate, int64_t sequence,
                       const void *data)
{
    const struct gg_emission emission = {type, aggregate, sequence, data, NULL};

    return gg_emit_all(db, &emission, 1);
}

enum gg_status gg_emit_patient(struct gg_db *db, const struct gg_event_type *type, struct gg_id aggregate,
                               int64_t sequence, const void *data)
{
    const struct gg_emission emission = {type, aggregate, sequence, data, NULL};

    return emit(db, &emission, 1);
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
