/* tests/bench/c/pay_transfers.c
 * Transfers through pay's own book against the same statements issued raw: no rules, no chain. Prints JSON.
 *   pay_transfers setup
 *   pay_transfers ours|raw spread|hot|phases CONNECTIONS SECONDS TRANSFERS_PER_TRANSACTION
 *   pay_transfers ours offered PER_SECOND SECONDS 1: as pay's consumer places holds of one hot deal, the auditor on
 * Database: GONGGU_BENCH_DB_PORT, a schema bench_pay of user bench. */
#include "book.h"
#include "rooms.h"
#include "steps.h"
#include "libcommon/bus_internal.h"
#include "libcommon/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WALLETS  2000
#define RICH     INT64_C(1000000000)
#define MOST     64
#define KEPT     400000 /* latencies of one connection */
#define SLOTS    64
#define DUE_WAIT 500 /* us between two looks when nothing is due */
#define TAKEN    100 /* events that pay's consumer takes into one transaction */
#define AUDIT_PAUSE 1000000 /* us between two rounds, as in the service */

struct tally {
    int64_t n, broken;
    int32_t us[KEPT];
};
struct run {
    bool raw, hot, phases;
    int combine;
    struct gg_db *db;
    struct gg_arena *arena;
    struct gg_id from[MOST], to[MOST];
    struct inbox_message *messages;
    int64_t sequence; /* of the hot deal */
};
static const struct gg_consumes consumes[] = {{&DEAL_SHARE_RESERVED_EVENT, .handle_all = pay_shares_reserve}};
static struct gg_id wallets[WALLETS], hot;

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct gg_db *connect_db(void)
{
    const char *port = getenv("GONGGU_BENCH_DB_PORT");

    if (!port) {
        fprintf(stderr, "GONGGU_BENCH_DB_PORT is not set\n");
        exit(2);
    }
    return gg_db_create(&(struct gg_db_config){.host = "127.0.0.1",
                                               .port = strtol(port, NULL, 10),
                                               .user = "bench",
                                               .password = "bench",
                                               .name = "bench_pay"});
}

static struct pay_transfer transfer_of(struct gg_id from, struct gg_id to, int kind)
{
    return (struct pay_transfer){.id = gg_id_new(), .kind = kind, .debit = from, .credit = to, .amount = 1};
}

/* --- ours --- */

static enum gg_status open_book(struct run *run, struct gg_db *db, struct pay_book *book, bool both)
{
    struct pay_account_key keys[2 * MOST];
    size_t n = 0;

    for (int i = 0; i < run->combine; i++) {
        keys[n++] = (struct pay_account_key){run->from[i], PAY_ACCOUNT_WALLET};
        if (both)
            keys[n++] = (struct pay_account_key){run->to[i], run->hot ? PAY_ACCOUNT_ESCROW : PAY_ACCOUNT_WALLET};
    }
    return pay_book_open(book, db, run->arena, keys, n, (size_t)run->combine);
}

static enum gg_status our_hold(struct gg_db *db, void *arg)
{
    struct run *run = arg;
    struct pay_book book;

    GG_TRY(open_book(run, db, &book, false));
    for (int i = 0; i < run->combine; i++)
        if (pay_hold_place(pay_book_account(&book, run->from[i]), 1) != PAY_OK)
            return GG_ERROR;
    return pay_book_save(&book);
}

static enum gg_status our_move(struct gg_db *db, void *arg)
{
    struct run *run = arg;
    struct pay_book book;

    GG_TRY(open_book(run, db, &book, true));
    for (int i = 0; i < run->combine; i++) {
        struct pay_transfer transfer = transfer_of(run->from[i], run->to[i], PAY_ENTRY_CAPTURE);

        GG_TRY(run->phases ? pay_book_capture(&book, 1, &transfer) : pay_book_move(&book, &transfer));
    }
    return pay_book_save(&book);
}

/* --- raw: the statements of store_ledger.c for one transfer --- */

#define LOOK "SELECT id, kind, posted, pending_debits, version, last_hash, stopped_for FROM account WHERE id IN "
#define KEEP "INSERT INTO account (id, kind, posted, pending_debits, version, last_hash, created_at) VALUES "
#define KEEP_TAIL                                                                                                      \
    " ON DUPLICATE KEY UPDATE posted = VALUES(posted), pending_debits = VALUES(pending_debits),"                       \
    " version = VALUES(version), last_hash = VALUES(last_hash)"
