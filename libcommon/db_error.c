/* libcommon/db_error.c
 * What an error of the server or of the connection means, and the process's memory of an outage. */
#include "libcommon/db_internal.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "libcommon/outage.h"

#include <string.h>

static const unsigned retry_codes[] = {1213, 1205, 1020, 1412, 1615};
static const unsigned duplicate_codes[] = {1062, 1586};
/* Connection refused, lost or killed; too many connections; shutting down; time is up; read-only or full server. */
static const unsigned unavailable_codes[] = {2002, 2003, 2005, 2006, 2013, 2055, 1040, 1053, 1077, 1079, 1080,
                                             1129, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1226, 1927, 1317,
                                             1969, 3024, 1290, 1836, 1021, 1114, 1044, 1045, 1049, 4031};
static const unsigned loss_codes[] = {2006, 2013, 2014, 2055, 1053, 1077, 1079, 1080, 1152, 1158,
                                      1159, 1160, 1161, 1184, 1927, 1317, 1969, 3024, 4031};

static bool has(const unsigned *codes, size_t n, unsigned code)
{
    for (size_t i = 0; i < n; i++)
        if (codes[i] == code)
            return true;
    return false;
}

enum gg_status db_classify(unsigned code)
{
    if (has(retry_codes, GG_LEN(retry_codes), code))
        return GG_RETRY;
    if (has(duplicate_codes, GG_LEN(duplicate_codes), code))
        return GG_DUPLICATE;
    if (has(unavailable_codes, GG_LEN(unavailable_codes), code))
        return GG_UNAVAILABLE;
    return GG_ERROR;
}

bool db_is_loss(unsigned code)
{
    return has(loss_codes, GG_LEN(loss_codes), code);
}

void db_constraint_name(const char *message, char *out, size_t n)
{
    out[0] = '\0';
    /* The refused value stands before the name and may hold anything: the last match counts. */
    const char *name = NULL;
    for (const char *p = message; (p = strstr(p, "for key '")) != NULL; p++)
        name = p + strlen("for key '");
    const char *end = name ? strrchr(name, '\'') : NULL;
    if (!end)
        return;
    for (const char *p = end; p > name; p--) {
        if (p[-1] == '.') {
            name = p;
            break;
        }
    }
    size_t length = (size_t)(end - name);
    if (length >= n)
        return;
    memcpy(out, name, length);
    out[length] = '\0';
}

/* Messages of these errors repeat values of the user's. */
static bool tells_values(unsigned code)
{
    return code == 1366 || code == 1292 || code == 1264 || code == 1411 || code == 1525;
}

enum gg_status db_fail(struct gg_db *db, const char *sql, unsigned code, const char *message)
{
    enum gg_status status = db_classify(code);
    switch (status) {
    case GG_DUPLICATE:
        db_constraint_name(message, db->constraint, sizeof db->constraint);
        return status; /* the server undid this statement alone: the transaction stands */
    case GG_RETRY:
        gg_count("db_races_total", "", 1);
        gg_debug("db_race", "error %u in: %.120s", code, sql ? sql : "-");
        break;
    case GG_UNAVAILABLE:
        gg_count("db_losses_total", "", 1);
        gg_warn("db_lost", "error %u (%s) in: %.120s", code, message, sql ? sql : "-");
        break;
    case GG_OK:
    case GG_NOT_FOUND:
    case GG_ERROR:
        gg_error("db_error", "error %u (%s) in: %.300s", code, tells_values(code) ? "bad value" : message,
                 sql ? sql : "-");
        break;
    }
    if (db->in_tx) {
        db->broken = status;
        db->lost = db->lost || db_is_loss(code);
    }
    if (db_is_loss(code))
        db_drop(db);
    return status;
}

/* One server per process. */
static struct gg_outage outage = GG_OUTAGE_NONE;

bool db_may_connect(void)
{
    return gg_outage_may_try(&outage);
}

void db_connected(void)
{
    if (gg_outage_over(&outage))
        gg_info("db_back", "the database answers again");
}

void db_unreachable(const struct gg_db *db, unsigned code, const char *message)
{
    if (gg_outage_begun(&outage))
        gg_error("db_down", "no connection to %s:%" PRId64 "/%s: error %u (%s)", db->config.host, db->config.port,
                 db->config.name, code, message);
}
