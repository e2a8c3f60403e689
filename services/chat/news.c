/* services/chat/news.c
 * Telling the other instances: what is told in one turn goes out in one message, one message at a time, in order. */
#include "news.h"

#include "libcommon/buf.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/json.h"
#include "libcommon/metrics.h"
#include "libcommon/text.h"
#include "libcommon/work.h"
#include "proto/chat_frame.h"
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNEL    "chat.news"
#define OUT_MAX    (8 * 1024 * 1024)
#define ORIGIN_LEN 16

static void (*hear)(const struct chat_news *news);
static void (*miss)(void);
static char origin[ORIGIN_LEN + 1]; /* of this process: it has heard its own news already */
static struct gg_buf out;           /* what the next message will say */
static bool publishing;

/* --- making news --- */

static struct gg_str encode(struct gg_arena *arena, const struct chat_frame_out *frame)
{
    struct gg_buf text;
    struct gg_str json;

    gg_buf_init(&text, GG_JSON_OUT_MAX);
    gg_json_encode(&text, &chat_frame_out_msg, frame);
    json = (struct gg_str){gg_memdup(arena, text.p, text.n), text.n};
    gg_buf_free(&text);
    return json;
}

struct chat_news chat_news_of_entry(struct gg_arena *arena, struct gg_id room, const struct chat_entry_row *row)
{
    struct chat_frame_out frame;
    struct chat_entry entry;

    gg_msg_init(&chat_frame_out_msg, &frame);
    chat_entry_view(arena, row, &entry);
    frame.room = room;
    frame.entry = &entry;
    return (struct chat_news){CHAT_NEWS_ENTRY, room, row->sender, row->type, row->seq, row->at, encode(arena, &frame)};
}

struct chat_news chat_news_of_inbox(struct gg_arena *arena, struct gg_id user, int64_t unread)
{
    struct chat_frame_inbox inbox = {unread};
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.inbox = &inbox;
    return (struct chat_news){.kind = CHAT_NEWS_USER, .subject = user, .json = encode(arena, &frame)};
}

struct chat_news chat_news_of_mark(struct gg_arena *arena, struct gg_id user, struct gg_id room, int64_t seq,
                                   int64_t unread)
{
    struct chat_frame_mark mark = {seq, unread};
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.room = room;
    frame.mark = &mark;
    return (struct chat_news){.kind = CHAT_NEWS_USER, .subject = user, .json = encode(arena, &frame)};
}

struct chat_news chat_news_of_progress(struct gg_arena *arena, const struct chat_progress *progress)
{
    struct chat_progress copy = *progress;
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.progress = &copy;
    return (struct chat_news){.kind = CHAT_NEWS_DEAL, .subject = progress->deal, .json = encode(arena, &frame)};
}

struct chat_news chat_news_of_typing(struct gg_arena *arena, struct gg_id room, struct gg_id user)
{
    struct chat_frame_out frame;

    gg_msg_init(&chat_frame_out_msg, &frame);
    frame.room = room;
    frame.typing = user;
    return (struct chat_news){.kind = CHAT_NEWS_TYPING, .subject = room, .person = user, .json = encode(arena, &frame)};
}

/* --- telling --- */

struct publish_job {
    struct gg_job job;
    struct gg_buf text;
};

static void publish_more(void);

static void publish_run(struct gg_job *job, struct gg_worker *worker)
{
    struct publish_job *p = (struct publish_job *)job;

    if (gg_redis_publish(worker->redis, CHANNEL, gg_buf_str(&p->text)) != GG_OK)
        gg_count("chat_news_lost_total", "", 1);
}

static void publish_done(struct gg_job *job)
{
    gg_buf_free(&((struct publish_job *)job)->text);
    gg_arena_destroy(job->arena);
    publishing = false;
    publish_more();
}

static void publish_more(void)
{
    struct gg_arena *arena;
    struct publish_job *p;

    if (publishing || out.n == 0)
        return;
    arena = gg_arena_create();
    p = GG_NEW(arena, struct publish_job);
    p->job = (struct gg_job){.pool = GG_POOL_DB, .run = publish_run, .done = publish_done, .arena = arena};
    p->text = out;
    gg_buf_init(&out, OUT_MAX);
    publishing = gg_work_submit(&p->job);
    if (!publishing) { /* overloaded: the log heals it */
        gg_count("chat_news_lost_total", "", 1);
        gg_buf_free(&p->text);
        gg_arena_destroy(arena);
    }
}

