/* libcommon/json_decode.c
 * JSON objects and query strings into message structs, by their tables, with all errors at once. */
#include <string.h>

#include <cjson/cJSON.h>

#include "libcommon/json_internal.h"
#include "libcommon/log.h"
#include "libcommon/text.h"

/* Notes in each number of the tree which of the noted numbers it is: the parser keeps members in the order of the text.
 * The member `valueint` is free for that, nobody may use it for a value. Goes no deeper than GG_JSON_DEPTH. */
static void number_tree(cJSON *node, int *next)
{
    for (; node != NULL; node = node->next) {
        if (cJSON_IsNumber(node))
            node->valueint = (*next)++;
        number_tree(node->child, next);
    }
}

static void decode_members(struct json_decoder *d, const struct gg_msg *msg, const cJSON *object,
                           const struct json_place *at, void *out);

static void decode_list(struct json_decoder *d, const struct gg_field *f, const cJSON *array,
                        const struct json_place *at, struct gg_list *list)
{
    bool texts = f->type == GG_T_TEXTS;
    int64_t min = texts ? 0 : f->min, max = texts ? f->list_max : f->max;
    int64_t n = cJSON_GetArraySize(array);
    if (n < min || n > max) {
        json_refuse(d, at, "length", "must have %" PRId64 " to %" PRId64 " elements", min, max);
        return;
    }
    size_t size = texts ? sizeof(const char *) : f->msg->size;
    char *items = gg_alloc_array(d->arena, (size_t)n, size);
    struct json_place here = {at, NULL, 0, false};
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        void *slot = items + here.index * size;
        if (texts && cJSON_IsString(item))
            json_scalar(d, f, &here, (struct gg_str){item->valuestring, strlen(item->valuestring)}, slot);
        else if (!texts && cJSON_IsObject(item))
            decode_members(d, f->msg, item, &here, slot);
        else
            json_refuse(d, &here, "type", texts ? "must be a string" : "must be an object");
        here.index++;
    }
    *list = (struct gg_list){items, (size_t)n};
}

static void decode_field(struct json_decoder *d, const struct gg_field *f, const cJSON *item,
                         const struct json_place *at, void *slot)
{
    const char *wanted = NULL;
    switch (f->type) {
    case GG_T_BOOL:
        if (cJSON_IsBool(item))
            *(bool *)slot = cJSON_IsTrue(item);
        else
            wanted = "true or false";
        break;
    case GG_T_INT:
    case GG_T_WON:
    case GG_T_DEG:
        if (cJSON_IsNumber(item))
            json_scalar(d, f, at, d->numbers.v[item->valueint], slot);
        else
            wanted = "a number";
        break;
    case GG_T_TIME:
    case GG_T_ID:
    case GG_T_TEXT:
    case GG_T_ENUM:
        if (cJSON_IsString(item))
            json_scalar(d, f, at, (struct gg_str){item->valuestring, strlen(item->valuestring)}, slot);
        else
            wanted = "a string";
        break;
    case GG_T_OBJECT:
    case GG_T_REF:
        if (!cJSON_IsObject(item)) {
            wanted = "an object";
            break;
        }
        if (f->type == GG_T_REF) {
            void *target = gg_alloc(d->arena, f->msg->size);
            *(void **)slot = target;
            slot = target;
        }
        decode_members(d, f->msg, item, at, slot);
        break;
    case GG_T_LIST:
    case GG_T_TEXTS:
        if (cJSON_IsArray(item))
            decode_list(d, f, item, at, slot);
        else
            wanted = "an array";
        break;
    }
    if (wanted != NULL)
        json_refuse(d, at, "type", "must be %s", wanted);
}

static void decode_members(struct json_decoder *d, const struct gg_msg *msg, const cJSON *object,
                           const struct json_place *at, void *out)
{
    gg_msg_init(msg, out);
    for (size_t i = 0; i < msg->n; i++) {
        const struct gg_field *f = &msg->fields[i];
        struct json_place here = {at, f->name, 0, false};
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, f->name);
        if (item != NULL && !cJSON_IsNull(item))
            decode_field(d, f, item, &here, (char *)out + f->offset);
        else if ((f->flags & GG_REQUIRED) != 0)
            json_refuse(d, &here, "required", "is required");
    }
}

static enum gg_decoded malformed(struct json_decoder *d, const char *detail)
{
    json_refuse(d, NULL, "format", "%s", detail);
    return GG_DECODE_MALFORMED;
}

