/* tests/bench/c/push_sender.c
 * What one web push costs the sender: as push does it, against the bare OpenSSL calls that no sender can do without, and
 * against the same with a request to an endpoint. The seconds are those of the processor. Prints JSON.
 *   push_sender encrypt|bare VAPID_KEY P256DH AUTH SECONDS
 *   push_sender send VAPID_KEY P256DH AUTH SECONDS URL CA_FILE */
#include "clear.h"
#include "store_way.h"
#include "vapid.h"
#include "webpush.h"

#include "libcommon/clock.h"
#include "libcommon/http_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#define ROUND    256 /* notices at once, as services/push/send.c */
#define PARALLEL 32
#define RECORD   512 /* bytes of a padded message */
#define SUBJECT  "mailto:ops@gonggu.example"

static double cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "push_sender: %s failed\n", what);
    exit(1);
}

/* --- bare: a fresh key, ECDH, the three HKDFs of RFC 8291, AES-GCM --- */

static void hkdf(const uint8_t *salt, size_t n_salt, const uint8_t *ikm, size_t n_ikm, const char *info, size_t n_info,
                 uint8_t *out, size_t n)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);

    must(EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_CTX_set_hkdf_md(ctx, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set1_hkdf_salt(ctx, salt, (int)n_salt) == 1 &&
             EVP_PKEY_CTX_set1_hkdf_key(ctx, ikm, (int)n_ikm) == 1 &&
             EVP_PKEY_CTX_add1_hkdf_info(ctx, (const uint8_t *)info, (int)n_info) == 1 &&
             EVP_PKEY_derive(ctx, out, &n) == 1,
         "HKDF");
    EVP_PKEY_CTX_free(ctx);
}

static void bare(EVP_PKEY *peer, const uint8_t auth[16])
{
    static const uint8_t plain[RECORD], salt[16];
    uint8_t secret[32], ikm[32], cek[16], nonce[12], out[RECORD + 16];
    EVP_PKEY *own = EVP_EC_gen("P-256");
    EVP_PKEY_CTX *ecdh = EVP_PKEY_CTX_new(own, NULL);
    EVP_CIPHER_CTX *aes = EVP_CIPHER_CTX_new();
    char info[144] = "WebPush: info";
    size_t n = sizeof(secret);
    int part;

    must(EVP_PKEY_derive_init(ecdh) == 1 && EVP_PKEY_derive_set_peer(ecdh, peer) == 1 &&
             EVP_PKEY_derive(ecdh, secret, &n) == 1,
         "ECDH");
    hkdf(auth, 16, secret, sizeof(secret), info, sizeof(info), ikm, sizeof(ikm));
    hkdf(salt, sizeof(salt), ikm, sizeof(ikm), "Content-Encoding: aes128gcm", 28, cek, sizeof(cek));
    hkdf(salt, sizeof(salt), ikm, sizeof(ikm), "Content-Encoding: nonce", 24, nonce, sizeof(nonce));
    must(EVP_EncryptInit_ex(aes, EVP_aes_128_gcm(), NULL, cek, nonce) == 1 &&
             EVP_EncryptUpdate(aes, out, &part, plain, sizeof(plain)) == 1 &&
             EVP_EncryptFinal_ex(aes, out + part, &part) == 1 &&
             EVP_CIPHER_CTX_ctrl(aes, EVP_CTRL_GCM_GET_TAG, 16, out + RECORD) == 1,
         "AES-GCM");
    EVP_CIPHER_CTX_free(aes);
    EVP_PKEY_CTX_free(ecdh);
    EVP_PKEY_free(own);
}

static EVP_PKEY *key_of_point(const uint8_t point[GG_P256_POINT])
{
    EVP_PKEY *params = EVP_EC_gen("P-256");

    must(params && EVP_PKEY_set1_encoded_public_key(params, point, GG_P256_POINT) == 1, "the browser's key");
    return params;
}

/* --- ours: the words, the JSON, the acknowledgement, the encryption, the cached header --- */

static const struct push_facts facts = {.id = {.b = {1}},
.deal = {.b = {2}},
.at = INT64_C(1700000000000),
.kind = PUSH_ARRIVED,
                                        .title = "감자 10kg 나눠요",
                                        .amount_won = GG_NONE,
                                        .until = GG_NONE,
                                        .number = GG_NONE,
                                        .snoozed_until = GG_NONE};

