/* services/deal/merge.c
 * Members of messages, compared and copied by their tables. */
#include "merge.h"

#include <string.h>

static size_t size_of(const struct gg_field *f)
{
    switch (f->type) {
    case GG_T_BOOL:
        return sizeof(bool);
    case GG_T_ENUM:
        return sizeof(int);
    case GG_T_ID:
        return sizeof(struct gg_id);
    case GG_T_TEXT:
    case GG_T_REF:
        return sizeof(void *);
    case GG_T_LIST:
    case GG_T_TEXTS:
        return sizeof(struct gg_list);
    case GG_T_OBJECT:
        return f->msg->size;
    case GG_T_INT:
    case GG_T_WON:
    case GG_T_TIME:
    case GG_T_DEG:
        break;
    }
    return sizeof(int64_t);
}

static const void *at(const struct gg_field *f, const void *p)
{
    return (const char *)p + f->offset;
}

static bool absent(const struct gg_field *f, const void *p)
{
    switch (f->type) {
    case GG_T_BOOL:
        return !*(const bool *)p;
    case GG_T_ENUM:
        return *(const int *)p < 0;
    case GG_T_ID:
        return gg_id_is_zero(*(const struct gg_id *)p);
    case GG_T_TEXT:
    case GG_T_REF:
        return *(const void *const *)p == NULL;
    case GG_T_LIST:
    case GG_T_TEXTS:
        return ((const struct gg_list *)p)->n == 0;
    case GG_T_OBJECT:
        return false;
    case GG_T_INT:
    case GG_T_WON:
    case GG_T_TIME:
    case GG_T_DEG:
        break;
    }
    return *(const int64_t *)p == GG_NONE;
}

static bool same_message(const struct gg_msg *msg, const void *a, const void *b);

static bool same_list(const struct gg_field *f, const struct gg_list *a, const struct gg_list *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (f->type == GG_T_TEXTS &&
            strcmp(((const char *const *)a->items)[i], ((const char *const *)b->items)[i]) != 0)
            return false;
        if (f->type == GG_T_LIST &&
            !same_message(f->msg, (const char *)a->items + i * f->msg->size, (const char *)b->items + i * f->msg->size))
            return false;
    }
    return true;
}

static bool same(const struct gg_field *f, const void *a, const void *b)
{
    if (absent(f, a) || absent(f, b))
        return absent(f, a) == absent(f, b);
    switch (f->type) {
    case GG_T_TEXT:
        return strcmp(*(const char *const *)a, *(const char *const *)b) == 0;
    case GG_T_REF:
        return same_message(f->msg, *(const void *const *)a, *(const void *const *)b);
    case GG_T_OBJECT:
        return same_message(f->msg, a, b);
    case GG_T_LIST:
    case GG_T_TEXTS:
        return same_list(f, a, b);
    case GG_T_BOOL:
    case GG_T_ENUM:
    case GG_T_ID:
    case GG_T_INT:
    case GG_T_WON:
    case GG_T_TIME:
    case GG_T_DEG:
        break;
    }
    return memcmp(a, b, size_of(f)) == 0;
}

static bool same_message(const struct gg_msg *msg, const void *a, const void *b)
{
    for (size_t i = 0; i < msg->n; i++)
        if (!same(&msg->fields[i], at(&msg->fields[i], a), at(&msg->fields[i], b)))
            return false;
    return true;
}

size_t deal_differences(const struct gg_msg *msg, const void *a, const void *b, const char **names, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < msg->n; i++)
        if (n < max && !same(&msg->fields[i], at(&msg->fields[i], a), at(&msg->fields[i], b)))
            names[n++] = msg->fields[i].name;
    return n;
}

size_t deal_merge(const struct gg_msg *msg, const void *from, void *into, const char **names, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < msg->n; i++) {
        const struct gg_field *f = &msg->fields[i];
        if (absent(f, at(f, from)))
            continue;
        if (n < max && !same(f, at(f, from), at(f, into)))
            names[n++] = f->name;
        memcpy((char *)into + f->offset, at(f, from), size_of(f));
    }
    return n;
}
