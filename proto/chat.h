/* proto/chat.h
 * What crosses the border of the chat service: rooms, the room log, the socket's frames. */
#ifndef PROTO_CHAT_H
#define PROTO_CHAT_H

#include "libcommon/bus.h"
#include "libcommon/http.h"

#define CHAT_TOPIC       "gonggu.chat"
#define CHAT_SUBPROTOCOL "gonggu.chat.v1"
#define CHAT_TEXT_MAX    2000

/* What an entry of the room's log is. A room's id is its deal's id; `seq` is 1, 2, 3 ... without gaps. */
enum chat_entry_type { CHAT_ENTRY_MESSAGE, CHAT_ENTRY_JOINED, CHAT_ENTRY_LEFT, CHAT_ENTRY_CARD };
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
    CHAT_CARD_DONE
};
extern const char *const chat_card_names[];

/* --- events; the aggregate is the room, `sequence` its version (entries that are announced) --- */

struct chat_message_sent { /* chat.message.sent.v1 */
    struct gg_id room, sender;
    int64_t seq;
    const char *preview; /* first 80 characters */
};
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
extern const struct gg_event_type CHAT_MESSAGE_SENT, CHAT_NOTICED, CHAT_USER_PURGED;

/* --- HTTP and socket --- */

struct chat_person {
    struct gg_id id;
    const char *nickname;
};
struct chat_entry {
    int64_t seq;
    int type;
    struct gg_id cid;         /* the client's id of a message; the sender knows its own again */
    struct chat_person *from; /* absent for cards */
    const char *text;
    int card;           /* enum chat_card */
    int64_t amount_won; /* cards about money */
    int64_t at;
};
struct chat_room {
    struct gg_id id; /* the deal */
    const char *title;
    int64_t last_seq;         /* newest entry this member may see */
    int64_t read_seq, unread; /* unread: messages of others above read_seq */
    bool open;
    struct chat_entry *last;
};
struct chat_room_query {
    struct gg_page page;
};
struct chat_room_list { /* GET /v1/chat/rooms */
    struct gg_list items;
    const char *next;
};
struct chat_entry_query { /* GET /v1/chat/rooms/:id/events */
    int64_t after, limit;
};
struct chat_entry_list {
    struct gg_list items; /* ascending seq */
    int64_t last_seq;
    bool more;
};
struct chat_send {    /* POST /v1/chat/rooms/:id/messages; frame `send` */
    struct gg_id cid; /* unique per (room, sender): a retry gets the same seq */
    const char *text;
};
struct chat_sent {
    int64_t seq;
};
struct chat_read { /* POST /v1/chat/rooms/:id/read; frame `read` */
    int64_t seq;
};

/* Frames, client to server: exactly one member beside `id`. */
struct chat_position {
    struct gg_id room;
    int64_t seq; /* last one seen; 0: none */
};
struct chat_frame_connect {
    const char *token;
    struct gg_list rooms; /* struct chat_position; rooms left out start at their newest */
};
struct chat_frame_send {
    struct gg_id room, cid;
    const char *text;
};
struct chat_frame_read {
    struct gg_id room;
    int64_t seq;
};
struct chat_frame_auth { /* a fresh token on the open socket */
    const char *token;
};
struct chat_frame_in {
    int64_t id; /* echoed in the answer */
    struct chat_frame_connect *connect;
    struct chat_frame_send *send;
    struct chat_frame_read *read;
    struct chat_frame_auth *auth;
};
/* Frames, server to client. */
struct chat_frame_ok {
    int64_t seq;          /* of a send */
    struct gg_list rooms; /* of a connect: struct chat_position with each room's newest seq */
};
struct chat_frame_error {
    const char *code;
    bool retryable;
    const char *detail;
};
struct chat_frame_bye {
    int64_t code;
    const char *reason;
    bool retry;
    int64_t after_ms; /* jittered */
};
struct chat_frame_inbox {
    int64_t unread;
};
struct chat_frame_out {
    int64_t id; /* answers carry the frame's id */
    struct chat_frame_ok *ok;
    struct chat_frame_error *error;
    struct gg_id room; /* with entry or left */
    struct chat_entry *entry;
    bool left;                /* the caller is no longer in `room` */
    struct gg_list positions; /* with ping: newest seq of every room, so that silent loss is noticed */
    bool ping;
    struct chat_frame_inbox *inbox;
    struct chat_frame_bye *bye;
};
extern const struct gg_msg chat_room_query_msg, chat_entry_msg, chat_room_msg, chat_room_list_msg, chat_entry_query_msg,
    chat_entry_list_msg, chat_send_msg, chat_sent_msg, chat_read_msg, chat_frame_in_msg, chat_frame_out_msg;

/* --- problems --- */
extern const struct gg_problem CHAT_NOT_MEMBER, /* 404: no such room for these eyes */
    CHAT_ROOM_CLOSED,                           /* 409 */
    CHAT_NOT_CONNECTED;                         /* 409: frames before connect */
extern const struct gg_problem *const chat_problems[];

#endif