#define KEEP_ROW  "(?, ?, ?, ?, ?, ?, ?)"
#define ENTRY_ROW "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

static const uint8_t no_hash[GG_SHA256];

static void kept_row(const struct gg_rows *rows, size_t row, const struct gg_id *id, int64_t change, int64_t pending,
                     int64_t entries, int64_t now, struct gg_val out[7])
{
    out[0] = gg_v_id(id);
    out[1] = gg_v_text(gg_row_text(rows, row, 1));
    out[2] = gg_v_int(gg_row_int(rows, row, 2) + change);
    out[3] = gg_v_int(gg_row_int(rows, row, 3) + pending);
    out[4] = gg_v_int(gg_row_int(rows, row, 4) + entries);
    out[5] = gg_v_bytes(no_hash, GG_SHA256);
    out[6] = gg_v_time(now);
}

static enum gg_status raw_hold(struct gg_db *db, void *arg)
{
    struct run *run = arg;
    struct gg_rows rows;
    struct gg_val kept[7];

    GG_TRY(gg_db_query_one(db, run->arena, LOOK "(?) ORDER BY id FOR UPDATE", GG_ARGS(gg_v_id(&run->from[0])), &rows));
    kept_row(&rows, 0, &run->from[0], 0, 1, 0, gg_now(), kept);
    return gg_db_exec(db, KEEP KEEP_ROW KEEP_TAIL, kept, 7, NULL);
}

static enum gg_status raw_move(struct gg_db *db, void *arg)
{
    struct run *run = arg;
    struct gg_id transfer = gg_id_new(), ids[2];
    struct gg_val kept[14], entries[22];
    struct gg_rows rows;
    int64_t now = gg_now();

    GG_TRY(gg_db_query_one(db, run->arena, LOOK "(?,?) ORDER BY id FOR UPDATE",
                           GG_ARGS(gg_v_id(&run->from[0]), gg_v_id(&run->to[0])), &rows));
    GG_TRY(gg_db_exec(db,
                      "INSERT INTO transfer (id, kind, debit_account, credit_account, amount, deal_id, share_id,"
                      " made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&transfer), gg_v_text("capture"), gg_v_id(&run->from[0]), gg_v_id(&run->to[0]),
                              gg_v_int(1), gg_v_null(), gg_v_null(), gg_v_time(now)),
                      NULL));
    for (size_t i = 0; i < 2; i++) {
        struct gg_val *e = &entries[11 * i];
        bool debit;

        ids[i] = gg_row_id(&rows, i, 0);
        debit = gg_id_equal(ids[i], run->from[0]);
        kept_row(&rows, i, &ids[i], debit ? -1 : 1, debit && run->phases ? -1 : 0, 1, now, &kept[7 * i]);
        e[0] = gg_v_id(&ids[i]);
        e[1] = kept[7 * i + 4];
        e[2] = gg_v_id(&transfer);
        e[3] = gg_v_text("capture");
        e[4] = gg_v_int(debit ? -1 : 1);
        e[5] = kept[7 * i + 2];
        e[6] = e[7] = gg_v_null();
        e[8] = gg_v_time(now);
        e[9] = e[10] = gg_v_bytes(no_hash, GG_SHA256);
    }
    GG_TRY(gg_db_exec(db,
                      "INSERT INTO entry (account_id, version, transfer_id, kind, amount, balance, deal_id, share_id,"
                      " made_at, previous_hash, hash) VALUES " ENTRY_ROW "," ENTRY_ROW,
                      entries, 22, NULL));
    return gg_db_exec(db, KEEP KEEP_ROW "," KEEP_ROW KEEP_TAIL, kept, 14, NULL);
}

/* --- runs --- */

static enum gg_status once(struct run *run)
{
    for (int i = 0; i < run->combine; i++) {
        size_t a = (size_t)random() % WALLETS, b = (a + 1 + (size_t)random() % (WALLETS - 1)) % WALLETS;

        run->from[i] = wallets[a];
        run->to[i] = run->hot ? hot : wallets[b];
    }
    gg_arena_reset(run->arena);
    if (run->phases)
        GG_TRY(gg_db_tx(run->db, run->raw ? raw_hold : our_hold, run));
    return gg_db_tx(run->db, run->raw ? raw_move : our_move, run);
}