void chat_news_tell(const struct chat_news *news)
{
    char subject[GG_ID_TEXT], person[GG_ID_TEXT];

    hear(news);
    gg_id_format(news->subject, subject);
    gg_id_format(news->person, person);
    if (out.n == 0)
        gg_buf_adds(&out, origin);
    if (out.n + news->json.n + 200 > OUT_MAX) {
        gg_count("chat_news_lost_total", "", 1);
        return;
    }
    gg_buf_addf(&out, "%c %s %s %d %" PRId64 " %" PRId64 " %zu\n", news->kind, subject, person, news->type, news->seq,
                news->at, news->json.n);
    gg_buf_add(&out, news->json.p, news->json.n);
    publish_more();
}

static void tell_posted(void *arg)
{
    struct chat_news *news = arg;

    chat_news_tell(news);
    free(news);
}

/* One block of the heap: the news and behind it the frame. */
static struct chat_news *copied(const struct chat_news *news)
{
    struct chat_news *copy = gg_xmalloc(sizeof(*copy) + news->json.n);

    *copy = *news;
    if (news->json.n > 0)
        memcpy(copy + 1, news->json.p, news->json.n);
    copy->json.p = (const char *)(copy + 1);
    return copy;
}

void chat_news_post(const struct chat_news *news)
{
    gg_loop_post(tell_posted, copied(news));
}

/* The block was copied: its frame is behind it again, and what is posted is a copy of its own. */
static void post_block(void *block)
{
    struct chat_news *news = block;

    news->json.p = (const char *)(news + 1);
    chat_news_post(news);
}

void chat_news_after_commit(struct gg_db *db, const struct chat_news *news)
{
    struct chat_news *block = copied(news);

    gg_db_after_commit_copied(db, post_block, block, sizeof(*block) + block->json.n); /* free when rolled back */
    free(block);
}

/* --- hearing --- */

/* "<kind> <subject> <person> <type> <seq> <at> <length>\n<json>"; false when it is not that. */
static bool parse(struct gg_str *text, struct chat_news *news)
{
    const char *line_end = memchr(text->p, '\n', text->n < 200 ? text->n : 200);
    char line[200];
    char *word, *rest = line;
    int64_t numbers[4];
    size_t n = line_end ? (size_t)(line_end - text->p) : 0, used = n + 1;

    if (n < 78)
        return false;
    memcpy(line, text->p, n);
    line[n] = '\0';
    if (!gg_id_parse((struct gg_str){line + 2, 36}, &news->subject) ||
        !gg_id_parse((struct gg_str){line + 39, 36}, &news->person))
        return false;
    news->kind = (enum chat_news_kind)line[0];
    rest = line + 76;
    for (size_t i = 0; i < GG_LEN(numbers); i++) {
        word = strsep(&rest, " ");
        if (!word || !gg_parse_i64((struct gg_str){word, strlen(word)}, 0, INT64_MAX, &numbers[i]))
            return false;
    }
    if (used + (size_t)numbers[3] > text->n)
        return false;
    news->type = (int)numbers[0];
    news->seq = numbers[1];
    news->at = numbers[2];
    news->json = (struct gg_str){text->p + used, (size_t)numbers[3]};
    text->p += used + news->json.n;
    text->n -= used + news->json.n;
    return true;
}

static void heard(const char *channel GG_UNUSED, struct gg_str text, void *arg GG_UNUSED)
{
    struct chat_news news;

    if (!text.p) {
        miss();
        return;
    }
    if (text.n < ORIGIN_LEN || memcmp(text.p, origin, ORIGIN_LEN) == 0)
        return;
    text.p += ORIGIN_LEN;
    text.n -= ORIGIN_LEN;
    while (text.n > 0 && parse(&text, &news))
        hear(&news);
}

void chat_news_start(void (*on_news)(const struct chat_news *news), void (*on_lost)(void))
{
    uint8_t random[ORIGIN_LEN / 2];

    hear = on_news;
    miss = on_lost;
    gg_random(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(origin + 2 * i, 3, "%02x", random[i]);
    gg_buf_init(&out, OUT_MAX);
    gg_redis_subscribe(CHANNEL, heard, NULL);
}
