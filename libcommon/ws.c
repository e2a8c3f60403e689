/* libcommon/ws.c
 * WebSocket: the handshake is ours, the frames are wslay's. Loop thread. */
#include "libcommon/ws.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/http_internal.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/metrics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#include <evhtp.h>
#include <openssl/sha.h>
#include <wslay/wslay.h>

#define GUID           "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define SLOW_READER    4008
#define CLOSE_PATIENCE (3 * GG_SECOND) /* for the other side's close frame */

struct gg_ws {
    uint64_t id;
    const struct gg_ws_class *class;
    struct bufferevent *bev;
    wslay_event_context_ptr frames; /* NULL while nothing is half-way: it takes eight KB */
    int64_t loose;                  /* bytes given to wslay, less those of the frames it has begun; 0: between two */
    bool fragmented;                /* further frames of a message are to come */
    struct event *timer;            /* pings, and the end of patience */
    int64_t heard;                  /* gg_mono() of the last bytes */
    bool closing;                   /* a close frame was queued */
    bool shut;                      /* the other side has been told that nothing follows */
    bool broken;                    /* nothing more can be written */
    bool dead;                      /* freed in the next turn of the loop */
    bool last_word;                 /* the limit of the queue does not count */
    bool waiting;                   /* in the list of those whose output goes out at the end of this turn */
    char address[64];
    void *state;
    LIST_ENTRY(gg_ws) all, of_bucket, of_waiting;
};

/* Sockets by number: few enough per bucket for any instance. */
#define BUCKETS 4096
static LIST_HEAD(, gg_ws) all = LIST_HEAD_INITIALIZER(all), buckets[BUCKETS];
/* Sockets with something to write. What all callbacks of one turn of the loop have to say to a socket goes out in one
 * call, without asking the kernel first whether it may; only what it does not take waits for it. */
static LIST_HEAD(, gg_ws) waiting = LIST_HEAD_INITIALIZER(waiting);
static struct event *turn_end;
static size_t n_all;
static uint64_t next_id = 1;
static const char *our_origin;

void gg_ws_init(const char *public_url)
{
    our_origin = public_url;
}

uint64_t gg_ws_id(const struct gg_ws *ws)
{
    return ws->id;
}

struct gg_ws *gg_ws_find(uint64_t id)
{
    struct gg_ws *ws;

    LIST_FOREACH(ws, &buckets[id % BUCKETS], of_bucket)
    if (ws->id == id)
        return ws->dead ? NULL : ws;
    return NULL;
}

void gg_ws_set_state(struct gg_ws *ws, void *state)
{
    ws->state = state;
}

void *gg_ws_state(const struct gg_ws *ws)
{
    return ws->state;
}

const char *gg_ws_address(const struct gg_ws *ws)
{
    return ws->address;
}

size_t gg_ws_count(void)
{
    return n_all;
}

/* --- the end of a socket --- */

static void release(void *arg)
{
    struct gg_ws *ws = arg;

    LIST_REMOVE(ws, all);
    LIST_REMOVE(ws, of_bucket);
    n_all--;
    event_free(ws->timer);
    if (ws->frames)
        wslay_event_context_free(ws->frames);
    bufferevent_free(ws->bev);
    free(ws);
}