static void note(struct tally *tally, int64_t us, int times)
{
    for (int i = 0; i < times; i++, tally->n++)
        if (tally->n < KEPT)
            tally->us[tally->n] = (int32_t)us;
}

static void be_a_connection(struct run *run, struct tally *tally, int64_t end)
{
    while (now_us() < end) {
        int64_t start = now_us();

        if (once(run) == GG_OK)
            note(tally, now_us() - start, run->combine);
        else
            tally->broken++;
    }
}

/* What deal says of n seats, as it comes from the broker. */
static void arrive(struct run *run, int n)
{
    run->messages = GG_NEW_ARRAY(run->arena, struct inbox_message, (size_t)n);
    for (int i = 0; i < n; i++) {
        const struct deal_share_event reserved = {.share = gg_id_new(),
                                                  .deal = hot,
                                                  .user = wallets[(size_t)random() % WALLETS],
                                                  .host = hot,
                                                  .title = "bench",
                                                  .quantity = 1,
                                                  .amount_won = 1,
                                                  .refund_won = GG_NONE,
                                                  .resize = GG_NONE,
                                                  .terms = 1,
                                                  .hold_until = gg_now() + GG_DAY,
                                                  .reserved_until = gg_now() + GG_MINUTE,
                                                  .reason = -1,
                                                  .taken = 1,
                                                  .portions = 2,
                                                  .capacity = 1};
        const struct envelope envelope = {
            .id = gg_id_new(), .aggregate = hot, .sequence = run->sequence + i + 1, .time = gg_now()};
        struct gg_buf text;

        gg_buf_init(&text, GG_JSON_TEXT_MAX);
        envelope_encode(&text, &envelope, &DEAL_SHARE_RESERVED_EVENT, &reserved);
        run->messages[i] = (struct inbox_message){
            .topic = DEAL_SHARE_RESERVED_EVENT.topic,
            .text = {gg_strndup(run->arena, text.p, text.n), text.n},
        };
        gg_buf_free(&text);
    }
}

static enum gg_status reserve(struct gg_db *db, void *arg)
{
    static const struct gg_bus_config config = {.service = "pay", .consumes = consumes, .n_consumes = GG_LEN(consumes)};
    struct run *run = arg;
    struct inbox in = {.config = &config, .db = db, .arena = run->arena};

    for (int i = 0; i < run->combine; i++)
        if (!envelope_decode(run->arena, run->messages[i].text, &run->messages[i].envelope, &run->messages[i].reason))
            return GG_ERROR;
    return inbox_take(&in, run->messages, (size_t)run->combine);
}

/* One consumer: whatever is due is taken together, as pay's does; the wait counts from when it was due. */
static void offered(struct run *run, struct tally *tally, int64_t per_second, int64_t start, int64_t end)
{

    for (int64_t done = 0, all = (end - start) * per_second / 1000000; done < all;) {
        int64_t due = (now_us() - start) * per_second / 1000000 - done;

        if (due > all - done)
            due = all - done;
        if (due <= 0) {
            usleep(DUE_WAIT);
            continue;
        }
        run->combine = due > TAKEN ? TAKEN : (int)due;
        gg_arena_reset(run->arena);
        arrive(run, run->combine);
        if (gg_db_tx(run->db, reserve, run) != GG_OK)
            tally->broken++;
        run->sequence += run->combine;
        for (int i = 0; i < run->combine; i++)
            note(tally, now_us() - (start + (done + i) * 1000000 / per_second), 1);
        done += run->combine;
    }
}

static void audit(struct run *run, struct tally *tally, int64_t end)
{
    while (now_us() < end) {
        gg_arena_reset(run->arena);
        if (pay_audit_round(run->db, run->arena) != GG_OK)
            tally->broken++;
        usleep(AUDIT_PAUSE);
    }
}

