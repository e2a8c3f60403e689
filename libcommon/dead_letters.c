/* libcommon/dead_letters.c
 * --dead-letters: what waits in the inbox and why, and its way back. */
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"

#include <stdio.h>
#include <string.h>

static int list(struct inbox *in)
{
    struct gg_rows rows;
    if (gg_db_query(in->db, in->arena,
                    "SELECT p.id, p.topic, p.aggregate, p.sequence, p.parked_at, p.reason, a.applied, a.poisoned "
                    "FROM inbox_parked p JOIN inbox_aggregate a ON a.topic = p.topic AND a.aggregate = p.aggregate "
                    "ORDER BY p.topic, p.aggregate, p.sequence LIMIT 10000",
                    GG_NO_ARGS, &rows) != GG_OK)
        return 1;
    for (size_t i = 0; i < rows.n; i++) {
        char id[GG_ID_TEXT], aggregate[GG_ID_TEXT], time[GG_TIME_TEXT];
        gg_id_format(gg_row_id(&rows, i, 0), id);
        gg_id_format(gg_row_id(&rows, i, 2), aggregate);
        gg_time_format(gg_row_time(&rows, i, 4), time);
        printf("%s  %s  aggregate %s  sequence %" PRId64 " (applied %" PRId64 "%s)  since %s  %s\n", id,
               gg_row_text(&rows, i, 1), aggregate, gg_row_int(&rows, i, 3), gg_row_int(&rows, i, 6),
               gg_row_int(&rows, i, 7) ? ", stopped" : "", time, gg_row_text(&rows, i, 5));
    }
    printf("%zu events wait\n", rows.n);
    return 0;
}

static int replay(struct inbox *in, const char *text)
{
    struct gg_id id;
    struct gg_rows rows;
    if (!gg_id_parse((struct gg_str){text, strlen(text)}, &id)) {
        fprintf(stderr, "%s is no event id\n", text);
        return 2;
    }
    enum gg_status status = gg_db_query_one(in->db, in->arena, "SELECT topic, aggregate FROM inbox_parked WHERE id = ?",
                                            GG_ARGS(gg_v_id(&id)), &rows);
    if (status != GG_OK) {
        fprintf(stderr, "%s\n", status == GG_NOT_FOUND ? "no such event waits" : "the database does not answer");
        return 1;
    }
    const char *topic = gg_row_text(&rows, 0, 0);
    struct gg_id aggregate = gg_row_id(&rows, 0, 1);
    if (gg_db_exec(in->db, "UPDATE inbox_aggregate SET poisoned = FALSE WHERE topic = ? AND aggregate = ?",
                   GG_ARGS(gg_v_text(topic), gg_v_id(&aggregate)), NULL) != GG_OK ||
        inbox_drain(in, topic, aggregate) != GG_OK)
        return 1;
    if (gg_db_query_one(in->db, in->arena, "SELECT reason FROM inbox_parked WHERE id = ?", GG_ARGS(gg_v_id(&id)),
                        &rows) == GG_OK) {
        printf("%s still waits: %s\n", text, gg_row_text(&rows, 0, 0));
        return 1;
    }
    printf("%s is applied\n", text);
    return 0;
}

int gg_dead_letters_main(const struct gg_bus_config *config, int argc, char **argv)
{
    struct inbox in = {.config = config,
                       .db = gg_db_create(&config->db),
                       .redis = gg_redis_create(config->redis_address, config->redis_password),
                       .arena = gg_arena_create()};
    int code = 2;
    if (argc == 1 && strcmp(argv[0], "list") == 0)
        code = list(&in);
    else if (argc == 2 && strcmp(argv[0], "replay") == 0)
        code = replay(&in, argv[1]);
    else
        fprintf(stderr, "--dead-letters list | --dead-letters replay ID\n");
    gg_arena_destroy(in.arena);
    gg_redis_destroy(in.redis);
    gg_db_destroy(in.db);
    return code;
}
