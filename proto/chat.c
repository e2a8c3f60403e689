/* proto/chat.c
 * The tables behind proto/chat.h. */
#include "proto/chat.h"

#include "proto/auth_trust.h"

const char *const chat_entry_type_names[] = {"message", "joined", "left", "card", NULL};
const char *const chat_card_names[] = {"opened",    "closing", "confirmed",   "failed", "cancelled",
                                       "purchased", "arrived", "handed_over", "done",   NULL};

static const struct gg_field sent_event_fields[] = {
    GG_ID(struct chat_message_sent, room, GG_REQUIRED, "the room"),
    GG_ID(struct chat_message_sent, sender, GG_REQUIRED, "who wrote"),
    GG_INT(struct chat_message_sent, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "place in the room's log"),
    GG_TEXT(struct chat_message_sent, preview, GG_REQUIRED | GG_LINES, 1, 80, "how it begins"),
};
static const struct gg_msg sent_event_msg =
    GG_MSG("ChatMessageSent", struct chat_message_sent, sent_event_fields, "A message was stored.");
const struct gg_event_type CHAT_MESSAGE_SENT = {"chat.message.sent.v1", CHAT_TOPIC, &sent_event_msg,
                                                "a message was stored"};

static const struct gg_field noticed_user_fields[] = {GG_ID(struct chat_noticed_user, id, GG_REQUIRED, "the account")};
static const struct gg_msg noticed_user_msg =
    GG_MSG("ChatNoticedUser", struct chat_noticed_user, noticed_user_fields, "Somebody to be told.");
static const struct gg_field noticed_fields[] = {
    GG_ID(struct chat_noticed, room, GG_REQUIRED, "the room"),
    GG_ID(struct chat_noticed, sender, GG_REQUIRED, "who wrote"),
    GG_ID(struct chat_noticed, deal, GG_OPTIONAL, "the room's deal; left out: a room of two"),
    GG_INT(struct chat_noticed, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "place in the room's log"),
    GG_TEXT(struct chat_noticed, title, GG_REQUIRED, 1, 60, "of the room"),
    GG_TEXT(struct chat_noticed, nickname, GG_OPTIONAL, 2, 20, "of the sender"),
    GG_TEXT(struct chat_noticed, preview, GG_REQUIRED | GG_LINES, 1, 80, "how it begins"),
    GG_BOOL(struct chat_noticed, mention, GG_OPTIONAL, "these users are named in it"),
    GG_LIST(struct chat_noticed, users, GG_REQUIRED, 1, 200, &noticed_user_msg, "who should hear of it"),
};
static const struct gg_msg noticed_msg =
    GG_MSG("ChatNoticed", struct chat_noticed, noticed_fields, "A message that somebody has not seen yet.");
const struct gg_event_type CHAT_NOTICED = {"chat.noticed.v1", CHAT_TOPIC, &noticed_msg,
                                           "tell these users of a message"};
const struct gg_event_type CHAT_USER_PURGED = {"chat.user.purged.v1", CHAT_TOPIC, &auth_purge_receipt_msg,
                                               "nothing personal is left here"};

static const struct gg_field person_fields[] = {
    GG_ID(struct chat_person, id, GG_REQUIRED, "the account"),
    GG_TEXT(struct chat_person, nickname, GG_OPTIONAL, 2, 20, "left out while it is not known yet"),
};
static const struct gg_msg person_msg = GG_MSG("ChatPerson", struct chat_person, person_fields, "A neighbour.");

static const struct gg_field entry_fields[] = {
    GG_INT(struct chat_entry, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "1, 2, 3 ... without gaps"),
    GG_ENUM(struct chat_entry, type, GG_REQUIRED, chat_entry_type_names, "what it is"),
    GG_ID(struct chat_entry, cid, GG_OPTIONAL, "the client's id of a message"),
    GG_REF(struct chat_entry, from, GG_OPTIONAL, &person_msg, "who; not of cards"),
    GG_TEXT(struct chat_entry, text, GG_OPTIONAL | GG_LINES, 1, CHAT_TEXT_MAX, "of a message"),
    GG_ENUM(struct chat_entry, card, GG_OPTIONAL, chat_card_names, "which step of the deal"),
    GG_WON(struct chat_entry, amount_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "money the card tells of"),
    GG_TIME(struct chat_entry, at, GG_REQUIRED, "when"),
};
const struct gg_msg chat_entry_msg = GG_MSG("ChatEntry", struct chat_entry, entry_fields, "One entry of a room's log.");

static const struct gg_field room_fields[] = {
    GG_ID(struct chat_room, id, GG_REQUIRED, "the room and its deal"),
    GG_TEXT(struct chat_room, title, GG_REQUIRED, 1, 60, "of the deal"),
    GG_INT(struct chat_room, last_seq, GG_REQUIRED, 0, GG_WIRE_MAX, "newest entry one may see"),
    GG_INT(struct chat_room, read_seq, GG_REQUIRED, 0, GG_WIRE_MAX, "read up to"),
    GG_INT(struct chat_room, unread, GG_REQUIRED, 0, GG_WIRE_MAX, "messages of others above read_seq"),
    GG_BOOL(struct chat_room, open, GG_OPTIONAL, "one can write"),
    GG_REF(struct chat_room, last, GG_OPTIONAL, &chat_entry_msg, "newest entry"),
};
const struct gg_msg chat_room_msg = GG_MSG("ChatRoom", struct chat_room, room_fields, "A room one is in.");
static const struct gg_field room_query_fields[] = {GG_PAGE_FIELDS(struct chat_room_query)};
const struct gg_msg chat_room_query_msg =
    GG_MSG("ChatRoomQuery", struct chat_room_query, room_query_fields, "Which page.");
