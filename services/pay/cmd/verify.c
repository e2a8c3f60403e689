/* services/pay/cmd/verify.c
 * gonggu-verify: checks a proof of a ledger entry without asking anybody.
 *
 *   gonggu-verify PROOF.json [ROOT]
 *
 * PROOF.json is what GET /v1/pay/entries/:id/proof answered ("-": standard input); ROOT is the seal's root from a
 * source that is trusted (an own copy of GET /v1/pay/seals). Exit 0: the entry is under that root, exactly as it stands
 * in the file. 1: it is not, with the reason. 2: there is nothing to check. */
#include "ledger.h"
#include "merkle.h"
#include "proto/pay_proof.h"

#include <stdio.h>
#include <string.h>

static int refuse(const char *why)
{
    printf("REFUSED: %s\n", why);
    return 1;
}

static bool unhex(const char *text, pay_hash out)
{
    if (!text || strlen(text) != sizeof(pay_hash) * 2 || strspn(text, "0123456789abcdef") != sizeof(pay_hash) * 2)
        return false;
    for (size_t i = 0; i < sizeof(pay_hash); i++) {
        unsigned byte;

        if (sscanf(text + 2 * i, "%2x", &byte) != 1)
            return false;
        out[i] = (uint8_t)byte;
    }
    return true;
}

static bool unhex_path(const struct gg_list *list, pay_hash path[PAY_PROOF_MAX])
{
    const char *const *texts = list->items;

    for (size_t i = 0; i < list->n; i++)
        if (i >= PAY_PROOF_MAX || !unhex(texts[i], path[i]))
            return false;
    return true;
}

static struct gg_str read_all(struct gg_arena *arena, FILE *file)
{
    char *text = gg_alloc(arena, GG_JSON_TEXT_MAX + 1);

    return (struct gg_str){text, fread(text, 1, GG_JSON_TEXT_MAX + 1, file)};
}

/* The hash the entry must have by what it says. */
static bool hash_of(const struct pay_proof *proof, pay_hash out)
{
    struct pay_posting entry = {
        .account = proof->account,
        .transfer = proof->transfer,
        .kind = proof->kind,
        .version = proof->version,
        .amount = proof->amount_won,
        .balance = proof->balance_won,
        .deal = proof->deal,
        .share = proof->share,
        .at = proof->at,
    };

    if (!unhex(proof->previous_hash, entry.previous))
        return false;
    pay_posting_hash(&entry, out);
    return true;
}

static int check(const struct pay_proof *proof, const char *trusted)
{
    pay_hash hash = {0}, said = {0}, account_root = {0}, root = {0}, path[PAY_PROOF_MAX];
    char id[GG_ID_TEXT];

    if (!hash_of(proof, hash) || !unhex(proof->hash, said) || !unhex(proof->account_root, account_root) ||
        !unhex(proof->root, root))
        return refuse("a hash is not 64 hexadecimal digits");
    if (memcmp(hash, said, sizeof(hash)) != 0)
        return refuse("the entry is not the one its hash was made of");
    if (trusted && strcmp(trusted, proof->root) != 0)
        return refuse("the proof is for another root than the trusted one");
    if (!unhex_path(&proof->entry_path, path) ||
        !pay_merkle_verify(hash, (size_t)proof->entry_index, (size_t)proof->entry_count, path, proof->entry_path.n,
                           account_root))
        return refuse("the entry is not under the root of its account");
    if (!unhex_path(&proof->account_path, path) ||
        !pay_merkle_verify(account_root, (size_t)proof->account_index, (size_t)proof->account_count, path,
                           proof->account_path.n, root))
        return refuse("the account is not under the root of the seal");
    gg_id_format(proof->transfer, id);
    printf("OK: entry %" PRId64 " (transfer %s, %" PRId64 " won, balance %" PRId64 ") is under seal %" PRId64
           "\nroot %s%s\n",
           proof->version, id, proof->amount_won, proof->balance_won, proof->seal, proof->root,
           trusted ? " (the trusted one)" : " (compare it with a copy you trust)");
    return 0;
}

int main(int argc, char **argv)
{
    struct gg_arena *arena = gg_arena_create();
    struct gg_field_errors errors = {.arena = arena};
    struct pay_proof proof;
    FILE *file = NULL;
    int code = 2;

    if (argc == 2 || argc == 3)
        file = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "rb");
    if (!file)
        fprintf(stderr, "gonggu-verify PROOF.json [ROOT]: the proof cannot be read\n");
    else if (gg_json_decode(arena, &pay_proof_msg, read_all(arena, file), &proof, &errors) != GG_DECODED)
        code = refuse(errors.n > 0 ? errors.v[0].detail : "this is no proof");
    else
        code = check(&proof, argc == 3 ? argv[2] : NULL);
    if (file && file != stdin)
        fclose(file);
    gg_arena_destroy(arena);
    return code;
}
