/* libcommon/siblings.c
 * Telling the other instances, and not listening to oneself. */
#include "libcommon/siblings.h"
#include "libcommon/buf.h"
#include "libcommon/crypto.h"
#include "libcommon/metrics.h"
#include "libcommon/redis.h"
#include "libcommon/work.h"

#include <string.h>

#define ORIGIN 16 /* letters before each message: which process told */

struct gg_siblings {
    const char *channel, *lost;
    size_t most;
    gg_siblings_listener listener;
    char origin[ORIGIN + 1];
    struct gg_buf out; /* what the next message will say */
    bool publishing;
};

struct publish_job {
    struct gg_job job; /* first */
    struct gg_siblings *siblings;
    struct gg_buf text;
};

static void publish_more(struct gg_siblings *siblings);

static void publish_run(struct gg_job *job, struct gg_worker *worker)
{
    struct publish_job *p = (struct publish_job *)job;

    if (gg_redis_publish(worker->redis, p->siblings->channel, gg_buf_str(&p->text)) != GG_OK)
        gg_count(p->siblings->lost, "", 1);
}

static void publish_done(struct gg_job *job)
{
    struct publish_job *p = (struct publish_job *)job;
    struct gg_siblings *siblings = p->siblings;

    gg_buf_free(&p->text);
    gg_arena_destroy(job->arena);
    siblings->publishing = false;
    publish_more(siblings);
}

static void publish_more(struct gg_siblings *siblings)
{
    struct gg_arena *arena;
    struct publish_job *p;

    if (siblings->publishing || siblings->out.n == 0)
        return;
    arena = gg_arena_create();
    p = GG_NEW(arena, struct publish_job);
    p->job = (struct gg_job){.pool = GG_POOL_DB, .run = publish_run, .done = publish_done, .arena = arena};
    p->siblings = siblings;
    p->text = siblings->out;
    gg_buf_init(&siblings->out, siblings->most);
    siblings->publishing = gg_work_submit(&p->job);
    if (!siblings->publishing) { /* overloaded */
        gg_count(siblings->lost, "", 1);
        gg_buf_free(&p->text);
        gg_arena_destroy(arena);
    }
}

void gg_siblings_tell(struct gg_siblings *siblings, struct gg_str head, struct gg_str body)
{
    if (siblings->out.n + ORIGIN + head.n + body.n > siblings->most) {
        gg_count(siblings->lost, "", 1);
        return;
    }
    if (siblings->out.n == 0)
        gg_buf_adds(&siblings->out, siblings->origin);
    gg_buf_add(&siblings->out, head.p, head.n);
    gg_buf_add(&siblings->out, body.p, body.n);
    publish_more(siblings);
}

static void heard(const char *channel GG_UNUSED, struct gg_str text, void *arg)
{
    const struct gg_siblings *siblings = arg;

    if (!text.p)
        siblings->listener(text);
    else if (text.n > ORIGIN && memcmp(text.p, siblings->origin, ORIGIN) != 0)
        siblings->listener((struct gg_str){text.p + ORIGIN, text.n - ORIGIN});
}

struct gg_siblings *gg_siblings_start(const char *channel, const char *lost, size_t most, gg_siblings_listener listener)
{
    struct gg_siblings *siblings = gg_xcalloc(1, sizeof *siblings);
    struct gg_arena *arena = gg_arena_create();
    uint8_t random[ORIGIN / 2];

    *siblings = (struct gg_siblings){.channel = channel, .lost = lost, .most = most, .listener = listener};
    gg_random(random, sizeof random);
    memcpy(siblings->origin, gg_hex(arena, random, sizeof random), ORIGIN);
    gg_arena_destroy(arena);
    gg_buf_init(&siblings->out, most);
    gg_redis_subscribe(channel, heard, siblings);
    return siblings;
}
