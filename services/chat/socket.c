/* services/chat/socket.c
 * The socket: frames as they come, pings, limits, farewells. */
#include "socket.h"

#include "chat.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/json.h"
#include "libcommon/jwt.h"
#include "libcommon/metrics.h"
#include "libcommon/ratelimit.h"
#include "libcommon/session.h"
#include "libcommon/work.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_WITHIN (10 * GG_SECOND) /* without `connect` the socket is closed after this */
#define FRAMES_MINUTE  1200             /* of one neighbour: 20 a second, 200 at once */
#define TYPING_EVERY   (2 * GG_SECOND)
#define PING_TURNS     10 /* a tenth of the sockets every second */

/* 4000-4499: come again; 4500-4999: do not. */
enum bye_code {
    BYE_SHUTDOWN = 4001,
    BYE_TOKEN_EXPIRED = 4002,
    BYE_TOO_SLOW = 4008,
    BYE_SESSION_ENDED = 4501,
    BYE_NO_CONNECT = 4502
};

static struct gg_ratelimit *frames;

/* --- answers --- */

void chat_answer_error(struct gg_ws *ws, int64_t id, const char *code, bool retryable, const char *detail)
{
    struct chat_frame_error error = {code, retryable, detail};
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.id = id;
    frame.error = &error;
    chat_send_frame(ws, &frame);
}

void chat_answer_problem(struct gg_ws *ws, int64_t id, const struct gg_problem *problem)
{
    chat_answer_error(ws, id, problem->code, problem->retryable, problem->title);
}

void chat_answer_ok(struct gg_ws *ws, int64_t id, int64_t seq)
{
    struct chat_frame_ok ok;
    struct chat_frame_out frame;

    ok = (struct chat_frame_ok){.seq = seq, .ping_ms = GG_NONE};
    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.id = id;
    frame.ok = &ok;
    chat_send_frame(ws, &frame);
}

static void say_bye(struct gg_ws *ws, enum bye_code code, const char *reason, bool retry, int64_t spread_ms)
{
    struct chat_frame_bye farewell = {code, reason, retry,
                                      retry ? (int64_t)gg_random_below((uint32_t)spread_ms) : GG_NONE};
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.bye = &farewell;
    chat_send_frame(ws, &frame);
}

static void bye(struct gg_ws *ws, enum bye_code code, const char *reason, bool retry)
{
    say_bye(ws, code, reason, retry, 3000);
    gg_ws_close(ws, (int)code, reason);
}

/* --- frames as they come --- */

/* Takes the token of a connect or auth frame; false when it is refused, with the answer sent. */
static bool admit(struct gg_ws *ws, int64_t id, const char *token, struct gg_user *user)
{
    const char *reason = gg_verify((struct gg_str){token, strlen(token)}, user);

    if (reason) {
        chat_answer_error(ws, id, GG_P_UNAUTHENTICATED.code, false, reason);
        return false;
    }
    if (!gg_session_alive(user)) {
        chat_answer_problem(ws, id, &GG_P_SESSION_ENDED);
        return false;
    }
    return true;
}

static void on_connect(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);

    if (session->client || session->connecting) {
        chat_answer_error(ws, frame->id, "already_connected", false, "`connect` was sent before");
    } else if (admit(ws, frame->id, frame->connect->token, &session->user)) {
        chat_frame_connect(ws, arena, frame);
        return;
    }
    gg_arena_destroy(arena);
}

static void on_auth(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);
    struct gg_user user;

    if (admit(ws, frame->id, frame->auth->token, &user)) {
        if (gg_id_equal(user.id, session->user.id)) {
            session->user = user;
            chat_answer_ok(ws, frame->id, GG_NONE);
        } else {
            chat_answer_error(ws, frame->id, GG_P_FORBIDDEN.code, false, "the token is somebody else's");
        }
    }
    gg_arena_destroy(arena);
}

static void on_resume(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);

    if (!chat_hub_resume(session->client, frame->resume->room, frame->resume->seq))
        chat_answer_problem(ws, frame->id, &CHAT_NOT_MEMBER);
    else if (gg_ws_find(gg_ws_id(ws)))
        chat_answer_ok(ws, frame->id, GG_NONE);
    gg_arena_destroy(arena);
}

/* Tells those in the room; not answered, and dropped when it comes too often. */
static void on_typing(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);
    int64_t now = gg_mono();

    if (!chat_hub_listens(session->client, frame->typing->room)) {
        chat_answer_problem(ws, frame->id, &CHAT_NOT_MEMBER);
    } else if (now - session->typed >= TYPING_EVERY) {
        const struct chat_news news = chat_news_of_typing(arena, frame->typing->room, session->user.id);
        session->typed = now;
        chat_news_tell(&news);
    }
    gg_arena_destroy(arena);
}

typedef void (*frame_handler)(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame);