static int compare(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

static int report(struct tally *tallies, long connections, double seconds)
{
    int32_t *all = malloc(sizeof(int32_t) * KEPT * (size_t)connections);
    int64_t n = 0, total = 0, broken = 0;

    if (!all)
        abort();
    for (long c = 0; c < connections; c++) {
        total += tallies[c].n;
        broken += tallies[c].broken;
        for (int64_t i = 0; i < tallies[c].n && i < KEPT; i++)
            all[n++] = tallies[c].us[i];
    }
    if (n == 0)
        return 1;
    qsort(all, (size_t)n, sizeof(*all), compare);
    printf("{\"operations\": %lld, \"seconds\": %.6f, \"p50\": %.3f, \"p99\": %.3f, \"broken\": %lld}\n",
           (long long)total, seconds, all[n / 2] / 1000.0, all[n * 99 / 100] / 1000.0, (long long)broken);
    free(all);
    return broken > 0;
}

static enum gg_status fill(struct gg_db *db, void *arg)
{
    struct pay_account_key keys[WALLETS + 1];
    struct pay_book book;

    for (size_t i = 0; i < WALLETS; i++)
        keys[i] = (struct pay_account_key){wallets[i], PAY_ACCOUNT_WALLET};
    keys[WALLETS] = (struct pay_account_key){pay_provider_account(), PAY_ACCOUNT_PROVIDER};
    GG_TRY(pay_account_make(db, hot, PAY_ACCOUNT_ESCROW, gg_now()));
    GG_TRY(pay_book_open(&book, db, arg, keys, WALLETS + 1, WALLETS));
    for (size_t i = 0; i < WALLETS; i++) {
        struct pay_transfer transfer = transfer_of(pay_provider_account(), wallets[i], PAY_ENTRY_CHARGE);

        transfer.amount = RICH;
        GG_TRY(pay_book_move(&book, &transfer));
    }
    return pay_book_save(&book);
}

static int setup(void)
{
    static const char *const folders[] = {"libcommon/schema", "services/pay/schema"};
    struct gg_db *db = connect_db();

    return gg_db_migrate(db, folders, 2) && gg_db_tx(db, fill, gg_arena_create()) == GG_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct run run = {0};
    struct tally *tallies;
    bool paced;
    long width, connections;
    int64_t start, end;
    int failed = 0;

    hot = gg_id_derive(GG_ID_ZERO, "bench.hot");
    for (int i = 0; i < WALLETS; i++) {
        char name[40];

        snprintf(name, sizeof(name), "bench.wallet.%d", i);
        wallets[i] = gg_id_derive(GG_ID_ZERO, name);
    }
    if (argc == 2 && strcmp(argv[1], "setup") == 0)
        return setup();
    if (argc != 6)
        return 2;
    run.raw = strcmp(argv[1], "raw") == 0;
    paced = strcmp(argv[2], "offered") == 0;
    run.phases = strcmp(argv[2], "phases") == 0;
    run.hot = strcmp(argv[2], "spread") != 0;
    width = strtol(argv[3], NULL, 10);
    run.combine = (int)strtol(argv[5], NULL, 10);
    connections = paced ? 2 : width;
    if (connections < 1 || connections > SLOTS || run.combine < 1 || run.combine > (run.raw ? 1 : MOST))
        return 2;
    tallies =
        mmap(NULL, sizeof(*tallies) * (size_t)connections, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tallies == MAP_FAILED)
        return 1;
    start = now_us() + 200000; /* everybody is connected by then */
    end = start + strtol(argv[4], NULL, 10) * 1000000;
    for (long c = 0; c < connections; c++) {
        pid_t pid = fork();

        if (pid < 0)
            return 1;
        if (pid > 0)
            continue;
        srandom((unsigned)getpid());
        run.db = connect_db();
        run.arena = gg_arena_create();
        if (!gg_db_ping(run.db))
            _exit(1);
        while (now_us() < start)
            usleep(1000);
        if (paced && c == 1)
            audit(&run, &tallies[c], end);
        else if (paced)
            offered(&run, &tallies[c], width, start, end);
        else
            be_a_connection(&run, &tallies[c], end);
        _exit(0);
    }
    for (int status; wait(&status) > 0;)
        failed |= status;
    return report(tallies, connections, (double)(now_us() - start) / 1e6) | (failed != 0);
}
