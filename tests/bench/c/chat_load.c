/* tests/bench/c/chat_load.c
 * The load of the chat benches: thousands of WebSockets in one process that costs little, for our protocol and for
 * Socket.IO's. It speaks, counts what is acknowledged and what is delivered, and parses no more of a frame than that
 * needs. Prints JSON.
 *   chat_load talk    ours|socketio PORTS FILE MESSAGES IN_FLIGHT
 *   chat_load peak    ours|socketio PORTS FILE MESSAGES UNDER_WAY
 *   chat_load offered ours|socketio PORTS FILE PER_SECOND SECONDS
 *   chat_load fan     ours|socketio PORTS FILE MESSAGES
 *   chat_load idle    ours PORTS FILE
 *   chat_load catchup ours PORTS FILE ENTRIES
 * FILE has one client a line: "ROOM TOKEN [POSITION]". PORTS are separated by commas and taken in turn. */
#include "libcommon/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TEXT       "내일 세 시에 망원역 2번 출구에서 만나요 "
#define STAMP      "~~" /* behind it: when it was sent, in letters */
#define STAMP_LEN  12
#define PATIENCE   120  /* seconds for a whole run */
#define CONNECTING 64   /* handshakes at once */
#define PER_SOURCE 15000 /* connections from one address of the loopback net */
#define GREETED    1    /* frame id of `connect` */

struct client {
    int fd, room;
    char token[700];
    int64_t position;
    bool welcome;
    char *kept; /* the beginning of a frame whose end has not come */
    size_t n_kept;
};
struct room {
    char id[37];
    int members;
};
static struct client *clients;
static int n_clients, n_welcome, n_opening;
static struct room *rooms;
static int n_rooms;
static int ports[16], n_ports;
static bool socketio;
static int poller;

static int64_t *sent; /* us, by frame id */
static int64_t n_sent, n_acked, n_delivered, n_to_deliver, wanted;
static int32_t *ack_us, *deliver_us;
static int64_t max_delivered;
static void (*acked)(struct client *client);

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *why)
{
    fprintf(stderr, "chat_load: %s (%s); %" PRId64 " sent, %" PRId64 " acknowledged, %" PRId64 " of %" PRId64
                    " delivered, %d of %d connected\n",
            why, strerror(errno), n_sent, n_acked, n_delivered, n_to_deliver, n_welcome, n_clients);
    exit(1);
}

/* --- frames out --- */

static void write_all(const struct client *client, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = send(client->fd, bytes, n, MSG_NOSIGNAL);
        if (done < 0 && errno != EAGAIN && errno != EINTR)
            die("a socket was closed");
        if (done > 0) {
            bytes += done;
            n -= (size_t)done;
        }
    }
}

static void send_frame(const struct client *client, int opcode, const char *text, size_t n)
{
    static char out[8192];
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    size_t head = 2;

    if (n + 14 > sizeof(out))
        die("a frame is too long");
    out[0] = (char)(0x80 | opcode);
    if (n < 126) {
        out[1] = (char)(0x80 | n);
    } else {
        out[1] = (char)(0x80 | 126);
        out[2] = (char)(n >> 8);
        out[3] = (char)n;
        head = 4;
    }
    memcpy(out + head, mask, 4);
    head += 4;
    for (size_t i = 0; i < n; i++)
        out[head + i] = (char)(text[i] ^ mask[i % 4]);
    write_all(client, out, head + n);
}