/* Whose frame it is; `n` counts the members it has. */
static frame_handler handler_of(const struct chat_frame_in *frame, int *n)
{
    const struct {
        const void *member;
        frame_handler handler;
    } handlers[] = {{frame->connect, on_connect},     {frame->send, chat_frame_send}, {frame->act, chat_frame_act},
                    {frame->read, chat_frame_read},   {frame->resume, on_resume},     {frame->typing, on_typing},
                    {frame->watch, chat_frame_watch}, {frame->auth, on_auth}};
    frame_handler handler = NULL;

    *n = 0;
    for (size_t i = 0; i < GG_LEN(handlers); i++)
        if (handlers[i].member) {
            handler = handlers[i].handler;
            ++*n;
        }
    return handler;
}

/* Where a frame goes. Takes over the arena. */
static void dispatch(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);
    int members;
    frame_handler handler = handler_of(frame, &members);

    if (members != 1)
        chat_answer_error(ws, frame->id, GG_P_INVALID.code, false,
                          "exactly one of connect, send, act, read, resume, typing, watch, auth");
    else if (!session->client && handler != on_connect)
        chat_answer_problem(ws, frame->id, &CHAT_NOT_CONNECTED);
    else if (session->client &&
             gg_ratelimit_take(frames, (struct gg_str){(const char *)session->user.id.b, 16}, FRAMES_MINUTE) > 0)
        chat_answer_problem(ws, frame->id, &GG_P_RATE);
    else {
        handler(ws, arena, frame);
        return;
    }
    gg_arena_destroy(arena);
}

static void message(struct gg_ws *ws, struct gg_str text)
{
    struct gg_arena *arena = gg_arena_create();
    struct chat_frame_in *frame = GG_NEW(arena, struct chat_frame_in);
    struct gg_field_errors errors = {.arena = arena};

    /* The frame outlives this call in a job, and so must the text behind it: the decoder copies into the arena. */
    if (gg_json_decode(arena, &chat_frame_in_msg, text, frame, &errors) == GG_DECODED) {
        dispatch(ws, arena, frame);
        return;
    }
    chat_answer_error(ws, frame->id > 0 ? frame->id : GG_NONE, GG_P_INVALID.code, false,
                      errors.n ? gg_sprintf(arena, "%s: %s", errors.v[0].pointer, errors.v[0].detail) : "not a frame");
    gg_arena_destroy(arena);
}

static void opened(struct gg_ws *ws)
{
    struct chat_session *session = gg_xcalloc(1, sizeof(*session));

    session->opened = gg_mono();
    gg_ws_set_state(ws, session);
    gg_count("chat_sockets_opened_total", "", 1);
}

static void closed(struct gg_ws *ws)
{
    struct chat_session *session = gg_ws_state(ws);

    if (session->client)
        chat_hub_remove(session->client);
    free(session);
}

/* They come back over ten seconds and not all at once. */
static void draining(struct gg_ws *ws)
{
    say_bye(ws, BYE_SHUTDOWN, "shutdown", true, 10000);
    gg_ws_close(ws, BYE_SHUTDOWN, "shutdown");
}

static void slow(struct gg_ws *ws)
{
    say_bye(ws, BYE_TOO_SLOW, "too slow", true, 3000);
}

/* Closes what may not stay: ended sessions, run-out tokens, sockets that never said who they are. */
static void check(struct gg_ws *ws, void *arg GG_UNUSED)
{
    struct chat_session *session = gg_ws_state(ws);

    if (!session->client) {
        if (!session->connecting && gg_mono() - session->opened > CONNECT_WITHIN)
            bye(ws, BYE_NO_CONNECT, "no connect", false);
    } else if (!gg_session_alive(&session->user)) {
        bye(ws, BYE_SESSION_ENDED, "session ended", false);
    } else if (session->user.expires < gg_now()) {
        bye(ws, BYE_TOKEN_EXPIRED, "token expired", true);
    }
}

static void check_all(void)
{
    gg_ws_each(check, NULL);
}

static void check_timer(void *arg GG_UNUSED)
{
    check_all();
}

static void ping(struct gg_ws *ws, void *turn)
{
    struct chat_session *session = gg_ws_state(ws);

    if (session->client && gg_ws_id(ws) % PING_TURNS == *(const uint64_t *)turn)
        chat_hub_ping(session->client);
}

static void ping_timer(void *arg GG_UNUSED)
{
    static uint64_t turn;

    turn = (turn + 1) % PING_TURNS;
    gg_ws_each(ping, &turn);
}

const struct gg_ws_class chat_socket = {
    .path = "/v1/chat/socket",
    .subprotocol = CHAT_SUBPROTOCOL,
    .max_message = 64 * 1024,
    .max_queue = 1024 * 1024,
    .ping_ms = 25 * GG_SECOND,
    .opened = opened,
    .message = message,
    .slow = slow,
    .closed = closed,
    .draining = draining,
};

void chat_socket_start(void)
{
    frames = gg_ratelimit_create(100000, 100);
    gg_session_on_end(check_all);
    gg_loop_every(2 * GG_SECOND, check_timer, NULL);
    gg_loop_every(CHAT_PING_MS / PING_TURNS, ping_timer, NULL);
    chat_frames_start();
}
