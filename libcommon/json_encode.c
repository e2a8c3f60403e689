/* libcommon/json_encode.c
 * Message structs into JSON. Whole numbers are printed here, never by a library that thinks in doubles. */
#include <stdlib.h>
#include <string.h>

#include "libcommon/clock.h"
#include "libcommon/json_internal.h"
#include "libcommon/log.h"

void gg_msg_init(const struct gg_msg *msg, void *out)
{
    memset(out, 0, msg->size);
    for (size_t i = 0; i < msg->n; i++) {
        const struct gg_field *f = &msg->fields[i];
        void *slot = (char *)out + f->offset;
        switch (f->type) {
        case GG_T_INT:
        case GG_T_WON:
        case GG_T_TIME:
        case GG_T_DEG:
            *(int64_t *)slot = GG_NONE;
            break;
        case GG_T_ENUM:
            *(int *)slot = -1;
            break;
        case GG_T_OBJECT:
            gg_msg_init(f->msg, slot);
            break;
        case GG_T_BOOL:
        case GG_T_ID:
        case GG_T_TEXT:
        case GG_T_REF:
        case GG_T_LIST:
        case GG_T_TEXTS:
            break;
        }
    }
}

/* What is required is never absent as `false` or as an empty list. */
static bool is_absent(const struct gg_field *f, const void *slot)
{
    switch (f->type) {
    case GG_T_INT:
    case GG_T_WON:
    case GG_T_TIME:
    case GG_T_DEG:
        return *(const int64_t *)slot == GG_NONE;
    case GG_T_ID:
        return gg_id_is_zero(*(const struct gg_id *)slot);
    case GG_T_TEXT:
        return *(const char *const *)slot == NULL;
    case GG_T_ENUM:
        return *(const int *)slot < 0;
    case GG_T_REF:
        return *(const void *const *)slot == NULL;
    case GG_T_LIST:
    case GG_T_TEXTS:
        return (f->flags & GG_REQUIRED) == 0 && ((const struct gg_list *)slot)->items == NULL;
    case GG_T_BOOL:
        return (f->flags & GG_REQUIRED) == 0 && !*(const bool *)slot;
    case GG_T_OBJECT:
        break;
    }
    return false;
}

void gg_json_string(struct gg_buf *out, const char *text)
{
    static const char letters[] = "\b\t\n\f\r\"\\";
    static const char *const escapes[] = {"\\b", "\\t", "\\n", "\\f", "\\r", "\\\"", "\\\\"};
    gg_buf_addc(out, '"');
    const char *plain = text;
    for (const char *p = text; *p != '\0'; p++) {
        const char *found = strchr(letters, *p);
        bool control = (unsigned char)*p < 0x20;
        if (found == NULL && !control)
            continue;
        gg_buf_add(out, plain, (size_t)(p - plain));
        if (found != NULL)
            gg_buf_adds(out, escapes[found - letters]);
        else
            gg_buf_addf(out, "\\u%04x", (unsigned)*p);
        plain = p + 1;
    }
    gg_buf_adds(out, plain);
    gg_buf_addc(out, '"');
}

static void encode_list(struct gg_buf *out, const struct gg_field *f, const struct gg_list *list)
{
    gg_buf_addc(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i > 0)
            gg_buf_addc(out, ',');
        if (f->type == GG_T_TEXTS)
            gg_json_string(out, ((const char *const *)list->items)[i]);
        else
            gg_json_encode(out, f->msg, (const char *)list->items + i * f->msg->size);
    }
    gg_buf_addc(out, ']');
}

static void encode_value(struct gg_buf *out, const struct gg_field *f, const void *slot)
{
    char text[GG_ID_TEXT > GG_TIME_TEXT ? GG_ID_TEXT : GG_TIME_TEXT];
    switch (f->type) {
    case GG_T_BOOL:
        gg_buf_adds(out, *(const bool *)slot ? "true" : "false");
        break;
    case GG_T_INT:
    case GG_T_WON:
        gg_buf_addf(out, "%" PRId64, *(const int64_t *)slot);
        break;
    case GG_T_TIME:
        gg_time_format(*(const int64_t *)slot, text);
        gg_json_string(out, text);
        break;
    case GG_T_DEG:
        json_deg_format(*(const int64_t *)slot, text);
        gg_buf_adds(out, text);
        break;
    case GG_T_ID:
        gg_id_format(*(const struct gg_id *)slot, text);
        gg_json_string(out, text);
        break;
    case GG_T_TEXT:
        gg_json_string(out, *(const char *const *)slot);
        break;
    case GG_T_ENUM:
        gg_json_string(out, f->names[*(const int *)slot]);
        break;
    case GG_T_OBJECT:
        gg_json_encode(out, f->msg, slot);
        break;
    case GG_T_REF:
        gg_json_encode(out, f->msg, *(const void *const *)slot);
        break;
    case GG_T_LIST:
    case GG_T_TEXTS:
        encode_list(out, f, slot);
        break;
    }
}

/* A reply without a member the table promises is our defect. Builds for finding defects end here. */
static void missing(const struct gg_msg *msg, const struct gg_field *f)
{
    gg_error("json_missing", "%s.%s is required and was not set", msg->name, f->name);
#ifdef __SANITIZE_ADDRESS__
    abort();
#endif
}

void gg_json_encode(struct gg_buf *out, const struct gg_msg *msg, const void *in)
{
    gg_buf_addc(out, '{');
    bool first = true;
    for (size_t i = 0; i < msg->n; i++) {
        const struct gg_field *f = &msg->fields[i];
        const void *slot = (const char *)in + f->offset;
        if (is_absent(f, slot)) {
            if ((f->flags & GG_REQUIRED) != 0)
                missing(msg, f);
            continue;
        }
        if (!first)
            gg_buf_addc(out, ',');
        first = false;
        gg_json_string(out, f->name);
        gg_buf_addc(out, ':');
        encode_value(out, f, slot);
    }
    gg_buf_addc(out, '}');
}
