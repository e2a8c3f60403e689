/* services/deal/og.c
 * Reading <meta> and <title> of a page, no more of HTML than that. */
#include "og.h"

#include "libcommon/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define READ_MAX ((size_t)256 * 1024)
#define TEXT_MAX 600

/* --- addresses --- */

bool deal_url_valid(const char *url)
{
    size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
    size_t host = scheme ? strcspn(url + scheme, "/?#") : 0;

    if (host == 0 || strlen(url) > 2000 || memchr(url + scheme, '@', host) || memchr(url + scheme, '\\', host))
        return false;
    for (const unsigned char *p = (const unsigned char *)url; *p; p++)
        if (*p <= ' ' || *p == 0x7f)
            return false;
    return true;
}

const char *deal_url_host(struct gg_arena *arena, const char *url)
{
    const char *host = strstr(url, "://") + 3;

    return gg_strndup(arena, host, strcspn(host, "/?#"));
}

const char *deal_url_join(struct gg_arena *arena, const char *base, const char *target)
{
    size_t scheme = (size_t)(strstr(base, "://") - base), host = scheme + 3 + strcspn(base + scheme + 3, "/?#");
    const char *url;

    if (strstr(target, "://") && strcspn(target, "/?#") > strcspn(target, ":"))
        url = target;
    else if (strncmp(target, "//", 2) == 0)
        url = gg_sprintf(arena, "%.*s:%s", (int)scheme, base, target);
    else if (target[0] == '/')
        url = gg_sprintf(arena, "%.*s%s", (int)host, base, target);
    else {
        size_t folder = strcspn(base, "?#");
        while (folder > host && base[folder - 1] != '/')
            folder--;
        url = gg_sprintf(arena, "%.*s%s%s", (int)folder, base, folder == host ? "/" : "", target);
    }
    return deal_url_valid(url) ? url : NULL;
}

/* --- text --- */

static const struct {
    const char *name, *text;
} entities[] = {{"amp", "&"},
                {"lt", "<"},
                {"gt", ">"},
                {"quot", "\""},
                {"apos", "'"},
                {"nbsp", " "},
                {"middot", "\xc2\xb7"},
                {"hellip", "\xe2\x80\xa6"},
                {"ndash", "\xe2\x80\x93"}};

