/* libcommon/envelope.c
 * CloudEvents 1.0 in JSON, structured mode: the form in which events travel. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"

#include <string.h>

static const struct gg_field envelope_fields[] = {
    GG_ID(struct envelope, id, GG_REQUIRED, "of the event"),
    {"subject", GG_T_ID, offsetof(struct envelope, aggregate), GG_REQUIRED, 0, 0, 0, NULL, NULL, "aggregate"},
    GG_TEXT(struct envelope, type, GG_REQUIRED, 1, 100, "of the event"),
    GG_INT(struct envelope, sequence, GG_REQUIRED, 1, GG_WIRE_MAX, "the aggregate's version"),
    GG_TIME(struct envelope, time, GG_REQUIRED, "when it became true"),
    GG_TEXT(struct envelope, traceparent, GG_OPTIONAL, 1, 55, "W3C trace context"),
};
static const struct gg_msg envelope_msg = GG_MSG("Envelope", struct envelope, envelope_fields, "A CloudEvent.");

static const struct gg_field replay_request_fields[] = {
    GG_TEXT(struct replay_request, topic, GG_REQUIRED, 1, 100, "whose owner is asked"),
    GG_ID(struct replay_request, aggregate, GG_REQUIRED, "whose events are missing"),
    GG_INT(struct replay_request, from_sequence, GG_REQUIRED, 1, GG_WIRE_MAX, "the first that is missing"),
};
const struct gg_msg replay_request_msg =
    GG_MSG("ReplayRequest", struct replay_request, replay_request_fields, "Asks for events to be published again.");

/* "gonggu.deal" becomes the source "gonggu/deal". */
static void add_source(struct gg_buf *out, const char *topic)
{
    for (const char *p = topic; *p; p++)
        gg_buf_addc(out, *p == '.' ? '/' : *p);
}

void envelope_encode(struct gg_buf *out, const struct envelope *e, const struct gg_event_type *type, const void *data)
{
    char id[GG_ID_TEXT], aggregate[GG_ID_TEXT], time[GG_TIME_TEXT];
    gg_id_format(e->id, id);
    gg_id_format(e->aggregate, aggregate);
    gg_time_format(e->time, time);
    gg_buf_addf(out, "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"", id);
    add_source(out, type->topic);
    gg_buf_addf(out, "\",\"type\":\"%s\",\"subject\":\"%s\",\"time\":\"%s\",\"sequence\":%" PRId64, type->type,
                aggregate, time, e->sequence);
    if (e->traceparent && *e->traceparent)
        gg_buf_addf(out, ",\"traceparent\":\"%s\"", e->traceparent);
    gg_buf_adds(out, ",\"datacontenttype\":\"application/json\",\"data\":");
    gg_json_encode(out, type->msg, data);
    gg_buf_addc(out, '}');
}

static const char *first_error(struct gg_arena *arena, const struct gg_field_errors *errors)
{
    if (errors->n == 0)
        return "not an object";
    return gg_sprintf(arena, "%s: %s", errors->v[0].pointer, errors->v[0].detail);
}

bool envelope_decode(struct gg_arena *arena, struct gg_str text, struct envelope *e, const char **reason)
{
    struct gg_field_errors *errors = GG_NEW(arena, struct gg_field_errors);
    errors->arena = arena;
    if (gg_json_decode(arena, &envelope_msg, text, e, errors) == GG_DECODED)
        return true;
    *reason = first_error(arena, errors);
    return false;
}

void *envelope_data(struct gg_arena *arena, struct gg_str text, const struct gg_event_type *type, const char **reason)
{
    struct holder {
        void *data;
    } holder;
    const struct gg_field field = {"data",    GG_T_REF,      offsetof(struct holder, data), GG_REQUIRED, 0, 0, 0, NULL,
                                   type->msg, "of the event"};
    const struct gg_msg msg = {"Event", sizeof holder, &field, 1, "An event's data."};
    struct gg_field_errors *errors = GG_NEW(arena, struct gg_field_errors);
    errors->arena = arena;
    if (gg_json_decode(arena, &msg, text, &holder, errors) == GG_DECODED)
        return holder.data;
    *reason = first_error(arena, errors);
    return NULL;
}
