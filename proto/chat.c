/* proto/chat.c
 * The tables behind proto/chat.h. */
#include "proto/chat.h"

#include "proto/auth_trust.h"

const char *const chat_entry_type_names[] = {"message", "joined",   "left", "card",   "edit",
                                             "delete",  "reaction", "pin",  "hidden", NULL};
const char *const chat_card_names[] = {"opened",
                                       "closing",
                                       "confirmed",
                                       "failed",
                                       "cancelled",
                                       "purchased",
                                       "arrived",
                                       "handed_over",
                                       "done",
                                       "paid",
                                       "terms",
                                       "closed",
                                       "refunded",
                                       "dispute",
                                       "dispute_answered",
                                       "dispute_resolved",
                                       "request",
                                       "request_done",
                                       "request_cancelled",
                                       NULL};
const char *const chat_action_names[] = {"pay", "accept_terms", "show_code", "see_receipt", "see_dispute", NULL};
const char *const chat_room_kind_names[] = {"deal", "direct", NULL};
const char *const chat_report_reason_names[] = {"scam", "abuse", "sexual", "spam", "other", NULL};

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
static const struct gg_field reported_fields[] = {
    GG_ID(struct chat_reported, report, GG_REQUIRED, "the report"),
    GG_ID(struct chat_reported, room, GG_REQUIRED, "the room"),
    GG_ID(struct chat_reported, reporter, GG_REQUIRED, "who reports"),
    GG_ID(struct chat_reported, accused, GG_REQUIRED, "who wrote the message"),
    GG_INT(struct chat_reported, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "the message"),
    GG_ENUM(struct chat_reported, reason, GG_REQUIRED, chat_report_reason_names, "why"),
    GG_TEXT(struct chat_reported, hash, GG_REQUIRED, 64, 64, "of the snapshot"),
};
static const struct gg_msg reported_msg =
    GG_MSG("ChatReported", struct chat_reported, reported_fields, "A message was reported; its snapshot is kept.");
const struct gg_event_type CHAT_NOTICED = {"chat.noticed.v1", CHAT_TOPIC, &noticed_msg,
                                           "people wrote, some have not read"};
const struct gg_event_type CHAT_REPORTED = {"chat.reported.v1", CHAT_TOPIC, &reported_msg, "a message was reported"};
const struct gg_event_type CHAT_USER_PURGED = {"chat.user.purged.v1", CHAT_TOPIC, &auth_purge_receipt_msg,
                                               "chat keeps nothing personal of the account any more"};

static const struct gg_field person_fields[] = {
    GG_ID(struct chat_person, id, GG_REQUIRED, "the account"),
    GG_TEXT(struct chat_person, nickname, GG_OPTIONAL, 2, 20, "left out while it is not known yet"),
};
const struct gg_msg chat_person_msg = GG_MSG("ChatPerson", struct chat_person, person_fields, "A neighbour.");

static const struct gg_field quote_fields[] = {
    GG_INT(struct chat_quote, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "the message answered"),
    GG_ID(struct chat_quote, sender, GG_REQUIRED, "who wrote it"),
    GG_TEXT(struct chat_quote, text, GG_OPTIONAL | GG_LINES, 1, 100, "how it began"),
};
static const struct gg_msg quote_msg = GG_MSG("ChatQuote", struct chat_quote, quote_fields, "What a reply answers.");
static const struct gg_field image_fields[] = {
    GG_TEXT(struct chat_image, name, GG_REQUIRED, 1, 80, "GET /v1/chat/rooms/{id}/images/{name}"),
    GG_INT(struct chat_image, width, GG_REQUIRED, 1, 100000, "pixels"),
    GG_INT(struct chat_image, height, GG_REQUIRED, 1, 100000, "pixels"),
};
const struct gg_msg chat_image_msg = GG_MSG("ChatImage", struct chat_image, image_fields, "A picture.");
static const struct gg_field place_fields[] = {
    GG_TEXT(struct chat_place, name, GG_REQUIRED, 1, 60, "what it is called"),
    GG_DEG(struct chat_place, lat, GG_REQUIRED, 33000000, 39000000, "latitude"),
    GG_DEG(struct chat_place, lng, GG_REQUIRED, 124000000, 132000000, "longitude"),
};
const struct gg_msg chat_place_msg = GG_MSG("ChatPlace", struct chat_place, place_fields, "A place on the map.");
static const struct gg_field mention_fields[] = {GG_ID(struct chat_mention, user, GG_REQUIRED, "a member of the room")};
const struct gg_msg chat_mention_msg = GG_MSG("ChatMention", struct chat_mention, mention_fields, "Who is called.");
static const struct gg_field warning_fields[] = {
    GG_BOOL(struct chat_warning, account, GG_OPTIONAL, "holds what looks like a bank account number"),
    GG_BOOL(struct chat_warning, messenger, GG_OPTIONAL, "leads to another messenger"),
};
static const struct gg_msg warning_msg =
    GG_MSG("ChatWarning", struct chat_warning, warning_fields, "What the reader should beware of.");
