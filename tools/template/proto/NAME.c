/* proto/@NAME@.c
 * The tables behind proto/@NAME@.h. */
#include "proto/@NAME@.h"

static const struct gg_field note_event_fields[] = {
    GG_ID(struct @NAME@_note_event, note, GG_REQUIRED, "the note"),
    GG_ID(struct @NAME@_note_event, user, GG_REQUIRED, "who wrote it"),
};
static const struct gg_msg note_event_msg =
    GG_MSG("NoteEvent", struct @NAME@_note_event, note_event_fields, "A note was written.");
const struct gg_event_type @UPPER@_NOTE_WRITTEN = {"@NAME@.note.written.v1", @UPPER@_TOPIC, &note_event_msg,
                                                 "a note was written"};

static const struct gg_field note_new_fields[] = {
    GG_TEXT(struct @NAME@_note_new, text, GG_REQUIRED, 1, 500, "what it says"),
};
const struct gg_msg @NAME@_note_new_msg =
    GG_MSG("NoteNew", struct @NAME@_note_new, note_new_fields, "Writes a note.");

static const struct gg_field note_fields[] = {
    GG_ID(struct @NAME@_note, id, GG_REQUIRED, "the note"),
    GG_TEXT(struct @NAME@_note, text, GG_REQUIRED, 1, 500, "what it says"),
    GG_TIME(struct @NAME@_note, at, GG_REQUIRED, "when"),
};
const struct gg_msg @NAME@_note_msg = GG_MSG("Note", struct @NAME@_note, note_fields, "A note.");

static const struct gg_field note_query_fields[] = {
    GG_PAGE_FIELDS(struct @NAME@_note_query),
};
const struct gg_msg @NAME@_note_query_msg =
    GG_MSG("NoteQuery", struct @NAME@_note_query, note_query_fields, "Which notes.");

static const struct gg_field note_list_fields[] = {
    GG_LIST(struct @NAME@_note_list, items, GG_REQUIRED, 0, 100, &@NAME@_note_msg, "newest first"),
    GG_TEXT(struct @NAME@_note_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg @NAME@_note_list_msg =
    GG_MSG("NoteList", struct @NAME@_note_list, note_list_fields, "One's notes.");

const struct gg_problem @UPPER@_FULL = {"@NAME@_full", 409, false, "There is no room for another note.",
                                      "더 적을 자리가 없어요."};
const struct gg_problem *const @NAME@_problems[] = {&@UPPER@_FULL, NULL};
