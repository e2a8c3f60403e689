/* libcommon/fsm.c
 * Life cycles as tables. */
#include "libcommon/fsm.h"

int gg_fsm_next(const struct gg_fsm *fsm, int from, int event)
{
    for (size_t i = 0; i < fsm->n; i++)
        if (fsm->rows[i].from == from && fsm->rows[i].event == event)
            return fsm->rows[i].to;
    return -1;
}

/* A state is final when no row leads out of it. */
static bool is_final(const struct gg_fsm *fsm, int state)
{
    for (size_t i = 0; i < fsm->n; i++)
        if (fsm->rows[i].from == state)
            return false;
    return true;
}

void gg_fsm_mermaid(const struct gg_fsm *fsm, struct gg_buf *out)
{
    gg_buf_adds(out, "stateDiagram-v2\n");
    gg_buf_addf(out, "    [*] --> %s\n", fsm->states[0]);
    for (size_t i = 0; i < fsm->n; i++)
        gg_buf_addf(out, "    %s --> %s: %s\n", fsm->states[fsm->rows[i].from], fsm->states[fsm->rows[i].to],
                    fsm->events[fsm->rows[i].event]);
    for (int state = 0; fsm->states[state]; state++)
        if (is_final(fsm, state))
            gg_buf_addf(out, "    %s --> [*]\n", fsm->states[state]);
}
