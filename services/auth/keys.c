/* services/auth/keys.c
 * Signing keys and their change. */
#include "keys.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/step_up.h"

#include <stdio.h>
#include <string.h>

#define LOOK_EVERY (2 * GG_SECOND)
#define NONCE      12
/* What an old key has signed is gone this long after the new one took over. */
#define LAST_TOKENS (AUTH_ACCESS_MS + GG_STEP_UP_LIFE + 2 * GG_MINUTE)

static void seal_key(const char *kid, uint8_t key[16])
{
    gg_hkdf_sha256(GG_STR("gonggu signing key"), auth_secret(), (struct gg_str){kid, strlen(kid)}, key, 16);
}

static enum gg_status insert(struct gg_db *db, struct gg_arena *arena, const struct gg_ec_key *key, int64_t active_from)
{
    const char *kid = gg_key_thumbprint(arena, key), *pem = gg_ec_key_pem(arena, key);
    size_t n = strlen(pem);
    uint8_t sealing[16], *sealed = gg_alloc(arena, NONCE + n + 16);

    seal_key(kid, sealing);
    gg_random(sealed, NONCE);
    gg_aes128gcm_seal(sealing, sealed, (struct gg_str){pem, n}, sealed + NONCE);
    return gg_db_exec(
        db, "INSERT INTO signing_key (kid, sealed, made_at, active_from) VALUES (?, ?, ?, ?)",
        GG_ARGS(gg_v_text(kid), gg_v_bytes(sealed, NONCE + n + 16), gg_v_time(gg_now()), gg_v_time(active_from)), NULL);
}

static enum gg_status read_all(struct gg_db *db, struct gg_arena *arena, struct gg_rows *rows)
{
    return gg_db_query(db, arena,
                       "SELECT kid, sealed, active_from FROM signing_key WHERE retire_at IS NULL OR retire_at > ?"
                       " ORDER BY active_from DESC LIMIT ?",
                       GG_ARGS(gg_v_time(gg_now()), gg_v_int(GG_SIGNING_KEYS_MAX)), rows);
}

/* NULL, logged, when the row was sealed with another secret. */
static struct gg_ec_key *open_row(struct gg_arena *arena, const struct gg_rows *rows, size_t i)
{
    struct gg_str sealed = gg_row_bytes(rows, i, 1);
    uint8_t sealing[16], *pem = gg_alloc(arena, sealed.n + 1);

    seal_key(gg_row_text(rows, i, 0), sealing);
    if (sealed.n <= NONCE + 16 || !gg_aes128gcm_open(sealing, (const uint8_t *)sealed.p,
                                                     (struct gg_str){sealed.p + NONCE, sealed.n - NONCE}, pem)) {
        gg_error("signing_key", "a signing key was sealed with another REFRESH_SECRET");
        return NULL;
    }
    return gg_ec_key_parse((struct gg_str){(const char *)pem, sealed.n - NONCE - 16});
}

/* Hands the rows' keys to the signer. */
static bool take_over(struct gg_arena *arena, const struct gg_rows *rows)
{
    struct gg_signing_key keys[GG_SIGNING_KEYS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < rows->n; i++) {
        struct gg_ec_key *key = open_row(arena, rows, i);
        if (key)
            keys[n++] = (struct gg_signing_key){key, gg_row_time(rows, i, 2)};
    }
    if (n > 0)
        gg_signer_set_keys(auth_signer, keys, n);
    return n > 0;
}

/* --- at the start --- */

static enum gg_status first_key(struct gg_db *db, void *arg)
{
    struct gg_arena *arena = arg;
    struct gg_ec_key *key;
    struct gg_rows rows;
    enum gg_status status;

    GG_TRY(gg_db_query(db, arena, "SELECT kid FROM signing_key LIMIT 1 FOR UPDATE", GG_NO_ARGS, &rows));
    if (rows.n > 0)
        return GG_OK;
    key = gg_ec_key_load(auth_config.signing_key_file);
    if (!key)
        return GG_ERROR;
    status = insert(db, arena, key, gg_now() - GG_DAY);
    gg_ec_key_destroy(key);
    return status == GG_DUPLICATE ? GG_OK : status; /* another instance was first */
}

/* What was taken over last: kids and times as one text. Loop thread, and the start before it. */
static char known[GG_SIGNING_KEYS_MAX * 80];

