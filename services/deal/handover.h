/* services/deal/handover.h
 * The code of a share as signed text, for a picture. */
#ifndef SERVICES_DEAL_HANDOVER_H
#define SERVICES_DEAL_HANDOVER_H

#include "libcommon/id.h"
#include "libcommon/mem.h"

/* "GG1.<share>.<code>.<signature>", signed with the deal's key (HMAC-SHA-256, the first 16 bytes). In the arena. */
const char *deal_qr(struct gg_arena *arena, struct gg_str key, struct gg_id share, const char *code);
/* What the text says, when it was signed with this key. */
bool deal_qr_read(struct gg_arena *arena, struct gg_str key, const char *text, struct gg_id *share,
                  const char **code) GG_MUSTCHECK;

#endif
