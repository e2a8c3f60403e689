/* proto/chat_frame.h
 * The frames of the chat socket. docs/chat-protocol.md tells how they play together. */
#ifndef PROTO_CHAT_FRAME_H
#define PROTO_CHAT_FRAME_H

#include "proto/chat.h"

/* --- client to server: exactly one member beside `id` --- */

struct chat_position {
    struct gg_id room;
    int64_t seq; /* last one seen; 0: none */
};
struct chat_frame_connect {
    const char *token;
    struct gg_list rooms; /* struct chat_position; rooms left out start at their newest */
};
struct chat_frame_send {
    struct gg_id room;
    struct chat_send message;
};
struct chat_frame_act {
    struct gg_id room;
    struct chat_act act;
};
struct chat_frame_read {
    struct gg_id room;
    int64_t seq;
};
struct chat_frame_resume { /* everything above `seq` once more */
    struct gg_id room;
    int64_t seq;
};
struct chat_frame_typing {
    struct gg_id room;
};
struct chat_watched {
    struct gg_id deal;
};
struct chat_frame_watch { /* these deals and no others */
    struct gg_list deals; /* struct chat_watched */
};
struct chat_frame_auth { /* a fresh token on the open socket */
    const char *token;
};
struct chat_frame_in {
    int64_t id; /* echoed in the answer */
    struct chat_frame_connect *connect;
    struct chat_frame_send *send;
    struct chat_frame_act *act;
    struct chat_frame_read *read;
    struct chat_frame_resume *resume;
    struct chat_frame_typing *typing;
    struct chat_frame_watch *watch;
    struct chat_frame_auth *auth;
};

/* --- server to client --- */

struct chat_frame_ok {
    int64_t seq;           /* of a send or act */
    struct gg_list rooms;  /* of a connect: struct chat_position with each room's newest seq */
    struct gg_list blocks; /* of a connect: struct chat_mention, whom one has blocked */
    int64_t ping_ms;       /* of a connect: a ping comes at least so often */
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
struct chat_frame_mark { /* one's own read mark, moved on whatever device */
    int64_t seq, unread;
};
struct chat_frame_out {
    int64_t id; /* answers carry the frame's id */
    struct chat_frame_ok *ok;
    struct chat_frame_error *error;
    struct gg_id room; /* with entry, left, typing or mark */
    struct chat_entry *entry;
    bool left;                /* the caller is no longer in `room` */
    struct gg_id typing;      /* who is writing; holds for six seconds */
    struct gg_list positions; /* with ping: newest seq of every room, so that silent loss is noticed */
    bool ping;
    struct chat_frame_mark *mark;
    struct chat_progress *progress;
    struct chat_frame_inbox *inbox;
    struct chat_frame_bye *bye;
};
extern const struct gg_msg chat_frame_in_msg, chat_frame_out_msg;

#endif
