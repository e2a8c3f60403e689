/* services/chat/scam.h
 * What a reader should beware of in a message. Pure; any thread. */
#ifndef SERVICES_CHAT_SCAM_H
#define SERVICES_CHAT_SCAM_H

#include "libcommon/base.h"

struct chat_suspicion {
    bool account;   /* holds what looks like a bank account number */
    bool messenger; /* leads to another messenger */
};
/* Looks at valid UTF-8. Only warns: nothing is held back because of it, so a wrong guess costs a line of yellow. */
struct chat_suspicion chat_suspect(const char *text);

#endif
