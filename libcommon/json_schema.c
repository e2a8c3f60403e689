/* libcommon/json_schema.c
 * Message tables as JSON Schema (2020-12). */
#include <string.h>

#include "libcommon/json_internal.h"

static void bounds(struct gg_buf *out, const char *least, int64_t min, const char *most, int64_t max)
{
    gg_buf_addf(out, ",\"%s\":%" PRId64 ",\"%s\":%" PRId64, least, min, most, max);
}

static void add_reference(struct gg_buf *out, const struct gg_msg *msg, const char *ref_prefix)
{
    gg_buf_adds(out, "{\"$ref\":\"");
    gg_buf_adds(out, ref_prefix);
    gg_buf_adds(out, msg->name);
    gg_buf_adds(out, "\"}");
}

/* The set stands in a character class, where a dash is safe only at the end, as our sets have it. */
static void add_text(struct gg_buf *out, const struct gg_field *f)
{
    gg_buf_adds(out, "{\"type\":\"string\"");
    bounds(out, "minLength", f->min, "maxLength", f->max);
    if ((f->flags & GG_PATTERN) != 0)
        gg_buf_addf(out, ",\"pattern\":\"^[%s]*$\"", f->names[0]);
    gg_buf_addc(out, '}');
}

static void add_enum(struct gg_buf *out, const struct gg_field *f)
{
    gg_buf_adds(out, "{\"type\":\"string\",\"enum\":[");
    for (size_t i = 0; f->names[i] != NULL; i++) {
        if (i > 0)
            gg_buf_addc(out, ',');
        gg_json_string(out, f->names[i]);
    }
    gg_buf_adds(out, "]}");
}

static void add_list(struct gg_buf *out, const struct gg_field *f, const char *ref_prefix)
{
    bool texts = f->type == GG_T_TEXTS;
    gg_buf_adds(out, "{\"type\":\"array\"");
    bounds(out, "minItems", texts ? 0 : f->min, "maxItems", texts ? f->list_max : f->max);
    gg_buf_adds(out, ",\"items\":");
    if (texts)
        add_text(out, f);
    else
        add_reference(out, f->msg, ref_prefix);
    gg_buf_addc(out, '}');
}

void json_field_schema(struct gg_buf *out, const struct gg_field *field, const char *ref_prefix)
{
    char min[JSON_DEG_TEXT], max[JSON_DEG_TEXT];
    switch (field->type) {
    case GG_T_BOOL:
        gg_buf_adds(out, "{\"type\":\"boolean\"}");
        break;
    case GG_T_INT:
    case GG_T_WON:
        gg_buf_adds(out, "{\"type\":\"integer\"");
        bounds(out, "minimum", field->min > -GG_WIRE_MAX ? field->min : -GG_WIRE_MAX, "maximum",
               field->max < GG_WIRE_MAX ? field->max : GG_WIRE_MAX);
        gg_buf_addc(out, '}');
        break;
    case GG_T_TIME:
        gg_buf_adds(out, "{\"type\":\"string\",\"format\":\"date-time\"}");
        break;
    case GG_T_DEG:
        json_deg_format(field->min, min);
        json_deg_format(field->max, max);
        gg_buf_addf(out, "{\"type\":\"number\",\"minimum\":%s,\"maximum\":%s}", min, max);
        break;
    case GG_T_ID:
        gg_buf_adds(out, "{\"type\":\"string\",\"format\":\"uuid\"}");
        break;
    case GG_T_TEXT:
        add_text(out, field);
        break;
    case GG_T_ENUM:
        add_enum(out, field);
        break;
    case GG_T_OBJECT:
    case GG_T_REF:
        add_reference(out, field->msg, ref_prefix);
        break;
    case GG_T_LIST:
    case GG_T_TEXTS:
        add_list(out, field, ref_prefix);
        break;
    }
}

/* The field's schema with its meaning as the last member. */
static void add_property(struct gg_buf *out, const struct gg_field *f, const char *ref_prefix)
{
    gg_json_string(out, f->name);
    gg_buf_addc(out, ':');
    json_field_schema(out, f, ref_prefix);
    if (f->doc == NULL || out->overflow)
        return;
    out->p[--out->n] = '\0';
    gg_buf_adds(out, ",\"description\":");
    gg_json_string(out, f->doc);
    gg_buf_addc(out, '}');
}

void gg_json_schema(struct gg_buf *out, const struct gg_msg *msg, const char *ref_prefix)
{
    gg_buf_adds(out, "{\"type\":\"object\",\"description\":");
    gg_json_string(out, msg->doc == NULL ? "" : msg->doc);
    gg_buf_adds(out, ",\"properties\":{");
    for (size_t i = 0; i < msg->n; i++) {
        if (i > 0)
            gg_buf_addc(out, ',');
        add_property(out, &msg->fields[i], ref_prefix);
    }
    gg_buf_addc(out, '}');
    size_t required = 0;
    for (size_t i = 0; i < msg->n; i++) {
        if ((msg->fields[i].flags & GG_REQUIRED) == 0)
            continue;
        gg_buf_adds(out, required++ == 0 ? ",\"required\":[" : ",");
        gg_json_string(out, msg->fields[i].name);
    }
    gg_buf_adds(out, required > 0 ? "]}" : "}");
}
