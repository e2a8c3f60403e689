/* libcommon/crypto.h
 * What the house needs of OpenSSL and libargon2, and nothing else of them. Any thread. Failures of the library that
 * cannot happen with valid arguments end the process. */
#ifndef LIBCOMMON_CRYPTO_H
#define LIBCOMMON_CRYPTO_H

#include "libcommon/mem.h"

#define GG_SHA256 32

void gg_random(void *out, size_t n);
/* Uniform in [0, bound). bound > 0. */
uint32_t gg_random_below(uint32_t bound);
void gg_sha256(struct gg_str data, uint8_t out[GG_SHA256]);
void gg_hmac_sha256(struct gg_str key, struct gg_str data, uint8_t out[GG_SHA256]);
/* HKDF-SHA-256 (RFC 5869), n <= 255 * 32. */
void gg_hkdf_sha256(struct gg_str salt, struct gg_str ikm, struct gg_str info, uint8_t *out, size_t n);
/* Equal bytes in constant time. */
bool gg_secret_equal(const void *a, const void *b, size_t n) GG_MUSTCHECK;

/* NUL-terminated encodings in the arena. base64url is unpadded (RFC 4648 §5), base64 is padded (§4). */
char *gg_hex(struct gg_arena *arena, const void *p, size_t n);
char *gg_base64url(struct gg_arena *arena, const void *p, size_t n);
char *gg_base64(struct gg_arena *arena, const void *p, size_t n);
/* Strict decoding of unpadded base64url. False on any other character or a non-canonical tail. */
bool gg_base64url_decode(struct gg_arena *arena, struct gg_str text, struct gg_str *bytes) GG_MUSTCHECK;

/* argon2id with OWASP parameters (19 MiB, t=2, p=1): run on the cpu pool only. PHC string in the arena. */
char *gg_password_hash(struct gg_arena *arena, struct gg_str password);
/* True when the password belongs to the PHC string. With phc = NULL it does the same work and answers false, so that an
 * unknown account takes as long as a wrong password. */
bool gg_password_verify(const char *phc, struct gg_str password) GG_MUSTCHECK;

/* Gives back the memory that hashes have worked in, when none was made since the call before. Call now and then; any
 * thread. */
void gg_password_rest(void);
/* True when the PHC string was made with less work than gg_password_hash takes today. */
bool gg_password_outdated(const char *phc) GG_MUSTCHECK;

/* NIST P-256 keys. */
struct gg_ec_key;
#define GG_P256_POINT  65 /* uncompressed, 0x04 first */
#define GG_P256_SECRET 32

/* Reads a PEM private key; NULL, logged, when it is missing or not P-256. */
struct gg_ec_key *gg_ec_key_load(const char *path) GG_MUSTCHECK;
struct gg_ec_key *gg_ec_key_generate(void);
/* The same from PEM text. */
struct gg_ec_key *gg_ec_key_parse(struct gg_str pem) GG_MUSTCHECK;
/* A public key from its point; NULL when it is not on the curve. It can verify and nothing else. */
struct gg_ec_key *gg_ec_key_of_point(const uint8_t point[GG_P256_POINT]) GG_MUSTCHECK;
void gg_ec_key_destroy(struct gg_ec_key *key);
void gg_ec_key_public(const struct gg_ec_key *key, uint8_t out[GG_P256_POINT]);
/* The private key as PKCS#8 PEM in the arena. */
char *gg_ec_key_pem(struct gg_arena *arena, const struct gg_ec_key *key);
/* The public key of a point as PEM in the arena; NULL when the point is not on the curve. */
char *gg_p256_public_pem(struct gg_arena *arena, const uint8_t point[GG_P256_POINT]) GG_MUSTCHECK;
/* ECDSA with SHA-256. A signature is r and s, 32 bytes each (JOSE), or DER (WebAuthn). One key may verify on many
 * threads at once. */
#define GG_ES256 64
void gg_es256_sign(const struct gg_ec_key *key, struct gg_str data, uint8_t out[GG_ES256]);
bool gg_es256_verify(const struct gg_ec_key *key, struct gg_str data, const uint8_t signature[GG_ES256]) GG_MUSTCHECK;
bool gg_es256_verify_der(const struct gg_ec_key *key, struct gg_str data, struct gg_str der) GG_MUSTCHECK;
/* RSA PKCS#1 v1.5 with SHA-256, by a public key of modulus and exponent (big-endian): ID tokens of other services. Keys
 * below 2048 bits verify nothing. */
bool gg_rs256_verify(struct gg_str modulus, struct gg_str exponent, struct gg_str data,
                     struct gg_str signature) GG_MUSTCHECK;
/* ECDH with a peer's point; false when the point is not on the curve. */
bool gg_ecdh(const struct gg_ec_key *key, const uint8_t peer[GG_P256_POINT], uint8_t out[GG_P256_SECRET]) GG_MUSTCHECK;

/* AES-128-GCM: `out` receives plain.n bytes and the 16-byte tag. */
void gg_aes128gcm_seal(const uint8_t key[16], const uint8_t nonce[12], struct gg_str plain, uint8_t *out);
/* And back: `out` receives sealed.n - 16 bytes. False when it was not sealed with this key and nonce. */
bool gg_aes128gcm_open(const uint8_t key[16], const uint8_t nonce[12], struct gg_str sealed, uint8_t *out) GG_MUSTCHECK;

#endif