static const struct gg_field room_list_fields[] = {
    GG_LIST(struct chat_room_list, items, GG_REQUIRED, 0, 100, &chat_room_msg, "newest entry first"),
    GG_TEXT(struct chat_room_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg chat_room_list_msg = GG_MSG("ChatRoomList", struct chat_room_list, room_list_fields, "My rooms.");

static const struct gg_field entry_query_fields[] = {
    GG_INT(struct chat_entry_query, after, GG_OPTIONAL, 0, GG_WIRE_MAX, "entries above this seq, default 0"),
    GG_INT(struct chat_entry_query, limit, GG_OPTIONAL, 1, 300, "entries in this answer, default 100"),
};
const struct gg_msg chat_entry_query_msg =
    GG_MSG("ChatEntryQuery", struct chat_entry_query, entry_query_fields, "From where.");
static const struct gg_field entry_list_fields[] = {
    GG_LIST(struct chat_entry_list, items, GG_REQUIRED, 0, 300, &chat_entry_msg, "ascending seq"),
    GG_INT(struct chat_entry_list, last_seq, GG_REQUIRED, 0, GG_WIRE_MAX, "newest there is"),
    GG_BOOL(struct chat_entry_list, more, GG_OPTIONAL, "ask again after the last of these"),
};
const struct gg_msg chat_entry_list_msg =
    GG_MSG("ChatEntryList", struct chat_entry_list, entry_list_fields, "Part of a room's log.");

static const struct gg_field send_fields[] = {
    GG_ID(struct chat_send, cid, GG_REQUIRED, "the client's own id of this message"),
    GG_TEXT(struct chat_send, text, GG_REQUIRED | GG_LINES, 1, CHAT_TEXT_MAX, "the message"),
};
const struct gg_msg chat_send_msg = GG_MSG("ChatSend", struct chat_send, send_fields, "Writes a message.");
static const struct gg_field sent_fields[] = {
    GG_INT(struct chat_sent, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "its place in the log"),
};
const struct gg_msg chat_sent_msg = GG_MSG("ChatSent", struct chat_sent, sent_fields, "The message is stored.");
static const struct gg_field read_fields[] = {
    GG_INT(struct chat_read, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "read up to here"),
};
const struct gg_msg chat_read_msg = GG_MSG("ChatRead", struct chat_read, read_fields, "Moves one's read mark.");

/* --- frames --- */

static const struct gg_field position_fields[] = {
    GG_ID(struct chat_position, room, GG_REQUIRED, "the room"),
    GG_INT(struct chat_position, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "last one seen, or newest"),
};
static const struct gg_msg position_msg =
    GG_MSG("ChatPosition", struct chat_position, position_fields, "A place in a room's log.");

static const struct gg_field frame_connect_fields[] = {
    GG_TEXT(struct chat_frame_connect, token, GG_REQUIRED | GG_PRIVATE, 1, 4096, "access token"),
    GG_LIST(struct chat_frame_connect, rooms, GG_OPTIONAL, 0, 200, &position_msg, "where the client stands"),
};
static const struct gg_msg frame_connect_msg =
    GG_MSG("ChatConnect", struct chat_frame_connect, frame_connect_fields, "First frame of a socket.");
static const struct gg_field frame_send_fields[] = {
    GG_ID(struct chat_frame_send, room, GG_REQUIRED, "the room"),
    GG_ID(struct chat_frame_send, cid, GG_REQUIRED, "the client's own id of this message"),
    GG_TEXT(struct chat_frame_send, text, GG_REQUIRED | GG_LINES, 1, CHAT_TEXT_MAX, "the message"),
};
static const struct gg_msg frame_send_msg =
    GG_MSG("ChatFrameSend", struct chat_frame_send, frame_send_fields, "Writes a message.");
static const struct gg_field frame_read_fields[] = {
    GG_ID(struct chat_frame_read, room, GG_REQUIRED, "the room"),
    GG_INT(struct chat_frame_read, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "read up to here"),
};
static const struct gg_msg frame_read_msg =
    GG_MSG("ChatFrameRead", struct chat_frame_read, frame_read_fields, "Moves one's read mark.");
static const struct gg_field frame_auth_fields[] = {
    GG_TEXT(struct chat_frame_auth, token, GG_REQUIRED | GG_PRIVATE, 1, 4096, "fresh access token"),
};
static const struct gg_msg frame_auth_msg =
    GG_MSG("ChatFrameAuth", struct chat_frame_auth, frame_auth_fields, "Goes on with a fresh token.");
static const struct gg_field frame_in_fields[] = {
    GG_INT(struct chat_frame_in, id, GG_REQUIRED, 1, GG_WIRE_MAX, "echoed in the answer"),
    GG_REF(struct chat_frame_in, connect, GG_OPTIONAL, &frame_connect_msg, "first frame"),
    GG_REF(struct chat_frame_in, send, GG_OPTIONAL, &frame_send_msg, "a message"),
    GG_REF(struct chat_frame_in, read, GG_OPTIONAL, &frame_read_msg, "a read mark"),
    GG_REF(struct chat_frame_in, auth, GG_OPTIONAL, &frame_auth_msg, "a fresh token"),
};
const struct gg_msg chat_frame_in_msg =
    GG_MSG("ChatFrameIn", struct chat_frame_in, frame_in_fields, "Client to server: one member beside id.");

static const struct gg_field frame_ok_fields[] = {
    GG_INT(struct chat_frame_ok, seq, GG_OPTIONAL, 1, GG_WIRE_MAX, "of a send"),
    GG_LIST(struct chat_frame_ok, rooms, GG_OPTIONAL, 0, 1000, &position_msg, "of a connect: newest seq of each room"),
};
static const struct gg_msg frame_ok_msg = GG_MSG("ChatFrameOk", struct chat_frame_ok, frame_ok_fields, "It is done.");
static const struct gg_field frame_error_fields[] = {
    GG_TEXT(struct chat_frame_error, code, GG_REQUIRED, 1, 60, "stable code"),
    GG_BOOL(struct chat_frame_error, retryable, GG_OPTIONAL, "the same frame may succeed later"),
    GG_TEXT(struct chat_frame_error, detail, GG_OPTIONAL, 1, 300, "for a developer"),
};
static const struct gg_msg frame_error_msg =
    GG_MSG("ChatFrameError", struct chat_frame_error, frame_error_fields, "It was refused.");
static const struct gg_field frame_bye_fields[] = {
    GG_INT(struct chat_frame_bye, code, GG_REQUIRED, 4000, 4999, "4000-4499: come again, 4500-4999: do not"),
    GG_TEXT(struct chat_frame_bye, reason, GG_REQUIRED, 1, 100, "in a word"),
    GG_BOOL(struct chat_frame_bye, retry, GG_OPTIONAL, "come again"),
    GG_INT(struct chat_frame_bye, after_ms, GG_OPTIONAL, 0, 60000, "after so long"),
};
static const struct gg_msg frame_bye_msg =
    GG_MSG("ChatFrameBye", struct chat_frame_bye, frame_bye_fields, "The server closes the socket.");
static const struct gg_field frame_inbox_fields[] = {
    GG_INT(struct chat_frame_inbox, unread, GG_REQUIRED, 0, GG_WIRE_MAX, "unread notices"),
};
static const struct gg_msg frame_inbox_msg =
    GG_MSG("ChatFrameInbox", struct chat_frame_inbox, frame_inbox_fields, "The inbox has changed.");
static const struct gg_field frame_out_fields[] = {
    GG_INT(struct chat_frame_out, id, GG_OPTIONAL, 1, GG_WIRE_MAX, "of the frame this answers"),
    GG_REF(struct chat_frame_out, ok, GG_OPTIONAL, &frame_ok_msg, "answer"),
    GG_REF(struct chat_frame_out, error, GG_OPTIONAL, &frame_error_msg, "answer"),
    GG_ID(struct chat_frame_out, room, GG_OPTIONAL, "of entry or left"),
    GG_REF(struct chat_frame_out, entry, GG_OPTIONAL, &chat_entry_msg, "something new in the room"),
    GG_BOOL(struct chat_frame_out, left, GG_OPTIONAL, "one is no longer in the room"),
    GG_LIST(struct chat_frame_out, positions, GG_OPTIONAL, 0, 1000, &position_msg,
            "of a ping: newest seq of each room"),
    GG_BOOL(struct chat_frame_out, ping, GG_OPTIONAL, "still here"),
    GG_REF(struct chat_frame_out, inbox, GG_OPTIONAL, &frame_inbox_msg, "unread notices"),
    GG_REF(struct chat_frame_out, bye, GG_OPTIONAL, &frame_bye_msg, "the socket closes"),
};
const struct gg_msg chat_frame_out_msg =
    GG_MSG("ChatFrameOut", struct chat_frame_out, frame_out_fields, "Server to client.");

const struct gg_problem CHAT_NOT_MEMBER = {"not_member", 404, false, "There is no such room for you.",
                                           "참여 중인 대화방이 아니에요."};
const struct gg_problem CHAT_ROOM_CLOSED = {"room_closed", 409, false, "The room is closed.", "닫힌 대화방이에요."};
const struct gg_problem CHAT_NOT_CONNECTED = {"not_connected", 409, false, "The first frame must be `connect`.",
                                              "연결이 시작되지 않았어요."};
const struct gg_problem *const chat_problems[] = {&CHAT_NOT_MEMBER, &CHAT_ROOM_CLOSED, &CHAT_NOT_CONNECTED, NULL};
