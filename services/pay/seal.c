/* services/pay/seal.c
 * Makes the daily seal. */
#include "seal.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "move.h"

#define SEAL_ACCOUNTS 500
#define SEAL_ENTRIES  5000

struct sealing {
    struct gg_arena *arena;
    struct pay_seal_row seal;
    struct pay_merkle tree;
};

static enum gg_status seal_account(struct gg_db *db, struct sealing *s, const struct pay_seal_account *account)
{
    struct pay_seal_part part = {.account = account->id,
                                 .from = account->sealed + 1,
                                 .to = account->version,
                                 .seal = s->seal.number,
                                 .leaf = s->seal.accounts};
    struct pay_merkle tree = {0};
    int64_t at = account->sealed;

    while (at < account->version) {
        struct gg_arena *page = gg_arena_create();
        pay_hash *hashes;
        size_t n;
        enum gg_status status =
            pay_entry_hashes(db, page, account->id, at, account->version, SEAL_ENTRIES, &hashes, &n);

        for (size_t i = 0; status == GG_OK && i < n; i++)
            pay_merkle_add(&tree, hashes[i]);
        gg_arena_destroy(page);
        GG_TRY(status);
        if (n == 0)
            return GG_ERROR; /* entries are missing: the auditor says so */
        at += (int64_t)n;
    }
    pay_merkle_end(&tree, part.root);
    pay_merkle_add(&s->tree, part.root);
    s->seal.accounts++;
    s->seal.entries += account->version - account->sealed;
    return pay_seal_part_insert(db, &part);
}

static enum gg_status make(struct gg_db *db, void *arg)
{
    struct sealing *s = arg;
    struct pay_seal_account *accounts;
    struct gg_id after = GG_ID_ZERO;
    size_t n = SEAL_ACCOUNTS;

    s->tree = (struct pay_merkle){0};
    s->seal.accounts = s->seal.entries = 0;
    pay_merkle_end(&s->tree, s->seal.root);
    GG_TRY(pay_seal_insert(db, &s->seal));
    while (n == SEAL_ACCOUNTS) {
        GG_TRY(pay_seal_accounts(db, s->arena, after, SEAL_ACCOUNTS, &accounts, &n));
        for (size_t i = 0; i < n; i++) {
            after = accounts[i].id;
            if (accounts[i].version > accounts[i].sealed)
                GG_TRY(seal_account(db, s, &accounts[i]));
        }
    }
    pay_merkle_end(&s->tree, s->seal.root);
    return pay_seal_finish(db, &s->seal);
}

enum gg_status pay_seal_when_due(struct gg_db *db, struct gg_arena *arena)
{
    struct sealing sealing = {.arena = arena};
    struct pay_seal_row *last;
    enum gg_status status;
    int64_t now = gg_now();
    size_t n;

    GG_TRY(pay_seals(db, arena, GG_NONE, 1, &last, &n));
    if (n > 0 && last->day >= pay_day(now))
        return GG_OK;
    sealing.seal = (struct pay_seal_row){.number = n == 0 ? 1 : last->number + 1, .day = pay_day(now), .made_at = now};
    status = gg_db_tx(db, make, &sealing);
    if (status == GG_DUPLICATE)
        return GG_OK; /* another instance did */
    GG_TRY(status);
    gg_info("sealed", "seal %" PRId64 ": %" PRId64 " entries of %" PRId64 " accounts", sealing.seal.number,
            sealing.seal.entries, sealing.seal.accounts);
    return GG_OK;
}
