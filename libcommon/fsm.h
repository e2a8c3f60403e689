/* libcommon/fsm.h
 * Life cycles as tables: the code runs them, tests enumerate them, docs draw them. Pure. */
#ifndef LIBCOMMON_FSM_H
#define LIBCOMMON_FSM_H

#include "libcommon/buf.h"

struct gg_transition {
    int from, event, to;
    const char *comment; /* why, or under which guard */
};
struct gg_fsm {
    const char *name;                          /* "deal" */
    const char *const *states, *const *events; /* names, NULL-terminated, indexed by the enums */
    const struct gg_transition *rows;
    size_t n;
};

/* The state after `event`, or -1 when the table has no such row. */
int gg_fsm_next(const struct gg_fsm *fsm, int from, int event);
/* A Mermaid stateDiagram-v2 of the table. */
void gg_fsm_mermaid(const struct gg_fsm *fsm, struct gg_buf *out);

#endif
