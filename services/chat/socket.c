/* services/chat/socket.c
 * The frames of the socket: connect, send, read, auth; pings, limits, farewells. */
#include "chat.h"
#include "hub.h"
#include "room.h"

#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "libcommon/jwt.h"
#include "libcommon/metrics.h"
#include "libcommon/ratelimit.h"
#include "libcommon/session.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_WITHIN (10 * GG_SECOND) /* without `connect` the socket is closed after this */
#define JOBS_MAX       32               /* frames of one socket that are being worked on */
#define FRAMES_MINUTE  1200             /* of one neighbour */
#define PING_MS        (10 * GG_SECOND)

enum bye_code { BYE_SHUTDOWN = 4001, BYE_TOKEN_EXPIRED = 4002, BYE_SESSION_ENDED = 4501, BYE_NO_CONNECT = 4502 };

/* State of one socket. */
struct session {
    struct gg_user user;        /* zero before connect */
    struct chat_client *client; /* NULL until connect is done */
    bool connecting;
    int64_t opened;
    int jobs;
};

static struct gg_ratelimit *frames;

/* --- answers --- */

static void answer_error(struct gg_ws *ws, int64_t id, const char *code, bool retryable, const char *detail)
{
    struct chat_frame_error error = {code, retryable, detail};
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.id = id;
    frame.error = &error;
    chat_send_frame(ws, &frame);
}

static void answer_problem(struct gg_ws *ws, int64_t id, const struct gg_problem *problem)
{
    answer_error(ws, id, problem->code, problem->retryable, problem->title);
}

static void answer_ok(struct gg_ws *ws, int64_t id, int64_t seq, struct gg_list rooms)
{
    struct chat_frame_ok ok = {seq, rooms};
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.id = id;
    frame.ok = &ok;
    chat_send_frame(ws, &frame);
}

static void bye(struct gg_ws *ws, enum bye_code code, const char *reason, bool retry)
{
    struct chat_frame_bye farewell = {code, reason, retry, retry ? (int64_t)gg_random_below(3000) : GG_NONE};
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.bye = &farewell;
    chat_send_frame(ws, &frame);
    gg_ws_close(ws, (int)code, reason);
}

/* --- frames that need the database: one job each --- */

struct frame_job {
    struct gg_job job;
    uint64_t ws;
    struct gg_user user;
    const struct chat_frame_in *frame;
    struct gg_redis *redis; /* of the worker, while it runs */
    enum gg_status status;
    enum chat_send_result sent;
    int64_t seq;
    struct chat_member_row *members; /* of connect */
    size_t n;
};

static void submit(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame,
                   void (*run)(struct gg_job *, struct gg_worker *), void (*done)(struct gg_job *))
{
    struct session *session = gg_ws_state(ws);
    struct frame_job *job = GG_NEW(arena, struct frame_job);

    job->job = (struct gg_job){
        .pool = GG_POOL_DB, .run = run, .done = done, .arena = arena, .deadline = gg_mono() + 10 * GG_SECOND};
    job->ws = gg_ws_id(ws);
    job->user = session->user;
    job->frame = frame;
    if (session->jobs >= JOBS_MAX || !gg_work_submit(&job->job)) {
        answer_problem(ws, frame->id, &GG_P_UNAVAILABLE);
        gg_arena_destroy(arena);
        return;
    }
    session->jobs++;
}

/* The socket of a finished job if it is still there and the work went well; else the failure is answered. */
static struct gg_ws *finished(struct frame_job *job)
{
    struct gg_ws *ws = gg_ws_find(job->ws);

    if (!ws)
        return NULL;
    ((struct session *)gg_ws_state(ws))->jobs--;
    if (!job->job.expired && job->status == GG_OK)
        return ws;
    answer_problem(ws, job->frame->id, job->status == GG_NOT_FOUND ? &CHAT_NOT_MEMBER : &GG_P_UNAVAILABLE);
    return NULL;
}

static void connect_run(struct gg_job *base, struct gg_worker *worker)
{
    struct frame_job *job = (struct frame_job *)base;

    job->status = chat_memberships(worker->db, base->arena, job->user.id, &job->members, &job->n);
}

