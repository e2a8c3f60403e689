/* proto/chat_frame.c
 * The tables behind proto/chat_frame.h. */
#include "proto/chat_frame.h"

static const struct gg_field position_fields[] = {
    GG_ID(struct chat_position, room, GG_REQUIRED, "the room"),
    GG_INT(struct chat_position, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "last one seen, or newest"),
};
static const struct gg_msg position_msg =
    GG_MSG("ChatPosition", struct chat_position, position_fields, "A place in a room's log.");

static const struct gg_field connect_fields[] = {
    GG_TEXT(struct chat_frame_connect, token, GG_REQUIRED | GG_PRIVATE, 1, 4096, "access token"),
    GG_LIST(struct chat_frame_connect, rooms, GG_OPTIONAL, 0, 1000, &position_msg, "where the client stands"),
};
static const struct gg_msg connect_msg =
    GG_MSG("ChatConnect", struct chat_frame_connect, connect_fields, "First frame of a socket.");
static const struct gg_field send_fields[] = {
    GG_ID(struct chat_frame_send, room, GG_REQUIRED, "the room"),
    CHAT_SEND_FIELDS(struct chat_frame_send, message.),
};
static const struct gg_msg send_msg = GG_MSG("ChatFrameSend", struct chat_frame_send, send_fields, "Writes a message.");
static const struct gg_field act_fields[] = {
    GG_ID(struct chat_frame_act, room, GG_REQUIRED, "the room"),
    CHAT_ACT_FIELDS(struct chat_frame_act, act.),
};
static const struct gg_msg act_msg =
    GG_MSG("ChatFrameAct", struct chat_frame_act, act_fields, "Does something to a message.");
static const struct gg_field read_fields[] = {
    GG_ID(struct chat_frame_read, room, GG_REQUIRED, "the room"),
    GG_INT(struct chat_frame_read, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "read up to here"),
};
static const struct gg_msg read_msg =
    GG_MSG("ChatFrameRead", struct chat_frame_read, read_fields, "Moves one's read mark.");
static const struct gg_field resume_fields[] = {
    GG_ID(struct chat_frame_resume, room, GG_REQUIRED, "the room"),
    GG_INT(struct chat_frame_resume, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "everything above this comes once more"),
};
static const struct gg_msg resume_msg =
    GG_MSG("ChatFrameResume", struct chat_frame_resume, resume_fields, "Goes back in a room's log.");
static const struct gg_field typing_fields[] = {GG_ID(struct chat_frame_typing, room, GG_REQUIRED, "where one writes")};
static const struct gg_msg typing_msg =
    GG_MSG("ChatFrameTyping", struct chat_frame_typing, typing_fields, "One is writing; every few seconds at most.");
static const struct gg_field watched_fields[] = {GG_ID(struct chat_watched, deal, GG_REQUIRED, "a deal")};
static const struct gg_msg watched_msg = GG_MSG("ChatWatched", struct chat_watched, watched_fields, "A deal.");
static const struct gg_field watch_fields[] = {
    GG_LIST(struct chat_frame_watch, deals, GG_REQUIRED, 0, 20, &watched_msg, "these and no others"),
};
static const struct gg_msg watch_msg =
    GG_MSG("ChatFrameWatch", struct chat_frame_watch, watch_fields, "Whose progress is shown.");
static const struct gg_field auth_fields[] = {
    GG_TEXT(struct chat_frame_auth, token, GG_REQUIRED | GG_PRIVATE, 1, 4096, "fresh access token"),
};
static const struct gg_msg auth_msg =
    GG_MSG("ChatFrameAuth", struct chat_frame_auth, auth_fields, "Goes on with a fresh token.");
static const struct gg_field in_fields[] = {
    GG_INT(struct chat_frame_in, id, GG_REQUIRED, 1, GG_WIRE_MAX, "echoed in the answer"),
    GG_REF(struct chat_frame_in, connect, GG_OPTIONAL, &connect_msg, "first frame"),
    GG_REF(struct chat_frame_in, send, GG_OPTIONAL, &send_msg, "a message"),
    GG_REF(struct chat_frame_in, act, GG_OPTIONAL, &act_msg, "edit, delete, react or pin"),
    GG_REF(struct chat_frame_in, read, GG_OPTIONAL, &read_msg, "a read mark"),
    GG_REF(struct chat_frame_in, resume, GG_OPTIONAL, &resume_msg, "go back"),
    GG_REF(struct chat_frame_in, typing, GG_OPTIONAL, &typing_msg, "one is writing; not answered when it is fine"),
    GG_REF(struct chat_frame_in, watch, GG_OPTIONAL, &watch_msg, "deals to be told of"),
    GG_REF(struct chat_frame_in, auth, GG_OPTIONAL, &auth_msg, "a fresh token"),
};
const struct gg_msg chat_frame_in_msg =
    GG_MSG("ChatFrameIn", struct chat_frame_in, in_fields, "Client to server: one member beside id.");

