/* services/push/webpush.h
 * Web Push: encryption of a message (RFC 8291 over RFC 8188, aes128gcm) and the check of endpoints. Pure. */
#ifndef SERVICES_PUSH_WEBPUSH_H
#define SERVICES_PUSH_WEBPUSH_H

#include "libcommon/crypto.h"

#define PUSH_PAYLOAD_MAX 3000 /* bytes of plain text: fits every push service's 4,096 with padding and header */

/* The body to POST: header (salt, record size, key id) and one encrypted record, padded to a multiple of 256 bytes so
 * that its length tells little. `key` is a fresh key pair, `salt` fresh random bytes. False when the subscriber's point
 * is not on the curve or the text too long. */
bool push_encrypt(struct gg_arena *arena, const uint8_t p256dh[GG_P256_POINT], const uint8_t auth[16],
                  const struct gg_ec_key *key, const uint8_t salt[16], struct gg_str plain, bool pad,
                  struct gg_str *body) GG_MUSTCHECK;

/* Origin ("https://host[:port]") of an endpoint whose host is in `allowed` (comma list of host, host:port or *.host),
 * in the arena; NULL when it is not allowed, has credentials or is not https (or http with `allow_http`). */
char *push_endpoint_origin(struct gg_arena *arena, const char *endpoint, const char *allowed, bool allow_http);

#endif
