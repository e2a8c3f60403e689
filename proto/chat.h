/* proto/chat.h
 * What crosses the border of the chat service: rooms, the room log, the socket's frames. */
#ifndef PROTO_CHAT_H
#define PROTO_CHAT_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define CHAT_TOPIC       "gonggu.chat"
#define CHAT_SUBPROTOCOL "gonggu.chat.v1"
#define CHAT_TEXT_MAX    2000

/* What an entry of the room's log is. The room of a deal has the deal's id; `seq` is 1, 2, 3 ... without gaps. */
enum chat_entry_type {
    CHAT_ENTRY_MESSAGE,
    CHAT_ENTRY_JOINED,
    CHAT_ENTRY_LEFT,
    CHAT_ENTRY_CARD,
    CHAT_ENTRY_EDIT,     /* the message `target` reads `text` from here on */
    CHAT_ENTRY_DELETE,   /* the message `target` is gone */
    CHAT_ENTRY_REACTION, /* `from` put `emoji` on `target`, or took it off */
    CHAT_ENTRY_PIN,      /* the notice of the room is `target`, or none */
    CHAT_ENTRY_HIDDEN    /* written by somebody the reader has blocked; on the wire only */
};
extern const char *const chat_entry_type_names[];
/* A card tells of a step of the deal. */
enum chat_card {
    CHAT_CARD_OPENED,
    CHAT_CARD_CLOSING,
    CHAT_CARD_CONFIRMED,
    CHAT_CARD_FAILED,
    CHAT_CARD_CANCELLED,
    CHAT_CARD_PURCHASED,
    CHAT_CARD_ARRIVED,
    CHAT_CARD_HANDED_OVER,
    CHAT_CARD_DONE,
    CHAT_CARD_PAID,             /* everybody's money is in escrow */
    CHAT_CARD_TERMS,            /* the host proposes other terms */
    CHAT_CARD_CLOSED,           /* nothing can be written any more */
    CHAT_CARD_REFUNDED,         /* money goes back: of everybody after the receipt, of one share otherwise */
    CHAT_CARD_DISPUTE,          /* in the room of neighbour and host */
    CHAT_CARD_DISPUTE_ANSWERED, /* there too: what the host offers */
    CHAT_CARD_DISPUTE_RESOLVED, /* there too: what goes back */
    CHAT_CARD_REQUEST,          /* a member asks members for their part (1/N) */
    CHAT_CARD_REQUEST_DONE,     /* all of it is paid */
    CHAT_CARD_REQUEST_CANCELLED
};
extern const char *const chat_card_names[];
/* What a reader can do about a card: a button of the client. */
enum chat_action {
    CHAT_ACTION_PAY, /* the request `about` */
    CHAT_ACTION_ACCEPT_TERMS,
    CHAT_ACTION_SHOW_CODE,
    CHAT_ACTION_SEE_RECEIPT,
    CHAT_ACTION_SEE_DISPUTE /* of the deal `about` */
};
extern const char *const chat_action_names[];
/* A room belongs to a deal, or to two neighbours. */
enum chat_room_kind { CHAT_ROOM_DEAL, CHAT_ROOM_DIRECT };
extern const char *const chat_room_kind_names[];
enum chat_report_reason {
    CHAT_REPORT_SCAM,
    CHAT_REPORT_ABUSE,
    CHAT_REPORT_SEXUAL,
    CHAT_REPORT_SPAM,
    CHAT_REPORT_OTHER
};
extern const char *const chat_report_reason_names[];

/* --- events; the aggregate is the room, `sequence` counts its events --- */

struct chat_noticed_user {
    struct gg_id id;
};
/* chat.noticed.v1: who should hear of a message and does not see it right now (not muted, not reading the room, not
 * keeping apart from the sender), at most 200 users per event; the aggregate is the room. */
struct chat_noticed {
    struct gg_id room, sender;
    struct gg_id deal; /* zero: a room of two */
    int64_t seq;
    const char *title;    /* of the room */
    const char *nickname; /* of the sender */
    const char *preview;  /* first 80 characters */
    bool mention;         /* these users are named in it */
    struct gg_list users; /* struct chat_noticed_user */
};
struct chat_reported { /* chat.reported.v1; the aggregate is the report */
    struct gg_id report, room, reporter, accused;
    int64_t seq;
    int reason;
    const char *hash; /* of the snapshot, hex */
};
extern const struct gg_event_type CHAT_NOTICED, CHAT_REPORTED,
    CHAT_USER_PURGED; /* struct auth_purge_receipt; the aggregate is the account */

/* --- HTTP and socket --- */

