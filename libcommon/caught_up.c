/* libcommon/caught_up.c
 * How far this service has read: the time rule of time-outs that an event could still prevent. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <stdio.h>
#include <string.h>

#define ASK_TIMEOUT 1000 /* ms */
#define PARTS_MAX   256
#define GAP_GRACE   GG_MINUTE

static const char *topics[BUS_TOPICS_MAX];
static atomic_int partitions[BUS_TOPICS_MAX]; /* 0: the broker has not told yet */
static size_t n_topics;

void caught_up_init(const struct gg_bus_config *config)
{
    n_topics = 0;
    for (size_t i = 0; i < config->n_consumes; i++) {
        const char *topic = config->consumes[i].type->topic;
        bool known = false;
        for (size_t k = 0; k < n_topics && !known; k++)
            known = strcmp(topics[k], topic) == 0;
        if (known)
            continue;
        if (n_topics == BUS_TOPICS_MAX)
            gg_fatal("bus_topics", "more than %d topics are consumed", BUS_TOPICS_MAX);
        atomic_store(&partitions[n_topics], 0);
        topics[n_topics++] = topic;
    }
}

size_t caught_up_topics(const char *const **out)
{
    *out = topics;
    return n_topics;
}

static int index_of(const char *topic)
{
    for (size_t i = 0; i < n_topics; i++)
        if (strcmp(topics[i], topic) == 0)
            return (int)i;
    return -1;
}

/* The number of partitions as the broker has it now. False when it does not answer. */
static bool learn_partitions(rd_kafka_t *asker)
{
    for (size_t i = 0; i < n_topics; i++) {
        rd_kafka_topic_t *topic = rd_kafka_topic_new(asker, topics[i], NULL);
        const struct rd_kafka_metadata *meta = NULL;
        bool good = rd_kafka_metadata(asker, 0, topic, &meta, ASK_TIMEOUT) == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (good && meta->topic_cnt == 1)
            atomic_store(&partitions[i], meta->topics[0].err ? 0 : meta->topics[0].partition_cnt);
        if (good)
            rd_kafka_metadata_destroy(meta);
        rd_kafka_topic_destroy(topic);
        if (!good)
            return false;
    }
    return true;
}

/* Where reading goes on: the position, or what was committed when nothing has been read since the assignment. */
static int64_t next_offset(const rd_kafka_topic_partition_t *position, const rd_kafka_topic_partition_list_t *committed)
{
    if (position->offset >= 0)
        return position->offset;
    const rd_kafka_topic_partition_t *c = rd_kafka_topic_partition_list_find(
        (rd_kafka_topic_partition_list_t *)(uintptr_t)committed, position->topic, position->partition);
    return c && c->offset >= 0 ? c->offset : 0;
}

static bool all_known(const rd_kafka_topic_partition_list_t *positions)
{
    for (int i = 0; i < positions->cnt; i++)
        if (positions->elems[i].offset < 0)
            return false;
    return true;
}

/* What is complete of what this instance holds, written by one statement: a commit per partition would be dear. */
struct note {
    struct gg_buf sql;
    struct gg_val args[3 * PARTS_MAX];
    size_t n;
};

static void add(struct note *note, const char *topic, int32_t part, int64_t now)
{
    if (note->n == PARTS_MAX)
        return;
    gg_buf_adds(&note->sql, note->n == 0 ? "(?, ?, ?)" : ", (?, ?, ?)");
    struct gg_val *args = &note->args[3 * note->n++];
    args[0] = gg_v_text(topic);
    args[1] = gg_v_int(part);
    args[2] = gg_v_time(now);
}

static void write_note(struct gg_db *db, struct note *note)
{
    gg_buf_adds(&note->sql, " ON DUPLICATE KEY UPDATE complete_until = VALUES(complete_until)");
    if (note->n > 0 && gg_db_exec_dynamic(db, note->sql.p, note->args, 3 * note->n, NULL) != GG_OK)
        gg_debug("caught_up", "written next time");
}

static void note_all(struct gg_db *db, const rd_kafka_topic_partition_list_t *positions,
                     const rd_kafka_topic_partition_list_t *committed, const rd_kafka_topic_partition_list_t *ends,
                     int64_t now)
{
    int64_t lag[BUS_TOPICS_MAX] = {0};
    struct note note = {.n = 0};
    gg_buf_init(&note.sql, 200 + 12 * PARTS_MAX);
    gg_buf_adds(&note.sql, "INSERT INTO consumed (topic, part, complete_until) VALUES ");
    for (int i = 0; i < positions->cnt; i++) {
        const rd_kafka_topic_partition_t *p = &positions->elems[i], *end = &ends->elems[i];
        int topic = index_of(p->topic);
        if (topic < 0 || end->err || end->offset < 0)
            continue;
        int64_t behind = end->offset - next_offset(p, committed);
        if (behind > 0)
            lag[topic] += behind;
        else if (behind == 0) /* a position beyond the end, of a partition that was made anew, is not complete either */
            add(&note, p->topic, p->partition, now);
    }
    write_note(db, &note);
    gg_buf_free(&note.sql);
    for (size_t i = 0; i < n_topics; i++) {
        char label[BUS_NAME_MAX + 16];
        snprintf(label, sizeof label, "topic=\"%s\"", topics[i]);
        gg_gauge("consumer_lag_events", label, lag[i]);
    }
}

