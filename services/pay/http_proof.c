/* services/pay/http_proof.c
 * Routes by which anybody can check the ledger: seals, proofs of own entries, held won that nobody owns. */
#include "libcommon/log.h"
#include "move.h"
#include "proto/pay_proof.h"
#include "rooms.h"
#include "seal.h"
#include "store_audit.h"

#define ORPHANS_MOST 100

static struct gg_list hex_list(struct gg_arena *arena, pay_hash *hashes, size_t n)
{
    const char **texts = GG_NEW_ARRAY(arena, const char *, n);

    for (size_t i = 0; i < n; i++)
        texts[i] = gg_hex(arena, hashes[i], GG_SHA256);
    return (struct gg_list){texts, n};
}

/* Both paths of the entry whose part of a seal is known. */
static enum gg_status prove(struct gg_call *call, const struct pay_posting *entry, const struct pay_seal_part *part)
{
    struct pay_proof *out = call->out;
    struct pay_seal_row seal;
    pay_hash path[PAY_PROOF_MAX], *hashes, *roots;
    size_t n, n_roots;

    GG_TRY(pay_seal_read(call->db, call->arena, part->seal, &seal));
    GG_TRY(pay_entry_hashes(call->db, call->arena, entry->account, part->from - 1, part->to, part->to - part->from + 1,
                            &hashes, &n));
    GG_TRY(pay_seal_roots(call->db, call->arena, part->seal, &roots, &n_roots));
    *out = (struct pay_proof){
        .account = entry->account,
        .transfer = entry->transfer,
        .kind = entry->kind,
        .version = entry->version,
        .amount_won = entry->amount,
        .balance_won = entry->balance,
        .deal = entry->deal,
        .share = entry->share,
        .at = entry->at,
        .previous_hash = gg_hex(call->arena, entry->previous, GG_SHA256),
        .hash = gg_hex(call->arena, entry->hash, GG_SHA256),
        .entry_index = entry->version - part->from,
        .entry_count = part->to - part->from + 1,
        .account_root = gg_hex(call->arena, part->root, GG_SHA256),
        .account_index = part->leaf,
        .account_count = seal.accounts,
        .seal = seal.number,
        .root = gg_hex(call->arena, seal.root, GG_SHA256),
    };
    if ((int64_t)n != out->entry_count || (int64_t)n_roots != out->account_count) {
        gg_error("seal_broken", "seal %" PRId64 " has not the leaves it counts", seal.number);
        return GG_ERROR;
    }
    n = pay_merkle_path(hashes, n, (size_t)out->entry_index, path);
    out->entry_path = hex_list(call->arena, path, n);
    n = pay_merkle_path(roots, n_roots, (size_t)out->account_index, path);
    out->account_path = hex_list(call->arena, path, n);
    return GG_OK;
}

static enum gg_status get_proof(struct gg_call *call)
{
    struct pay_posting *entry;
    struct pay_seal_part part;
    struct gg_id transfer;
    enum gg_status status;

    if (!gg_param_id(call, 0, &transfer))
        return GG_OK;
    status = pay_posting_read(call->db, call->arena, transfer, call->user.id, &entry);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "You have no such entry.");
    GG_TRY(status);
    status = pay_seal_part_of(call->db, call->arena, call->user.id, entry->version, &part);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &PAY_NOT_SEALED, "The next seal is made after midnight in Seoul.");
    GG_TRY(status);
    return prove(call, entry, &part);
}

static enum gg_status get_seals(struct gg_call *call)
{
    const struct pay_page_query *query = call->query;
    struct pay_seal_list *out = call->out;
    size_t limit = (size_t)gg_page_limit(&query->page), n;
    int64_t below = GG_NONE;
    struct pay_seal_row *rows;
    struct pay_seal *items;
    struct gg_id none;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &below, 1, &none))
        return GG_OK;
    GG_TRY(pay_seals(call->db, call->arena, below, (int64_t)limit + 1, &rows, &n));
    if (n > limit) {
        n = limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].number, 1, GG_ID_ZERO);
    }
    items = GG_NEW_ARRAY(call->arena, struct pay_seal, n);
    for (size_t i = 0; i < n; i++) {
        char *day = gg_alloc(call->arena, PAY_DATE_TEXT);

        pay_date_format(rows[i].day, day);
        items[i] = (struct pay_seal){
            .number = rows[i].number,
            .day = day,
            .accounts = rows[i].accounts,
            .entries = rows[i].entries,
            .root = gg_hex(call->arena, rows[i].root, GG_SHA256),
            .made_at = rows[i].made_at,
        };
    }
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static enum gg_status get_orphans(struct gg_call *call)
{
    struct pay_orphan_list *out = call->out;
    struct pay_orphan_won *items;
    struct pay_orphan *rows;
    size_t n;

    GG_TRY(pay_orphans(call->db, call->arena, ORPHANS_MOST, &rows, &n));
    items = GG_NEW_ARRAY(call->arena, struct pay_orphan_won, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct pay_orphan_won){.what = rows[i].what,
                                           .id = rows[i].id,
                                           .account = rows[i].account,
                                           .won = rows[i].won,
                                           .reason = rows[i].reason};
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

static const struct gg_problem *const proof_problems[] = {&PAY_NOT_SEALED, NULL};

const struct gg_route pay_proof_routes[] = {
    {.method = GG_GET,
     .path = "/v1/pay/entries/:id/proof",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &pay_proof_msg,
     .status = 200,
     .rate = 60,
     .handle = get_proof,
     .summary = "That an own entry is under a seal; gonggu-verify checks it without us.",
     .problems = proof_problems},
    {.method = GG_GET,
     .path = "/v1/pay/seals",
     .auth = GG_PUBLIC,
     .pool = GG_POOL_DB,
     .query = &pay_page_query_msg,
     .out = &pay_seal_list_msg,
     .status = 200,
     .handle = get_seals,
     .summary = "The daily seals over the whole ledger, newest first; for everybody to keep."},
    {.method = GG_GET,
     .path = "/v1/pay/orphan-won",
     .auth = GG_ADMIN,
     .pool = GG_POOL_DB,
     .out = &pay_orphan_list_msg,
     .status = 200,
     .handle = get_orphans,
     .summary = "Held won without owner, reason, deadline or way out: none, at any time."},
};
const size_t pay_proof_routes_n = GG_LEN(pay_proof_routes);
