/* tests/bench/c/auth_limits.c
 * The machine's own limits that auth is measured against, and what ours makes of them. Prints JSON.
 *   auth_limits argon2 PROCESSES SECONDS           libargon2 as it is, by the parameters of gg_password_hash
 *   auth_limits password PROCESSES SECONDS         the same by gg_password_verify
 *   auth_limits token ours|bare|again SECONDS PEM  one core checks access tokens: gg_verify, each token for the first
 *                                                  time; OpenSSL alone; gg_verify of a token seen before */
#include "libcommon/clock.h"
#include "libcommon/jwt.h"

#include <argon2.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES 64
#define BATCH     2000 /* tokens that are signed, then checked against the clock */

#define AGAIN     1000 /* times each of them is checked when it has been seen: checking is then quicker than making */

static const char secret_text[] = "a sentence of six usual words";

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What a core was given to us for: nobody else's work counts. */
static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "auth_limits: %s\n", what);
    exit(1);
}

static int report(long operations, double seconds)
{
    printf("{\"operations\": %ld, \"seconds\": %.6f}\n", operations, seconds);
    return operations > 0 ? 0 : 1;
}

/* --- passwords --- */

static long compare_until(double end, const char *phc, bool bare)
{
    struct gg_str text = {secret_text, strlen(secret_text)};
    long n = 0;

    for (; now_s() < end; n++)
        if (bare ? argon2id_verify(phc, text.p, text.n) != ARGON2_OK : !gg_password_verify(phc, text))
            die("the right password is wrong");
    return n;
}

static int passwords(bool bare, long processes, long seconds)
{
    long *counts = mmap(NULL, sizeof(long) * PROCESSES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const char *phc = gg_password_hash(gg_arena_create(), (struct gg_str){secret_text, strlen(secret_text)});
    double start = now_s() + 0.1;
    long all = 0;

    if (counts == MAP_FAILED || processes < 1 || processes > PROCESSES)
        return 2;
    for (long i = 0; i < processes; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return 1;
        if (pid > 0)
            continue;
        while (now_s() < start)
            usleep(1000);
        counts[i] = compare_until(start + (double)seconds, phc, bare);
        _exit(0);
    }
    for (int status; wait(&status) > 0;)
        if (status)
            return 1;
    for (long i = 0; i < processes; i++)
        all += counts[i];
    return report(all, now_s() - start);
}

/* --- access tokens --- */

struct text {
    char *p;
    size_t n, head; /* bytes that are signed */
    unsigned char der[80];
    size_t der_n;
};

static char *fresh_token(struct gg_signer *signer, struct gg_arena *arena)
{
    return gg_signer_sign(signer, arena,
                          &(struct gg_user){.id = gg_id_new(),
                                            .session = gg_id_new(),
                                            .session_version = 1,
                                            .expires = gg_now() + 5 * GG_MINUTE});
}

/* What bare OpenSSL needs is made ready outside the time that counts. */
static void prepare(struct gg_arena *arena, struct text *text)
{
    const char *dot = strrchr(text->p, '.');
    unsigned char *der = text->der;
    ECDSA_SIG *signature = ECDSA_SIG_new();
    struct gg_str raw;
    int n;

    text->n = strlen(text->p);
    text->head = (size_t)(dot - text->p);
    if (!signature || !gg_base64url_decode(arena, (struct gg_str){dot + 1, strlen(dot + 1)}, &raw) || raw.n != GG_ES256)
        die("a token without a signature");
    if (!ECDSA_SIG_set0(signature, BN_bin2bn((const unsigned char *)raw.p, 32, NULL),
                        BN_bin2bn((const unsigned char *)raw.p + 32, 32, NULL)))
        die("no signature");
    n = i2d_ECDSA_SIG(signature, &der);
    if (n <= 0)
        die("no DER");
    text->der_n = (size_t)n;
    ECDSA_SIG_free(signature);
}

static bool bare_verify(EVP_PKEY *key, const struct text *text)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(context, text->der, text->der_n, (const unsigned char *)text->p, text->head) == 1;

    EVP_MD_CTX_free(context);
    return good;
}

static int tokens(const char *how, double seconds, const char *pem)
{
    bool bare = strcmp(how, "bare") == 0, again = strcmp(how, "again") == 0;
    struct gg_signer *signer = gg_signer_load(pem, "gonggu", "gonggu");
    FILE *file = fopen(pem, "r");
    EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    struct gg_arena *arena = gg_arena_create();
    static struct text texts[BATCH];
    const char *jwks;
    double took = 0, began;
    long n = 0;

    if (!signer || !key)
        die("no key");
    jwks = gg_signer_jwks(signer, arena);
    if (!gg_verifier_load(jwks, strlen(jwks)))
        die("no JWKS");
    while (took < seconds) {
        struct gg_arena *batch = gg_arena_create();
        for (size_t i = 0; i < BATCH; i++) {
            texts[i].p = fresh_token(signer, batch);
            prepare(batch, &texts[i]);
        }
        if (again)
            for (size_t i = 0; i < BATCH; i++)
                if (gg_verify((struct gg_str){texts[i].p, texts[i].n}, &(struct gg_user){0}))
                    die("a good token is refused");
        began = cpu_s();
        for (size_t i = 0; i < (again ? BATCH * AGAIN : BATCH); i++) {
            struct gg_user user;
            const struct text *text = &texts[i % BATCH];
            if (bare ? !bare_verify(key, text) : gg_verify((struct gg_str){text->p, text->n}, &user) != NULL)
                die("a good token is refused");
        }
        took += cpu_s() - began;
        n += again ? BATCH * AGAIN : BATCH;
        gg_arena_destroy(batch);
    }
    EVP_PKEY_free(key);
    fclose(file);
    return report(n, took);
}

int main(int argc, char **argv)
{
    if (argc == 4 && (strcmp(argv[1], "argon2") == 0 || strcmp(argv[1], "password") == 0))
        return passwords(argv[1][0] == 'a', strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10));
    if (argc == 5 && strcmp(argv[1], "token") == 0)
        return tokens(argv[2], strtod(argv[3], NULL), argv[4]);
    return 2;
}
