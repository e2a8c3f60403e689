/* libcommon/loop_internal.h
 * The loop's event base, for the files of libcommon that hang sockets on it. */
#ifndef LIBCOMMON_LOOP_INTERNAL_H
#define LIBCOMMON_LOOP_INTERNAL_H

struct event_base;

/* The process's one loop; made at first call. Loop thread, or before the loop runs. */
struct event_base *gg_loop_base(void);

#endif
