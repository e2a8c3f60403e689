/* services/chat/socket.h
 * One socket's state and its answers, between the frames (socket.c) and their work (frames.c). Loop thread. */
#ifndef SERVICES_CHAT_SOCKET_H
#define SERVICES_CHAT_SOCKET_H

#include "hub.h"
#include "libcommon/problem.h"

/* State of one socket. */
struct chat_session {
    struct gg_user user;        /* zero before connect */
    struct chat_client *client; /* NULL until connect is done */
    int64_t opened;
    int64_t typed; /* gg_mono() of the last typing frame that was passed on */
    int jobs;
    bool connecting;
};

void chat_answer_error(struct gg_ws *ws, int64_t id, const char *code, bool retryable, const char *detail);
void chat_answer_problem(struct gg_ws *ws, int64_t id, const struct gg_problem *problem);
/* `seq` GG_NONE: nothing to say about one. */
void chat_answer_ok(struct gg_ws *ws, int64_t id, int64_t seq);

/* The work of frames that need the database; each takes over the arena, in which the frame lies, and answers. */
void chat_frame_connect(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame);
void chat_frame_send(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame);
void chat_frame_act(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame);
void chat_frame_read(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame);
void chat_frame_watch(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame);
void chat_frames_start(void);

/* A ping comes at least so often. */
#define CHAT_PING_MS (10 * GG_SECOND)

#endif
