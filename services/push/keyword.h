/* services/push/keyword.h
 * Whether a new deal is what somebody waits for. Pure. */
#ifndef SERVICES_PUSH_KEYWORD_H
#define SERVICES_PUSH_KEYWORD_H

#include "libcommon/mem.h"

/* The text as it is looked for: without spaces, ASCII letters small. In the arena. */
char *push_fold(struct gg_arena *arena, const char *text);
/* Metres between two points given in micro-degrees; good to a percent within tens of kilometres. */
int64_t push_distance_m(int64_t lat_a, int64_t lng_a, int64_t lat_b, int64_t lng_b);

#endif
