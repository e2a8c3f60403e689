/* libcommon/http_gate.c
 * One look at the raw header and the body's framing before the library sees them: what could be read two ways is
 * refused (RFC 9112, sections 3.2, 5.1, 6.1, 6.3, 7.1, 11.2). */
#include "libcommon/http_internal.h"
#include "libcommon/text.h"

#include <string.h>
#include <strings.h>

struct seen {
    size_t hosts, lengths, codings;
};

/* The next line without its CRLF; false at the empty one or when the line end is not CRLF. */
static bool next_line(struct gg_str *rest, struct gg_str *line)
{
    const char *end = memchr(rest->p, '\n', rest->n);
    size_t n = end ? (size_t)(end - rest->p) : 0;

    if (!end || n == 0 || rest->p[n - 1] != '\r')
        return false;
    *line = (struct gg_str){rest->p, n - 1};
    rest->p += n + 1;
    rest->n -= n + 1;
    return true;
}

static bool token_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is(struct gg_str name, const char *text)
{
    return name.n == strlen(text) && strncasecmp(name.p, text, name.n) == 0;
}

static struct gg_str trim(struct gg_str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static int refuse(const char **reason, int status, const char *text)
{
    *reason = text;
    return status;
}

static int check_field(struct gg_str line, struct gg_gate_header *header, struct seen *seen, const char **reason)
{
    const char *colon = memchr(line.p, ':', line.n);
    struct gg_str name, value;

    if (!colon || colon == line.p)
        return refuse(reason, 400, "a header line has no name");
    name = (struct gg_str){line.p, (size_t)(colon - line.p)};
    value = trim((struct gg_str){colon + 1, line.n - name.n - 1});
    for (size_t i = 0; i < name.n; i++)
        if (!token_character(name.p[i]))
            return refuse(reason, 400, "a header name holds a character it may not");
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t')
            return refuse(reason, 400, "a header value holds a control character");

    if (is(name, "host") && seen->hosts++)
        return refuse(reason, 400, "Host stands twice");
    if (is(name, "content-length")) {
        if (seen->lengths++)
            return refuse(reason, 400, "Content-Length stands twice");
        if (!gg_parse_i64(value, 0, GG_WIRE_MAX, &header->content_length))
            return refuse(reason, 400, "Content-Length is not a number");
    }
    if (is(name, "transfer-encoding")) {
        if (seen->codings++ || !is(value, "chunked"))
            return refuse(reason, 501, "Transfer-Encoding may be chunked and nothing else");
        header->chunked = true;
    }
    return 0;
}

static int check_request_line(struct gg_str line, struct gg_gate_header *header, bool *http10, const char **reason)
{
    const char *space = memchr(line.p, ' ', line.n), *second;
    struct gg_str target, version;

    if (!space || space == line.p)
        return refuse(reason, 400, "the request line has no method");
    header->method = (struct gg_str){line.p, (size_t)(space - line.p)};
    for (size_t i = 0; i < header->method.n; i++)
        if (header->method.p[i] < 'A' || header->method.p[i] > 'Z')
            return refuse(reason, 400, "the method is not one");
    target = (struct gg_str){space + 1, line.n - header->method.n - 1};
    second = memchr(target.p, ' ', target.n);
    if (!second || second == target.p)
        return refuse(reason, 400, "the request line has no version");
    version = (struct gg_str){second + 1, target.n - (size_t)(second - target.p) - 1};
    target.n = (size_t)(second - target.p);
    *http10 = is(version, "HTTP/1.0");
    if (!*http10 && !is(version, "HTTP/1.1"))
        return refuse(reason, 400, "the version is not HTTP/1.0 or 1.1");
    if (target.p[0] != '/')
        return refuse(reason, 400, "the target is not a path");
    if (target.n > 4096)
        return refuse(reason, 414, "the target is too long");
    for (size_t i = 0; i < target.n; i++)
        if ((unsigned char)target.p[i] <= 0x20 || (unsigned char)target.p[i] >= 0x7f || target.p[i] == '#')
            return refuse(reason, 400, "the target holds a character that must be escaped");
    second = memchr(target.p, '?', target.n);
    header->path = (struct gg_str){target.p, second ? (size_t)(second - target.p) : target.n};
    return 0;
}

int gg_gate_check(struct gg_str text, struct gg_gate_header *header, const char **reason)
{
    struct seen seen = {0};
    struct gg_str line;
    size_t lines = 0;
    bool http10;
    int status;

    *header = (struct gg_gate_header){.content_length = GG_NONE};
    if (memchr(text.p, '\0', text.n))
        return refuse(reason, 400, "the header holds a NUL byte");
    if (!next_line(&text, &line))
        return refuse(reason, 400, "the request line does not end in CRLF");
    status = check_request_line(line, header, &http10, reason);
    while (status == 0 && next_line(&text, &line) && line.n > 0) {
        if (++lines > GG_HEADER_LINES)
            return refuse(reason, 431, "there are too many header lines");
        status = check_field(line, header, &seen, reason);
    }
    if (status != 0)
        return status;
    if (text.n != 0)
        return refuse(reason, 400, "a header line does not end in CRLF");
    if (seen.hosts == 0 && !http10)
        return refuse(reason, 400, "Host is missing");
    if (seen.lengths && seen.codings)
        return refuse(reason, 400, "Content-Length and Transfer-Encoding exclude each other");
    return 0;
}

/* --- the body's framing --- */

enum part { SIZE, SIZE_LF, DATA, DATA_CR, DATA_LF, LAST_CR, LAST_LF };

#define SIZE_DIGITS_MAX 8

void gg_gate_expect(struct gg_gate_body *body, const struct gg_gate_header *header, size_t limit)
{
    *body = (struct gg_gate_body){.chunked = header->chunked, .part = SIZE, .room = limit};
    if (!header->chunked && header->content_length != GG_NONE)
        body->left = (size_t)header->content_length;
    body->done = !header->chunked && body->left == 0;
}

/* The next parts of what is left, as far as there are bytes. */
static size_t skip(struct gg_gate_body *body, size_t n)
{
    n = n < body->left ? n : body->left;
    body->left -= n;
    return n;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte between the data of chunks. */
static bool frame_byte(struct gg_gate_body *body, char c)
{
    int digit = hex_digit(c);

    switch ((enum part)body->part) {
    case SIZE:
        if (digit >= 0 && body->digits++ < SIZE_DIGITS_MAX) {
            body->left = body->left * 16 + (size_t)digit;
            return true;
        }
        body->part = SIZE_LF;
        return c == '\r' && body->digits > 0;
    case SIZE_LF:
        body->part = body->left > 0 ? DATA : LAST_CR;
        return c == '\n';
    case DATA_CR:
        body->part = DATA_LF;
        return c == '\r';
    case DATA_LF:
        body->part = SIZE;
        body->digits = 0;
        return c == '\n';
    case LAST_CR:
        body->part = LAST_LF;
        return c == '\r';
    case LAST_LF:
        body->done = true;
        return c == '\n';
    case DATA:
        break;
    }
    return false;
}

int gg_gate_follow(struct gg_gate_body *body, struct gg_str bytes, size_t *used, const char **reason)
{
    size_t i = 0;

    if (!body->chunked) {
        *used = skip(body, bytes.n);
        body->done = body->left == 0;
        return 0;
    }
    while (i < bytes.n && !body->done) {
        if (body->part == DATA) {
            i += skip(body, bytes.n - i);
            if (body->left == 0)
                body->part = DATA_CR;
            continue;
        }
        if (!frame_byte(body, bytes.p[i++]))
            return refuse(reason, 400, "the chunks of the body cannot be read in one way only");
        if (body->part == DATA && body->left > body->room)
            return refuse(reason, 413, "the body is larger than this address takes");
        if (body->part == DATA)
            body->room -= body->left;
    }
    *used = i;
    return 0;
}
