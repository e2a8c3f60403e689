/* libcommon/service.c
 * A service from its table: settings, start order, the loop, the drain, and the documents it prints. */
#include "libcommon/service.h"

#include "libcommon/bus_run.h"
#include "libcommon/clock.h"
#include "libcommon/document.h"
#include "libcommon/http_internal.h"
#include "libcommon/jwt.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/metrics.h"
#include "libcommon/session_run.h"
#include "libcommon/work_run.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>
#include <event2/event.h>
#include <mariadb/mysql.h>

#define STOP_WITHIN (12 * GG_SECOND)

struct common_config {
    const char *listen, *db_host, *db_user, *db_password, *db_name, *redis, *redis_password, *kafka, *jwks_url,
        *jwks_cache, *jwt_issuer, *jwt_audience, *log_level, *clock_file, *public_url, *schema_dir;
    int64_t jwks_refresh_s, db_port, kafka_fetch_wait_ms, db_workers, out_workers, queue_max, rate_factor,
        header_deadline_ms, idle_ms, outbox_keep_days;
    bool trust_proxy;
};
static struct common_config config;
static const struct gg_service *service;

static const struct gg_setting common_settings[] = {
    GG_SET_TEXT(struct common_config, listen, "LISTEN", "127.0.0.1:8100", "address:port to serve on"),
    GG_SET_TEXT(struct common_config, db_host, "DB_HOST", "127.0.0.1", "MySQL host"),
    GG_SET_INT(struct common_config, db_port, "DB_PORT", "3306", 1, 65535, "MySQL port"),
    GG_SET_TEXT(struct common_config, db_user, "DB_USER", NULL, "MySQL account of this service"),
    GG_SET_SECRET(struct common_config, db_password, "DB_PASSWORD", NULL, "its password"),
    GG_SET_TEXT(struct common_config, db_name, "DB_NAME", NULL, "schema of this service"),
    GG_SET_INT(struct common_config, db_workers, "DB_WORKERS", "16", 1, 256, "threads with a MySQL connection each"),
    GG_SET_INT(struct common_config, out_workers, "OUT_WORKERS", "4", 1, 64, "threads for outbound HTTP"),
    GG_SET_INT(struct common_config, queue_max, "QUEUE_MAX", "1000", 1, 1000000, "jobs that may wait per pool"),
    GG_SET_TEXT(struct common_config, redis, "REDIS", "127.0.0.1:6379", "Redis host:port"),
    GG_SET_SECRET(struct common_config, redis_password, "REDIS_PASSWORD", "", "Redis password"),
    GG_SET_TEXT(struct common_config, kafka, "KAFKA", "127.0.0.1:9092", "Kafka brokers, host:port,..."),
    GG_SET_INT(struct common_config, kafka_fetch_wait_ms, "KAFKA_FETCH_WAIT_MS", "100", 1, 10000,
               "how long the broker may wait for more"),
    GG_SET_INT(struct common_config, outbox_keep_days, "OUTBOX_KEEP_DAYS", "7", 0, 3650,
               "published events can be replayed from the outbox for so long; 0: for ever"),
    GG_SET_TEXT(struct common_config, jwks_url, "JWKS_URL", "http://127.0.0.1:8080/v1/auth/jwks.json",
                "keys that access tokens are checked with"),
    GG_SET_INT(struct common_config, jwks_refresh_s, "JWKS_REFRESH_S", "60", 1, 86400,
               "how often the signing keys are fetched, seconds"),
    GG_SET_TEXT(struct common_config, jwks_cache, "JWKS_CACHE", "", "file for the last good keys"),
    GG_SET_TEXT(struct common_config, jwt_issuer, "JWT_ISSUER", "gonggu", "issuer of access tokens"),
    GG_SET_TEXT(struct common_config, jwt_audience, "JWT_AUDIENCE", "gonggu", "audience of access tokens"),
    GG_SET_TEXT(struct common_config, public_url, "PUBLIC_URL", "http://127.0.0.1:8080", "the market's address"),
    GG_SET_TEXT(struct common_config, schema_dir, "SCHEMA_DIR", ".",
                "folder with libcommon/schema and services/*/schema"),
    GG_SET_TEXT(struct common_config, log_level, "LOG_LEVEL", "info", "debug, info, warn or error"),
    GG_SET_TEXT(struct common_config, clock_file, "CLOCK_FILE", "", "tests: file with milliseconds to add to the time"),
    GG_SET_INT(struct common_config, rate_factor, "RATE_FACTOR", "100", 1, 1000000, "rate limits in percent"),
    GG_SET_BOOL(struct common_config, trust_proxy, "TRUST_PROXY", "on", "believe X-Real-IP and X-Request-Id"),
    GG_SET_INT(struct common_config, header_deadline_ms, "HEADER_DEADLINE_MS", "10000", 100, 600000,
               "for a whole request header"),
    GG_SET_INT(struct common_config, idle_ms, "IDLE_MS", "75000", 100, 3600000, "idle connections are closed after"),
};