/* Tells the service at once and frees in the next turn: callers up the stack may still hold the socket. */
static void end(struct gg_ws *ws)
{
    if (ws->dead)
        return;
    ws->dead = ws->broken = true;
    if (ws->waiting)
        LIST_REMOVE(ws, of_waiting);
    bufferevent_setcb(ws->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(ws->bev, EV_READ | EV_WRITE);
    event_del(ws->timer);
    if (ws->class->closed)
        ws->class->closed(ws);
    gg_loop_post(release, ws);
}

/* --- wslay's part of a socket --- */

static wslay_event_context_ptr frames_of(struct gg_ws *ws);

static bool wants_write(const struct gg_ws *ws)
{
    return ws->frames && wslay_event_want_write(ws->frames);
}

static bool close_sent(const struct gg_ws *ws)
{
    return ws->frames && wslay_event_get_close_sent(ws->frames);
}

/* Gives back what wslay holds when it holds nothing of this socket. */
static void rest(struct gg_ws *ws)
{
    if (!ws->frames || ws->dead || ws->closing || ws->broken || ws->loose != 0 || ws->fragmented ||
        wslay_event_want_write(ws->frames) || !wslay_event_get_read_enabled(ws->frames) ||
        wslay_event_get_close_sent(ws->frames) || wslay_event_get_close_received(ws->frames))
        return;
    wslay_event_context_free(ws->frames);
    ws->frames = NULL;
}

/* Both sides have said good-bye and all of it is out. */
static bool finished(const struct gg_ws *ws)
{
    return close_sent(ws) && (wslay_event_get_close_received(ws->frames) || ws->broken) &&
           evbuffer_get_length(bufferevent_get_output(ws->bev)) == 0;
}

static void be_patient(struct gg_ws *ws)
{
    struct timeval patience = {CLOSE_PATIENCE / 1000, 0};

    ws->closing = true;
    event_add(ws->timer, &patience);
}

/* wslay itself ends a socket that breaks the rules (1002, 1007, 1009) and reads no more: the rest of what comes in is
 * thrown away, and once the close frame is out the other side is told that nothing follows. */
static void wait_to_be_left(struct gg_ws *ws)
{
    struct evbuffer *input = bufferevent_get_input(ws->bev);

    if (!ws->closing)
        be_patient(ws);
    evbuffer_drain(input, evbuffer_get_length(input));
    if (!ws->shut && close_sent(ws) && evbuffer_get_length(bufferevent_get_output(ws->bev)) == 0) {
        ws->shut = true;
        shutdown(bufferevent_getfd(ws->bev), SHUT_WR);
    }
}

static void pump(struct gg_ws *ws);

/* Writes what the kernel takes; for the rest the loop waits until it takes more. */
static void write_out(struct gg_ws *ws)
{
    struct evbuffer *output = bufferevent_get_output(ws->bev);
    int written;

    if ((bufferevent_get_enabled(ws->bev) & EV_WRITE) != 0)
        return; /* it is being waited for */
    evbuffer_unfreeze(output, 1);
    written = evbuffer_write(output, bufferevent_getfd(ws->bev));
    evbuffer_freeze(output, 1);
    if (written < 0 && errno != EAGAIN && errno != EINTR)
        ws->broken = true;
    else if (evbuffer_get_length(output) > 0)
        bufferevent_enable(ws->bev, EV_WRITE);
    if (ws->broken || ws->closing)
        pump(ws);
}

static void end_turn(evutil_socket_t fd GG_UNUSED, short what GG_UNUSED, void *arg GG_UNUSED)
{
    struct gg_ws *ws;

    while ((ws = LIST_FIRST(&waiting))) {
        LIST_REMOVE(ws, of_waiting);
        ws->waiting = false;
        write_out(ws);
    }
}

/* Something was put into the output. */
static void write_later(struct gg_ws *ws)
{
    if (ws->waiting || ws->dead)
        return;
    if (LIST_EMPTY(&waiting))
        event_active(turn_end, EV_WRITE, 0);
    ws->waiting = true;
    LIST_INSERT_HEAD(&waiting, ws, of_waiting);
}

/* Moves what wslay has queued into the output. */
static void pump(struct gg_ws *ws)
{
    if (ws->dead)
        return;
    if (!ws->broken && wants_write(ws) && wslay_event_send(ws->frames) != 0)
        ws->broken = true;
    if (ws->broken || finished(ws))
        end(ws);
    else if (ws->frames && !wslay_event_get_read_enabled(ws->frames))
        wait_to_be_left(ws);
}

void gg_ws_close(struct gg_ws *ws, int code, const char *reason)
{
    if (ws->closing || ws->dead || close_sent(ws))
        return;
    wslay_event_queue_close(frames_of(ws), (uint16_t)code, (const uint8_t *)reason, strlen(reason));
    be_patient(ws);
    pump(ws);
}

size_t gg_ws_queued(const struct gg_ws *ws)
{
    return evbuffer_get_length(bufferevent_get_output(ws->bev));
}

static void too_slow(struct gg_ws *ws)
{
    gg_count("ws_slow_readers_total", "", 1);
    ws->last_word = true;
    if (ws->class->slow)
        ws->class->slow(ws);
    gg_ws_close(ws, SLOW_READER, "too slow");
}

/* A whole frame of a server: two bytes and up to eight of length, then the text (RFC 6455, 5.2). */
static void write_frame(struct gg_ws *ws, enum wslay_opcode opcode, struct gg_str text)
{
    uint8_t head[10] = {(uint8_t)(0x80 | opcode)};
    size_t n = 2;

    if (text.n < 126) {
        head[1] = (uint8_t)text.n;
    } else if (text.n <= UINT16_MAX) {
        head[1] = 126;
        head[2] = (uint8_t)(text.n >> 8);
        head[3] = (uint8_t)text.n;
        n = 4;
    } else {
        head[1] = 127;
        for (size_t i = 0; i < 8; i++)
            head[2 + i] = (uint8_t)((uint64_t)text.n >> (56 - 8 * i));
        n = 10;
    }
    evbuffer_add(bufferevent_get_output(ws->bev), head, n);
    evbuffer_add(bufferevent_get_output(ws->bev), text.p, text.n);
    write_later(ws);
}

void gg_ws_send(struct gg_ws *ws, struct gg_str text)
{
    struct wslay_event_msg message = {WSLAY_TEXT_FRAME, (const uint8_t *)text.p, text.n};

    if (ws->closing || ws->dead || close_sent(ws))
        return; /* nothing follows a close frame */
    if (gg_ws_queued(ws) + text.n > ws->class->max_queue && !ws->last_word) {
        too_slow(ws);
        return;
    }
    /* Nothing waits in wslay (it writes whole frames at once): the frame needs no copy in its queue. */
    if (!wants_write(ws)) {
        write_frame(ws, WSLAY_TEXT_FRAME, text);
        return;
    }
    if (wslay_event_queue_msg(ws->frames, &message) != 0)
        ws->broken = true;
    pump(ws);
}

/* --- wslay's side --- */

static ssize_t frame_read(wslay_event_context_ptr frames, uint8_t *to, size_t n, int flags GG_UNUSED, void *arg)
{
    struct gg_ws *ws = arg;
    size_t got = evbuffer_get_length(bufferevent_get_input(ws->bev));

    got = got < n ? got : n;
    if (got == 0) {
        wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    evbuffer_remove(bufferevent_get_input(ws->bev), to, got);
    ws->loose += (int64_t)got;
    return (ssize_t)got;
}

/* A client's frame has a mask of four bytes behind the length. */
static void frame_begins(wslay_event_context_ptr frames GG_UNUSED,
                         const struct wslay_event_on_frame_recv_start_arg *frame, void *arg)
{
    struct gg_ws *ws = arg;
    uint64_t n = frame->payload_length;

    ws->loose -= (int64_t)(n + 6 + (n < 126 ? 0 : n <= UINT16_MAX ? 2 : 8));
    if (!wslay_is_ctrl_frame(frame->opcode))
        ws->fragmented = !frame->fin;
}

static ssize_t frame_write(wslay_event_context_ptr frames GG_UNUSED, const uint8_t *from, size_t n, int flags GG_UNUSED,
                           void *arg)
{
    struct gg_ws *ws = arg;

    evbuffer_add(bufferevent_get_output(ws->bev), from, n);
    write_later(ws);
    return (ssize_t)n;
}

static void frame_received(wslay_event_context_ptr frames GG_UNUSED, const struct wslay_event_on_msg_recv_arg *message,
                           void *arg)
{
    struct gg_ws *ws = arg;

    if (ws->dead || wslay_is_ctrl_frame(message->opcode))
        return;
    if (message->opcode == WSLAY_BINARY_FRAME)
        gg_ws_close(ws, WSLAY_CODE_UNSUPPORTED_DATA, "text only");
    else if (!ws->closing)
        ws->class->message(ws, (struct gg_str){(const char *)message->msg, message->msg_length});
}

/* --- bytes and time --- */

static void readable(struct bufferevent *bev GG_UNUSED, void *arg)
{
    struct gg_ws *ws = arg;

    ws->heard = gg_mono();
    if (wslay_event_recv(frames_of(ws)) != 0 && !wants_write(ws))
        ws->broken = true; /* without a close frame to send */
    pump(ws);
    rest(ws);
}

static void read_first(void *arg)
{
    struct gg_ws *ws = gg_ws_find((uintptr_t)arg);

    if (ws && evbuffer_get_length(bufferevent_get_input(ws->bev)) > 0)
        readable(ws->bev, ws);
}

/* The kernel has taken what it did not take at once. */
static void writable(struct bufferevent *bev, void *arg)
{
    bufferevent_disable(bev, EV_WRITE);
    pump(arg);
}

static void gone(struct bufferevent *bev GG_UNUSED, short what GG_UNUSED, void *arg)
{
    end(arg);
}

static void tick(evutil_socket_t fd GG_UNUSED, short what GG_UNUSED, void *arg)
{
    struct gg_ws *ws = arg;
    struct timeval again = {ws->class->ping_ms / 1000, ws->class->ping_ms % 1000 * 1000};

    if (ws->closing || gg_mono() - ws->heard > 2 * ws->class->ping_ms) {
        end(ws);
        return;
    }
    event_add(ws->timer, &again);
    write_frame(ws, WSLAY_PING, (struct gg_str){"", 0}); /* between two others: wslay writes only whole ones */
}

/* --- handshake (RFC 6455, section 4.2) --- */

/* Whether a comma list holds the word. */
static bool lists(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (const char *p = list; p && *p;) {
        size_t length;
        p += strspn(p, ", \t");
        length = strcspn(p, ", \t");
        if (length == n && strncasecmp(p, word, n) == 0)
            return true;
        p += length;
    }
    return false;
}

static const char *accept_key(struct gg_arena *arena, const char *key)
{
    const char *text = gg_sprintf(arena, "%s" GUID, key);
    uint8_t hash[SHA_DIGEST_LENGTH];

    SHA1((const unsigned char *)text, strlen(text), hash);
    return gg_base64(arena, hash, sizeof(hash));
}

static const char *offer_trouble(evhtp_request_t *request, const struct gg_ws_class *class)
{
    const char *version = evhtp_header_find(request->headers_in, "Sec-WebSocket-Version");
    const char *key = evhtp_header_find(request->headers_in, "Sec-WebSocket-Key");

    if (request->method != htp_method_GET)
        return "the method must be GET";
    if (!lists(evhtp_header_find(request->headers_in, "Connection"), "Upgrade"))
        return "Connection must be Upgrade";
    if (!version || strcmp(version, "13") != 0)
        return "Sec-WebSocket-Version must be 13";
    if (!key || strlen(key) != 24)
        return "Sec-WebSocket-Key must be 16 bytes in base64";
    if (class->subprotocol &&
        !lists(evhtp_header_find(request->headers_in, "Sec-WebSocket-Protocol"), class->subprotocol))
        return "the subprotocol is not offered";
    return NULL;
}

static wslay_event_context_ptr frames_of(struct gg_ws *ws)
{
    static const struct wslay_event_callbacks callbacks = {.recv_callback = frame_read,
                                                           .send_callback = frame_write,
                                                           .on_frame_recv_start_callback = frame_begins,
                                                           .on_msg_recv_callback = frame_received};

    if (ws->frames)
        return ws->frames;
    if (wslay_event_context_server_init(&ws->frames, &callbacks, ws) != 0)
        gg_fatal("ws", "no memory for a socket");
    wslay_event_config_set_max_recv_msg_length(ws->frames, ws->class->max_message);
    return ws->frames;
}

static struct gg_ws *create(struct bufferevent *bev, const struct gg_ws_class *class, const char *address)
{
    struct gg_ws *ws = gg_xcalloc(1, sizeof(*ws));
    struct timeval first = {class->ping_ms / 1000, class->ping_ms % 1000 * 1000};

    ws->id = next_id++;
    ws->class = class;
    ws->bev = bev;
    ws->heard = gg_mono();
    snprintf(ws->address, sizeof(ws->address), "%s", address);
    ws->timer = event_new(gg_loop_base(), -1, 0, tick, ws);
    if (!ws->timer)
        gg_fatal("ws", "no memory for a socket");
    event_add(ws->timer, &first);
    if (!turn_end && !(turn_end = event_new(gg_loop_base(), -1, 0, end_turn, NULL)))
        gg_fatal("ws", "no memory for an event");
    LIST_INSERT_HEAD(&all, ws, all);
    LIST_INSERT_HEAD(&buckets[ws->id % BUCKETS], ws, of_bucket);
    n_all++;
    return ws;
}

bool gg_ws_accept(evhtp_request_t *request, const struct gg_ws_class *class, const char *address,
                  const struct gg_problem **problem, const char **detail)
{
    const char *origin = evhtp_header_find(request->headers_in, "Origin");
    evhtp_connection_t *connection = request->conn;
    struct gg_arena *arena;
    struct bufferevent *bev;
    struct gg_ws *ws;
    const char *accept;

    *problem = &GG_P_MALFORMED;
    *detail = offer_trouble(request, class);
    if (*detail)
        return false;
    if (origin && strcmp(origin, our_origin) != 0) {
        *problem = &GG_P_FORBIDDEN;
        *detail = "the page is of another origin";
        return false;
    }
    arena = gg_arena_create();
    accept = accept_key(arena, evhtp_header_find(request->headers_in, "Sec-WebSocket-Key"));
    evhtp_connection_unset_hook(connection, evhtp_hook_on_connection_fini);
    bev = evhtp_connection_take_ownership(connection);
    bufferevent_set_timeouts(bev, NULL, NULL);
    ws = create(bev, class, address);
    bufferevent_setcb(bev, readable, writable, gone, ws);
    bufferevent_enable(bev, EV_READ);
    bufferevent_disable(bev, EV_WRITE);
    evbuffer_add_printf(bufferevent_get_output(bev),
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: %s\r\n%s%s%s\r\n",
                        accept, class->subprotocol ? "Sec-WebSocket-Protocol: " : "",
                        class->subprotocol ? class->subprotocol : "", class->subprotocol ? "\r\n" : "");
    gg_arena_destroy(arena);
    write_later(ws);
    if (class->opened)
        class->opened(ws);
    /* The library drains the request from the input once this call is over; what stays are frames. */
    gg_loop_post(read_first, (void *)(uintptr_t)ws->id);
    return true;
}

/* --- all of them --- */

void gg_ws_each(void (*fn)(struct gg_ws *ws, void *arg), void *arg)
{
    struct gg_ws *ws = LIST_FIRST(&all);

    while (ws) { /* ended sockets stay in the list until the next turn */
        struct gg_ws *next = LIST_NEXT(ws, all);
        if (!ws->dead)
            fn(ws, arg);
        ws = next;
    }
}

static void drain(struct gg_ws *ws, void *arg GG_UNUSED)
{
    if (ws->class->draining)
        ws->class->draining(ws);
    gg_ws_close(ws, WSLAY_CODE_GOING_AWAY, "shutdown");
}

void gg_ws_drain(void)
{
    gg_ws_each(drain, NULL);
}

static void end_each(struct gg_ws *ws, void *arg GG_UNUSED)
{
    end(ws);
}

void gg_ws_stop(void)
{
    gg_ws_each(end_each, NULL);
    while (!LIST_EMPTY(&all))
        release(LIST_FIRST(&all));
}
