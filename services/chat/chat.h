/* services/chat/chat.h
 * The tables that main.c wires together, and the service's settings. */
#ifndef SERVICES_CHAT_CHAT_H
#define SERVICES_CHAT_CHAT_H

#include "libcommon/bus.h"
#include "libcommon/http.h"
#include "libcommon/storage.h"
#include "libcommon/ws.h"

struct chat_config {
    struct gg_storage_config storage;
};
extern struct chat_config chat_config;

extern const struct gg_route chat_routes[];
extern const size_t chat_routes_n;
extern const struct gg_consumes chat_consumes[];
extern const size_t chat_consumes_n;
extern const struct gg_ws_class chat_socket;

/* Starts the socket's timers and limits. Once, before anything listens. */
void chat_socket_start(void);

#endif