static size_t put_utf8(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* One reference at p ("&...;"): its text, and how long it was; 0 when it is none. */
static size_t reference(const char *p, size_t n, char out[4], size_t *n_out)
{
    const char *end = memchr(p, ';', n < 12 ? n : 12);
    size_t length = end ? (size_t)(end - p) - 1 : 0;
    uint32_t c = 0;

    if (length == 0)
        return 0;
    if (p[1] == '#') {
        bool hex = (p[2] | 0x20) == 'x';
        for (const char *q = p + (hex ? 3 : 2); q < end; q++) {
            int digit = *q >= '0' && *q <= '9'               ? *q - '0'
                        : hex && isxdigit((unsigned char)*q) ? (*q | 0x20) - 'a' + 10
                                                             : -1;
            if (digit < 0 || c > 0x10ffff)
                return 0;
            c = c * (hex ? 16 : 10) + (uint32_t)digit;
        }
        if (c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            c = ' ';
        *n_out = put_utf8(c, out);
        return length + 2;
    }
    for (size_t i = 0; i < GG_LEN(entities); i++)
        if (strlen(entities[i].name) == length && memcmp(p + 1, entities[i].name, length) == 0) {
            *n_out = strlen(entities[i].text);
            memcpy(out, entities[i].text, *n_out);
            return length + 2;
        }
    return 0;
}

/* The text of an attribute or element: references resolved, white space joined, NFC. NULL when it is no text. */
static const char *clean(struct gg_arena *arena, struct gg_str raw)
{
    char *out = gg_alloc(arena, TEXT_MAX + 8);
    size_t n = 0;

    for (size_t i = 0; i < raw.n && n < TEXT_MAX;) {
        size_t made = 0, used = raw.p[i] == '&' ? reference(raw.p + i, raw.n - i, out + n, &made) : 0;
        if (used == 0) {
            out[n] = raw.p[i];
            made = used = 1;
        }
        if ((unsigned char)out[n] <= ' ') {
            out[n] = ' ';
            made = n > 0 && out[n - 1] != ' ';
        }
        n += made;
        i += used;
    }
    while (n > 0 && (out[n - 1] == ' ' || (n >= TEXT_MAX && ((unsigned char)out[n - 1] & 0xc0) == 0x80)))
        n--;
    if (n >= TEXT_MAX - 4 && n > 0 && ((unsigned char)out[n - 1] & 0xc0) == 0xc0)
        n--; /* cut between two characters */
    if (n == 0 || !gg_utf8_valid((struct gg_str){out, n}))
        return NULL;
    return gg_text_normalize(arena, (struct gg_str){out, n}, false);
}

/* --- tags --- */

/* Value of an attribute inside a tag. */
static bool attribute(struct gg_str tag, const char *name, struct gg_str *value)
{
    size_t n = strlen(name);

    for (size_t i = 1; i + n + 2 < tag.n; i++) {
        size_t at = i + n;
        char quote;
        if (!isspace((unsigned char)tag.p[i - 1]) || strncasecmp(tag.p + i, name, n) != 0)
            continue;
        while (at < tag.n && isspace((unsigned char)tag.p[at]))
            at++;
        if (at >= tag.n || tag.p[at] != '=')
            continue;
        for (at++; at < tag.n && isspace((unsigned char)tag.p[at]); at++)
            ;
        if (at >= tag.n)
            return false;
        quote = tag.p[at];
        if (quote == '"' || quote == '\'') {
            const char *end = memchr(tag.p + at + 1, quote, tag.n - at - 1);
            if (!end)
                return false;
            *value = (struct gg_str){tag.p + at + 1, (size_t)(end - tag.p) - at - 1};
            return true;
        }
        *value = (struct gg_str){tag.p + at, 0};
        while (at + value->n < tag.n && !isspace((unsigned char)value->p[value->n]) && value->p[value->n] != '>')
            value->n++;
        return true;
    }
    return false;
}

static bool is(struct gg_str value, const char *text)
{
    return value.n == strlen(text) && strncasecmp(value.p, text, value.n) == 0;
}

/* "12,900", "12900.00", "₩12,900원" */
static int64_t read_price(struct gg_str raw)
{
    int64_t won = 0;
    bool digits = false;

    for (size_t i = 0; i < raw.n && won < INT64_C(100000000000); i++) {
        if (raw.p[i] >= '0' && raw.p[i] <= '9') {
            won = won * 10 + (raw.p[i] - '0');
            digits = true;
        } else if (digits && raw.p[i] != ',') {
            break;
        }
    }
    return digits && won > 0 && won <= INT64_C(100000000) ? won : GG_NONE;
}

static void take_meta(struct gg_arena *arena, struct gg_str tag, struct deal_og *og)
{
    struct gg_str name, content;

    if ((!attribute(tag, "property", &name) && !attribute(tag, "name", &name) && !attribute(tag, "itemprop", &name)) ||
        !attribute(tag, "content", &content))
        return;
    if (is(name, "og:title"))
        og->title = clean(arena, content);
    else if (is(name, "og:description"))
        og->description = clean(arena, content);
    else if ((is(name, "og:image") || is(name, "og:image:secure_url")) && !og->image)
        og->image = clean(arena, content);
    else if (is(name, "og:site_name"))
        og->site = clean(arena, content);
    else if ((is(name, "product:price:amount") || is(name, "og:price:amount") ||
              is(name, "product:sale_price:amount") || is(name, "price")) &&
             og->price_won == GG_NONE)
        og->price_won = read_price(content);
}

/* The price of structured data ("price": "12900"), when no property says it. */
static void take_json_price(struct gg_str html, struct deal_og *og)
{
    static const char key[] = "\"price\"";
    const char *p = memmem(html.p, html.n, key, sizeof(key) - 1);
    size_t left;

    if (!p || og->price_won != GG_NONE)
        return;
    p += sizeof(key) - 1;
    left = html.n - (size_t)(p - html.p);
    if (left > 1 && memchr(p, ':', left < 4 ? left : 4))
        og->price_won = read_price((struct gg_str){p, left < 30 ? left : 30});
}

void deal_og_read(struct gg_arena *arena, struct gg_str html, struct deal_og *og)
{
    struct gg_str page = {html.p, html.n < READ_MAX ? html.n : READ_MAX}, title = {0};

    *og = (struct deal_og){.price_won = GG_NONE};
    for (size_t i = 0; i + 6 < page.n; i++) {
        const char *end;
        if (page.p[i] != '<')
            continue;
        end = memchr(page.p + i, '>', page.n - i);
        if (!end)
            break;
        if (strncasecmp(page.p + i, "<meta", 5) == 0)
            take_meta(arena, (struct gg_str){page.p + i, (size_t)(end - page.p) - i + 1}, og);
        else if (strncasecmp(page.p + i, "<title", 6) == 0 && !title.p) {
            const char *close = memchr(end, '<', page.n - (size_t)(end - page.p));
            title = (struct gg_str){end + 1, close ? (size_t)(close - end) - 1 : 0};
        }
    }
    if (!og->title && title.n > 0)
        og->title = clean(arena, title);
    take_json_price(page, og);
}