#define EXTRA_FIELDS                                                                                                   \
    GG_REF(struct chat_entry, reply, GG_OPTIONAL, &quote_msg, "what it answers"),                                      \
        GG_LIST(struct chat_entry, images, GG_OPTIONAL, 0, 10, &chat_image_msg, "pictures"),                           \
        GG_REF(struct chat_entry, place, GG_OPTIONAL, &chat_place_msg, "a place"),                                     \
        GG_LIST(struct chat_entry, mentions, GG_OPTIONAL, 0, 20, &chat_mention_msg, "who is called"),                  \
        GG_REF(struct chat_entry, warning, GG_OPTIONAL, &warning_msg, "to be shown beside it"),                        \
        GG_TEXT(struct chat_entry, emoji, GG_OPTIONAL, 1, 8, "of a reaction"),                                         \
        GG_BOOL(struct chat_entry, on, GG_OPTIONAL, "the reaction was put on, not taken off"),                         \
        GG_ENUM(struct chat_entry, action, GG_OPTIONAL, chat_action_names, "what one can do about the card"),          \
        GG_ID(struct chat_entry, about, GG_OPTIONAL, "of a card: the request, or the deal of the dispute"),            \
        GG_INT(struct chat_entry, done, GG_OPTIONAL, 0, GG_WIRE_MAX, "so many of `of`"),                               \
        GG_INT(struct chat_entry, of, GG_OPTIONAL, 0, GG_WIRE_MAX, "of so many")
static const struct gg_field extra_fields[] = {EXTRA_FIELDS};
const struct gg_msg chat_extra_msg =
    GG_MSG("ChatExtra", struct chat_entry, extra_fields, "What only some entries have.");
static const struct gg_field entry_fields[] = {
    GG_INT(struct chat_entry, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "1, 2, 3 ... without gaps"),
    GG_ENUM(struct chat_entry, type, GG_REQUIRED, chat_entry_type_names, "what it is"),
    GG_ID(struct chat_entry, cid, GG_OPTIONAL, "the client's id of what a person did"),
    GG_REF(struct chat_entry, from, GG_OPTIONAL, &chat_person_msg, "who; not of cards"),
    GG_TEXT(struct chat_entry, text, GG_OPTIONAL | GG_LINES, 1, CHAT_TEXT_MAX, "of a message or edit"),
    EXTRA_FIELDS,
    GG_INT(struct chat_entry, target, GG_OPTIONAL, 1, GG_WIRE_MAX, "the message it is about"),
    GG_INT(struct chat_entry, revised, GG_OPTIONAL, 1, GG_WIRE_MAX, "the edit or delete the message stands for"),
    GG_BOOL(struct chat_entry, deleted, GG_OPTIONAL, "the words are gone"),
    GG_ENUM(struct chat_entry, card, GG_OPTIONAL, chat_card_names, "which step of the deal"),
    GG_WON(struct chat_entry, amount_won, GG_OPTIONAL, 0, GG_WIRE_MAX, "money the card tells of"),
    GG_TIME(struct chat_entry, at, GG_REQUIRED, "when"),
};
const struct gg_msg chat_entry_msg = GG_MSG("ChatEntry", struct chat_entry, entry_fields, "One entry of a room's log.");

