/* services/push/vapid.h
 * Our keys: the one browsers subscribe with, the one before it while its subscribers come over, and what is made of
 * them: the Authorization header and the tokens service workers acknowledge with. */
#ifndef SERVICES_PUSH_VAPID_H
#define SERVICES_PUSH_VAPID_H

#include "libcommon/crypto.h"
#include "libcommon/id.h"

struct push_device_row;

/* Reads the keys; `old_file` may be empty. False, logged, when one is not usable. Once, before any thread. */
bool push_vapid_load(const char *file, const char *old_file) GG_MUSTCHECK;
void push_vapid_forget(void);
void push_vapid_public(uint8_t out[GG_P256_POINT]);
/* Whether the device subscribed with the key that is being retired. */
bool push_vapid_is_old(const struct push_device_row *device);
/* "Authorization: vapid t=..., k=..." for this device and origin, in the arena. Tokens are kept by thread and used
 * until they are half way through their life. */
const char *push_vapid_header(struct gg_arena *arena, const struct push_device_row *device, const char *origin,
                              const char *subject);
/* The capability of one attempt, and back. False: nobody made this token. */
char *push_ack_token(struct gg_arena *arena, struct gg_id notice, int64_t step);
bool push_ack_read(struct gg_arena *arena, const char *token, struct gg_id *notice, int64_t *step) GG_MUSTCHECK;

#endif
