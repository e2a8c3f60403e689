/* services/deal/merge.h
 * Laying a message that says only some things over one that says all. Pure. */
#ifndef SERVICES_DEAL_MERGE_H
#define SERVICES_DEAL_MERGE_H

#include "libcommon/json.h"

/* Copies every member that `from` has into `into`; names of those that differed are added to `names` (at most `max`),
 * their number is answered. Both are structs of `msg`; absent texts of lists are empty lists. */
size_t deal_merge(const struct gg_msg *msg, const void *from, void *into, const char **names, size_t max);
/* Names of the members in which two structs of `msg` differ; absent counts as a value. */
size_t deal_differences(const struct gg_msg *msg, const void *a, const void *b, const char **names, size_t max);

#endif
