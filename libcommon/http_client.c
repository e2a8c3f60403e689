/* libcommon/http_client.c
 * Outbound HTTP: one libcurl handle per thread, reused for its connections. */
#include "libcommon/http_client.h"

#include "libcommon/buf.h"
#include "libcommon/log.h"
#include "libcommon/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#define DEFAULT_TIMEOUT 10000
#define CONNECT_TIMEOUT 3000L
#define DEFAULT_REPLY   (64 * 1024)

/* One for any address and one for public ones only: no connection of the first may serve the second. */
struct handles {
    CURL *any, *public_only;
    CURLM *multi_any, *multi_public;
};
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

struct exchange {
    struct gg_arena *arena;
    struct gg_http_response *response;
    struct gg_buf body;
};

static size_t take_body(char *data, size_t size, size_t n, void *arg)
{
    struct exchange *x = arg;

    gg_buf_add(&x->body, data, size * n);
    return x->body.overflow ? 0 : size * n; /* fewer ends the transfer */
}

/* The value of a header line when it has this name. */
static bool header_value(struct gg_str line, const char *name, struct gg_str *value)
{
    size_t n = strlen(name);

    if (line.n <= n || strncasecmp(line.p, name, n) != 0 || line.p[n] != ':')
        return false;
    *value = (struct gg_str){line.p + n + 1, line.n - n - 1};
    while (value->n > 0 && value->p[0] == ' ') {
        value->p++;
        value->n--;
    }
    while (value->n > 0 && (unsigned char)value->p[value->n - 1] <= ' ')
        value->n--;
    return true;
}

static size_t take_header(char *data, size_t size, size_t n, void *arg)
{
    struct exchange *x = arg;
    struct gg_str line = {data, size * n}, value;
    int64_t seconds;

    if (header_value(line, "Retry-After", &value) && gg_parse_i64(value, 0, 86400 * 30, &seconds))
        x->response->retry_after_ms = seconds * 1000;
    if (header_value(line, "Location", &value))
        x->response->location = gg_strndup(x->arena, value.p, value.n);
    return line.n;
}

static bool private_v4(uint32_t a)
{
    static const struct {
        uint32_t net, mask;
    } ranges[] = {
        {0x00000000, 0xff000000}, {0x0a000000, 0xff000000}, {0x64400000, 0xffc00000}, {0x7f000000, 0xff000000},
        {0xa9fe0000, 0xffff0000}, {0xac100000, 0xfff00000}, {0xc0000000, 0xffffff00}, {0xc0a80000, 0xffff0000},
        {0xc6120000, 0xfffe0000}, {0xe0000000, 0xe0000000},
    };

    for (size_t i = 0; i < GG_LEN(ranges); i++)
        if ((a & ranges[i].mask) == ranges[i].net)
            return true;
    return false;
}

/* Addresses that are nobody's on the open Internet, also when a v4 address hides in a v6 one. */
static bool is_private(const struct sockaddr *sa)
{
    const uint8_t *b;

    if (sa->sa_family == AF_INET)
        return private_v4(ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr));
    if (sa->sa_family != AF_INET6)
        return true;
    b = ((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr.s6_addr;
    if ((b[0] & 0xe0) != 0x20) /* only 2000::/3 is global unicast */
        return true;
    /* 6to4 and Teredo carry a v4 address. */
    return b[0] == 0x20 && (b[1] == 0x02 || (b[1] == 0x01 && b[2] == 0 && b[3] == 0));
}

static curl_socket_t open_public(void *arg GG_UNUSED, curlsocktype purpose GG_UNUSED, struct curl_sockaddr *address)
{
    if (is_private(&address->addr)) {
        gg_warn("ssrf_refused", "an outbound address is not public");
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype, address->protocol);
}

static struct curl_slist *header_list(const char *const *headers)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no 100-continue round trip */

    for (size_t i = 0; headers && headers[i]; i++)
        list = curl_slist_append(list, headers[i]);
    return list;
}

static void set_request(CURL *handle, const struct gg_http_request *request, struct curl_slist *headers)
{
    curl_easy_setopt(handle, CURLOPT_URL, request->url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)(request->timeout_ms ? request->timeout_ms : DEFAULT_TIMEOUT));
    if (request->body.n > 0 || strcmp(request->method, "POST") == 0) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body.n ? request->body.p : "");
    }
    if (request->basic_user) {
        curl_easy_setopt(handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(handle, CURLOPT_USERNAME, request->basic_user);
        curl_easy_setopt(handle, CURLOPT_PASSWORD, request->basic_password ? request->basic_password : "");
    }
    if (request->public_only)
        curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_public);
    if (request->ca_file)
        curl_easy_setopt(handle, CURLOPT_CAINFO, request->ca_file);
}

static void free_handles(void *arg)
{
    struct handles *handles = arg;

    curl_easy_cleanup(handles->any);
    curl_easy_cleanup(handles->public_only);
    curl_multi_cleanup(handles->multi_any);
    curl_multi_cleanup(handles->multi_public);
    free(handles);
}