/* Where the client says it stands in a room; GG_NONE when it says nothing. */
static int64_t claimed(const struct chat_frame_connect *connect, struct gg_id room)
{
    const struct chat_position *positions = connect->rooms.items;

    for (size_t i = 0; i < connect->rooms.n; i++)
        if (gg_id_equal(positions[i].room, room))
            return positions[i].seq;
    return GG_NONE;
}

static void connect_done(struct gg_job *base)
{
    struct frame_job *job = (struct frame_job *)base;
    struct gg_ws *ws = finished(job);
    struct session *session;
    struct chat_position *newest;
    size_t n = 0;

    if (ws) {
        session = gg_ws_state(ws);
        session->connecting = false;
        session->client = chat_hub_add(ws, session->user.id);
        newest = GG_NEW_ARRAY(base->arena, struct chat_position, job->n);
        for (size_t i = 0; i < job->n; i++)
            if (job->members[i].left_seq == GG_NONE)
                newest[n++] = (struct chat_position){job->members[i].room, job->members[i].last_seq};
        answer_ok(ws, job->frame->id, GG_NONE, (struct gg_list){newest, n});
        for (size_t i = 0; i < job->n; i++) {
            const struct chat_member_row *m = &job->members[i];
            int64_t limit = chat_visible_until(m), end = m->left_seq == GG_NONE ? m->last_seq : m->left_seq;
            int64_t position = claimed(job->frame->connect, m->room);
            if (position == GG_NONE && m->left_seq != GG_NONE)
                continue; /* left, and the client does not ask */
            if (position == GG_NONE || position > end)
                position = end;
            chat_hub_listen(session->client, m->room, m->joined_seq, position, end, limit);
        }
    } else if ((ws = gg_ws_find(job->ws))) {
        ((struct session *)gg_ws_state(ws))->connecting = false;
    }
    gg_arena_destroy(base->arena);
}

static enum gg_status send_work(struct gg_db *db, void *arg)
{
    struct frame_job *job = arg;
    const struct chat_frame_send *send = job->frame->send;

    return chat_send_message(db, job->job.arena, job->redis, send->room, job->user.id, send->cid, send->text,
                             &job->sent, &job->seq);
}

static void send_run(struct gg_job *base, struct gg_worker *worker)
{
    struct frame_job *job = (struct frame_job *)base;

    job->redis = worker->redis;
    job->status = gg_db_tx(worker->db, send_work, job);
}

static void send_done(struct gg_job *base)
{
    struct frame_job *job = (struct frame_job *)base;
    struct gg_ws *ws = finished(job);

    if (ws && job->sent == CHAT_STORED)
        answer_ok(ws, job->frame->id, job->seq, (struct gg_list){NULL, 0});
    else if (ws)
        answer_problem(ws, job->frame->id, job->sent == CHAT_NO_ROOM ? &CHAT_NOT_MEMBER : &CHAT_ROOM_CLOSED);
    gg_arena_destroy(base->arena);
}

static void read_run(struct gg_job *base, struct gg_worker *worker)
{
    struct frame_job *job = (struct frame_job *)base;
    const struct chat_frame_read *read = job->frame->read;

    job->status = chat_member_read(worker->db, read->room, job->user.id, read->seq);
}

static void read_done(struct gg_job *base)
{
    struct frame_job *job = (struct frame_job *)base;
    struct gg_ws *ws = finished(job);

    if (ws)
        answer_ok(ws, job->frame->id, GG_NONE, (struct gg_list){NULL, 0});
    gg_arena_destroy(base->arena);
}

/* --- frames as they come --- */

/* Takes the token of a connect or auth frame; false when it is refused, with the answer sent. */
static bool admit(struct gg_ws *ws, int64_t id, const char *token, struct gg_user *user)
{
    const char *reason = gg_verify((struct gg_str){token, strlen(token)}, user);

    if (reason) {
        answer_error(ws, id, GG_P_UNAUTHENTICATED.code, false, reason);
        return false;
    }
    if (!gg_session_alive(user)) {
        answer_problem(ws, id, &GG_P_SESSION_ENDED);
        return false;
    }
    return true;
}

