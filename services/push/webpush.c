/* services/push/webpush.c
 * Web Push encryption and endpoint check. */
#include "webpush.h"

#include <string.h>
#include <strings.h>

#define SALT        16
#define RECORD_SIZE 4096
#define HEADER      (SALT + 4 + 1 + GG_P256_POINT)
#define TAG         16
#define PAD_TO      256

bool push_encrypt(struct gg_arena *arena, const uint8_t p256dh[GG_P256_POINT], const uint8_t auth[16],
                  const struct gg_ec_key *key, const uint8_t salt[16], struct gg_str plain, bool pad,
                  struct gg_str *body)
{
    static const char key_info_label[] = "WebPush: info";         /* with its NUL */
    static const char cek_info[] = "Content-Encoding: aes128gcm"; /* with its NUL */
    static const char nonce_info[] = "Content-Encoding: nonce";   /* with its NUL */
    uint8_t info[sizeof(key_info_label) + 2 * GG_P256_POINT], shared[GG_P256_SECRET], ikm[32], cek[16], nonce[12];
    size_t padded = pad ? (plain.n + 1 + PAD_TO - 1) / PAD_TO * PAD_TO : plain.n + 1;
    uint8_t *out, *record;

    if (plain.n > PUSH_PAYLOAD_MAX || !gg_ecdh(key, p256dh, shared))
        return false;
    memcpy(info, key_info_label, sizeof(key_info_label));
    memcpy(info + sizeof(key_info_label), p256dh, GG_P256_POINT);
    gg_ec_key_public(key, info + sizeof(key_info_label) + GG_P256_POINT);
    gg_hkdf_sha256((struct gg_str){(const char *)auth, 16}, (struct gg_str){(const char *)shared, sizeof(shared)},
                   (struct gg_str){(const char *)info, sizeof(info)}, ikm, sizeof(ikm));
    gg_hkdf_sha256((struct gg_str){(const char *)salt, SALT}, (struct gg_str){(const char *)ikm, sizeof(ikm)},
                   (struct gg_str){cek_info, sizeof(cek_info)}, cek, sizeof(cek));
    gg_hkdf_sha256((struct gg_str){(const char *)salt, SALT}, (struct gg_str){(const char *)ikm, sizeof(ikm)},
                   (struct gg_str){nonce_info, sizeof(nonce_info)}, nonce, sizeof(nonce));

    out = gg_alloc(arena, HEADER + padded + TAG);
    memcpy(out, salt, SALT);
    out[SALT + 2] = RECORD_SIZE >> 8; /* big-endian; the other three bytes are zero */
    out[SALT + 4] = GG_P256_POINT;
    gg_ec_key_public(key, out + SALT + 5);

    record = gg_alloc(arena, padded);
    memcpy(record, plain.p, plain.n);
    record[plain.n] = 2; /* delimiter of the last record; zeroes behind it are padding */
    gg_aes128gcm_seal(cek, nonce, (struct gg_str){(const char *)record, padded}, out + HEADER);
    *body = (struct gg_str){(const char *)out, HEADER + padded + TAG};
    return true;
}

/* Whether one entry of the allow-list covers the authority ("host" or "host:port"). */
static bool entry_covers(struct gg_str entry, struct gg_str authority)
{
    if (entry.n > 2 && entry.p[0] == '*' && entry.p[1] == '.')
        return authority.n > entry.n - 1 &&
               strncasecmp(authority.p + authority.n - (entry.n - 1), entry.p + 1, entry.n - 1) == 0;
    return entry.n == authority.n && strncasecmp(entry.p, authority.p, entry.n) == 0;
}

char *push_endpoint_origin(struct gg_arena *arena, const char *endpoint, const char *allowed, bool allow_http)
{
    const char *host, *path;
    struct gg_str authority;

    if (strncmp(endpoint, "https://", 8) == 0)
        host = endpoint + 8;
    else if (allow_http && strncmp(endpoint, "http://", 7) == 0)
        host = endpoint + 7;
    else
        return NULL;
    path = strchr(host, '/');
    if (!path)
        return NULL;
    authority = (struct gg_str){host, (size_t)(path - host)};
    if (memchr(authority.p, '@', authority.n) || strpbrk(endpoint, " \\#\r\n\t"))
        return NULL;
    for (const char *entry = allowed; *entry;) {
        size_t n = strcspn(entry, ",");
        if (n > 0 && entry_covers((struct gg_str){entry, n}, authority))
            return gg_strndup(arena, endpoint, (size_t)(path - endpoint));
        entry += n + (entry[n] == ',');
    }
    return NULL;
}
