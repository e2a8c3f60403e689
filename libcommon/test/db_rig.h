/* libcommon/test/db_rig.h
 * The database of tests that need a real one: GONGGU_TEST_DB_HOST, _PORT, _USER, _PASSWORD and _NAME, an empty schema
 * of their own. deploy/local/test gives it to each program. */
#ifndef LIBCOMMON_TEST_DB_RIG_H
#define LIBCOMMON_TEST_DB_RIG_H

#include "libcommon/db.h"

#include <stdlib.h>

/* False when there is none: the tests that need it are skipped. The texts are the environment's. */
static inline bool db_rig(struct gg_db_config *config)
{
    if (!getenv("GONGGU_TEST_DB_HOST"))
        return false;
    *config = (struct gg_db_config){.host = getenv("GONGGU_TEST_DB_HOST"),
                                    .port = strtol(getenv("GONGGU_TEST_DB_PORT"), NULL, 10),
                                    .user = getenv("GONGGU_TEST_DB_USER"),
                                    .password = getenv("GONGGU_TEST_DB_PASSWORD"),
                                    .name = getenv("GONGGU_TEST_DB_NAME")};
    return true;
}

#endif