static const struct gg_field room_fields[] = {
    GG_ID(struct chat_room, id, GG_REQUIRED, "the room"),
    GG_ENUM(struct chat_room, kind, GG_REQUIRED, chat_room_kind_names, "of a deal, or of two neighbours"),
    GG_TEXT(struct chat_room, title, GG_OPTIONAL, 1, 60, "of the deal"),
    GG_REF(struct chat_room, peer, GG_OPTIONAL, &chat_person_msg, "the other neighbour"),
    GG_INT(struct chat_room, last_seq, GG_REQUIRED, 0, GG_WIRE_MAX, "newest entry one may see"),
    GG_INT(struct chat_room, read_seq, GG_REQUIRED, 0, GG_WIRE_MAX, "read up to"),
    GG_INT(struct chat_room, unread, GG_REQUIRED, 0, GG_WIRE_MAX, "messages of others above read_seq"),
    GG_BOOL(struct chat_room, open, GG_OPTIONAL, "one can write"),
    GG_BOOL(struct chat_room, host, GG_OPTIONAL, "one hosts the deal"),
    GG_BOOL(struct chat_room, muted, GG_OPTIONAL, "no notices"),
    GG_TIME(struct chat_room, muted_until, GG_OPTIONAL, "muted: until then; absent is for good"),
    GG_BOOL(struct chat_room, pinned, GG_OPTIONAL, "on top of the list"),
    GG_INT(struct chat_room, notice_seq, GG_OPTIONAL, 1, GG_WIRE_MAX, "the pinned notice"),
    GG_INT(struct chat_room, members, GG_OPTIONAL, 0, GG_WIRE_MAX, "how many are in"),
    GG_REF(struct chat_room, last, GG_OPTIONAL, &chat_entry_msg, "newest message or card"),
};
const struct gg_msg chat_room_msg = GG_MSG("ChatRoom", struct chat_room, room_fields, "A room one is in.");
static const struct gg_field room_query_fields[] = {GG_PAGE_FIELDS(struct chat_room_query)};
const struct gg_msg chat_room_query_msg =
    GG_MSG("ChatRoomQuery", struct chat_room_query, room_query_fields, "Which page.");
