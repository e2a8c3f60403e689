/* libcommon/jwks.c
 * Where the keys of jwt.c come from: the auth service's JWKS, with a copy on disk for when it is away. */
#include "libcommon/clock.h"
#include "libcommon/http_client.h"
#include "libcommon/jwt.h"
#include "libcommon/jwt_internal.h"
#include "libcommon/log.h"

#include <stdio.h>
#include <string.h>

#define REFRESH       (10 * GG_MINUTE)
#define UNKNOWN_KEY   GG_MINUTE /* a stranger's kid must not make us ask more often */
#define FIRST_BACKOFF GG_SECOND
#define MOST_BACKOFF  (30 * GG_SECOND)

static struct gg_verifier_config config;
static int64_t next_fetch, last_fetch, backoff = FIRST_BACKOFF; /* gg_mono() */
static bool fetching;

struct fetch {
    struct gg_job job;
    enum gg_status status;
    struct gg_http_response response;
};

static void fetch_run(struct gg_job *job, struct gg_worker *worker GG_UNUSED)
{
    struct fetch *fetch = (struct fetch *)job;

    fetch->status = gg_http_exchange(
        job->arena, &(struct gg_http_request){.method = "GET", .url = config.jwks_url, .timeout_ms = 3000},
        &fetch->response);
}

/* Written beside and renamed, so that a crash leaves the old copy or the new one. */
static void save(struct gg_str document)
{
    char path[4200];
    FILE *file;
    bool ok;

    if (!config.cache_file || !config.cache_file[0])
        return;
    snprintf(path, sizeof(path), "%s.new", config.cache_file);
    file = fopen(path, "w");
    ok = file && fwrite(document.p, 1, document.n, file) == document.n;
    ok = file && fclose(file) == 0 && ok;
    if (!ok || rename(path, config.cache_file) != 0)
        gg_warn("jwks_cache", "cannot write %s", config.cache_file);
}

static void fetch_done(struct gg_job *job)
{
    struct fetch *fetch = (struct fetch *)job;
    bool ok = !job->expired && fetch->status == GG_OK && fetch->response.status == 200 &&
              gg_verifier_load(fetch->response.body.p, fetch->response.body.n);

    fetching = false;
    if (ok) {
        backoff = FIRST_BACKOFF;
        next_fetch = gg_mono() + (config.refresh_ms > 0 ? config.refresh_ms : REFRESH);
        save(fetch->response.body);
    } else {
        if (backoff == FIRST_BACKOFF)
            gg_warn("jwks_unreachable", "no signing keys from %s; %s", config.jwks_url,
                    gg_verifier_ready() ? "going on with the last ones" : "nobody can log in yet");
        next_fetch = gg_mono() + backoff;
        backoff = backoff * 2 < MOST_BACKOFF ? backoff * 2 : MOST_BACKOFF;
    }
    gg_arena_destroy(job->arena);
}

static void tick(void *arg GG_UNUSED)
{
    struct gg_arena *arena;
    struct fetch *fetch;

    if (gg_verifier_missed_key() && gg_mono() - last_fetch >= UNKNOWN_KEY)
        next_fetch = gg_mono();
    if (fetching || gg_mono() < next_fetch)
        return;
    arena = gg_arena_create();
    fetch = GG_NEW(arena, struct fetch);
    fetch->job = (struct gg_job){.pool = GG_POOL_OUT, .run = fetch_run, .done = fetch_done, .arena = arena};
    fetching = gg_work_submit(&fetch->job);
    last_fetch = gg_mono();
    if (!fetching)
        gg_arena_destroy(arena);
}

static void load_copy(void)
{
    char text[16384];
    FILE *file = config.cache_file && config.cache_file[0] ? fopen(config.cache_file, "r") : NULL;
    size_t n;

    if (!file)
        return;
    n = fread(text, 1, sizeof(text), file);
    fclose(file);
    if (!gg_verifier_load(text, n))
        gg_warn("jwks_cache", "%s holds no usable keys", config.cache_file);
}

void gg_verifier_start(const struct gg_verifier_config *given)
{
    config = *given;
    gg_verifier_expect(config.issuer, config.audience);
    load_copy();
    gg_loop_every(GG_SECOND / 4, tick, NULL);
}
