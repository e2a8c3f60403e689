/* libcommon/crypto.c
 * What the house needs of OpenSSL. */
#include "libcommon/crypto.h"

#include "libcommon/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

/* For calls that fail only when the library or the memory is broken. */
static void must(bool ok, const char *what)
{
    if (!ok)
        gg_fatal("crypto", "%s failed", what);
}

void gg_random(void *out, size_t n)
{
    must(RAND_bytes(out, (int)n) == 1, "RAND_bytes");
}

uint32_t gg_random_below(uint32_t bound)
{
    uint32_t limit = UINT32_MAX - UINT32_MAX % bound, value;

    do
        gg_random(&value, sizeof(value));
    while (value >= limit); /* else small remainders would come more often */
    return value % bound;
}

/* Looked up once: EVP_sha256() would have OpenSSL look for it at each use. Lives as long as the process. */
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;

static void sha256_fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    must(sha256 != NULL, "SHA-256");
}

void gg_sha256(struct gg_str data, uint8_t out[GG_SHA256])
{
    pthread_once(&sha256_once, sha256_fetch);
    must(EVP_Digest(data.p, data.n, out, NULL, sha256, NULL) == 1, "SHA-256");
}

void gg_hmac_sha256(struct gg_str key, struct gg_str data, uint8_t out[GG_SHA256])
{
    must(HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)data.p, data.n, out, NULL) != NULL, "HMAC");
}

/* A parameter of bytes; OpenSSL refuses NULL even for none. */
static OSSL_PARAM octets(const char *name, struct gg_str bytes)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)(bytes.p ? bytes.p : ""), bytes.n);
}

void gg_hkdf_sha256(struct gg_str salt, struct gg_str ikm, struct gg_str info, uint8_t *out, size_t n)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_KEY, ikm),
        octets(OSSL_KDF_PARAM_INFO, info),
        OSSL_PARAM_construct_end(),
    };

    must(context && EVP_KDF_derive(context, out, n, params) == 1, "HKDF");
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
}

bool gg_secret_equal(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}

/* --- encodings --- */

char *gg_hex(struct gg_arena *arena, const void *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = p;
    char *out = gg_alloc(arena, 2 * n + 1);

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 0x0f];
    }
    return out;
}

char *gg_base64(struct gg_arena *arena, const void *p, size_t n)
{
    char *out = gg_alloc(arena, (n + 2) / 3 * 4 + 1);

    EVP_EncodeBlock((unsigned char *)out, p, (int)n);
    return out;
}

char *gg_base64url(struct gg_arena *arena, const void *p, size_t n)
{
    char *out = gg_base64(arena, p, n);

    for (char *c = out; *c; c++) {
        if (*c == '+')
            *c = '-';
        else if (*c == '/')
            *c = '_';
        else if (*c == '=')
            *c = '\0';
    }
    return out;
}

/* Value of each digit plus one; zero for what is none. */
#define DIGITS_8(c, v)                                                                                                 \
    [(c)] = (v), [(c) + 1] = (v) + 1, [(c) + 2] = (v) + 2, [(c) + 3] = (v) + 3, [(c) + 4] = (v) + 4,                   \
    [(c) + 5] = (v) + 5, [(c) + 6] = (v) + 6, [(c) + 7] = (v) + 7
#define DIGITS_26(c, v)                                                                                                \
    DIGITS_8(c, v), DIGITS_8((c) + 8, (v) + 8), DIGITS_8((c) + 16, (v) + 16), [(c) + 24] = (v) + 24,                   \
                                                                                     [(c) + 25] = (v) + 25
static const uint8_t base64url_digits[256] = {
    DIGITS_26('A', 1), DIGITS_26('a', 27), DIGITS_8('0', 53), ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64};

bool gg_base64url_decode(struct gg_arena *arena, struct gg_str text, struct gg_str *bytes)
{
    char *out = gg_alloc(arena, text.n / 4 * 3 + 3);
    uint32_t bits = 0;
    int waiting = 0;
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        uint32_t digit = base64url_digits[(uint8_t)text.p[i]];
        if (digit == 0)
            return false;
        bits = bits << 6 | (digit - 1);
        waiting += 6;
        if (waiting >= 8) {
            waiting -= 8;
            out[n++] = (char)(bits >> waiting);
        }
    }
    /* One digit too many, or bits that say nothing: another spelling of the same bytes. */
    if (waiting == 6 || (bits & ((1u << waiting) - 1)) != 0)
        return false;
    *bytes = (struct gg_str){out, n};
    return true;
}

/* --- P-256 --- */

/* Making one ready costs a tenth of a check. Whoever finds it busy makes one of his own. */
struct verifier {
    atomic_flag busy;
    EVP_PKEY_CTX *context;
};

struct gg_ec_key {
    EVP_PKEY *pkey;
    struct verifier *verifier;
};