static const struct gg_field room_list_fields[] = {
    GG_LIST(struct chat_room_list, items, GG_REQUIRED, 0, 120, &chat_room_msg, "pinned first, then newest first"),
    GG_TEXT(struct chat_room_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg chat_room_list_msg = GG_MSG("ChatRoomList", struct chat_room_list, room_list_fields, "My rooms.");
static const struct gg_field member_fields[] = {
    GG_OBJECT(struct chat_member, person, &chat_person_msg, "who"),
    GG_BOOL(struct chat_member, host, GG_OPTIONAL, "hosts the deal"),
};
static const struct gg_msg member_msg =
    GG_MSG("ChatMember", struct chat_member, member_fields, "Somebody in the room.");
static const struct gg_field member_list_fields[] = {
    GG_LIST(struct chat_member_list, items, GG_REQUIRED, 0, 100, &member_msg, "by account"),
    GG_TEXT(struct chat_member_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg chat_member_list_msg =
    GG_MSG("ChatMemberList", struct chat_member_list, member_list_fields, "Who is in the room.");

static const struct gg_field entry_query_fields[] = {
    GG_INT(struct chat_entry_query, after, GG_OPTIONAL, 0, GG_WIRE_MAX, "entries above this seq, default 0"),
    GG_INT(struct chat_entry_query, before, GG_OPTIONAL, 1, GG_WIRE_MAX, "instead: the newest entries below this seq"),
    GG_INT(struct chat_entry_query, limit, GG_OPTIONAL, 1, 300, "entries in this answer, default 100"),
    GG_INT(struct chat_entry_query, wait, GG_OPTIONAL, 0, 25, "seconds to wait while there is nothing"),
};
const struct gg_msg chat_entry_query_msg =
    GG_MSG("ChatEntryQuery", struct chat_entry_query, entry_query_fields, "From where.");
static const struct gg_field entry_list_fields[] = {
    GG_LIST(struct chat_entry_list, items, GG_REQUIRED, 0, 300, &chat_entry_msg, "ascending seq"),
    GG_INT(struct chat_entry_list, last_seq, GG_REQUIRED, 0, GG_WIRE_MAX, "newest there is"),
    GG_BOOL(struct chat_entry_list, more, GG_OPTIONAL, "ask again after the last of these (or before the first)"),
    GG_BOOL(struct chat_entry_list, left, GG_OPTIONAL, "one is no longer in the room"),
};
const struct gg_msg chat_entry_list_msg =
    GG_MSG("ChatEntryList", struct chat_entry_list, entry_list_fields, "Part of a room's log.");
static const struct gg_field search_query_fields[] = {
    GG_TEXT(struct chat_search_query, q, GG_REQUIRED, 2, 50, "two characters or more"),
    GG_INT(struct chat_search_query, before, GG_OPTIONAL, 1, GG_WIRE_MAX, "below this seq"),
    GG_INT(struct chat_search_query, limit, GG_OPTIONAL, 1, 50, "messages in this answer, default 20"),
};
const struct gg_msg chat_search_query_msg =
    GG_MSG("ChatSearchQuery", struct chat_search_query, search_query_fields, "What is looked for.");
static const struct gg_field search_list_fields[] = {
    GG_LIST(struct chat_search_list, items, GG_REQUIRED, 0, 50, &chat_entry_msg, "newest first"),
    GG_INT(struct chat_search_list, next, GG_OPTIONAL, 1, GG_WIRE_MAX,
           "`before` of the next question; absent: the end"),
};
const struct gg_msg chat_search_list_msg =
    GG_MSG("ChatSearchList", struct chat_search_list, search_list_fields, "Messages that hold the text.");

static const struct gg_field send_fields[] = {CHAT_SEND_FIELDS(struct chat_send, )};
const struct gg_msg chat_send_msg =
    GG_MSG("ChatSend", struct chat_send, send_fields, "Writes a message: text, pictures or a place.");
static const struct gg_field sent_fields[] = {
    GG_INT(struct chat_sent, seq, GG_OPTIONAL, 1, GG_WIRE_MAX, "its place in the log; absent: nothing changed"),
};
const struct gg_msg chat_sent_msg = GG_MSG("ChatSent", struct chat_sent, sent_fields, "It is stored.");
static const struct gg_field edit_fields[] = {
    GG_INT(struct chat_edit, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "one's own message"),
    GG_TEXT(struct chat_edit, text, GG_REQUIRED | GG_LINES, 1, CHAT_TEXT_MAX, "what it reads from now on"),
};
const struct gg_msg chat_edit_msg = GG_MSG("ChatEdit", struct chat_edit, edit_fields, "Changes a message.");
static const struct gg_field delete_fields[] = {
    GG_INT(struct chat_delete, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "one's own message"),
};
const struct gg_msg chat_delete_msg = GG_MSG("ChatDelete", struct chat_delete, delete_fields, "Takes a message back.");
static const struct gg_field react_fields[] = {
    GG_INT(struct chat_react, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "a message"),
    GG_TEXT(struct chat_react, emoji, GG_REQUIRED, 1, 8, "one emoji"),
    GG_BOOL(struct chat_react, off, GG_OPTIONAL, "take it off again"),
};
const struct gg_msg chat_react_msg =
    GG_MSG("ChatReact", struct chat_react, react_fields, "Puts an emoji on a message.");
static const struct gg_field pin_fields[] = {
    GG_INT(struct chat_pin, seq, GG_OPTIONAL, 1, GG_WIRE_MAX, "a message; absent: no notice"),
};
const struct gg_msg chat_pin_msg = GG_MSG("ChatPin", struct chat_pin, pin_fields, "The host's notice of the room.");
static const struct gg_field act_fields[] = {CHAT_ACT_FIELDS(struct chat_act, )};
const struct gg_msg chat_act_msg =
    GG_MSG("ChatAct", struct chat_act, act_fields, "Does something to a message: exactly one member beside cid.");
static const struct gg_field read_fields[] = {
    GG_INT(struct chat_read, seq, GG_REQUIRED, 0, GG_WIRE_MAX, "read up to here"),
};
const struct gg_msg chat_read_msg = GG_MSG("ChatRead", struct chat_read, read_fields, "Moves one's read mark.");
static const struct gg_field settings_fields[] = {
    GG_BOOL(struct chat_settings, pinned, GG_OPTIONAL, "on top of the list"),
    GG_BOOL(struct chat_settings, muted, GG_OPTIONAL, "no notices"),
    GG_TIME(struct chat_settings, muted_until, GG_OPTIONAL, "with muted: until then; absent is for good"),
};
const struct gg_msg chat_settings_msg =
    GG_MSG("ChatSettings", struct chat_settings, settings_fields, "One's own settings of a room, all of them.");
static const struct gg_field direct_fields[] = {
    GG_ID(struct chat_direct, user, GG_REQUIRED, "the other neighbour"),
    GG_ID(struct chat_direct, deal, GG_REQUIRED, "the deal both are in, or that the other hosts"),
};
const struct gg_msg chat_direct_msg = GG_MSG("ChatDirect", struct chat_direct, direct_fields, "Opens a room of two.");
static const struct gg_field opened_fields[] = {GG_ID(struct chat_opened, room, GG_REQUIRED, "the room")};
const struct gg_msg chat_opened_msg = GG_MSG("ChatOpened", struct chat_opened, opened_fields, "The room of the two.");
static const struct gg_field report_create_fields[] = {
    GG_INT(struct chat_report_create, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "the message"),
    GG_ENUM(struct chat_report_create, reason, GG_REQUIRED, chat_report_reason_names, "why"),
    GG_TEXT(struct chat_report_create, text, GG_OPTIONAL | GG_LINES, 1, 500, "in one's own words"),
};
const struct gg_msg chat_report_create_msg =
    GG_MSG("ChatReportCreate", struct chat_report_create, report_create_fields, "Reports a message.");
static const struct gg_field report_fields[] = {
    GG_ID(struct chat_report, id, GG_REQUIRED, "the report"),
    GG_ID(struct chat_report, room, GG_REQUIRED, "the room"),
    GG_ID(struct chat_report, accused, GG_REQUIRED, "who wrote it"),
    GG_INT(struct chat_report, seq, GG_REQUIRED, 1, GG_WIRE_MAX, "the message"),
    GG_ENUM(struct chat_report, reason, GG_REQUIRED, chat_report_reason_names, "why"),
    GG_TEXT(struct chat_report, text, GG_OPTIONAL | GG_LINES, 1, 500, "in the reporter's words"),
    GG_TEXT(struct chat_report, snapshot, GG_OPTIONAL | GG_LINES, 1, 100000,
            "JSON of the message, its earlier wordings and what stood around it"),
    GG_TEXT(struct chat_report, hash, GG_REQUIRED, 64, 64, "SHA-256 over the report before it and the snapshot"),
    GG_BOOL(struct chat_report, intact, GG_OPTIONAL, "the hash was computed again and is the same"),
    GG_TIME(struct chat_report, at, GG_REQUIRED, "when"),
};
const struct gg_msg chat_report_msg = GG_MSG("ChatReport", struct chat_report, report_fields, "A reported message.");
static const struct gg_field report_list_fields[] = {
    GG_LIST(struct chat_report_list, items, GG_REQUIRED, 0, 100, &chat_report_msg, "newest first"),
    GG_TEXT(struct chat_report_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg chat_report_list_msg =
    GG_MSG("ChatReportList", struct chat_report_list, report_list_fields, "Reports.");
static const struct gg_field progress_fields[] = {
    GG_ID(struct chat_progress, deal, GG_REQUIRED, "the deal"),
    GG_TEXT(struct chat_progress, state, GG_REQUIRED, 1, 20, "where it stands"),
    GG_INT(struct chat_progress, taken, GG_REQUIRED, 0, GG_WIRE_MAX, "portions that are taken"),
    GG_INT(struct chat_progress, portions, GG_REQUIRED, 0, GG_WIRE_MAX, "of so many"),
};
const struct gg_msg chat_progress_msg =
    GG_MSG("ChatProgress", struct chat_progress, progress_fields, "How a deal stands.");

const struct gg_problem CHAT_NOT_MEMBER = {"not_member", 404, false, "There is no such room for you.",
                                           "참여 중인 대화방이 아니에요."};
const struct gg_problem CHAT_ROOM_CLOSED = {"room_closed", 409, false, "The room is closed.", "닫힌 대화방이에요."};
const struct gg_problem CHAT_NOT_CONNECTED = {"not_connected", 409, false, "The first frame must be `connect`.",
                                              "연결이 시작되지 않았어요."};
const struct gg_problem CHAT_BLOCKED = {"blocked", 403, false, "One of you has blocked the other.",
                                        "차단한 이웃과는 대화할 수 없어요."};
const struct gg_problem CHAT_NO_MESSAGE = {"no_message", 404, false, "There is no such message.",
                                           "메시지를 찾을 수 없어요."};
const struct gg_problem CHAT_NOT_YOURS = {"not_yours", 403, false, "Only its author, or the host, may do that.",
                                          "작성자나 방장만 할 수 있어요."};
const struct gg_problem CHAT_NO_COMMON_DEAL = {"no_common_deal", 403, false, "You share no deal with this neighbour.",
                                               "함께하는 공구가 있어야 대화할 수 있어요."};
const struct gg_problem CHAT_NOT_SENDABLE = {
    "not_sendable", 422, false, "The message is empty, or names what is not there.", "보낼 수 없는 메시지예요."};
const struct gg_problem CHAT_BAD_IMAGE = {"bad_image", 422, false, "This is no picture we take.",
                                          "올릴 수 없는 사진이에요."};
const struct gg_problem CHAT_IMAGES_FULL = {"images_full", 409, false, "Your pictures take all the room there is.",
                                            "사진 저장 공간이 가득 찼어요."};
const struct gg_problem *const chat_problems[] = {&CHAT_NOT_MEMBER,
                                                  &CHAT_ROOM_CLOSED,
                                                  &CHAT_NOT_CONNECTED,
                                                  &CHAT_BLOCKED,
                                                  &CHAT_NO_MESSAGE,
                                                  &CHAT_NOT_YOURS,
                                                  &CHAT_NO_COMMON_DEAL,
                                                  &CHAT_NOT_SENDABLE,
                                                  &CHAT_BAD_IMAGE,
                                                  &CHAT_IMAGES_FULL,
                                                  NULL};