const char *gg_public_url(void)
{
    return config.public_url;
}

void gg_public_url_set(const char *url)
{
    config.public_url = url;
}

/* --- /healthz, /readyz, /metrics, openapi.json: routes every service has --- */

static int64_t db_answered = -GG_DAY; /* gg_mono(); loop thread */

static enum gg_status health(struct gg_call *call)
{
    gg_reply_bytes(call, "text/plain", GG_STR("ok\n"));
    return GG_OK;
}

static enum gg_status ready(struct gg_call *call)
{
    bool db = gg_mono() - db_answered < 5 * GG_SECOND, keys = gg_verifier_ready(), bus = gg_bus_healthy();
    bool sessions = gg_session_ready(), ok = db && keys && sessions && bus && !gg_http_draining();
    char *text =
        gg_sprintf(call->arena, "database %s\nkeys %s\nsessions %s\nevents %s\nredis %s\n%s", db ? "ok" : "away",
                   keys ? "ok" : "none", sessions ? "ok" : "unread", bus ? "ok" : "joining",
                   gg_redis_subscribed() ? "ok" : "away", gg_http_draining() ? "draining\n" : "");

    gg_reply_status(call, ok ? 200 : 503);
    gg_reply_bytes(call, "text/plain", (struct gg_str){text, strlen(text)});
    return GG_OK;
}

static enum gg_status metrics(struct gg_call *call)
{
    struct gg_buf out;

    gg_gauge("http_connections", "", (int64_t)gg_http_connections());
    gg_gauge("ws_sockets", "", (int64_t)gg_ws_count());
    gg_gauge("work_pending", "", (int64_t)gg_work_pending());
    gg_buf_init(&out, 4 * 1024 * 1024);
    gg_metrics_print(&out);
    gg_reply_bytes(call, "text/plain; version=0.0.4", gg_buf_str(&out));
    gg_buf_free(&out);
    return GG_OK;
}

static enum gg_status openapi(struct gg_call *call)
{
    struct gg_buf out;

    gg_buf_init(&out, GG_DOCUMENT_MAX);
    gg_document_openapi(service, &out);
    gg_header(call, "Cache-Control", "public, max-age=300");
    gg_reply_bytes(call, "application/json", gg_buf_str(&out));
    gg_buf_free(&out);
    return GG_OK;
}

/* The service as it is served: its own routes and the common ones. */
static struct gg_service with_common_routes(void)
{
    static char openapi_path[64];
    const struct gg_route common[] = {
        {.method = GG_GET, .path = "/healthz", .status = 200, .rate = 100000, .handle = health},
        {.method = GG_GET, .path = "/readyz", .status = 200, .rate = 100000, .handle = ready},
        {.method = GG_GET, .path = "/metrics", .status = 200, .rate = 100000, .handle = metrics},
        {.method = GG_GET, .path = openapi_path, .status = 200, .handle = openapi},
    };
    struct gg_service served = *service;
    struct gg_route *routes = gg_xcalloc(service->n_routes + GG_LEN(common), sizeof(*routes));