static bool is_p256(const EVP_PKEY *pkey)
{
    char group[32] = "";

    return EVP_PKEY_is_a(pkey, "EC") && EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

static EVP_PKEY_CTX *verify_context(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pkey, NULL);

    pthread_once(&sha256_once, sha256_fetch);
    must(context && EVP_PKEY_verify_init(context) == 1 && EVP_PKEY_CTX_set_signature_md(context, sha256) == 1,
         "EVP_PKEY_verify_init");
    return context;
}

static struct gg_ec_key *wrap(EVP_PKEY *pkey)
{
    struct gg_ec_key *key = gg_xmalloc(sizeof(*key));

    /* A peer and RFC 8291 want the point uncompressed. */
    must(EVP_PKEY_set_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") == 1,
         "point format");
    key->pkey = pkey;
    key->verifier = gg_xmalloc(sizeof(*key->verifier));
    *key->verifier = (struct verifier){ATOMIC_FLAG_INIT, verify_context(pkey)};
    return key;
}

struct gg_ec_key *gg_ec_key_load(const char *path)
{
    char no_password[] = ""; /* else OpenSSL would ask the terminal for one */
    FILE *file = fopen(path, "r");
    EVP_PKEY *pkey;

    if (!file) {
        gg_error("key_file", "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    pkey = PEM_read_PrivateKey(file, NULL, NULL, no_password);
    fclose(file);
    if (!pkey || !is_p256(pkey)) {
        gg_error("key_file", "%s holds no P-256 private key in PEM form", path);
        EVP_PKEY_free(pkey);
        return NULL;
    }
    return wrap(pkey);
}

struct gg_ec_key *gg_ec_key_parse(struct gg_str pem)
{
    char no_password[] = "";
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    EVP_PKEY *pkey;

    must(bio != NULL, "BIO_new_mem_buf");
    pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, no_password);
    BIO_free(bio);
    if (!pkey || !is_p256(pkey)) {
        gg_error("key_text", "the text holds no P-256 private key in PEM form");
        EVP_PKEY_free(pkey);
        return NULL;
    }
    return wrap(pkey);
}

struct gg_ec_key *gg_ec_key_generate(void)
{
    EVP_PKEY *pkey = EVP_EC_gen("P-256");

    must(pkey != NULL, "P-256 key generation");
    return wrap(pkey);
}

void gg_ec_key_destroy(struct gg_ec_key *key)
{
    if (!key)
        return;
    EVP_PKEY_CTX_free(key->verifier->context);
    free(key->verifier);
    EVP_PKEY_free(key->pkey);
    free(key);
}

void gg_ec_key_public(const struct gg_ec_key *key, uint8_t out[GG_P256_POINT])
{
    size_t n = 0;

    must(EVP_PKEY_get_octet_string_param(key->pkey, OSSL_PKEY_PARAM_PUB_KEY, out, GG_P256_POINT, &n) == 1 &&
             n == GG_P256_POINT,
         "reading a public key");
}

/* What a PEM writer left in memory, copied into the arena. */
static char *take_pem(struct gg_arena *arena, BIO *bio)
{
    char *p;
    long n = BIO_get_mem_data(bio, &p);
    char *out = gg_strndup(arena, p, (size_t)n);

    BIO_free(bio);
    return out;
}

char *gg_ec_key_pem(struct gg_arena *arena, const struct gg_ec_key *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    must(bio && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) == 1, "writing a key");
    return take_pem(arena, bio);
}

/* A public key from its point; NULL when it is not on the curve. */
static EVP_PKEY *from_point(const uint8_t point[GG_P256_POINT])
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    char group[] = "prime256v1";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point, GG_P256_POINT),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *pkey = NULL;

    must(context && EVP_PKEY_fromdata_init(context) == 1, "EVP_PKEY_fromdata_init");
    if (point[0] != 4 || EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(context);
    return pkey;
}

struct gg_ec_key *gg_ec_key_of_point(const uint8_t point[GG_P256_POINT])
{
    EVP_PKEY *pkey = from_point(point);

    return pkey ? wrap(pkey) : NULL;
}

void gg_es256_sign(const struct gg_ec_key *key, struct gg_str data, uint8_t out[GG_ES256])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char der[80];
    const unsigned char *p = der;
    ECDSA_SIG *signature = NULL;
    size_t n = sizeof(der);

    must(context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->pkey) == 1 &&
             EVP_DigestSign(context, der, &n, (const unsigned char *)data.p, data.n) == 1 &&
             (signature = d2i_ECDSA_SIG(NULL, &p, (long)n)) != NULL &&
             BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32) == 32 &&
             BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32) == 32,
         "ECDSA");
    ECDSA_SIG_free(signature);
    EVP_MD_CTX_free(context);
}

bool gg_es256_verify_der(const struct gg_ec_key *key, struct gg_str data, struct gg_str der)
{
    bool mine = !atomic_flag_test_and_set(&key->verifier->busy), good;
    EVP_PKEY_CTX *context = mine ? key->verifier->context : verify_context(key->pkey);
    uint8_t hash[GG_SHA256];

    gg_sha256(data, hash);
    good = EVP_PKEY_verify(context, (const unsigned char *)der.p, der.n, hash, sizeof(hash)) == 1;
    if (mine)
        atomic_flag_clear(&key->verifier->busy);
    else
        EVP_PKEY_CTX_free(context);
    return good;
}