static void on_connect(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct session *session = gg_ws_state(ws);

    if (session->client || session->connecting) {
        answer_error(ws, frame->id, "already_connected", false, "`connect` was sent before");
    } else if (admit(ws, frame->id, frame->connect->token, &session->user)) {
        session->connecting = true;
        submit(ws, arena, frame, connect_run, connect_done);
        return;
    }
    gg_arena_destroy(arena);
}

static void on_auth(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct session *session = gg_ws_state(ws);
    struct gg_user user;

    if (admit(ws, frame->id, frame->auth->token, &user)) {
        if (gg_id_equal(user.id, session->user.id)) {
            session->user = user;
            answer_ok(ws, frame->id, GG_NONE, (struct gg_list){NULL, 0});
        } else {
            answer_error(ws, frame->id, GG_P_FORBIDDEN.code, false, "the token is somebody else's");
        }
    }
    gg_arena_destroy(arena);
}

/* Where a frame goes. Takes over the arena. */
static void dispatch(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct session *session = gg_ws_state(ws);
    int members = !!frame->connect + !!frame->send + !!frame->read + !!frame->auth;

    if (members != 1)
        answer_error(ws, frame->id, GG_P_INVALID.code, false, "exactly one of connect, send, read, auth");
    else if (frame->connect) {
        on_connect(ws, arena, frame);
        return;
    } else if (!session->client)
        answer_problem(ws, frame->id, &CHAT_NOT_CONNECTED);
    else if (gg_ratelimit_take(frames, (struct gg_str){(const char *)session->user.id.b, 16}, FRAMES_MINUTE) > 0)
        answer_problem(ws, frame->id, &GG_P_RATE);
    else if (frame->auth) {
        on_auth(ws, arena, frame);
        return;
    } else {
        submit(ws, arena, frame, frame->send ? send_run : read_run, frame->send ? send_done : read_done);
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
    answer_error(ws, frame->id > 0 ? frame->id : GG_NONE, GG_P_INVALID.code, false,
                 errors.n ? gg_sprintf(arena, "%s: %s", errors.v[0].pointer, errors.v[0].detail) : "not a frame");
    gg_arena_destroy(arena);
}

static void opened(struct gg_ws *ws)
{
    struct session *session = gg_xcalloc(1, sizeof(*session));

    session->opened = gg_mono();
    gg_ws_set_state(ws, session);
    gg_count("chat_sockets_opened_total", "", 1);
}

static void closed(struct gg_ws *ws)
{
    struct session *session = gg_ws_state(ws);

    if (session->client)
        chat_hub_remove(session->client);
    free(session);
}

static void draining(struct gg_ws *ws)
{
    bye(ws, BYE_SHUTDOWN, "shutdown", true);
}

/* Closes what may not stay: ended sessions, run-out tokens, sockets that never said who they are. */
static void check(struct gg_ws *ws, void *arg GG_UNUSED)
{
    struct session *session = gg_ws_state(ws);

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

static void ping(struct gg_ws *ws, void *arg GG_UNUSED)
{
    struct session *session = gg_ws_state(ws);

    if (session->client)
        chat_hub_ping(session->client);
}

static void ping_timer(void *arg GG_UNUSED)
{
    gg_ws_each(ping, NULL);
}

const struct gg_ws_class chat_socket = {
    .path = "/v1/chat/socket",
    .subprotocol = CHAT_SUBPROTOCOL,
    .max_message = 64 * 1024,
    .max_queue = 1024 * 1024,
    .ping_ms = 25 * GG_SECOND,
    .opened = opened,
    .message = message,
    .closed = closed,
    .draining = draining,
};

void chat_socket_start(void)
{
    frames = gg_ratelimit_create(100000, 100);
    gg_session_on_end(check_all);
    gg_loop_every(2 * GG_SECOND, check_timer, NULL);
    gg_loop_every(PING_MS, ping_timer, NULL);
}