/* A UUID that was not there before. */
static void make_cid(char out[37])
{
    static uint64_t state[2];
    uint64_t a, b;

    if (!state[0] && getrandom(state, sizeof(state), 0) != sizeof(state))
        die("no random numbers");
    a = state[0] += 0x9e3779b97f4a7c15;
    b = state[1];
    a = (a ^ (a >> 30)) * 0xbf58476d1ce4e5b9;
    a = (a ^ (a >> 27)) * 0x94d049bb133111eb;
    snprintf(out, 37, "%08x-%04x-4%03x-8%03x-%012" PRIx64, (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
             (unsigned)(a >> 4 & 0xfff), (unsigned)(b & 0xfff), b >> 16);
}

static void stamp(char out[STAMP_LEN + 1])
{
    int64_t us = now_us();

    for (int i = STAMP_LEN - 1; i >= 0; i--, us >>= 4)
        out[i] = (char)('a' + (us & 15));
    out[STAMP_LEN] = '\0';
}

static void speak(struct client *client)
{
    char text[512], cid[37], when[STAMP_LEN + 1];
    const char *room = rooms[client->room].id;
    int64_t id = GREETED + 1 + n_sent;
    int n;

    make_cid(cid);
    stamp(when);
    n = snprintf(text, sizeof(text),
                 socketio ? "42%" PRId64 "[\"send\",{\"room\":\"%s\",\"cid\":\"%s\",\"text\":\"" TEXT STAMP "%s\"}]"
                          : "{\"id\":%" PRId64 ",\"send\":{\"room\":\"%s\",\"cid\":\"%s\",\"text\":\"" TEXT STAMP "%s\"}}",
                 id, room, cid, when);
    sent[n_sent++] = now_us();
    n_to_deliver += rooms[client->room].members;
    send_frame(client, 1, text, (size_t)n);
}

static void greet(const struct client *client)
{
    char text[1024];
    int n;

    if (socketio)
        n = snprintf(text, sizeof(text), "40{\"token\":\"%s\"}", client->token);
    else if (client->position < 0)
        n = snprintf(text, sizeof(text), "{\"id\":1,\"connect\":{\"token\":\"%s\",\"rooms\":[]}}", client->token);
    else
        n = snprintf(text, sizeof(text),
                     "{\"id\":1,\"connect\":{\"token\":\"%s\",\"rooms\":[{\"room\":\"%s\",\"seq\":%" PRId64 "}]}}",
                     client->token, rooms[client->room].id, client->position);
    send_frame(client, 1, text, (size_t)n);
}

/* --- frames in --- */

static bool begins(const char *text, size_t n, const char *with)
{
    size_t m = strlen(with);

    return n >= m && memcmp(text, with, m) == 0;
}

static void on_delivered(const char *text, size_t n, int64_t now)
{
    const char *at = memmem(text, n, STAMP, 2);
    int64_t us = 0;

    if (n_delivered >= max_delivered)
        die("more is delivered than was sent");
    for (int i = 0; at && i < STAMP_LEN; i++)
        us = us << 4 | (at[2 + i] - 'a');
    deliver_us[n_delivered++] = at ? (int32_t)(now - us) : 0;
}

static void on_acked(struct client *client, int64_t id, int64_t now)
{
    id -= GREETED + 1;
    if (id < 0 || id >= n_sent)
        die("something was acknowledged that was not sent");
    ack_us[n_acked++] = (int32_t)(now - sent[id]);
    if (acked)
        acked(client);
}

static void on_text(struct client *client, const char *text, size_t n, int64_t now)
{
    if (!client->welcome) {
        if (begins(text, n, socketio ? "42[\"welcome\"" : "{\"id\":1,\"ok\"")) {
            client->welcome = true;
            n_welcome++;
            n_opening--;
        }
        return;
    }
    if (socketio) {
        if (begins(text, n, "42[\"entry\""))
            on_delivered(text, n, now);
        else if (begins(text, n, "43"))
            on_acked(client, strtoll(text + 2, NULL, 10), now);
        else if (n == 1 && text[0] == '2')
            send_frame(client, 1, "3", 1);
    } else if (begins(text, n, "{\"id\":")) {
        if (!memmem(text, n, "\"ok\"", 4))
            die("a message was refused");
        on_acked(client, strtoll(text + 6, NULL, 10), now);
    } else if (memmem(text, n < 100 ? n : 100, "\"entry\":{", 9)) {
        on_delivered(text, n, now);
    }
}

/* The frames of a buffer; how many bytes of it were whole frames. */
static size_t frames_of(struct client *client, char *bytes, size_t n, int64_t now)
{
    size_t at = 0;

    for (;;) {
        const uint8_t *p = (const uint8_t *)bytes + at;
        size_t left = n - at, head = 2, size;
        if (left < 2)
            return at;
        size = p[1] & 0x7f;
        if (size == 126) {
            if (left < 4)
                return at;
            size = (size_t)p[2] << 8 | p[3];
            head = 4;
        } else if (size == 127) {
            if (left < 10)
                return at;
            size = 0;
            for (int i = 0; i < 8; i++)
                size = size << 8 | p[2 + i];
            head = 10;
        }
        if (left < head + size)
            return at;
        if ((p[0] & 15) == 1)
            on_text(client, bytes + at + head, size, now);
        else if ((p[0] & 15) == 9)
            send_frame(client, 10, bytes + at + head, size);
        else if ((p[0] & 15) == 8)
            die("the server said good-bye");
        at += head + size;
    }
}

static void readable(struct client *client)
{
    static char buffer[1 << 20];
    int64_t now;
    size_t used;
    ssize_t got;

    memcpy(buffer, client->kept, client->n_kept);
    got = recv(client->fd, buffer + client->n_kept, sizeof(buffer) - client->n_kept, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0)
        die("a socket was closed");
    now = now_us();
    got += (ssize_t)client->n_kept;
    used = frames_of(client, buffer, (size_t)got, now);
    client->n_kept = (size_t)got - used;
    if (client->n_kept > 0) {
        client->kept = gg_xrealloc(client->kept, client->n_kept);
        memcpy(client->kept, buffer + used, client->n_kept);
    }
}

/* One look at all sockets. */
static void look(int ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(poller, events, 512, ms);

    for (int i = 0; i < n; i++)
        readable(events[i].data.ptr);
}

/* --- connecting --- */

/* The handshake is done blocking: the answer comes from a loop that does nothing slow. */
static void open_client(struct client *client, int number)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)ports[number % n_ports])};
    struct sockaddr_in from = {.sin_family = AF_INET};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    char text[1024];
    size_t n = 0;
    int one = 1, length;

    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    from.sin_addr.s_addr = htonl(0x7f000002 + (uint32_t)(number / PER_SOURCE));
    setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (client->fd < 0 || bind(client->fd, (struct sockaddr *)&from, sizeof(from)) != 0 ||
        connect(client->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        die("cannot connect");
    length = snprintf(text, sizeof(text),
                      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                      socketio ? "/socket.io/?EIO=4&transport=websocket" : "/v1/chat/socket", ports[number % n_ports],
                      socketio ? "" : "Sec-WebSocket-Protocol: gonggu.chat.v1\r\n");
    write_all(client, text, (size_t)length);
    while (n < 4 || memcmp(text + n - 4, "\r\n\r\n", 4) != 0)
        if (n == sizeof(text) || recv(client->fd, text + n++, 1, 0) != 1)
            die("no answer to the handshake");
    if (memcmp(text, "HTTP/1.1 101", 12) != 0)
        die("the handshake was refused");
    fcntl(client->fd, F_SETFL, O_NONBLOCK);
    epoll_ctl(poller, EPOLL_CTL_ADD, client->fd, &event);
    greet(client);
    n_opening++;
}

static void connect_all(void)
{
    int64_t end = now_us() + INT64_C(1000000) * PATIENCE;

    for (int i = 0; i < n_clients; i++) {
        open_client(&clients[i], i);
        while (n_opening >= CONNECTING) {
            look(100);
            if (now_us() > end)
                die("not everybody is welcome");
        }
    }
    while (n_welcome < n_clients) {
        look(100);
        if (now_us() > end)
            die("not everybody is welcome");
    }
}

static int room_of(const char id[37])
{
    for (int i = n_rooms - 1; i >= 0 && i >= n_rooms - 2; i--) /* clients of one room stand together */
        if (strcmp(rooms[i].id, id) == 0)
            return i;
    rooms = gg_xrealloc(rooms, sizeof(*rooms) * (size_t)(n_rooms + 1));
    memcpy(rooms[n_rooms].id, id, sizeof(rooms->id));
    rooms[n_rooms].members = 0;
    return n_rooms++;
}

static void read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[1024], room[37], token[700];

    if (!file)
        die(path);
    while (fgets(line, sizeof(line), file)) {
        struct client *client;
        int64_t position = -1;
        if (sscanf(line, "%36s %699s %" SCNd64, room, token, &position) < 2)
            continue;
        clients = gg_xrealloc(clients, sizeof(*clients) * (size_t)(n_clients + 1));
        client = &clients[n_clients++];
        *client = (struct client){.fd = -1, .room = room_of(room), .position = position};
        snprintf(client->token, sizeof(client->token), "%s", token);
        rooms[client->room].members++;
    }
    fclose(file);
}