/* The DER of one 32-byte number: no zeros before it, but one where its first bit would make it negative. */
static size_t der_number(const uint8_t number[32], uint8_t *out)
{
    size_t zeros = 0, sign;

    while (zeros < 31 && number[zeros] == 0)
        zeros++;
    sign = number[zeros] >> 7;
    out[0] = V_ASN1_INTEGER;
    out[1] = (uint8_t)(32 - zeros + sign);
    out[2] = 0;
    memcpy(out + 2 + sign, number + zeros, 32 - zeros);
    return 2 + sign + 32 - zeros;
}

bool gg_es256_verify(const struct gg_ec_key *key, struct gg_str data, const uint8_t raw[GG_ES256])
{
    uint8_t der[2 + 2 * (2 + 1 + 32)];
    size_t n = 2;

    n += der_number(raw, der + n);
    n += der_number(raw + 32, der + n);
    der[0] = V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED;
    der[1] = (uint8_t)(n - 2);
    return gg_es256_verify_der(key, data, (struct gg_str){(const char *)der, n});
}

bool gg_rs256_verify(struct gg_str modulus, struct gg_str exponent, struct gg_str data, struct gg_str signature)
{
    BIGNUM *n = BN_bin2bn((const unsigned char *)modulus.p, (int)modulus.n, NULL);
    BIGNUM *e = BN_bin2bn((const unsigned char *)exponent.p, (int)exponent.n, NULL);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY *pkey = NULL;
    bool good;

    must(n && e && context && build && md && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
             OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1 &&
             (params = OSSL_PARAM_BLD_to_param(build)) != NULL && EVP_PKEY_fromdata_init(context) == 1,
         "an RSA key");
    good = BN_num_bits(n) >= 2048 && EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1 &&
           EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, pkey) == 1 &&
           EVP_DigestVerify(md, (const unsigned char *)signature.p, signature.n, (const unsigned char *)data.p,
                            data.n) == 1;
    EVP_PKEY_free(pkey);
    EVP_PKEY_CTX_free(context);
    EVP_MD_CTX_free(md);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    return good;
}

char *gg_p256_public_pem(struct gg_arena *arena, const uint8_t point[GG_P256_POINT])
{
    EVP_PKEY *pkey = from_point(point);
    BIO *bio;

    if (!pkey)
        return NULL;
    bio = BIO_new(BIO_s_mem());
    must(bio && PEM_write_bio_PUBKEY(bio, pkey) == 1, "writing a public key");
    EVP_PKEY_free(pkey);
    return take_pem(arena, bio);
}

bool gg_ecdh(const struct gg_ec_key *key, const uint8_t peer[GG_P256_POINT], uint8_t out[GG_P256_SECRET])
{
    EVP_PKEY *pkey = from_point(peer);
    EVP_PKEY_CTX *context;
    size_t n = GG_P256_SECRET;
    bool ok;

    if (!pkey)
        return false;
    context = EVP_PKEY_CTX_new(key->pkey, NULL);
    must(context && EVP_PKEY_derive_init(context) == 1, "ECDH");
    /* Not checked again: from_point takes points of the curve only, and its cofactor is 1 (NIST SP 800-56A, 5.6.2.3.4).
     * OpenSSL's own check would multiply by the order, which costs as much as the derivation. */
    ok = EVP_PKEY_derive_set_peer_ex(context, pkey, 0) == 1 && EVP_PKEY_derive(context, out, &n) == 1 &&
         n == GG_P256_SECRET;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pkey);
    return ok;
}

void gg_aes128gcm_seal(const uint8_t key[16], const uint8_t nonce[12], struct gg_str plain, uint8_t *out)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int n = 0, last = 0;

    must(context && EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce) == 1 &&
             EVP_EncryptUpdate(context, out, &n, (const unsigned char *)plain.p, (int)plain.n) == 1 &&
             EVP_EncryptFinal_ex(context, out + n, &last) == 1 &&
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, out + plain.n) == 1,
         "AES-128-GCM");
    EVP_CIPHER_CTX_free(context);
}

bool gg_aes128gcm_open(const uint8_t key[16], const uint8_t nonce[12], struct gg_str sealed, uint8_t *out)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    size_t plain = sealed.n - 16;
    int n = 0, last = 0;
    bool ok;

    if (sealed.n < 16) {
        EVP_CIPHER_CTX_free(context);
        return false;
    }
    must(context && EVP_DecryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce) == 1, "AES-128-GCM");
    ok = EVP_DecryptUpdate(context, out, &n, (const unsigned char *)sealed.p, (int)plain) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, (void *)(uintptr_t)(sealed.p + plain)) == 1 &&
         EVP_DecryptFinal_ex(context, out + n, &last) == 1;
    EVP_CIPHER_CTX_free(context);
    return ok;
}
