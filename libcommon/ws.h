/* libcommon/ws.h
 * WebSocket (RFC 6455) on the HTTP port; frames by wslay. Loop thread only, except where said. */
#ifndef LIBCOMMON_WS_H
#define LIBCOMMON_WS_H

#include "libcommon/http.h"

struct gg_ws;

/* One kind of socket: the path it lives on and what happens on it. */
struct gg_ws_class {
    const char *path;        /* "/v1/chat/socket" */
    const char *subprotocol; /* offered by the client and echoed; NULL: none required */
    size_t max_message;      /* bytes; larger is closed with 1009 */
    size_t max_queue;        /* bytes waiting for a slow reader; beyond it the socket is closed with 4008 */
    int64_t ping_ms;         /* ping after this much silence; closed when nothing came for twice as long */
    void (*opened)(struct gg_ws *ws);
    void (*message)(struct gg_ws *ws, struct gg_str text); /* text frames only; binary is closed with 1003 */
    /* The reader is too slow: say so if the protocol has a word for it, one frame that passes the limit; the layer
     * closes with 4008 afterwards. May be NULL. */
    void (*slow)(struct gg_ws *ws);
    void (*closed)(struct gg_ws *ws); /* last call for this socket; free the state here */
    /* Stop is near: send what the protocol says in farewell; the layer closes with 1001 afterwards. */
    void (*draining)(struct gg_ws *ws);
};

/* The socket's number, never used twice: what jobs keep instead of the pointer. */
uint64_t gg_ws_id(const struct gg_ws *ws);
/* The socket of that number, or NULL when it is gone. */
struct gg_ws *gg_ws_find(uint64_t id);
/* The service's own state of this socket. */
void gg_ws_set_state(struct gg_ws *ws, void *state);
void *gg_ws_state(const struct gg_ws *ws);
/* Queues one text frame; a socket whose queue is full is closed instead. */
void gg_ws_send(struct gg_ws *ws, struct gg_str text);
/* Bytes that wait for the reader. */
size_t gg_ws_queued(const struct gg_ws *ws);
/* Starts the closing handshake; `closed` is called later. */
void gg_ws_close(struct gg_ws *ws, int code, const char *reason);
/* Address of the client, for logs and limits. */
const char *gg_ws_address(const struct gg_ws *ws);
/* Calls fn for every open socket of the process; fn may close sockets. */
void gg_ws_each(void (*fn)(struct gg_ws *ws, void *arg), void *arg);

#endif
