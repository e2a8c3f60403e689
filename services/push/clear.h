/* services/push/clear.h
 * Clearance: what leaves the house must first have passed here. Only a struct push_cleared can be turned into a payload
 * or a text message, and only push_clear makes one; for advertising it asks for consent, daylight and the mark. So an
 * advertisement that the law forbids cannot be sent: there is nothing to send. Pure. */
#ifndef SERVICES_PUSH_CLEAR_H
#define SERVICES_PUSH_CLEAR_H

#include "way.h"

struct push_cleared; /* defined in clear.c only */

/* NULL when it may not be sent to this person now. In the arena. */
const struct push_cleared *push_clear(struct gg_arena *arena, const struct push_facts *facts, enum push_lang lang,
                                      int64_t ads_since, int64_t ads_at_night_since, int64_t now) GG_MUSTCHECK;
/* The JSON that the service worker shows; `ack` is the capability to tell that it did. */
void push_payload(struct gg_arena *arena, const struct push_cleared *cleared, const char *ack, struct gg_buf *out);
/* The words of a text message; advertising ends with how to refuse it free of charge. */
const char *push_text_message(struct gg_arena *arena, const struct push_cleared *cleared, const char *site);
bool push_is_advertising(const struct push_cleared *cleared);

#endif