static bool changed(const struct gg_rows *rows)
{
    char now[sizeof(known)] = "";
    size_t at = 0;

    for (size_t i = 0; i < rows->n; i++)
        at += (size_t)snprintf(now + at, sizeof(now) - at, "%s@%" PRId64 " ", gg_row_text(rows, i, 0),
                               gg_row_time(rows, i, 2));
    if (strcmp(now, known) == 0)
        return false;
    memcpy(known, now, sizeof(known));
    return true;
}

static bool publish(struct gg_arena *arena)
{
    const char *document = gg_signer_jwks(auth_signer, arena);

    return gg_verifier_load(document, strlen(document));
}

bool auth_keys_prepare(struct gg_db *db)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_rows rows;
    bool ok = gg_db_tx(db, first_key, arena) == GG_OK && read_all(db, arena, &rows) == GG_OK && changed(&rows) &&
              take_over(arena, &rows) && publish(arena);

    gg_arena_destroy(arena);
    return ok;
}

/* --- while running --- */

struct look {
    struct gg_job job;
    enum gg_status status;
    struct gg_rows rows;
};
static bool looking;

static void look_run(struct gg_job *job, struct gg_worker *worker)
{
    struct look *look = (struct look *)job;

    look->status = read_all(worker->db, job->arena, &look->rows);
}

static void look_done(struct gg_job *job)
{
    struct look *look = (struct look *)job;

    looking = false;
    if (!job->expired && look->status == GG_OK && look->rows.n > 0 && changed(&look->rows)) {
        if (take_over(job->arena, &look->rows) && publish(job->arena))
            gg_info("signing_keys", "%zu signing keys are published", look->rows.n);
    }
    gg_arena_destroy(job->arena);
}

static void tick(void *arg GG_UNUSED)
{
    struct gg_arena *arena;
    struct look *look;

    if (looking)
        return;
    arena = gg_arena_create();
    look = GG_NEW(arena, struct look);
    look->job = (struct gg_job){.pool = GG_POOL_DB, .run = look_run, .done = look_done, .arena = arena};
    looking = gg_work_submit(&look->job);
    if (!looking)
        gg_arena_destroy(arena);
}

void auth_keys_watch(void)
{
    gg_loop_every(LOOK_EVERY, tick, NULL);
}

/* --- the change --- */

enum gg_status auth_keys_forget(struct gg_db *db)
{
    return gg_db_exec(db, "DELETE FROM signing_key WHERE retire_at < ?", GG_ARGS(gg_v_time(gg_now())), NULL);
}

struct rotation {
    struct gg_arena *arena;
    int64_t from;
};

static enum gg_status rotate(struct gg_db *db, void *arg)
{
    struct rotation *rotation = arg;
    struct gg_ec_key *key = gg_ec_key_generate();
    struct gg_rows rows;
    enum gg_status status;

    /* All rows are locked, so that two rotations come one after the other. */
    status = gg_db_query(db, rotation->arena, "SELECT kid FROM signing_key ORDER BY kid FOR UPDATE", GG_NO_ARGS, &rows);
    if (status == GG_OK)
        status = auth_keys_forget(db);
    if (status == GG_OK)
        status = gg_db_exec(db, "UPDATE signing_key SET retire_at = ? WHERE retire_at IS NULL",
                            GG_ARGS(gg_v_time(rotation->from + LAST_TOKENS)), NULL);
    if (status == GG_OK)
        status = insert(db, rotation->arena, key, rotation->from);
    gg_ec_key_destroy(key);
    return status;
}

int auth_keys_rotate(struct gg_db *db, int argc, char **argv GG_UNUSED)
{
    struct rotation rotation = {gg_arena_create(), gg_now() + auth_config.key_lead_s * GG_SECOND};
    char from[GG_TIME_TEXT];
    enum gg_status status;

    if (argc != 0) {
        fprintf(stderr, "gonggu-auth: --rotate-key takes nothing\n");
        gg_arena_destroy(rotation.arena);
        return 2;
    }
    status = gg_db_tx(db, rotate, &rotation);
    gg_arena_destroy(rotation.arena);
    gg_time_format(rotation.from, from);
    if (status == GG_OK)
        printf("a new key is published; it signs from %s on\n", from);
    else
        fprintf(stderr, "gonggu-auth: the database did not take it; see the log\n");
    return status == GG_OK ? 0 : 1;
}
