/* libcommon/document_asyncapi.c
 * AsyncAPI 3.0 from the tables of events and frames. */
#include <stdio.h>
#include <string.h>

#include "libcommon/document_internal.h"

static const char envelope_schema[] =
    "{\"type\":\"object\",\"description\":\"CloudEvents 1.0, structured mode.\",\"properties\":{"
    "\"specversion\":{\"const\":\"1.0\"},"
    "\"id\":{\"type\":\"string\",\"format\":\"uuid\"},"
    "\"type\":{\"type\":\"string\"},"
    "\"source\":{\"type\":\"string\"},"
    "\"subject\":{\"type\":\"string\",\"format\":\"uuid\",\"description\":\"the aggregate; also the key of the "
    "record\"},"
    "\"time\":{\"type\":\"string\",\"format\":\"date-time\",\"description\":\"when it became true\"},"
    "\"datacontenttype\":{\"const\":\"application/json\"},"
    "\"sequence\":{\"type\":\"integer\",\"minimum\":1,\"description\":\"version of the aggregate, without gaps\"},"
    "\"traceparent\":{\"type\":\"string\"},"
    "\"data\":{\"type\":\"object\"}},"
    "\"required\":[\"specversion\",\"id\",\"type\",\"source\",\"subject\",\"time\",\"sequence\",\"data\"]}";

/* The n-th event of one direction, NULL behind the last. */
typedef const struct gg_event_type *(*event_at)(const struct gg_service *service, size_t n);

static const struct gg_event_type *emitted(const struct gg_service *service, size_t n)
{
    return service->emits == NULL ? NULL : service->emits[n];
}

static const struct gg_event_type *consumed(const struct gg_service *service, size_t n)
{
    return n < service->n_consumes ? service->consumes[n].type : NULL;
}

static const event_at directions[] = {emitted, consumed};
static const char *const actions[] = {"send", "receive"};

/* Whether an event before (direction d, number n) has the same topic or, with `by_type`, the same type. */
static bool is_repeated(const struct gg_service *service, size_t d, size_t n, bool by_type)
{
    const struct gg_event_type *event = directions[d](service, n);
    for (size_t i = 0; i <= d; i++) {
        const struct gg_event_type *other;
        for (size_t j = 0; (i < d || j < n) && (other = directions[i](service, j)) != NULL; j++) {
            const char *const names[] = {event->topic, other->topic, event->type, other->type};
            if (strcmp(names[by_type ? 2 : 0], names[by_type ? 3 : 1]) == 0)
                return true;
        }
    }
    return false;
}

/* --- channels --- */

static void add_channel_messages(struct gg_buf *out, const struct gg_service *service, const char *topic)
{
    const struct gg_event_type *event;
    for (size_t d = 0; d < GG_LEN(directions); d++) {
        for (size_t n = 0; (event = directions[d](service, n)) != NULL; n++) {
            if (strcmp(event->topic, topic) == 0 && !is_repeated(service, d, n, true))
                doc_reference(out, event->type, "#/components/messages/", event->type);
        }
    }
}

static void add_frame_messages(struct gg_buf *out, const struct gg_msg *const *frames)
{
    for (; frames != NULL && *frames != NULL; frames++)
        doc_reference(out, (*frames)->name, "#/components/messages/", (*frames)->name);
}

static void add_channels(struct gg_buf *out, const struct gg_service *service)
{
    const struct gg_event_type *event;
    for (size_t d = 0; d < GG_LEN(directions); d++) {
        for (size_t n = 0; (event = directions[d](service, n)) != NULL; n++) {
            if (is_repeated(service, d, n, false))
                continue;
            doc_key(out, event->topic);
            gg_buf_addc(out, '{');
            doc_member(out, "address", event->topic);
            doc_key(out, "messages");
            gg_buf_addc(out, '{');
            add_channel_messages(out, service, event->topic);
            gg_buf_adds(out, "}}");
        }
    }
    if (service->ws == NULL)
        return;
    doc_key(out, "socket");
    gg_buf_addc(out, '{');
    doc_member(out, "address", service->ws->path);
    if (service->ws->subprotocol != NULL) {
        doc_key(out, "description");
        gg_buf_addf(out, "\"WebSocket, subprotocol %s; text frames of at most %zu bytes\"", service->ws->subprotocol,
                    service->ws->max_message);
    }
    doc_key(out, "messages");
    gg_buf_addc(out, '{');
    add_frame_messages(out, service->ws_in);
    add_frame_messages(out, service->ws_out);
    gg_buf_addc(out, '}');
    doc_key(out, "bindings");
    gg_buf_adds(out, "{\"ws\":{\"method\":\"GET\",\"bindingVersion\":\"0.1.0\"}}}");
}

/* --- operations --- */

/* Opens {"action", "channel", "messages":[ under its name. */
static void open_operation(struct gg_buf *out, const char *action, const char *channel)
{
    char name[160];

    snprintf(name, sizeof(name), "%s.%s", action, channel);
    doc_key(out, name);
    gg_buf_addc(out, '{');
    doc_member(out, "action", action);
    doc_reference(out, "channel", "#/channels/", channel);
    doc_key(out, "messages");
    gg_buf_addc(out, '[');
}

