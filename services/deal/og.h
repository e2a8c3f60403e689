/* services/deal/og.h
 * What a shop's page says about itself: Open Graph properties and the price. Pure; the page may be anything. */
#ifndef SERVICES_DEAL_OG_H
#define SERVICES_DEAL_OG_H

#include "libcommon/mem.h"

struct deal_og {
    const char *title, *description, *image, *site; /* NULL when the page does not say; in the arena, valid UTF-8 */
    int64_t price_won;                              /* GG_NONE */
};
/* Reads the first 256 KiB. Texts that are not UTF-8 are left out. */
void deal_og_read(struct gg_arena *arena, struct gg_str html, struct deal_og *og);

/* Is it http or https with a host, without user name, spaces or control characters? */
bool deal_url_valid(const char *url);
/* "host:port" of a valid URL as it is written, for comparing; in the arena. */
const char *deal_url_host(struct gg_arena *arena, const char *url);
/* `target` as a browser would read it on the page `base`; NULL when that is no valid URL. */
const char *deal_url_join(struct gg_arena *arena, const char *base, const char *target);

#endif