static void make_key(void)
{
    if (pthread_key_create(&key, free_handles) != 0)
        gg_fatal("http_client", "no key for the threads' clients");
}

static struct handles *own_handles(void)
{
    struct handles *handles;

    pthread_once(&once, make_key);
    handles = pthread_getspecific(key);
    if (!handles) {
        handles = gg_xcalloc(1, sizeof(*handles));
        pthread_setspecific(key, handles);
    }
    return handles;
}

/* This thread's handle, without the options of the exchange before but with its connections. */
static CURL *handle_for(bool public_only)
{
    struct handles *handles = own_handles();
    CURL **handle;

    handle = public_only ? &handles->public_only : &handles->any;
    if (!*handle && !(*handle = curl_easy_init()))
        gg_fatal("http_client", "no memory for an HTTP client");
    curl_easy_reset(*handle);
    return *handle;
}

/* What one exchange needs while it runs. */
static struct curl_slist *begin(CURL *handle, struct exchange *x, const struct gg_http_request *request)
{
    struct curl_slist *headers = header_list(request->headers);

    *x->response = (struct gg_http_response){.retry_after_ms = GG_NONE};
    gg_buf_init(&x->body, request->max_reply ? request->max_reply : DEFAULT_REPLY);
    set_request(handle, request, headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, x);
    return headers;
}

static enum gg_status end(CURL *handle, struct exchange *x, struct curl_slist *headers, CURLcode code)
{
    long status = 0;

    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    x->response->status = (int)status;
    x->response->body = (struct gg_str){gg_strndup(x->arena, x->body.p, x->body.n), x->body.n};
    gg_buf_free(&x->body);
    if (code == CURLE_OK)
        return GG_OK;
    gg_warn("http_client", "no complete reply from outside: %s", curl_easy_strerror(code));
    return GG_UNAVAILABLE;
}

enum gg_status gg_http_exchange(struct gg_arena *arena, const struct gg_http_request *request,
                                struct gg_http_response *response)
{
    struct exchange x = {.arena = arena, .response = response};
    CURL *handle = handle_for(request->public_only);
    struct curl_slist *headers = begin(handle, &x, request);

    return end(handle, &x, headers, curl_easy_perform(handle));
}

/* --- many at once --- */

#define POLL_MS 1000

struct transfer {
    CURL *handle;
    struct exchange x;
    struct curl_slist *headers;
};

/* Public and other addresses never share connections. */
static CURLM *multi_for(bool public_only)
{
    struct handles *handles = own_handles();
    CURLM **multi = public_only ? &handles->multi_public : &handles->multi_any;

    if (!*multi) {
        *multi = curl_multi_init();
        if (!*multi)
            gg_fatal("http_client", "no memory for an HTTP client");
        curl_multi_setopt(*multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
        curl_multi_setopt(*multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16L);
    }
    return *multi;
}

static void add(CURLM *multi, struct transfer *t, struct gg_arena *arena, const struct gg_http_request *request,
                struct gg_http_response *response)
{
    *t = (struct transfer){.handle = curl_easy_init(), .x = {.arena = arena, .response = response}};
    if (!t->handle)
        gg_fatal("http_client", "no memory for an HTTP client");
    t->headers = begin(t->handle, &t->x, request);
    curl_easy_setopt(t->handle, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(t->handle, CURLOPT_PIPEWAIT, 1L); /* rather a stream of a connection that is being made */
    curl_multi_add_handle(multi, t->handle);
}

static size_t take_done(CURLM *multi, const struct transfer *transfers, enum gg_status *results)
{
    CURLMsg *message;
    size_t done = 0;
    int left;

    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        struct transfer *t;
        CURL *handle = message->easy_handle;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&t);
        curl_multi_remove_handle(multi, handle);
        results[t - transfers] = end(handle, &t->x, t->headers, code);
        curl_easy_cleanup(handle);
        done++;
    }
    return done;
}

static void run_some(struct gg_arena *arena, const struct gg_http_request *requests, size_t n, size_t parallel,
                     bool public_only, struct gg_http_response *responses, enum gg_status *results)
{
    struct transfer *transfers = GG_NEW_ARRAY(arena, struct transfer, n);
    CURLM *multi = multi_for(public_only);
    size_t next = 0, running = 0;
    int unused;

    for (;;) {
        for (; next < n && running < parallel; next++)
            if (requests[next].public_only == public_only) {
                add(multi, &transfers[next], arena, &requests[next], &responses[next]);
                running++;
            }
        if (running == 0)
            return;
        curl_multi_perform(multi, &unused);
        size_t done = take_done(multi, transfers, results);
        running -= done;
        if (done == 0)
            curl_multi_poll(multi, NULL, 0, POLL_MS, NULL);
    }
}

void gg_http_multi(struct gg_arena *arena, const struct gg_http_request *requests, size_t n, size_t parallel,
                   struct gg_http_response *responses, enum gg_status *results)
{
    run_some(arena, requests, n, parallel, true, responses, results);
    run_some(arena, requests, n, parallel, false, responses, results);
}