    snprintf(openapi_path, sizeof(openapi_path), "/v1/%s/openapi.json", service->name);
    memcpy(routes, service->routes, service->n_routes * sizeof(*routes));
    memcpy(routes + service->n_routes, common, sizeof(common));
    served.routes = routes;
    served.n_routes += GG_LEN(common);
    return served;
}

/* --- is the database there? asked once a second from a worker --- */

struct probe {
    struct gg_job job;
    bool answered;
};
static bool probing;

static void probe_run(struct gg_job *job, struct gg_worker *worker)
{
    ((struct probe *)job)->answered = gg_db_ping(worker->db);
}

static void probe_done(struct gg_job *job)
{
    probing = false;
    if (!job->expired && ((struct probe *)job)->answered)
        db_answered = gg_mono();
    gg_arena_destroy(job->arena);
}

static void probe(void *arg GG_UNUSED)
{
    struct gg_arena *arena;
    struct probe *p;

    if (probing)
        return;
    arena = gg_arena_create();
    p = GG_NEW(arena, struct probe);
    p->job = (struct gg_job){.pool = GG_POOL_DB,
                             .run = probe_run,
                             .done = probe_done,
                             .arena = arena,
                             .deadline = gg_mono() + 5 * GG_SECOND};
    probing = gg_work_submit(&p->job);
    if (!probing)
        gg_arena_destroy(arena);
}

/* --- stopping --- */

static int64_t stop_by; /* gg_mono(); 0: not stopping */

static void wait_for_end(void *arg GG_UNUSED)
{
    if (stop_by == 0)
        return;
    if (gg_mono() > stop_by || (gg_http_connections() == 0 && gg_ws_count() == 0 && gg_work_pending() == 0))
        gg_loop_stop();
}

static void asked_to_stop(evutil_socket_t sig, short what GG_UNUSED, void *arg GG_UNUSED)
{
    if (stop_by != 0)
        return;
    gg_info("stopping", "signal %d: no new connections, finishing what is in flight", (int)sig);
    stop_by = gg_mono() + STOP_WITHIN;
    gg_http_drain();
    gg_ws_drain();
    gg_loop_every(50, wait_for_end, NULL);
}

static void listen_for_signals(void)
{
    static const int signals[] = {SIGTERM, SIGINT};

    for (size_t i = 0; i < GG_LEN(signals); i++) {
        struct event *event = evsignal_new(gg_loop_base(), signals[i], asked_to_stop, NULL);
        if (!event || event_add(event, NULL) != 0)
            gg_fatal("start", "cannot listen for signals");
    }
}

/* --- starting --- */

static bool load_settings(void)
{
    struct gg_buf errors;
    enum gg_log_level level = GG_LOG_INFO;
    bool ok;

    gg_buf_init(&errors, 64 * 1024);
    ok = gg_config_load(common_settings, GG_LEN(common_settings), &config, &errors);
    if (service->n_settings)
        ok = gg_config_load(service->settings, service->n_settings, service->config, &errors) && ok;
    if (ok && !gg_log_level_parse(config.log_level, &level)) {
        gg_buf_adds(&errors, "GONGGU_LOG_LEVEL: must be debug, info, warn or error\n");
        ok = false;
    }
    if (!ok)
        fprintf(stderr, "gonggu-%s cannot start:\n%s", service->name, errors.p);
    gg_buf_free(&errors);
    gg_log_init(service->name, level);
    return ok;
}

static struct gg_db_config db_config(void)
{
    return (struct gg_db_config){config.db_host, config.db_port, config.db_user, config.db_password, config.db_name};
}

