/* proto/@NAME@.h
 * What crosses the border of the @NAME@ service: notes. */
#ifndef PROTO_@UPPER@_H
#define PROTO_@UPPER@_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define @UPPER@_TOPIC "gonggu.@NAME@"

/* --- events; the aggregate is the note --- */

struct @NAME@_note_event { /* @NAME@.note.written.v1 */
    struct gg_id note, user;
};
extern const struct gg_event_type @UPPER@_NOTE_WRITTEN;

/* --- HTTP --- */

struct @NAME@_note_new { /* POST /v1/@NAME@/notes */
    const char *text;
};
struct @NAME@_note {
    struct gg_id id;
    const char *text;
    int64_t at;
};
struct @NAME@_note_query { /* GET /v1/@NAME@/notes */
    struct gg_page page;
};
struct @NAME@_note_list {
    struct gg_list items; /* newest first */
    const char *next;
};
extern const struct gg_msg @NAME@_note_new_msg, @NAME@_note_msg, @NAME@_note_query_msg, @NAME@_note_list_msg;

extern const struct gg_problem @UPPER@_FULL; /* 409 no room for another note */
extern const struct gg_problem *const @NAME@_problems[];

#endif
