/* services/chat/frames.c
 * Frames that need the database: one job each, messages many in one. */
#include "libcommon/clock.h"
#include "libcommon/work.h"
#include "post.h"
#include "room.h"
#include "socket.h"

#define JOBS_MAX 64 /* frames of one socket that are being worked on */

struct frame_job {
    struct gg_job job;
    uint64_t ws;
    struct gg_id user;
    const struct chat_frame_in *frame;
    enum gg_status status;
    const struct gg_problem *problem; /* of an act */
    int64_t seq;
    struct chat_member_row *members; /* of connect */
    size_t n;
    struct gg_id *blocked;
    size_t n_blocked;
    int64_t unread;                 /* notices; of read: in the room */
    struct chat_progress *progress; /* of watch */
    size_t n_progress;
};

/* One more frame is being worked on; false when there are too many, with the answer sent and the arena gone. */
static bool begin(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);

    if (session->jobs < JOBS_MAX) {
        session->jobs++;
        return true;
    }
    chat_answer_problem(ws, frame->id, &GG_P_UNAVAILABLE);
    gg_arena_destroy(arena);
    return false;
}

/* Undoes `begin` for work that could not be handed over. */
static void refuse(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);

    session->jobs--;
    session->connecting = false;
    chat_answer_problem(ws, frame->id, &GG_P_UNAVAILABLE);
    gg_arena_destroy(arena);
}

static void submit(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame,
                   void (*run)(struct gg_job *, struct gg_worker *), void (*done)(struct gg_job *))
{
    struct chat_session *session = gg_ws_state(ws);
    struct frame_job *job;

    if (!begin(ws, arena, frame))
        return;
    job = GG_NEW(arena, struct frame_job);
    job->job = (struct gg_job){
        .pool = GG_POOL_DB, .run = run, .done = done, .arena = arena, .deadline = gg_mono() + 10 * GG_SECOND};
    job->ws = gg_ws_id(ws);
    job->user = session->user.id;
    job->frame = frame;
    if (!gg_work_submit(&job->job))
        refuse(ws, arena, frame);
}

/* The socket of a finished job if it is still there and the work went well; else the failure is answered. */
static struct gg_ws *finished(struct frame_job *job)
{
    struct gg_ws *ws = gg_ws_find(job->ws);

    if (!ws)
        return NULL;
    ((struct chat_session *)gg_ws_state(ws))->jobs--;
    if (!job->job.expired && job->status == GG_OK)
        return ws;
    chat_answer_problem(ws, job->frame->id,
                        !job->job.expired && job->status == GG_NOT_FOUND ? &CHAT_NOT_MEMBER : &GG_P_UNAVAILABLE);
    return NULL;
}

/* --- connect --- */

static void connect_run(struct gg_job *base, struct gg_worker *worker)
{
    struct frame_job *job = (struct frame_job *)base;

    job->status = chat_memberships(worker->db, base->arena, job->user, &job->members, &job->n);
    if (job->status == GG_OK)
        job->status = chat_blocks(worker->db, base->arena, job->user, &job->blocked, &job->n_blocked);
    if (job->status == GG_OK)
        job->status = chat_inbox_get(worker->db, base->arena, job->user, &job->unread);
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

static void welcome(struct gg_ws *ws, struct frame_job *job)
{
    struct chat_position *newest = GG_NEW_ARRAY(job->job.arena, struct chat_position, job->n);
    struct chat_mention *blocks = GG_NEW_ARRAY(job->job.arena, struct chat_mention, job->n_blocked);
    struct chat_frame_inbox inbox = {job->unread};
    struct chat_frame_out frame;
    struct chat_frame_ok ok;
    size_t n = 0;

    for (size_t i = 0; i < job->n; i++)
        if (job->members[i].left_seq == GG_NONE)
            newest[n++] = (struct chat_position){job->members[i].room, job->members[i].last_seq};
    for (size_t i = 0; i < job->n_blocked; i++)
        blocks[i].user = job->blocked[i];
    ok = (struct chat_frame_ok){GG_NONE, {newest, n}, {blocks, job->n_blocked}, CHAT_PING_MS};
    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.id = job->frame->id;
    frame.ok = &ok;
    frame.inbox = &inbox;
    chat_send_frame(ws, &frame);
}

static void connect_done(struct gg_job *base)
{
    struct frame_job *job = (struct frame_job *)base;
    struct gg_ws *ws = finished(job);
    struct chat_session *session;

    if (ws) {
        session = gg_ws_state(ws);
        session->connecting = false;
        session->client = chat_hub_add(ws, session->user.id, job->blocked, job->n_blocked);
        welcome(ws, job);
        for (size_t i = 0; i < job->n && gg_ws_find(job->ws); i++) {
            const struct chat_member_row *m = &job->members[i];
            int64_t limit = chat_visible_until(m), end = m->left_seq == GG_NONE ? m->last_seq : m->left_seq;
            int64_t position = claimed(job->frame->connect, m->room);
            if (position == GG_NONE && m->left_seq != GG_NONE)
                continue; /* left, and the client does not ask */
            if (position == GG_NONE || position > end)
                position = end;
            chat_hub_listen(session->client, m->room, m->joined_seq, position, m->last_seq, limit);
        }
    } else if ((ws = gg_ws_find(job->ws))) {
        ((struct chat_session *)gg_ws_state(ws))->connecting = false;
    }
    gg_arena_destroy(base->arena);
}

void chat_frame_connect(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    ((struct chat_session *)gg_ws_state(ws))->connecting = true;
    submit(ws, arena, frame, connect_run, connect_done);
}

/* --- send --- */

static void answer_post(struct chat_post *post)
{
    struct gg_ws *ws = gg_ws_find(post->ws);

    if (ws) {
        ((struct chat_session *)gg_ws_state(ws))->jobs--;
        if (post->status != GG_OK)
            chat_answer_problem(ws, post->frame, &GG_P_UNAVAILABLE);
        else if (post->write.problem)
            chat_answer_problem(ws, post->frame, post->write.problem);
        else
            chat_answer_ok(ws, post->frame, post->write.seq);
    }
    gg_arena_destroy(post->arena);
}

void chat_frame_send(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);
    struct chat_post *post;

    if (!begin(ws, arena, frame))
        return;
    post = GG_NEW(arena, struct chat_post);
    *post = (struct chat_post){.arena = arena, .ws = gg_ws_id(ws), .frame = frame->id};
    post->write =
        (struct chat_write){.room = frame->send->room, .sender = session->user.id, .message = &frame->send->message};
    if (!chat_post(post))
        refuse(ws, arena, frame);
}