static const struct gg_field blocked_fields[] = {GG_ID(struct chat_mention, user, GG_REQUIRED, "whom one has blocked")};
static const struct gg_msg blocked_msg =
    GG_MSG("ChatBlocked", struct chat_mention, blocked_fields, "A blocked account.");
static const struct gg_field ok_fields[] = {
    GG_INT(struct chat_frame_ok, seq, GG_OPTIONAL, 1, GG_WIRE_MAX, "of a send or act; absent: nothing changed"),
    GG_LIST(struct chat_frame_ok, rooms, GG_OPTIONAL, 0, 1000, &position_msg, "of a connect: newest seq of each room"),
    GG_LIST(struct chat_frame_ok, blocks, GG_OPTIONAL, 0, 1000, &blocked_msg, "of a connect"),
    GG_INT(struct chat_frame_ok, ping_ms, GG_OPTIONAL, 1, 60000, "of a connect: a ping comes at least so often"),
};
static const struct gg_msg ok_msg = GG_MSG("ChatFrameOk", struct chat_frame_ok, ok_fields, "It is done.");
static const struct gg_field error_fields[] = {
    GG_TEXT(struct chat_frame_error, code, GG_REQUIRED, 1, 60, "stable code"),
    GG_BOOL(struct chat_frame_error, retryable, GG_OPTIONAL, "the same frame may succeed later"),
    GG_TEXT(struct chat_frame_error, detail, GG_OPTIONAL, 1, 300, "for a developer"),
};
static const struct gg_msg error_msg =
    GG_MSG("ChatFrameError", struct chat_frame_error, error_fields, "It was refused.");
static const struct gg_field bye_fields[] = {
    GG_INT(struct chat_frame_bye, code, GG_REQUIRED, 4000, 4999, "4000-4499: come again, 4500-4999: do not"),
    GG_TEXT(struct chat_frame_bye, reason, GG_REQUIRED, 1, 100, "in a word"),
    GG_BOOL(struct chat_frame_bye, retry, GG_OPTIONAL, "come again"),
    GG_INT(struct chat_frame_bye, after_ms, GG_OPTIONAL, 0, 60000, "after so long"),
};
static const struct gg_msg bye_msg =
    GG_MSG("ChatFrameBye", struct chat_frame_bye, bye_fields, "The server closes the socket.");
static const struct gg_field inbox_fields[] = {
    GG_INT(struct chat_frame_inbox, unread, GG_REQUIRED, 0, GG_WIRE_MAX, "unread notices"),
};
static const struct gg_msg inbox_msg =
    GG_MSG("ChatFrameInbox", struct chat_frame_inbox, inbox_fields, "The inbox has changed.");
static const struct gg_field mark_fields[] = {
    GG_INT(struct chat_frame_mark, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "read up to here"),
    GG_INT(struct chat_frame_mark, unread, GG_REQUIRED, 0, GG_WIRE_MAX, "unread in the room"),
};
static const struct gg_msg mark_msg =
    GG_MSG("ChatFrameMark", struct chat_frame_mark, mark_fields, "One's read mark, moved on any device.");
static const struct gg_field out_fields[] = {
    GG_INT(struct chat_frame_out, id, GG_OPTIONAL, 1, GG_WIRE_MAX, "of the frame this answers"),
    GG_REF(struct chat_frame_out, ok, GG_OPTIONAL, &ok_msg, "answer"),
    GG_REF(struct chat_frame_out, error, GG_OPTIONAL, &error_msg, "answer"),
    GG_ID(struct chat_frame_out, room, GG_OPTIONAL, "of entry, left, typing or mark"),
    GG_REF(struct chat_frame_out, entry, GG_OPTIONAL, &chat_entry_msg, "something new in the room"),
    GG_BOOL(struct chat_frame_out, left, GG_OPTIONAL, "one is no longer in the room"),
    GG_ID(struct chat_frame_out, typing, GG_OPTIONAL, "who is writing; holds for six seconds"),
    GG_LIST(struct chat_frame_out, positions, GG_OPTIONAL, 0, 1000, &position_msg,
            "of a ping: newest seq of each room"),
    GG_BOOL(struct chat_frame_out, ping, GG_OPTIONAL, "still here"),
    GG_REF(struct chat_frame_out, mark, GG_OPTIONAL, &mark_msg, "one's own read mark"),
    GG_REF(struct chat_frame_out, progress, GG_OPTIONAL, &chat_progress_msg, "a watched deal"),
    GG_REF(struct chat_frame_out, inbox, GG_OPTIONAL, &inbox_msg, "unread notices"),
    GG_REF(struct chat_frame_out, bye, GG_OPTIONAL, &bye_msg, "the socket closes"),
};
const struct gg_msg chat_frame_out_msg = GG_MSG("ChatFrameOut", struct chat_frame_out, out_fields, "Server to client.");