enum gg_decoded gg_json_decode(struct gg_arena *arena, const struct gg_msg *msg, struct gg_str text, void *out,
                               struct gg_field_errors *errors)
{
    struct json_decoder d = {.arena = arena, .errors = errors};
    size_t before = errors->n;
    const char *detail;
    gg_msg_init(msg, out);
    if (!json_scan(arena, text, &d.numbers, &detail))
        return malformed(&d, detail);
    cJSON *tree = cJSON_ParseWithLengthOpts(text.p, text.n, NULL, false);
    if (tree == NULL) {
        gg_error("json_parser", "the parser refused a text of %zu bytes that passed the check", text.n);
        return malformed(&d, "the text cannot be parsed");
    }
    bool is_object = cJSON_IsObject(tree);
    if (is_object) {
        int next = 0;
        number_tree(tree, &next);
        decode_members(&d, msg, tree, NULL, out);
    }
    cJSON_Delete(tree);
    if (!is_object)
        return malformed(&d, "an object was expected");
    return errors->n == before ? GG_DECODED : GG_DECODE_INVALID;
}

/* --- queries --- */

/* One side of `name=value`, decoded; NULL on a bad escape. In forms `+` is a space. */
static const char *decode_part(struct gg_arena *arena, struct gg_str part)
{
    char *spaced = gg_alloc(arena, part.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] != '+') {
            spaced[n++] = part.p[i];
            continue;
        }
        memcpy(spaced + n, "%20", 3);
        n += 3;
    }
    return gg_percent_decode(arena, (struct gg_str){spaced, n});
}

static void query_value(struct json_decoder *d, const struct gg_field *f, const struct json_place *at,
                        const char *value, void *slot)
{
    bool yes = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
    if (f->type != GG_T_BOOL)
        json_scalar(d, f, at, (struct gg_str){value, strlen(value)}, slot);
    else if (yes || strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
        *(bool *)slot = yes;
    else
        json_refuse(d, at, "type", "must be true or false (or 1 or 0)");
}

/* Takes one `name=value`; `seen` marks the fields that were there. False on a bad escape. */
static bool query_pair(struct json_decoder *d, const struct gg_msg *msg, struct gg_str pair, bool seen[], void *out)
{
    const char *equals = memchr(pair.p, '=', pair.n);
    size_t name_n = equals == NULL ? pair.n : (size_t)(equals - pair.p);
    struct gg_str rest = equals == NULL ? GG_STR("") : (struct gg_str){equals + 1, pair.n - name_n - 1};
    const char *name = decode_part(d->arena, (struct gg_str){pair.p, name_n});
    const char *value = decode_part(d->arena, rest);
    if (name == NULL || value == NULL)
        return false;
    for (size_t i = 0; i < msg->n; i++) {
        const struct gg_field *f = &msg->fields[i];
        if (strcmp(f->name, name) != 0)
            continue;
        struct json_place here = {NULL, f->name, 0, true};
        if (seen[i])
            json_refuse(d, &here, "duplicate", "is given more than once");
        else
            query_value(d, f, &here, value, (char *)out + f->offset);
        seen[i] = true;
    }
    return true;
}

enum gg_decoded gg_query_decode(struct gg_arena *arena, const struct gg_msg *msg, struct gg_str query, void *out,
                                struct gg_field_errors *errors)
{
    struct json_decoder d = {.arena = arena, .errors = errors};
    size_t before = errors->n;
    bool *seen = GG_NEW_ARRAY(arena, bool, msg->n);
    gg_msg_init(msg, out);
    while (query.n > 0) {
        const char *end = memchr(query.p, '&', query.n);
        size_t n = end == NULL ? query.n : (size_t)(end - query.p);
        if (!query_pair(&d, msg, (struct gg_str){query.p, n}, seen, out)) {
            gg_field_error(errors, "?", "format", "the query holds a bad escape or invalid UTF-8");
            return GG_DECODE_MALFORMED;
        }
        size_t used = end == NULL ? n : n + 1;
        query.p += used;
        query.n -= used;
    }
    for (size_t i = 0; i < msg->n; i++) {
        struct json_place here = {NULL, msg->fields[i].name, 0, true};
        if (!seen[i] && (msg->fields[i].flags & GG_REQUIRED) != 0)
            json_refuse(&d, &here, "required", "is required");
    }
    return errors->n == before ? GG_DECODED : GG_DECODE_INVALID;
}