struct chat_person {
    struct gg_id id;
    const char *nickname;
};
struct chat_quote { /* what a reply answers */
    int64_t seq;
    struct gg_id sender;
    const char *text; /* how it began */
};
struct chat_image {
    const char *name; /* of PUT /v1/chat/rooms/:id/images; GET .../images/:name */
    int64_t width, height;
};
struct chat_place {
    const char *name;
    int64_t lat, lng; /* micro-degrees */
};
struct chat_mention {
    struct gg_id user;
};
struct chat_warning { /* for the reader, shown in the line */
    bool account;     /* a bank account number */
    bool messenger;   /* a way to another messenger */
};
struct chat_entry {
    int64_t seq;
    int type;
    struct gg_id cid;         /* the client's id; the sender knows its own again */
    struct chat_person *from; /* absent for cards */
    const char *text;
    struct chat_quote *reply;
    struct gg_list images; /* struct chat_image */
    struct chat_place *place;
    struct gg_list mentions; /* struct chat_mention */
    struct chat_warning *warning;
    int64_t target;    /* edit, delete, reaction, pin: the message they are about; absent: no notice is pinned */
    const char *emoji; /* reaction */
    bool on;           /* reaction: put on; absent: taken off */
    int64_t revised;   /* message: seq of the edit or delete its text stands for */
    bool deleted;
    int card;           /* enum chat_card */
    int action;         /* enum chat_action */
    struct gg_id about; /* of the action: a request, or the deal of a dispute */
    int64_t amount_won; /* cards about money */
    int64_t done, of;   /* cards about progress */
    int64_t at;
};
struct chat_room {
    struct gg_id id; /* the deal's, or the pair's own */
    int kind;
    const char *title;        /* of the deal */
    struct chat_person *peer; /* of two neighbours: the other one */
    int64_t last_seq;         /* newest entry this member may see */
    int64_t read_seq, unread; /* unread: messages of others above read_seq */
    bool open, host;          /* host: one may pin */
    bool muted, pinned;
    int64_t muted_until;
    int64_t notice_seq; /* the pinned notice (공지); absent: none */
    int64_t members;
    struct chat_entry *last; /* newest message or card */
};
struct chat_room_query {
    struct gg_page page;
};
struct chat_room_list { /* GET /v1/chat/rooms: pinned ones first, all on the first page */
    struct gg_list items;
    const char *next;
};
struct chat_member {
    struct chat_person person;
    bool host;
};
struct chat_member_list { /* GET /v1/chat/rooms/:id/members */
    struct gg_list items;
    const char *next;
};
struct chat_entry_query { /* GET /v1/chat/rooms/:id/events */
    int64_t after, limit;
    int64_t before; /* instead of after: the newest below it */
    int64_t wait;   /* seconds to wait for the first entry */
};
struct chat_entry_list {
    struct gg_list items; /* ascending seq */
    int64_t last_seq;
    bool more;
    bool left; /* one is no longer in the room: nothing will follow */
};
struct chat_search_query { /* GET /v1/chat/rooms/:id/search, newest first */
    const char *q;
    int64_t before, limit;
};
struct chat_search_list {
    struct gg_list items;
    int64_t next; /* ask again with this `before`; absent: that was all */
};
struct chat_send {    /* POST /v1/chat/rooms/:id/messages */
    struct gg_id cid; /* unique per (room, sender): a retry gets the same seq */
    const char *text;
    int64_t reply;         /* seq of the message it answers */
    struct gg_list images; /* texts: names that PUT .../images gave */
    struct chat_place *place;
    struct gg_list mentions; /* struct chat_mention */
};
struct chat_sent {
    int64_t seq; /* absent: nothing changed */
};
struct chat_edit {
    int64_t seq;
    const char *text;
};
struct chat_delete {
    int64_t seq;
};
struct chat_react {
    int64_t seq;
    const char *emoji;
    bool off;
};
struct chat_pin {
    int64_t seq; /* absent: take the notice down */
};
struct chat_act {     /* POST /v1/chat/rooms/:id/acts: exactly one beside cid */
    struct gg_id cid; /* as of a message */
    struct chat_edit *edit;
    struct chat_delete *delete;
    struct chat_react *react;
    struct chat_pin *pin;
};
struct chat_read { /* POST /v1/chat/rooms/:id/read; frame `read` */
    int64_t seq;
};
struct chat_settings { /* PUT /v1/chat/rooms/:id/settings, full state */
    bool pinned, muted;
    int64_t muted_until; /* muted: absent is for good */
};
struct chat_direct { /* POST /v1/chat/direct */
    struct gg_id user;
    struct gg_id deal; /* both are in it, or it is the other's */
};
struct chat_opened {
    struct gg_id room;
};
struct chat_report_create { /* POST /v1/chat/rooms/:id/reports */
    int64_t seq;
    int reason;
    const char *text;
};
struct chat_report {
    struct gg_id id, room, accused;
    int64_t seq;
    int reason;
    const char *text;
    const char *snapshot; /* JSON as it was hashed; operators only */
    const char *hash;     /* SHA-256 over the hash before it and the snapshot, hex */
    bool intact;          /* operators only: the hash was computed again and is the same */
    int64_t at;
};
struct chat_report_list { /* GET /v1/chat/reports: operators */
    struct gg_list items;
    const char *next;
};
struct chat_progress { /* frame: a watched deal */
    struct gg_id deal;
    const char *state; /* a step of the deal */
    int64_t taken, portions;
};
extern const struct gg_msg chat_person_msg, chat_room_query_msg, chat_entry_msg, chat_room_msg, chat_room_list_msg,
    chat_member_list_msg, chat_entry_query_msg, chat_entry_list_msg, chat_search_query_msg, chat_search_list_msg,
    chat_send_msg, chat_sent_msg, chat_act_msg, chat_read_msg, chat_settings_msg, chat_direct_msg, chat_opened_msg,
    chat_report_create_msg, chat_report_msg, chat_report_list_msg, chat_image_msg, chat_progress_msg, chat_place_msg,
    chat_mention_msg, chat_edit_msg, chat_delete_msg, chat_react_msg, chat_pin_msg;
