/* services/chat/news.c
 * What the news say, and how they are written for the other instances. */
#include "news.h"

#include "libcommon/buf.h"
#include "libcommon/clock.h"
#include "libcommon/json.h"
#include "libcommon/siblings.h"
#include "libcommon/text.h"
#include "proto/chat_frame.h"
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNEL  "chat.news"
#define OUT_MAX  (8 * 1024 * 1024)
#define HEAD_MAX 200

static void (*hear)(const struct chat_news *news);
static void (*miss)(void);
static struct gg_siblings *siblings;

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

void chat_news_tell(const struct chat_news *news)
{
    char head[HEAD_MAX], subject[GG_ID_TEXT], person[GG_ID_TEXT];
    int n;

    hear(news);
    gg_id_format(news->subject, subject);
    gg_id_format(news->person, person);
    n = snprintf(head, sizeof(head), "%c %s %s %d %" PRId64 " %" PRId64 " %zu\n", news->kind, subject, person,
                 news->type, news->seq, news->at, news->json.n);
    gg_siblings_tell(siblings, (struct gg_str){head, (size_t)n}, news->json);
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
    const char *line_end = memchr(text->p, '\n', text->n < HEAD_MAX ? text->n : HEAD_MAX);
    char line[HEAD_MAX];
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

static void heard(struct gg_str text)
{
    struct chat_news news;

    if (!text.p)
        miss();
    while (text.n > 0 && parse(&text, &news))
        hear(&news);
}

void chat_news_start(void (*on_news)(const struct chat_news *news), void (*on_lost)(void))
{
    hear = on_news;
    miss = on_lost;
    siblings = gg_siblings_start(CHANNEL, "chat_news_lost_total", OUT_MAX, heard);
}