/* --- what is measured --- */

static int by_size(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

static double quantile(int32_t *us, int64_t n, double q)
{
    qsort(us, (size_t)n, sizeof(*us), by_size);
    return n ? us[(int64_t)((double)(n - 1) * q)] / 1000.0 : 0;
}

/* CPU seconds of this program so far: what the load itself takes of the cores. */
static double cpu_seconds(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void report(int64_t started, double cpu)
{
    double seconds = (double)(now_us() - started) / 1e6;

    printf("{\"load_cpu\":%.3f,", cpu_seconds() - cpu);
    printf("\"operations\":%" PRId64 ",\"seconds\":%.4f,\"ack_p50\":%.2f,\"ack_p99\":%.2f,", n_acked, seconds,
           quantile(ack_us, n_acked, 0.5), quantile(ack_us, n_acked, 0.99));
    printf("\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f,\"delivered\":%" PRId64 "}\n", quantile(deliver_us, n_delivered, 0.5),
           quantile(deliver_us, n_delivered, 0.99), quantile(deliver_us, n_delivered, 1), n_delivered);
}

static void room_for(int64_t messages)
{
    int most = 0;

    for (int i = 0; i < n_rooms; i++)
        most = rooms[i].members > most ? rooms[i].members : most;
    wanted = messages;
    max_delivered = messages * most;
    sent = gg_xcalloc((size_t)messages, sizeof(*sent));
    ack_us = gg_xcalloc((size_t)messages, sizeof(*ack_us));
    deliver_us = gg_xcalloc((size_t)max_delivered, sizeof(*deliver_us));
}

static void until_done(int64_t end)
{
    while (n_acked < n_sent || n_delivered < n_to_deliver) {
        look(100);
        if (now_us() > end)
            die("not everything came");
    }
}

static void speak_again(struct client *client)
{
    if (n_sent < wanted)
        speak(client);
}

/* Everybody has some messages on the way, until `messages` are acknowledged and delivered. */
static void talk(int64_t messages, int in_flight)
{
    double cpu = cpu_seconds();
    int64_t started;

    room_for(messages);
    acked = speak_again;
    started = now_us();
    for (int k = 0; k < in_flight; k++)
        for (int i = 0; i < n_clients; i++)
            speak_again(&clients[i]);
    until_done(started + INT64_C(1000000) * PATIENCE);
    report(started, cpu);
}

/* Who speaks next where all take turns: neighbours in the file, who share a room, come long after each other. */
static struct client *next_in_turn(void)
{
    return &clients[(n_sent * 7919) % n_clients];
}

static void speak_in_turn(struct client *client)
{
    (void)client;
    if (n_sent < wanted)
        speak(next_in_turn());
}

/* As `offered`, as fast as it goes: always so many messages are under way. */
static void peak(int64_t messages, int under_way)
{
    double cpu = cpu_seconds();
    int64_t started;

    room_for(messages);
    acked = speak_in_turn;
    started = now_us();
    for (int i = 0; i < under_way; i++)
        speak_in_turn(NULL);
    until_done(started + INT64_C(1000000) * PATIENCE);
    report(started, cpu);
}

/* So many a second, whether or not the earlier ones have been answered. */
static void offered(int64_t per_second, int64_t seconds)
{
    double cpu = cpu_seconds();
    int64_t started, due;

    room_for(per_second * seconds);
    started = now_us();
    while (n_sent < wanted) {
        due = (now_us() - started) * per_second / 1000000;
        while (n_sent < due && n_sent < wanted)
            speak(next_in_turn());
        look(1);
    }
    until_done(now_us() + INT64_C(1000000) * PATIENCE);
    report(started, cpu);
}

/* One message after the other, each to everybody in the room. */
static void fan(int64_t messages)
{
    double cpu = cpu_seconds();
    int64_t started;

    room_for(messages);
    started = now_us();
    for (int64_t i = 0; i < messages; i++) {
        int64_t next = now_us() + 100000; /* ten a second: the mailboxes are empty again */
        speak(&clients[0]);
        until_done(now_us() + INT64_C(1000000) * PATIENCE);
        while (now_us() < next)
            look(1);
    }
    report(started, cpu);
}

/* Says that all are there, and stays until stdin ends. */
static void idle(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    struct epoll_event got;
    int both = epoll_create1(0);
    char byte;

    printf("ready\n");
    fflush(stdout);
    epoll_ctl(both, EPOLL_CTL_ADD, poller, &event);
    event.data.fd = 1;
    epoll_ctl(both, EPOLL_CTL_ADD, 0, &event);
    while (epoll_wait(both, &got, 1, -1) >= 0) {
        if (got.data.fd == 1 && read(0, &byte, 1) <= 0)
            return;
        look(0);
    }
}

/* From `connect` until the last of `entries` has come. */
static void catchup(int64_t entries)
{
    int64_t started;

    room_for(1);
    max_delivered = n_to_deliver = entries;
    deliver_us = gg_xrealloc(deliver_us, sizeof(*deliver_us) * (size_t)entries);
    started = now_us();
    connect_all();
    until_done(started + INT64_C(1000000) * PATIENCE);
    n_acked = entries;
    printf("{\"operations\":%" PRId64 ",\"seconds\":%.4f}\n", entries, (double)(now_us() - started) / 1e6);
}

int main(int argc, char **argv)
{
    struct rlimit files = {0};
    char *list, *port;

    if (argc < 5)
        return 2;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    socketio = strcmp(argv[2], "socketio") == 0;
    for (list = argv[3]; (port = strsep(&list, ",")) && n_ports < 16;)
        ports[n_ports++] = atoi(port);
    read_file(argv[4]);
    poller = epoll_create1(0);
    if (strcmp(argv[1], "catchup") == 0) {
        catchup(atoll(argv[5]));
        return 0;
    }
    connect_all();
    if (strcmp(argv[1], "talk") == 0)
        talk(atoll(argv[5]), atoi(argv[6]));
    else if (strcmp(argv[1], "peak") == 0)
        peak(atoll(argv[5]), atoi(argv[6]));
    else if (strcmp(argv[1], "offered") == 0)
        offered(atoll(argv[5]), atoll(argv[6]));
    else if (strcmp(argv[1], "fan") == 0)
        fan(atoll(argv[5]));
    else
        idle();
    return 0;
}
