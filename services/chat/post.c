/* services/chat/post.c
 * Grouped commits. */
#include "post.h"

#include "libcommon/clock.h"
#include "libcommon/metrics.h"
#include "libcommon/work.h"

#define LANES   2    /* more of them make smaller batches, which cost more of the cores than they save in waiting */
#define WAITING 8192 /* posts of one lane */

STAILQ_HEAD(posts, chat_post);
struct lane {
    struct posts waiting;
    size_t n;
    bool busy;
};
static struct lane lanes[LANES];
static void (*hand_back)(struct chat_post *post);

struct batch_job {
    struct gg_job job;
    struct lane *lane;
    struct chat_post *posts[CHAT_BATCH];
    struct chat_write *writes;
    size_t n;
    enum gg_status status[CHAT_BATCH];
    /* of the transaction under way */
    size_t from, count;
    bool as_new;
};

static enum gg_status write_work(struct gg_db *db, void *arg)
{
    struct batch_job *b = arg;

    return chat_write_messages(db, b->job.arena, b->writes + b->from, b->count, b->as_new);
}

static void write_run(struct gg_job *job, struct gg_worker *worker)
{
    struct batch_job *b = (struct batch_job *)job;
    enum gg_status status;

    b->from = 0;
    b->count = b->n;
    b->as_new = true;
    status = gg_db_tx(worker->db, write_work, b);
    b->as_new = false;
    if (status == GG_DUPLICATE)
        status = gg_db_tx(worker->db, write_work, b);
    for (size_t i = 0; i < b->n; i++)
        b->status[i] = status;
    if (status != GG_ERROR || b->n == 1)
        return;
    /* One of them cannot be stored: the others must not suffer for it. */
    for (size_t i = 0; i < b->n; i++) {
        b->from = i;
        b->count = 1;
        b->status[i] = gg_db_tx(worker->db, write_work, b);
    }
}

static void go(struct lane *lane);

static void write_done(struct gg_job *job)
{
    struct batch_job *b = (struct batch_job *)job;
    struct lane *lane = b->lane;

    lane->busy = false;
    go(lane); /* the next ones are on their way while these are answered */
    for (size_t i = 0; i < b->n; i++) {
        struct chat_post *post = b->posts[i];
        post->write = b->writes[i];
        post->status = job->expired ? GG_UNAVAILABLE : b->status[i];
        if (post->status == GG_OK && post->write.fresh)
            chat_news_tell(&post->write.news);
        hand_back(post);
    }
    gg_arena_destroy(job->arena);
}

static void fail_all(struct batch_job *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->posts[i]->status = GG_UNAVAILABLE;
        hand_back(b->posts[i]);
    }
    gg_arena_destroy(b->job.arena);
}

static void go(struct lane *lane)
{
    struct gg_arena *arena;
    struct batch_job *b;

    if (lane->busy || lane->n == 0)
        return;
    arena = gg_arena_create();
    b = GG_NEW(arena, struct batch_job);
    b->job = (struct gg_job){.pool = GG_POOL_DB,
                             .run = write_run,
                             .done = write_done,
                             .arena = arena,
                             .deadline = gg_mono() + 10 * GG_SECOND};
    b->lane = lane;
    while (b->n < CHAT_BATCH && !STAILQ_EMPTY(&lane->waiting)) {
        b->posts[b->n++] = STAILQ_FIRST(&lane->waiting);
        STAILQ_REMOVE_HEAD(&lane->waiting, next);
    }
    lane->n -= b->n;
    b->writes = GG_NEW_ARRAY(arena, struct chat_write, b->n);
    for (size_t i = 0; i < b->n; i++)
        b->writes[i] = b->posts[i]->write;
    gg_count("chat_batches_total", "", 1);
    gg_count("chat_batched_total", "", (int64_t)b->n);
    lane->busy = gg_work_submit(&b->job);
    if (!lane->busy)
        fail_all(b);
}

bool chat_post(struct chat_post *post)
{
    struct lane *lane = &lanes[post->write.room.b[15] % LANES];

    if (lane->n >= WAITING)
        return false;
    STAILQ_INSERT_TAIL(&lane->waiting, post, next);
    lane->n++;
    go(lane);
    return true;
}

void chat_post_start(void (*done)(struct chat_post *post))
{
    hand_back = done;
    for (size_t i = 0; i < LANES; i++)
        STAILQ_INIT(&lanes[i].waiting);
}
