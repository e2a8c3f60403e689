/* libcommon/password.c
 * argon2id with the parameters OWASP recommends. The 19 MiB that a hash works in are kept for the next one: to have
 * them mapped, cleared and unmapped each time costs a tenth of the whole, and so does to have them in small pages, as a
 * hash jumps about in them. gg_password_rest gives them back. */
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <argon2.h>

#define MEMORY_KIB 19456
#define PASSES     2
#define LANES      1
#define SALT       16
#define HASH       32
#define MOST_KIB   (256U * 1024) /* of a stored hash */
#define MOST_SALT  64
#define MOST_HASH  64

/* What a PHC string says. */
struct phc {
    unsigned memory, passes, lanes;
    struct gg_str salt, hash;
};

/* A hash nobody knows the password of, for accounts that do not exist: same parameters, same work. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$Z29uZ2d1LW5vYm9keS0wMQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

#define POOL 4 /* more at the same time come from the system */

static struct {
    pthread_mutex_t lock;
    uint8_t *memory[POOL]; /* MEMORY_KIB each; libargon2 wiped them before they came back */
    size_t n;
    bool used; /* since the last rest */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* n bytes in as few pages as the system has for it: that it is asked is enough, it may say no. */
static uint8_t *in_huge_pages(size_t n)
{
    size_t whole = (n + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *memory = aligned_alloc(HUGE_PAGE, whole);

    if (!memory)
        gg_fatal("argon2", "no memory for %zu bytes", whole);
    if (madvise(memory, whole, MADV_HUGEPAGE) != 0)
        gg_debug("argon2", "small pages will do");
    return memory;
}

static int lend(uint8_t **memory, size_t n)
{
    uint8_t *kept = NULL;

    pthread_mutex_lock(&pool.lock);
    pool.used = true;
    if (n == MEMORY_KIB * 1024 && pool.n > 0)
        kept = pool.memory[--pool.n];
    pthread_mutex_unlock(&pool.lock);
    *memory = kept ? kept : in_huge_pages(n);
    return ARGON2_OK;
}

static void take_back(uint8_t *memory, size_t n)
{
    pthread_mutex_lock(&pool.lock);
    if (n == MEMORY_KIB * 1024 && pool.n < POOL) {
        pool.memory[pool.n++] = memory;
        memory = NULL;
    }
    pthread_mutex_unlock(&pool.lock);
    free(memory);
}

void gg_password_rest(void)
{
    pthread_mutex_lock(&pool.lock);
    while (!pool.used && pool.n > 0)
        free(pool.memory[--pool.n]);
    pool.used = false;
    pthread_mutex_unlock(&pool.lock);
}

static void work(const struct phc *phc, struct gg_str password, uint8_t *out, size_t n)
{
    argon2_context context = {
        .out = out,
        .outlen = (uint32_t)n,
        .pwd = (uint8_t *)(uintptr_t)password.p,
        .pwdlen = (uint32_t)password.n,
        .salt = (uint8_t *)(uintptr_t)phc->salt.p,
        .saltlen = (uint32_t)phc->salt.n,
        .t_cost = phc->passes,
        .m_cost = phc->memory,
        .lanes = phc->lanes,
        .threads = 1,
        .version = ARGON2_VERSION_13,
        .allocate_cbk = lend,
        .free_cbk = take_back,
        .flags = ARGON2_DEFAULT_FLAGS,
    };
    int rc = argon2_ctx(&context, Argon2_id);

    if (rc != ARGON2_OK)
        gg_fatal("argon2", "hashing failed: %s", argon2_error_message(rc));
    gg_count("password_hashes", "", 1);
}

/* PHC strings have base64 without padding. */
static char *encode(struct gg_arena *arena, const uint8_t *bytes, size_t n)
{
    char *text = gg_base64(arena, bytes, n);

    text[strcspn(text, "=")] = '\0';
    return text;
}

static bool decode(struct gg_arena *arena, const char *text, size_t n, struct gg_str *bytes)
{
    char *url = gg_strndup(arena, text, n);

    for (char *p = url; *p; p++) {
        if (*p == '-' || *p == '_')
            return false;
        *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
    }
    return gg_base64url_decode(arena, (struct gg_str){url, n}, bytes);
}

static bool parse(struct gg_arena *arena, const char *text, struct phc *phc)
{
    const char *salt, *hash;
    int head = 0;

    if (sscanf(text, "$argon2id$v=19$m=%u,t=%u,p=%u$%n", &phc->memory, &phc->passes, &phc->lanes, &head) != 3 ||
        head == 0)
        return false;
    salt = text + head;
    hash = strchr(salt, '$');
    return hash && phc->memory <= MOST_KIB && phc->passes >= 1 && phc->lanes >= 1 && phc->memory >= 8 * phc->lanes &&
           decode(arena, salt, (size_t)(hash - salt), &phc->salt) && phc->salt.n >= 8 && phc->salt.n <= MOST_SALT &&
           decode(arena, hash + 1, strlen(hash + 1), &phc->hash) && phc->hash.n >= 16 && phc->hash.n <= MOST_HASH;
}

char *gg_password_hash(struct gg_arena *arena, struct gg_str password)
{
    uint8_t salt[SALT], hash[HASH];

    gg_random(salt, sizeof(salt));
    work(&(struct phc){MEMORY_KIB, PASSES, LANES, {(const char *)salt, SALT}, {NULL, 0}}, password, hash, HASH);
    return gg_sprintf(arena, "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", MEMORY_KIB, PASSES, LANES,
                      encode(arena, salt, SALT), encode(arena, hash, HASH));
}

bool gg_password_verify(const char *text, struct gg_str password)
{
    struct gg_arena *arena = gg_arena_create();
    uint8_t given[MOST_HASH];
    struct phc phc;
    bool right = false;

    if (parse(arena, text ? text : nobody, &phc)) {
        work(&phc, password, given, phc.hash.n);
        right = gg_secret_equal(given, phc.hash.p, phc.hash.n) && text;
    } else {
        gg_error("argon2", "a stored hash is no PHC string of argon2id");
    }
    gg_arena_destroy(arena);
    return right;
}

bool gg_password_outdated(const char *phc)
{
    unsigned memory, passes, lanes;

    return sscanf(phc, "$argon2id$v=19$m=%u,t=%u,p=%u$", &memory, &passes, &lanes) != 3 || memory < MEMORY_KIB ||
           passes < PASSES;
}