/* Applies the migrations; waits for a database that is not there yet. */
static bool migrate(const struct gg_db_config *db_settings)
{
    struct gg_db *db = gg_db_create(db_settings);
    char common[4200], own[4200];
    const char *folders[] = {common, own};
    int64_t patience = 500;
    bool ok;

    snprintf(common, sizeof(common), "%s/libcommon/schema", config.schema_dir);
    snprintf(own, sizeof(own), "%s/services/%s/schema", config.schema_dir, service->name);
    while (!gg_db_ping(db)) {
        usleep((useconds_t)patience * 1000);
        patience = patience * 2 < 5000 ? patience * 2 : 5000;
    }
    ok = gg_db_migrate(db, folders, GG_LEN(folders)) && gg_db_assert_server(db);
    gg_db_destroy(db);
    return ok;
}

static bool prepare(void)
{
    struct gg_db_config settings = db_config();
    struct gg_db *db = gg_db_create(&settings);
    bool ok = service->prepare(db);

    gg_db_destroy(db);
    return ok;
}

static void init_libraries(void)
{
    /* Large blocks (a password hash takes 19 MiB) go back to the system when they are freed. glibc would raise its
     * bound after the first one and keep them; and it would give every worker a heap of its own. */
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    mallopt(M_ARENA_MAX, 4);
    signal(SIGPIPE, SIG_IGN);
    if (mysql_library_init(0, NULL, NULL) != 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        gg_fatal("start", "a library cannot be initialised");
    gg_loop_base();
}

static int serve(void)
{
    struct gg_db_config db = db_config();
    struct gg_service served = with_common_routes();
    const char *redis_password = config.redis_password[0] ? config.redis_password : NULL;
    struct gg_work_config work = {.db = &db,
                                  .redis_address = config.redis,
                                  .redis_password = redis_password,
                                  .db_workers = config.db_workers,
                                  .cpu_workers = sysconf(_SC_NPROCESSORS_ONLN),
                                  .out_workers = config.out_workers,
                                  .queue_max = config.queue_max};
    struct gg_bus_config bus = {.service = service->name,
                                .brokers = config.kafka,
                                .fetch_wait_ms = config.kafka_fetch_wait_ms,
                                .db = db,
                                .redis_address = config.redis,
                                .redis_password = redis_password,
                                .consumes = service->consumes,
                                .n_consumes = service->n_consumes,
                                .due = service->due,
                                .n_due = service->n_due,
                                .keep_ms = config.outbox_keep_days * GG_DAY};
    struct gg_http_config http = {.service = &served,
                                  .listen = config.listen,
                                  .public_url = config.public_url,
                                  .rate_factor = config.rate_factor,
                                  .header_deadline_ms = config.header_deadline_ms,
                                  .idle_ms = config.idle_ms,
                                  .trust_proxy = config.trust_proxy};

    gg_redis_subscriptions_start(config.redis, redis_password);
    gg_work_start(&work);
    gg_verifier_start(&(struct gg_verifier_config){config.jwks_url, config.jwks_cache, config.jwt_issuer,
                                                   config.jwt_audience, config.jwks_refresh_s * GG_SECOND});
    gg_session_start(service->name);
    if (service->start && !service->start())
        return 1;
    if (service->prepare && !prepare())
        return 1;
    gg_bus_start(&bus);
    gg_due_start(&bus);
    gg_loop_every(GG_SECOND, probe, NULL);
    probe(NULL);
    listen_for_signals();
    if (!gg_http_start(&http))
        return 1;
    gg_info("started", "serving on %s", config.listen);
    gg_loop_run();

    gg_due_stop();
    gg_work_stop(); /* before the relay: what the last workers commit is still published */
    gg_bus_stop();
    gg_redis_subscriptions_stop();
    gg_http_stop();
    if (service->stop)
        service->stop();
    free((void *)(uintptr_t)served.routes);
    gg_info("stopped", "all work is done");
    return 0;
}

/* --- what it prints about itself --- */

static void print_settings(struct gg_buf *out)
{
    gg_config_markdown(common_settings, GG_LEN(common_settings), out);
    gg_config_markdown(service->settings, service->n_settings, out);
}

static void print_help(struct gg_buf *out)
{
    gg_buf_addf(out, "gonggu-%s: %s\n\n", service->name, service->title);
    gg_buf_adds(out, "  --check         read the settings and stop\n"
                     "  --migrate       apply the migrations and stop\n"
                     "  --dead-letters  list | replay ID\n"
                     "  --openapi, --asyncapi, --schemas, --problems, --lifecycles, --settings\n"
                     "                  print what the tables say\n");
    for (size_t i = 0; i < service->n_commands; i++)
        gg_buf_addf(out, "  %s %s\n                  %s\n", service->commands[i].option, service->commands[i].arguments,
                    service->commands[i].doc);
    gg_buf_adds(out, "\nSettings, from the environment:\n");
    gg_config_help(common_settings, GG_LEN(common_settings), out);
    gg_config_help(service->settings, service->n_settings, out);
}

static void on_settings(const struct gg_service *of GG_UNUSED, struct gg_buf *out)
{
    print_settings(out);
}

static void on_help(const struct gg_service *of GG_UNUSED, struct gg_buf *out)
{
    print_help(out);
}

/* Prints the document of this name; false when there is none. */
static bool print_document(const char *name)
{
    static const struct {
        const char *name;
        void (*print)(const struct gg_service *service, struct gg_buf *out);
    } documents[] = {{"--openapi", gg_document_openapi},
                     {"--asyncapi", gg_document_asyncapi},
                     {"--schemas", gg_document_schemas},
                     {"--problems", gg_document_problems},
                     {"--settings", on_settings},
                     {"--lifecycles", gg_document_lifecycles},
                     {"--help", on_help}};
    struct gg_buf out;

    for (size_t i = 0; i < GG_LEN(documents); i++) {
        if (strcmp(name, documents[i].name) != 0)
            continue;
        gg_buf_init(&out, GG_DOCUMENT_MAX);
        documents[i].print(service, &out);
        fwrite(out.p, 1, out.n, stdout);
        gg_buf_free(&out);
        return true;
    }
    return false;
}

static int dead_letters(int argc, char **argv)
{
    struct gg_bus_config bus = {.service = service->name,
                                .brokers = config.kafka,
                                .fetch_wait_ms = config.kafka_fetch_wait_ms,
                                .db = db_config(),
                                .redis_address = config.redis,
                                .redis_password = config.redis_password[0] ? config.redis_password : NULL,
                                .consumes = service->consumes,
                                .n_consumes = service->n_consumes};

    return gg_dead_letters_main(&bus, argc, argv);
}

static const struct gg_command *own_command(const char *option)
{
    for (size_t i = 0; i < service->n_commands; i++)
        if (strcmp(option, service->commands[i].option) == 0)
            return &service->commands[i];
    return NULL;
}

static int run_command(const struct gg_command *command, const struct gg_db_config *db_settings, int argc, char **argv)
{
    struct gg_db *db = gg_db_create(db_settings);
    int code = command->run(db, argc, argv);

    gg_db_destroy(db);
    return code;
}

int gg_service_main(const struct gg_service *given, int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    const struct gg_command *own;
    struct gg_db_config db;

    service = given;
    own = own_command(command);
    if (argc > 1 && print_document(command))
        return 0;
    if (argc > 1 && !own && strcmp(command, "--check") != 0 && strcmp(command, "--migrate") != 0 &&
        strcmp(command, "--dead-letters") != 0) {
        fprintf(stderr, "gonggu-%s: unknown option %s; see --help\n", service->name, command);
        return 2;
    }
    if (!load_settings())
        return 1;
    if (strcmp(command, "--check") == 0)
        return 0;
    if (config.clock_file[0] && !gg_clock_follow(config.clock_file))
        return 1;
    init_libraries();
    if (strcmp(command, "--dead-letters") == 0)
        return dead_letters(argc - 2, argv + 2);
    db = db_config();
    if (!migrate(&db))
        return 1;
    if (own)
        return run_command(own, &db, argc - 2, argv + 2);
    return strcmp(command, "--migrate") == 0 ? 0 : serve();
}
