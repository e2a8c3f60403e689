/* libcommon/siblings.h
 * What the instances of a service tell each other through Redis: in order, at most once, one message at a time; what is
 * said meanwhile goes with the next. What is lost may cost time and nothing else: it also stands in the database, or
 * ends by its age. Loop thread. */
#ifndef LIBCOMMON_SIBLINGS_H
#define LIBCOMMON_SIBLINGS_H

#include "libcommon/base.h"

struct gg_siblings;

/* Gets what another instance has said, one or more texts as they were put together there, valid during the call.
 * text.p = NULL: the connection was lost and is back; what was said in between is gone. Never what this process said.
 */
typedef void (*gg_siblings_listener)(struct gg_str text);

/* Begins to listen, for the life of the process. `channel` and `lost` (the counter of what could not be told) are
 * constants; at most `most` bytes wait to be sent. Once per channel, before or while the loop runs. */
struct gg_siblings *gg_siblings_start(const char *channel, const char *lost, size_t most,
                                      gg_siblings_listener listener);
/* Tells the others `head` and behind it `body` (may be empty), together or not at all. */
void gg_siblings_tell(struct gg_siblings *siblings, struct gg_str head, struct gg_str body);

#endif
