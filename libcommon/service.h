/* libcommon/service.h
 * What main.c hands over: one table of everything the service is. gg_service_main reads the settings, migrates, starts
 * loop, pools, relay, consumer and sweeps, serves until SIGTERM, drains, and ends within 15 s. */
#ifndef LIBCOMMON_SERVICE_H
#define LIBCOMMON_SERVICE_H

#include "libcommon/bus.h"
#include "libcommon/config.h"
#include "libcommon/due.h"
#include "libcommon/fsm.h"
#include "libcommon/http.h"
#include "libcommon/ws.h"

/* A thing to be done once from the command line, beside the running instances: `gonggu-auth --make-admin ID`. */
struct gg_command {
    const char *option;    /* "--make-admin" */
    const char *arguments; /* what follows, for --help: "LOGIN_ID" */
    const char *doc;       /* one line */
    /* Runs once settings are read and the schema is up to date; the arguments stand without the option. The exit code
     * of the process. Events it emits are published by a running instance. */
    int (*run)(struct gg_db *db, int argc, char **argv);
};

struct gg_service {
    const char *name;  /* "deal": schema folder services/deal/schema, source "gonggu/deal", group "gonggu.deal" */
    const char *title; /* for the printed documents */
    const struct gg_setting *settings; /* own settings beside the common ones */
    size_t n_settings;
    void *config; /* struct the settings fill */
    const struct gg_route *routes;
    size_t n_routes;
    const struct gg_consumes *consumes;
    size_t n_consumes;
    const struct gg_event_type *const *emits; /* NULL-terminated */
    const struct gg_due_kind *due;
    size_t n_due;
    const struct gg_ws_class *ws;                      /* NULL: none */
    const struct gg_msg *const *ws_in, *const *ws_out; /* frames for AsyncAPI, NULL-terminated; may be NULL */
    const struct gg_problem *const *problems;          /* own catalogue, NULL-terminated */
    const struct gg_fsm *const *lifecycles;            /* NULL-terminated; may be NULL */
    const struct gg_command *commands;                 /* may be NULL */
    size_t n_commands;
    /* After settings are read and before anything listens; false refuses the start (the reason is logged). */
    bool (*start)(void);
    /* After `start`, with a connection of its own and the schema up to date; false refuses the start. May be NULL. */
    bool (*prepare)(struct gg_db *db);
    /* After the loop has ended. May be NULL. */
    void (*stop)(void);
};

/* Runs the service; the exit code of main. Also answers --help, --check, --migrate, --openapi, --asyncapi, --schemas,
 * --problems, --lifecycles, --settings, --dead-letters (list | replay ID) and the service's own commands. */
int gg_service_main(const struct gg_service *service, int argc, char **argv);

/* The common settings a service may want to know. Valid from `start` on. */
void gg_public_url_set(const char *url); /* tests that run handlers without a service; must live on */
const char *gg_public_url(void);         /* "http://127.0.0.1:8080", without a slash at the end */

#endif