static void add_channel_message(struct gg_buf *out, const char *channel, const char *name)
{
    doc_raw(out, "{");
    gg_buf_addf(out, "\"$ref\":\"#/channels/%s/messages/%s\"}", channel, name);
}

static void add_socket_operation(struct gg_buf *out, const char *action, const struct gg_msg *const *frames)
{
    if (frames == NULL || *frames == NULL)
        return;
    open_operation(out, action, "socket");
    for (; *frames != NULL; frames++)
        add_channel_message(out, "socket", (*frames)->name);
    gg_buf_adds(out, "]}");
}

/* Whether an earlier event of the same direction already opened the operation of this topic. */
static bool is_opened(const struct gg_service *service, event_at at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(at(service, i)->topic, at(service, n)->topic) == 0)
            return true;
    }
    return false;
}

static void add_operations(struct gg_buf *out, const struct gg_service *service)
{
    const struct gg_event_type *event, *other;
    for (size_t d = 0; d < GG_LEN(directions); d++) {
        for (size_t n = 0; (event = directions[d](service, n)) != NULL; n++) {
            if (is_opened(service, directions[d], n))
                continue;
            open_operation(out, actions[d], event->topic);
            for (size_t i = n; (other = directions[d](service, i)) != NULL; i++) {
                if (strcmp(other->topic, event->topic) == 0)
                    add_channel_message(out, event->topic, other->type);
            }
            gg_buf_adds(out, "]}");
        }
    }
    if (service->ws == NULL)
        return;
    add_socket_operation(out, "receive", service->ws_in);
    add_socket_operation(out, "send", service->ws_out);
}

/* --- components --- */

static void add_event(struct gg_buf *out, const struct gg_event_type *event)
{
    doc_key(out, event->type);
    gg_buf_addc(out, '{');
    doc_member(out, "name", event->type);
    doc_member(out, "summary", event->doc == NULL ? "" : event->doc);
    doc_member(out, "contentType", "application/cloudevents+json");
    doc_key(out, "payload");
    gg_buf_adds(out, "{\"allOf\":[{\"$ref\":\"" DOC_SCHEMAS "CloudEvent\"},{\"properties\":{");
    doc_key(out, "type");
    gg_buf_addf(out, "{\"const\":\"%s\"}", event->type);
    doc_reference(out, "data", DOC_SCHEMAS, event->msg->name);
    gg_buf_adds(out, "}}]}}");
}

static void add_frames(struct gg_buf *out, const struct gg_msg *const *frames, struct doc_messages *messages)
{
    for (; frames != NULL && *frames != NULL; frames++) {
        doc_collect(messages, *frames);
        doc_key(out, (*frames)->name);
        gg_buf_addc(out, '{');
        doc_member(out, "name", (*frames)->name);
        doc_member(out, "summary", (*frames)->doc);
        doc_member(out, "contentType", "application/json");
        doc_reference(out, "payload", DOC_SCHEMAS, (*frames)->name);
        gg_buf_addc(out, '}');
    }
}

static void add_components(struct gg_buf *out, const struct gg_service *service)
{
    struct doc_messages messages = {.n = 0};
    const struct gg_event_type *event;
    gg_buf_adds(out, "{\"messages\":{");
    for (size_t d = 0; d < GG_LEN(directions); d++) {
        for (size_t n = 0; (event = directions[d](service, n)) != NULL; n++) {
            if (is_repeated(service, d, n, true))
                continue;
            add_event(out, event);
            doc_collect(&messages, event->msg);
        }
    }
    add_frames(out, service->ws_in, &messages);
    add_frames(out, service->ws_out, &messages);
    gg_buf_addc(out, '}');
    doc_key(out, "schemas");
    gg_buf_addc(out, '{');
    doc_key(out, "CloudEvent");
    gg_buf_adds(out, envelope_schema);
    doc_schemas(out, &messages, DOC_SCHEMAS);
    gg_buf_adds(out, "}}");
}

void gg_document_asyncapi(const struct gg_service *service, struct gg_buf *out)
{
    struct gg_buf json;
    gg_buf_init(&json, GG_DOCUMENT_MAX);
    gg_buf_adds(&json, "{\"asyncapi\":\"3.0.0\",\"info\":{");
    doc_member(&json, "title", service->title);
    doc_member(&json, "version", "1");
    doc_member(&json, "description", "Printed by the service from its own tables.");
    gg_buf_addc(&json, '}');
    doc_member(&json, "defaultContentType", "application/cloudevents+json");
    doc_key(&json, "channels");
    gg_buf_addc(&json, '{');
    add_channels(&json, service);
    gg_buf_addc(&json, '}');
    doc_key(&json, "operations");
    gg_buf_addc(&json, '{');
    add_operations(&json, service);
    gg_buf_addc(&json, '}');
    doc_key(&json, "components");
    add_components(&json, service);
    gg_buf_addc(&json, '}');
    doc_finish(out, &json);
}
