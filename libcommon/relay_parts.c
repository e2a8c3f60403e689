/* libcommon/relay_parts.c
 * Seeing that a broker lost what it had acknowledged. */
#include "libcommon/log.h"
#include "libcommon/relay_internal.h"

#include <stdio.h>
#include <string.h>

#define ASK_TIMEOUT 1000 /* ms */
#define CHUNK       5000

static struct relay_part *find(struct relay_parts *parts, const char *topic, int32_t part)
{
    for (size_t i = 0; i < parts->n; i++)
        if (parts->v[i].part == part && strcmp(parts->v[i].topic, topic) == 0)
            return &parts->v[i];
    if (parts->n == RELAY_PARTS_MAX)
        return NULL; /* beyond this only the others are watched */
    struct relay_part *p = &parts->v[parts->n++];
    *p = (struct relay_part){.part = part, .stored = true};
    snprintf(p->topic, sizeof p->topic, "%s", topic);
    return p;
}

enum gg_status relay_parts_load(struct relay_parts *parts, struct gg_db *db, struct gg_arena *arena)
{
    struct gg_rows rows;
    GG_TRY(gg_db_query(db, arena, "SELECT topic, part, next_offset FROM outbox_partition", GG_NO_ARGS, &rows));
    *parts = (struct relay_parts){0};
    for (size_t i = 0; i < rows.n; i++) {
        struct relay_part *p = find(parts, gg_row_text(&rows, i, 0), (int32_t)gg_row_int(&rows, i, 1));
        if (p)
            p->next_offset = gg_row_int(&rows, i, 2);
    }
    return GG_OK;
}

void relay_parts_acknowledged(struct relay_parts *parts, const char *topic, int32_t part, int64_t offset)
{
    struct relay_part *p = offset < 0 ? NULL : find(parts, topic, part);
    if (!p)
        return;
    if (offset < p->next_offset)
        parts->lost = true;
    p->next_offset = offset + 1;
    p->stored = false;
}

void relay_parts_compare(struct relay_parts *parts, rd_kafka_t *rk)
{
    for (size_t i = 0; i < parts->n; i++) {
        const struct relay_part *p = &parts->v[i];
        int64_t low = 0, high = 0;
        rd_kafka_resp_err_t error = rd_kafka_query_watermark_offsets(rk, p->topic, p->part, &low, &high, ASK_TIMEOUT);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR ? high < p->next_offset
                                                : error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
            parts->lost = true;
        else if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
            return; /* away: nothing can be said */
    }
}

void relay_parts_store(struct relay_parts *parts, struct gg_db *db)
{
    for (size_t i = 0; i < parts->n && !parts->lost; i++) {
        struct relay_part *p = &parts->v[i];
        if (!p->stored &&
            gg_db_exec(db,
                       "INSERT INTO outbox_partition (topic, part, next_offset) VALUES (?, ?, ?) "
                       "ON DUPLICATE KEY UPDATE next_offset = GREATEST(next_offset, VALUES(next_offset))",
                       GG_ARGS(gg_v_text(p->topic), gg_v_int(p->part), gg_v_int(p->next_offset)), NULL) != GG_OK)
            return;
        p->stored = true;
    }
}

enum gg_status relay_parts_forget(struct relay_parts *parts, struct gg_db *db)
{
    int64_t n = CHUNK;
    while (n == CHUNK)
        GG_TRY(gg_db_exec(db, "UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL LIMIT 5000",
                          GG_NO_ARGS, &n));
    GG_TRY(gg_db_exec(db, "DELETE FROM outbox_partition", GG_NO_ARGS, NULL));
    *parts = (struct relay_parts){0};
    return GG_OK;
}
