/* libcommon/redis_internal.h
 * What the two files of the Redis room share. */
#ifndef LIBCOMMON_REDIS_INTERNAL_H
#define LIBCOMMON_REDIS_INTERNAL_H

#include "libcommon/base.h"

/* Splits "host:port". */
bool gg_redis_address(const char *address, char *host, size_t n, int *port) GG_MUSTCHECK;

#endif