static struct gg_str message(struct gg_arena *arena, const struct push_device_row *device)
{
    const struct push_cleared *cleared = push_clear(arena, &facts, PUSH_KO, GG_NONE, GG_NONE, gg_now());
    struct gg_ec_key *key = gg_ec_key_generate();
    struct gg_buf plain;
    struct gg_str body;
    uint8_t salt[16];

    gg_buf_init(&plain, PUSH_PAYLOAD_MAX);
    push_payload(arena, cleared, push_ack_token(arena, gg_id_new(), 0), &plain);
    gg_random(salt, sizeof(salt));
    must(push_encrypt(arena, device->p256dh, device->auth, key, salt, gg_buf_str(&plain), true, &body), "encryption");
    gg_buf_free(&plain);
    gg_ec_key_destroy(key);
    return body;
}

static size_t send_round(struct gg_arena *arena, const struct push_device_row *device, const char *origin,
                         const char *ca_file)
{
    struct gg_http_request *requests = GG_NEW_ARRAY(arena, struct gg_http_request, ROUND);
    struct gg_http_response *responses = GG_NEW_ARRAY(arena, struct gg_http_response, ROUND);
    enum gg_status *results = GG_NEW_ARRAY(arena, enum gg_status, ROUND);
    size_t taken = 0;

    for (size_t i = 0; i < ROUND; i++) {
        const char **headers = GG_NEW_ARRAY(arena, const char *, 6);
        headers[0] = push_vapid_header(arena, device, origin, SUBJECT);
        headers[1] = "Content-Type: application/octet-stream";
        headers[2] = "Content-Encoding: aes128gcm";
        headers[3] = "TTL: 3600";
        headers[4] = "Urgency: normal";
        requests[i] = (struct gg_http_request){.method = "POST",
                                               .url = device->endpoint,
                                               .headers = headers,
                                               .body = message(arena, device),
                                               .ca_file = ca_file};
    }
    gg_http_multi(arena, requests, ROUND, PARALLEL, responses, results);
    for (size_t i = 0; i < ROUND; i++)
        taken += results[i] == GG_OK && responses[i].status == 201;
    return taken;
}

static bool read_bytes(struct gg_arena *arena, const char *text, size_t n, uint8_t *out)
{
    struct gg_str bytes;

    if (!gg_base64url_decode(arena, (struct gg_str){text, strlen(text)}, &bytes) || bytes.n != n)
        return false;
    memcpy(out, bytes.p, n);
    return true;
}

int main(int argc, char **argv)
{
    struct gg_arena *arena = gg_arena_create();
    struct push_device_row device = {.endpoint = argc > 6 ? argv[6] : ""};
    char *origin = NULL;
    EVP_PKEY *peer;
    double begin, end;
    size_t done = 0;

    if (argc < 6 || !push_vapid_load(argv[2], "") ||
        !read_bytes(arena, argv[3], sizeof(device.p256dh), device.p256dh) ||
        !read_bytes(arena, argv[4], sizeof(device.auth), device.auth))
        return 2;
    if (argc > 7) {
        struct gg_arena *kept = gg_arena_create(); /* as long as the process */
        const char *host = gg_strndup(kept, argv[6] + 8, strcspn(argv[6] + 8, "/"));
        origin = push_endpoint_origin(kept, argv[6], host, false);
    }
    peer = key_of_point(device.p256dh);
    begin = cpu();
    for (end = begin + strtod(argv[5], NULL); cpu() < end; gg_arena_reset(arena)) {
        if (strcmp(argv[1], "send") == 0 && origin) {
            size_t taken = send_round(arena, &device, origin, argv[7]);
            must(taken > 0, "the endpoint"); /* only what was taken counts; push asks again for the rest */
            done += taken;
            continue;
        }
        for (int i = 0; i < 64; i++, done++)
            if (strcmp(argv[1], "bare") == 0) {
                bare(peer, device.auth);
            } else {
                (void)message(arena, &device);
                (void)push_vapid_header(arena, &device, "https://push.example.net", SUBJECT);
            }
    }
    printf("{\"operations\": %zu, \"seconds\": %.6f}\n", done, cpu() - begin);
    EVP_PKEY_free(peer);
    gg_arena_destroy(arena);
    push_vapid_forget();
    return 0;
}
