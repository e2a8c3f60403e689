/* libcommon/document.c
 * Printed documents: what they have in common, and the small ones. */
#include "libcommon/document.h"

#include <stdlib.h>
#include <string.h>

#include "libcommon/document_internal.h"
#include "libcommon/log.h"

/* --- the writer --- */

static void add_comma(struct gg_buf *out)
{
    if (out->n > 0 && strchr("{[:,", out->p[out->n - 1]) == NULL)
        gg_buf_addc(out, ',');
}

void doc_raw(struct gg_buf *out, const char *json)
{
    if (strchr("}]", json[0]) == NULL)
        add_comma(out);
    gg_buf_adds(out, json);
}

void doc_key(struct gg_buf *out, const char *key)
{
    doc_text(out, key);
    gg_buf_addc(out, ':');
}

void doc_text(struct gg_buf *out, const char *value)
{
    add_comma(out);
    gg_json_string(out, value);
}

void doc_member(struct gg_buf *out, const char *key, const char *value)
{
    doc_key(out, key);
    gg_json_string(out, value);
}

void doc_reference(struct gg_buf *out, const char *key, const char *prefix, const char *name)
{
    doc_key(out, key);
    gg_buf_addf(out, "{\"$ref\":\"%s%s\"}", prefix, name);
}

/* --- the layout --- */

static void add_line(struct gg_buf *out, size_t depth)
{
    gg_buf_addf(out, "\n%*s", (int)(2 * depth), "");
}

/* Length of the string that starts at `p`, with both quotes. */
static size_t string_length(const char *p)
{
    size_t n = 1;
    while (p[n] != '"')
        n += p[n] == '\\' ? 2 : 1;
    return n + 1;
}

static void add_pretty(struct gg_buf *out, struct gg_str json)
{
    size_t depth = 0;
    for (size_t i = 0; i < json.n;) {
        const char *p = json.p + i;
        size_t n = 1;
        if (*p == '"') {
            n = string_length(p);
            gg_buf_add(out, p, n);
        } else if ((*p == '{' || *p == '[') && (p[1] == '}' || p[1] == ']')) {
            n = 2;
            gg_buf_add(out, p, n);
        } else if (*p == '{' || *p == '[') {
            gg_buf_addc(out, *p);
            add_line(out, ++depth);
        } else if (*p == '}' || *p == ']') {
            add_line(out, --depth);
            gg_buf_addc(out, *p);
        } else {
            gg_buf_addc(out, *p);
            if (*p == ',')
                add_line(out, depth);
            else if (*p == ':')
                gg_buf_addc(out, ' ');
        }
        i += n;
    }
    gg_buf_addc(out, '\n');
}

void doc_finish(struct gg_buf *out, struct gg_buf *json)
{
    if (json->overflow)
        gg_fatal("document_size", "a document is longer than %d bytes", GG_DOCUMENT_MAX);
    add_pretty(out, gg_buf_str(json));
    gg_buf_free(json);
}

/* --- messages --- */

void doc_collect(struct doc_messages *messages, const struct gg_msg *msg)
{
    if (msg == NULL)
        return;
    for (size_t i = 0; i < messages->n; i++) {
        if (strcmp(messages->v[i]->name, msg->name) != 0)
            continue;
        if (messages->v[i]->fields != msg->fields)
            gg_error("document_name", "two messages are called %s; one of them is not described", msg->name);
        return;
    }
    if (messages->n == GG_LEN(messages->v))
        gg_fatal("document_size", "a document describes at most %zu messages", GG_LEN(messages->v));
    messages->v[messages->n++] = msg;
    for (size_t i = 0; i < msg->n; i++)
        doc_collect(messages, msg->fields[i].msg);
}

static int compare_messages(const void *left, const void *right)
{
    const struct gg_msg *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

void doc_schemas(struct gg_buf *out, struct doc_messages *messages, const char *ref_prefix)
{
    qsort(messages->v, messages->n, sizeof(messages->v[0]), compare_messages);
    for (size_t i = 0; i < messages->n; i++) {
        doc_key(out, messages->v[i]->name);
        gg_json_schema(out, messages->v[i], ref_prefix);
    }
}

/* --- schemas, problems, life cycles --- */

static void add_schema(struct gg_buf *out, const struct gg_service *service, const char *name, const struct gg_msg *msg)
{
    struct doc_messages messages = {.n = 0};
    doc_collect(&messages, msg);
    doc_key(out, name);
    gg_buf_adds(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"");
    gg_buf_addf(out, ",\"$id\":\"urn:gonggu:%s:%s\",\"$ref\":\"#/$defs/%s\",\"$defs\":{", service->name, name,
                msg->name);
    doc_schemas(out, &messages, "#/$defs/");
    gg_buf_adds(out, "}}");
}

static void add_frames(struct gg_buf *out, const struct gg_service *service, const struct gg_msg *const *frames)
{
    for (; frames != NULL && *frames != NULL; frames++)
        add_schema(out, service, (*frames)->name, *frames);
}

void gg_document_schemas(const struct gg_service *service, struct gg_buf *out)
{
    struct gg_buf json;
    gg_buf_init(&json, GG_DOCUMENT_MAX);
    gg_buf_addc(&json, '{');
    for (const struct gg_event_type *const *e = service->emits; e != NULL && *e != NULL; e++)
        add_schema(&json, service, (*e)->type, (*e)->msg);
    add_frames(&json, service, service->ws_in);
    add_frames(&json, service, service->ws_out);
    gg_buf_addc(&json, '}');
    doc_finish(out, &json);
}

static void add_problems(struct gg_buf *out, const char *where, const struct gg_problem *const *problems)
{
    for (; problems != NULL && *problems != NULL; problems++) {
        const struct gg_problem *p = *problems;
        gg_buf_addf(out, "| `%s` | %d | %s | %s | %s | %s |\n", p->code, p->status, p->retryable ? "yes" : "no", where,
                    p->title, p->title_ko == NULL ? "" : p->title_ko);
    }
}

void gg_document_problems(const struct gg_service *service, struct gg_buf *out)
{
    add_problems(out, service->name, service->problems);
    add_problems(out, "all", gg_common_problems);
}

void gg_document_lifecycles(const struct gg_service *service, struct gg_buf *out)
{
    for (const struct gg_fsm *const *fsm = service->lifecycles; fsm != NULL && *fsm != NULL; fsm++) {
        if (fsm != service->lifecycles)
            gg_buf_addc(out, '\n');
        gg_buf_addf(out, "## %s\n\n```mermaid\n", (*fsm)->name);
        gg_fsm_mermaid(*fsm, out);
        gg_buf_adds(out, "```\n");
    }
}
