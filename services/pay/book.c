/* services/pay/book.c
 * A unit of work on accounts, between the pure rules and the SQL. */
#include "book.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"

#include <stdlib.h>

struct gg_id pay_provider_account(void)
{
    return gg_id_derive(GG_ID_ZERO, "pay.account.provider");
}

struct gg_id pay_fees_account(void)
{
    return gg_id_derive(GG_ID_ZERO, "pay.account.fees");
}

struct gg_id pay_promotions_account(void)
{
    return gg_id_derive(GG_ID_ZERO, "pay.account.promotions");
}

static int compare_keys(const void *a, const void *b)
{
    return gg_id_compare(((const struct pay_account_key *)a)->id, ((const struct pay_account_key *)b)->id);
}

/* Sorted, each id once; the number that is left. */
static size_t sort_keys(struct pay_account_key *keys, size_t n)
{
    size_t kept = 0;

    qsort(keys, n, sizeof(*keys), compare_keys);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || !gg_id_equal(keys[i].id, keys[kept - 1].id))
            keys[kept++] = keys[i];
    return kept;
}

static enum gg_status lock_all(struct pay_book *book, const struct pay_account_key *keys, size_t n, size_t *found)
{
    struct gg_id *ids = GG_NEW_ARRAY(book->arena, struct gg_id, n);

    for (size_t i = 0; i < n; i++)
        ids[i] = keys[i].id;
    return pay_accounts_lock(book->db, book->arena, ids, n, book->accounts, found);
}

/* Makes those that did not stand, and looks again: in id order like everybody. */
static enum gg_status lock_or_make(struct pay_book *book, const struct pay_account_key *keys, size_t n)
{
    size_t found, seen = 0;

    GG_TRY(lock_all(book, keys, n, &found));
    if (found == n)
        return GG_OK;
    for (size_t i = 0; i < n; i++) {
        if (seen < found && gg_id_equal(book->accounts[seen].id, keys[i].id))
            seen++;
        else
            GG_TRY(pay_account_make(book->db, keys[i].id, keys[i].kind, book->now));
    }
    GG_TRY(lock_all(book, keys, n, &found));
    return found == n ? GG_OK : GG_RETRY;
}

static enum gg_status check_kinds(const struct pay_book *book, const struct pay_account_key *keys)
{
    for (size_t i = 0; i < book->n_accounts; i++) {
        if (book->accounts[i].kind == keys[i].kind)
            continue;
        gg_error("wrong_account", "an account is a %s where a %s was expected",
                 pay_account_kind_names[book->accounts[i].kind], pay_account_kind_names[keys[i].kind]);
        return GG_ERROR;
    }
    return GG_OK;
}

enum gg_status pay_book_open(struct pay_book *book, struct gg_db *db, struct gg_arena *arena,
                             struct pay_account_key *keys, size_t n, size_t max_transfers)
{
    *book = (struct pay_book){
        .db = db,
        .arena = arena,
        .now = gg_now(),
        .accounts = GG_NEW_ARRAY(arena, struct pay_account, n),
        .before = GG_NEW_ARRAY(arena, struct pay_account, n),
        .transfers = GG_NEW_ARRAY(arena, struct pay_transfer, max_transfers),
        .sides = GG_NEW_ARRAY(arena, struct pay_posting, 2 * max_transfers),
        .max_transfers = max_transfers,
    };
    book->n_accounts = sort_keys(keys, n);
    GG_TRY(lock_or_make(book, keys, book->n_accounts));
    GG_TRY(check_kinds(book, keys));
    for (size_t i = 0; i < book->n_accounts; i++)
        book->before[i] = book->accounts[i];
    return GG_OK;
}

static int compare_account(const void *id, const void *account)
{
    return gg_id_compare(*(const struct gg_id *)id, ((const struct pay_account *)account)->id);
}

struct pay_account *pay_book_account(struct pay_book *book, struct gg_id id)
{
    struct pay_account *account =
        bsearch(&id, book->accounts, book->n_accounts, sizeof(*book->accounts), compare_account);

    if (!account)
        gg_fatal("account_not_locked", "an account is used that this unit of work has not locked");
    return account;
}

static enum gg_status refused(const struct pay_transfer *transfer, enum pay_result result)
{
    char id[GG_ID_TEXT];

    gg_id_format(transfer->id, id);
    gg_error("ledger_refused", "transfer %s (%s of %" PRId64 " won): %s", id, pay_entry_kind_names[transfer->kind],
             transfer->amount, pay_result_name(result));
    return GG_ERROR;
}

static struct pay_transfer *next_transfer(struct pay_book *book, const struct pay_transfer *transfer)
{
    struct pay_transfer *kept;

    if (book->n_transfers == book->max_transfers)
        gg_fatal("book_full", "more transfers than this unit of work was opened for");
    kept = &book->transfers[book->n_transfers];
    *kept = *transfer;
    kept->at = book->now;
    return kept;
}

enum gg_status pay_book_move(struct pay_book *book, const struct pay_transfer *transfer)
{
    struct pay_transfer *kept = next_transfer(book, transfer);
    enum pay_result result = pay_post(pay_book_account(book, kept->debit), pay_book_account(book, kept->credit), kept,
                                      &book->sides[2 * book->n_transfers]);

    if (result != PAY_OK)
        return refused(kept, result);
    book->n_transfers++;
    return GG_OK;
}

enum gg_status pay_book_capture(struct pay_book *book, int64_t held, const struct pay_transfer *transfer)
{
    struct pay_transfer *kept = next_transfer(book, transfer);
    enum pay_result result = pay_capture(pay_book_account(book, kept->debit), pay_book_account(book, kept->credit),
                                         held, kept, &book->sides[2 * book->n_transfers]);

    if (result != PAY_OK)
        return refused(kept, result);
    if (kept->amount > 0)
        book->n_transfers++;
    return GG_OK;
}

enum gg_status pay_book_save(struct pay_book *book)
{
    const struct pay_account **changed = GG_NEW_ARRAY(book->arena, const struct pay_account *, book->n_accounts);
    size_t n = 0;

    GG_TRY(pay_transfers_insert(book->db, book->arena, book->transfers, book->n_transfers));
    GG_TRY(pay_postings_insert(book->db, book->arena, book->sides, 2 * book->n_transfers));
    for (size_t i = 0; i < book->n_accounts; i++) {
        const struct pay_account *account = &book->accounts[i], *before = &book->before[i];

        if (account->version != before->version || account->pending != before->pending)
            changed[n++] = account;
    }
    return pay_accounts_save(book->db, book->arena, changed, n, book->now);
}