/* --- acts --- */

static enum gg_status act_work(struct gg_db *db, void *arg)
{
    struct frame_job *job = arg;

    return chat_do(db, job->job.arena, job->frame->act->room, job->user, &job->frame->act->act, &job->problem,
                   &job->seq);
}

static void act_run(struct gg_job *base, struct gg_worker *worker)
{
    struct frame_job *job = (struct frame_job *)base;

    job->status = gg_db_tx(worker->db, act_work, job);
}

static void act_done(struct gg_job *base)
{
    struct frame_job *job = (struct frame_job *)base;
    struct gg_ws *ws = finished(job);

    if (ws && job->problem)
        chat_answer_problem(ws, job->frame->id, job->problem);
    else if (ws)
        chat_answer_ok(ws, job->frame->id, job->seq);
    gg_arena_destroy(base->arena);
}

void chat_frame_act(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    submit(ws, arena, frame, act_run, act_done);
}

/* --- read marks --- */

static void read_run(struct gg_job *base, struct gg_worker *worker)
{
    struct frame_job *job = (struct frame_job *)base;
    const struct chat_frame_read *read = job->frame->read;

    job->status = chat_member_read(worker->db, read->room, job->user, read->seq);
    if (job->status == GG_OK)
        job->status = chat_member_mark(worker->db, base->arena, read->room, job->user, &job->seq, &job->unread);
}

static void read_done(struct gg_job *base)
{
    struct frame_job *job = (struct frame_job *)base;
    struct gg_ws *ws = finished(job);

    if (ws)
        chat_answer_ok(ws, job->frame->id, GG_NONE);
    if (!base->expired && job->status == GG_OK) {
        const struct chat_news news =
            chat_news_of_mark(base->arena, job->user, job->frame->read->room, job->seq, job->unread);
        chat_news_tell(&news);
    }
    gg_arena_destroy(base->arena);
}

void chat_frame_read(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    submit(ws, arena, frame, read_run, read_done);
}

/* --- watch --- */

static void watch_run(struct gg_job *base, struct gg_worker *worker)
{
    struct frame_job *job = (struct frame_job *)base;
    const struct chat_watched *deals = job->frame->watch->deals.items;
    size_t n = job->frame->watch->deals.n;

    job->progress = GG_NEW_ARRAY(base->arena, struct chat_progress, n);
    job->status = GG_OK;
    for (size_t i = 0; i < n && job->status == GG_OK; i++) {
        job->status = chat_progress_get(worker->db, base->arena, deals[i].deal, &job->progress[job->n_progress]);
        job->n_progress += job->status == GG_OK;
        if (job->status == GG_NOT_FOUND)
            job->status = GG_OK;
    }
}

static void watch_done(struct gg_job *base)
{
    struct frame_job *job = (struct frame_job *)base;
    struct gg_ws *ws = finished(job);

    if (ws)
        chat_answer_ok(ws, job->frame->id, GG_NONE);
    for (size_t i = 0; ws && i < job->n_progress; i++)
        gg_ws_send(ws, chat_news_of_progress(base->arena, &job->progress[i]).json);
    gg_arena_destroy(base->arena);
}

/* Watching begins before the tables are read, so that nothing falls in between. */
void chat_frame_watch(struct gg_ws *ws, struct gg_arena *arena, const struct chat_frame_in *frame)
{
    struct chat_session *session = gg_ws_state(ws);

    chat_hub_watch(session->client, frame->watch->deals.items, frame->watch->deals.n);
    submit(ws, arena, frame, watch_run, watch_done);
}

void chat_frames_start(void)
{
    chat_post_start(answer_post);
}