static rd_kafka_topic_partition_list_t *held(rd_kafka_t *consumer)
{
    rd_kafka_topic_partition_list_t *all = NULL;
    if (rd_kafka_assignment(consumer, &all) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return NULL;
    rd_kafka_topic_partition_list_t *ours = rd_kafka_topic_partition_list_new(all->cnt + 1);
    for (int i = 0; i < all->cnt; i++)
        if (index_of(all->elems[i].topic) >= 0)
            rd_kafka_topic_partition_list_add(ours, all->elems[i].topic, all->elems[i].partition);
    rd_kafka_topic_partition_list_destroy(all);
    return ours;
}

void caught_up_note(rd_kafka_t *consumer, rd_kafka_t *asker, struct gg_db *db)
{
    if (n_topics == 0 || !learn_partitions(asker))
        return;
    rd_kafka_topic_partition_list_t *positions = held(consumer);
    if (!positions)
        return;
    rd_kafka_topic_partition_list_t *committed = rd_kafka_topic_partition_list_copy(positions);
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_copy(positions);
    for (int i = 0; i < ends->cnt; i++)
        ends->elems[i].offset = RD_KAFKA_OFFSET_END;
    /* The instant is taken first: what is published while we ask belongs to the next note. */
    int64_t now = gg_now();
    if (positions->cnt > 0 && rd_kafka_offsets_for_times(asker, ends, ASK_TIMEOUT) == RD_KAFKA_RESP_ERR_NO_ERROR &&
        rd_kafka_position(consumer, positions) == RD_KAFKA_RESP_ERR_NO_ERROR &&
        (all_known(positions) || rd_kafka_committed(consumer, committed, ASK_TIMEOUT) == RD_KAFKA_RESP_ERR_NO_ERROR)) {
        kafka_answers();
        note_all(db, positions, committed, ends, now);
    }
    rd_kafka_topic_partition_list_destroy(ends);
    rd_kafka_topic_partition_list_destroy(committed);
    rd_kafka_topic_partition_list_destroy(positions);
}

static enum gg_status read_until(struct gg_db *db, struct gg_arena *arena, int64_t *ms)
{
    *ms = INT64_MAX;
    struct gg_rows rows;
    for (size_t i = 0; i < n_topics; i++) {
        int64_t expected = atomic_load(&partitions[i]);
        GG_TRY(gg_db_query_one(db, arena,
                               "SELECT COUNT(*), MIN(complete_until) FROM consumed WHERE topic = ? AND part < ?",
                               GG_ARGS(gg_v_text(topics[i]), gg_v_int(expected)), &rows));
        if (expected == 0 || gg_row_int(&rows, 0, 0) < expected) {
            *ms = GG_NONE;
            return GG_OK;
        }
        int64_t until = gg_row_time(&rows, 0, 1);
        *ms = until < *ms ? until : *ms;
    }
    if (n_topics == 0)
        return GG_OK;
    /* An event that came too early may be what prevents the time-out; a gap that lasts stops nobody for ever. */
    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT MIN(p.parked_at) FROM inbox_parked p JOIN inbox_aggregate a "
                           "ON a.topic = p.topic AND a.aggregate = p.aggregate "
                           "WHERE a.poisoned = FALSE AND p.parked_at >= ?",
                           GG_ARGS(gg_v_time(gg_now() - GAP_GRACE)), &rows));
    int64_t parked = gg_row_time(&rows, 0, 0);
    if (parked != GG_NONE && parked < *ms)
        *ms = parked;
    return GG_OK;
}

enum gg_status caught_up_until(struct gg_db *db, int64_t *ms)
{
    struct gg_arena *arena = gg_arena_create();
    enum gg_status status = read_until(db, arena, ms);
    gg_arena_destroy(arena);
    return status;
}

enum gg_status gg_bus_caught_up(struct gg_db *db, int64_t ms, bool *yes)
{
    int64_t until;
    GG_TRY(caught_up_until(db, &until));
    *yes = until != GG_NONE && until > ms;
    return GG_OK;
}