/* Fields of a struct chat_send or chat_act inside the struct `s`; `at` is the path to it ("message.", or nothing): the
 * frames carry the same beside the room. */
#define CHAT_SEND_FIELDS(s, at)                                                                                        \
    {"cid", GG_T_ID, offsetof(s, at cid), GG_REQUIRED, 0, 0, 0, NULL, NULL, "the client's own id of this message"},    \
        {"text", GG_T_TEXT, offsetof(s, at text), GG_OPTIONAL | GG_LINES, 1, CHAT_TEXT_MAX, 0,                         \
         NULL,   NULL,      "the message"},                                                                            \
        {"reply", GG_T_INT, offsetof(s, at reply),   GG_OPTIONAL, 1, GG_WIRE_MAX, 0,                                   \
         NULL,    NULL,     "seq of what it answers"},                                                                 \
        {"images", GG_T_TEXTS, offsetof(s, at images),      GG_OPTIONAL, 1, 80, 10,                                    \
         NULL,     NULL,       "names of uploaded pictures"},                                                          \
        {"place", GG_T_REF, offsetof(s, at place), GG_OPTIONAL, 0, 0, 0, NULL, &chat_place_msg, "a place"},            \
    {                                                                                                                  \
        "mentions", GG_T_LIST, offsetof(s, at mentions), GG_OPTIONAL, 0, 20, 0, NULL, &chat_mention_msg,               \
            "who is called"                                                                                            \
    }
#define CHAT_ACT_FIELDS(s, at)                                                                                         \
    {"cid", GG_T_ID, offsetof(s, at cid), GG_REQUIRED, 0, 0, 0, NULL, NULL, "the client's own id of this act"},        \
        {"edit", GG_T_REF, offsetof(s, at edit), GG_OPTIONAL, 0, 0, 0, NULL, &chat_edit_msg, "change one's message"},  \
        {"delete", GG_T_REF, offsetof(s, at delete), GG_OPTIONAL, 0, 0, 0, NULL, &chat_delete_msg, "take it back"},    \
        {"react", GG_T_REF, offsetof(s, at react), GG_OPTIONAL, 0, 0, 0, NULL, &chat_react_msg, "react to a message"}, \
    {                                                                                                                  \
        "pin", GG_T_REF, offsetof(s, at pin), GG_OPTIONAL, 0, 0, 0, NULL, &chat_pin_msg, "the host's notice"           \
    }
/* The part of an entry that only some have, as it is stored beside the text: reply, images, place, mentions, emoji ...
 */
extern const struct gg_msg chat_extra_msg;

/* --- problems --- */
extern const struct gg_problem CHAT_NOT_MEMBER, /* 404: no such room for these eyes */
    CHAT_ROOM_CLOSED,                           /* 409 */
    CHAT_NOT_CONNECTED,                         /* 409: frames before connect */
    CHAT_BLOCKED,                               /* 403: one of the two has blocked the other */
    CHAT_NO_MESSAGE,                            /* 404: no such message, or it is deleted */
    CHAT_NOT_YOURS,                             /* 403: another's message, or a notice of a room one does not host */
    CHAT_NO_COMMON_DEAL,                        /* 403 */
    CHAT_NOT_SENDABLE,                          /* 422: empty, or names what is not there */
    CHAT_BAD_IMAGE,                             /* 422 */
    CHAT_IMAGES_FULL;                           /* 409 */
extern const struct gg_problem *const chat_problems[];

#endif
