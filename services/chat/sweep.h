/* services/chat/sweep.h
 * Work that falls due. */
#ifndef SERVICES_CHAT_SWEEP_H
#define SERVICES_CHAT_SWEEP_H

#include "libcommon/due.h"

extern const struct gg_due_kind chat_due[];
extern const size_t chat_due_n;

#endif
