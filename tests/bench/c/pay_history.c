/* tests/bench/c/pay_history.c
 * Gives a wallet a long past through pay's own book, so that every entry, hash and sum is right: charges and
 * remittances both ways with 50 neighbours, spread over three years.
 *   pay_history OWNER ENTRIES
 * Database: GONGGU_BENCH_DB_PORT, schema gonggu_pay, user bench. */
#include "book.h"
#include "libcommon/clock.h"

#include <stdio.h>
#include <stdlib.h>

#define OTHERS     50
#define TOGETHER   1000 /* transfers of one transaction */
#define YEARS      (INT64_C(3) * 365 * GG_DAY)
#define CHARGE_WON 10

struct past {
    struct gg_arena *arena;
    struct gg_id owner, others[OTHERS];
    int64_t done, all, began;
};

static struct pay_transfer transfer(int kind, struct gg_id debit, struct gg_id credit, int64_t amount)
{
    return (struct pay_transfer){.id = gg_id_new(), .kind = kind, .debit = debit, .credit = credit, .amount = amount};
}

static struct pay_transfer step(const struct past *past, int64_t i)
{
    struct gg_id other = past->others[i / 3 % OTHERS];

    if (i % 3 == 0)
        return transfer(PAY_ENTRY_CHARGE, pay_provider_account(), past->owner, CHARGE_WON);
    if (i % 3 == 1)
        return transfer(PAY_ENTRY_REMIT, past->owner, other, 2);
    return transfer(PAY_ENTRY_REMIT, other, past->owner, 1);
}

static enum gg_status live(struct gg_db *db, void *arg)
{
    struct past *past = arg;
    struct pay_account_key keys[OTHERS + 2];
    struct pay_book book;
    size_t n = 0;

    keys[n++] = (struct pay_account_key){past->owner, PAY_ACCOUNT_WALLET};
    keys[n++] = (struct pay_account_key){pay_provider_account(), PAY_ACCOUNT_PROVIDER};
    for (int i = 0; i < OTHERS; i++)
        keys[n++] = (struct pay_account_key){past->others[i], PAY_ACCOUNT_WALLET};
    GG_TRY(pay_book_open(&book, db, past->arena, keys, n, TOGETHER));
    for (int64_t i = past->done; i < past->done + TOGETHER && i < past->all; i++) {
        const struct pay_transfer t = step(past, i);

        book.now = past->began + YEARS / past->all * i;
        GG_TRY(pay_book_move(&book, &t));
    }
    return pay_book_save(&book);
}

int main(int argc, char **argv)
{
    const char *port = getenv("GONGGU_BENCH_DB_PORT");
    struct past past = {.arena = gg_arena_create(), .began = gg_now() - YEARS};
    struct gg_db *db;

    if (!port || argc != 3 || !gg_id_parse((struct gg_str){argv[1], GG_ID_TEXT - 1}, &past.owner))
        return 2;
    past.all = strtoll(argv[2], NULL, 10);
    for (int i = 0; i < OTHERS; i++)
        past.others[i] = gg_id_new();
    db = gg_db_create(&(struct gg_db_config){.host = "127.0.0.1",
                                             .port = strtol(port, NULL, 10),
                                             .user = "bench",
                                             .password = "bench",
                                             .name = "gonggu_pay"});
    for (; past.done < past.all; past.done += TOGETHER) {
        gg_arena_reset(past.arena);
        if (gg_db_tx(db, live, &past) != GG_OK)
            return 1;
    }
    printf("%lld\n", (long long)past.all);
    return 0;
}
