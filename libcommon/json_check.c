/* libcommon/json_check.c
 * The strict check every JSON text from outside passes before a parser sees it: one pass, no recursion. */
#include <stdlib.h>
#include <string.h>

#include "libcommon/json_internal.h"
#include "libcommon/text.h"

/* The parser behind us copies a number into 64 bytes. */
#define NUMBER_MAX 63

struct key {
    size_t object; /* number of the object it belongs to */
    struct gg_str name;
    size_t at;
};

struct scan {
    struct gg_arena *arena;
    const char *start, *p, *end;
    const char *detail;
    struct json_numbers *numbers;
    struct key *keys;
    size_t n_keys, cap_keys;
    size_t objects;
};

enum want { WANT_VALUE, WANT_FIRST_ITEM, WANT_FIRST_KEY, WANT_KEY, WANT_NEXT };

struct level {
    bool is_object;
    size_t object;
};

static bool fail_at(struct scan *s, const char *what, size_t at)
{
    s->detail = gg_sprintf(s->arena, "%s at byte %zu", what, at);
    return false;
}

static bool fail(struct scan *s, const char *what)
{
    return fail_at(s, what, (size_t)(s->p - s->start));
}

/* Room for one element more in an array of the arena. */
static void *grow(struct gg_arena *arena, void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    size_t wider = *cap == 0 ? 16 : *cap * 2;
    void *bigger = gg_alloc_array(arena, wider, size);
    if (n > 0)
        memcpy(bigger, v, n * size);
    *cap = wider;
    return bigger;
}

static void skip_space(struct scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
        s->p++;
}

/* --- strings --- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The four digits after "\u"; s->p stands behind the `u` and is moved behind them. */
static bool scan_hex4(struct scan *s, uint32_t *unit)
{
    if (s->end - s->p < 4)
        return fail(s, "escape ends too early");
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(s->p[i]);
        if (digit < 0)
            return fail(s, "bad \\u escape");
        *unit = *unit * 16 + (uint32_t)digit;
    }
    s->p += 4;
    return true;
}

static bool scan_unicode(struct scan *s, uint32_t *code)
{
    if (!scan_hex4(s, code))
        return false;
    if (*code == 0)
        return fail(s, "\\u0000 is not allowed");
    if (*code >= 0xDC00 && *code <= 0xDFFF)
        return fail(s, "lone surrogate");
    if (*code < 0xD800 || *code > 0xDBFF)
        return true;
    if (s->end - s->p < 2 || s->p[0] != '\\' || s->p[1] != 'u')
        return fail(s, "lone surrogate");
    s->p += 2;
    uint32_t low;
    if (!scan_hex4(s, &low))
        return false;
    if (low < 0xDC00 || low > 0xDFFF)
        return fail(s, "lone surrogate");
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* One escape; s->p stands on the backslash and is moved behind the escape. */
static bool scan_escape(struct scan *s, uint32_t *code)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (s->end - s->p < 2)
        return fail(s, "escape ends too early");
    char letter = s->p[1];
    if (letter == 'u') {
        s->p += 2;
        return scan_unicode(s, code);
    }
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (found == NULL)
        return fail(s, "unknown escape");
    *code = (uint32_t)(unsigned char)meanings[found - letters];
    s->p += 2;
    return true;
}

static size_t utf8_put(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)(lead[n] | code);
    return n;
}

/* The meaning of a checked key, so that "a" and "\u0061" are one. */
static struct gg_str decode_key(struct gg_arena *arena, struct gg_str raw)
{
    if (memchr(raw.p, '\\', raw.n) == NULL)
        return raw;
    struct scan s = {.arena = arena, .start = raw.p, .p = raw.p, .end = raw.p + raw.n};
    char *text = gg_alloc(arena, raw.n);
    size_t n = 0;
    while (s.p < s.end) {
        uint32_t code;
        if (*s.p != '\\')
            text[n++] = *s.p++;
        else if (scan_escape(&s, &code))
            n += utf8_put(text + n, code);
    }
    return (struct gg_str){text, n};
}

/* A string; s->p stands on its quote and is moved behind the closing one. */
static bool scan_string(struct scan *s, struct gg_str *raw)
{
    const char *first = ++s->p;
    for (;;) {
        if (s->p == s->end)
            return fail(s, "string ends too early");
        unsigned char c = (unsigned char)*s->p;
        uint32_t code;
        if (c == '"')
            break;
        if (c < 0x20)
            return fail(s, "control character in a string");
        if (c != '\\')
            s->p++;
        else if (!scan_escape(s, &code))
            return false;
    }
    *raw = (struct gg_str){first, (size_t)(s->p - first)};
    if (!gg_utf8_valid(*raw))
        return fail_at(s, "invalid UTF-8 in the string", (size_t)(first - s->start));
    s->p++;
    return true;
}

/* --- numbers and words --- */

static size_t scan_digits(struct scan *s)
{
    const char *first = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return (size_t)(s->p - first);
}

static bool scan_number(struct scan *s)
{
    const char *first = s->p;
    if (*s->p == '-')
        s->p++;
    bool zero = s->p < s->end && *s->p == '0';
    size_t digits = scan_digits(s);
    if (digits == 0 || (zero && digits > 1))
        return fail(s, "bad number");
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if (scan_digits(s) == 0)
            return fail(s, "bad number");
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if (scan_digits(s) == 0)
            return fail(s, "bad number");
    }
    if (s->p - first > NUMBER_MAX)
        return fail(s, "number of too many digits");
    struct json_numbers *numbers = s->numbers;
    if (numbers != NULL) {
        numbers->v = grow(s->arena, numbers->v, numbers->n, &numbers->cap, sizeof(*numbers->v));
        numbers->v[numbers->n++] = (struct gg_str){first, (size_t)(s->p - first)};
    }
    return true;
}

static bool scan_word(struct scan *s, struct gg_str word)
{
    if ((size_t)(s->end - s->p) < word.n || memcmp(s->p, word.p, word.n) != 0)
        return fail(s, "unexpected text");
    s->p += word.n;
    return true;
}

static bool scan_plain(struct scan *s)
{
    struct gg_str text;
    switch (*s->p) {
    case '"':
        return scan_string(s, &text);
    case 't':
        return scan_word(s, GG_STR("true"));
    case 'f':
        return scan_word(s, GG_STR("false"));
    case 'n':
        return scan_word(s, GG_STR("null"));
    default:
        if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
            return scan_number(s);
        return fail(s, "unexpected text");
    }
}

/* --- keys --- */

static bool scan_key(struct scan *s, size_t object)
{
    if (*s->p != '"')
        return fail(s, "a key was expected");
    struct key key = {.object = object, .at = (size_t)(s->p - s->start)};
    struct gg_str raw;
    if (!scan_string(s, &raw))
        return false;
    key.name = decode_key(s->arena, raw);
    skip_space(s);
    if (s->p == s->end || *s->p != ':')
        return fail(s, "a colon was expected");
    s->p++;
    s->keys = grow(s->arena, s->keys, s->n_keys, &s->cap_keys, sizeof(*s->keys));
    s->keys[s->n_keys++] = key;
    return true;
}

static int compare_names(const struct key *a, const struct key *b)
{
    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    if (a->name.n != b->name.n)
        return a->name.n < b->name.n ? -1 : 1;
    return memcmp(a->name.p, b->name.p, a->name.n);
}

static int compare_keys(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    int order = compare_names(a, b);
    return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

/* Sorted rather than hashed: no choice of keys makes it slow. */
static bool check_keys(struct scan *s)
{
    if (s->n_keys < 2)
        return true;
    qsort(s->keys, s->n_keys, sizeof(*s->keys), compare_keys);
    size_t first = SIZE_MAX;
    for (size_t i = 1; i < s->n_keys; i++) {
        if (compare_names(&s->keys[i - 1], &s->keys[i]) == 0 && s->keys[i].at < first)
            first = s->keys[i].at;
    }
    return first == SIZE_MAX ? true : fail_at(s, "duplicate key", first);
}

/* --- the walk --- */

/* Opens a container or takes a plain value. */
static bool scan_value(struct scan *s, struct level levels[], size_t *depth, enum want *want)
{
    if (*s->p != '{' && *s->p != '[') {
        *want = WANT_NEXT;
        return scan_plain(s);
    }
    if (*depth == GG_JSON_DEPTH)
        return fail(s, "nested too deep");
    bool is_object = *s->p == '{';
    levels[(*depth)++] = (struct level){is_object, is_object ? s->objects++ : 0};
    *want = is_object ? WANT_FIRST_KEY : WANT_FIRST_ITEM;
    s->p++;
    return true;
}

/* After a value: a comma or the end of its container. */
static bool scan_next(struct scan *s, const struct level levels[], size_t *depth, enum want *want)
{
    bool is_object = levels[*depth - 1].is_object;
    if (*s->p == ',')
        *want = is_object ? WANT_KEY : WANT_VALUE;
    else if (*s->p == (is_object ? '}' : ']'))
        (*depth)--;
    else
        return fail(s, "a comma or the end was expected");
    s->p++;
    return true;
}

static bool scan_step(struct scan *s, struct level levels[], size_t *depth, enum want *want)
{
    switch (*want) {
    case WANT_NEXT:
        return scan_next(s, levels, depth, want);
    case WANT_FIRST_ITEM:
        if (*s->p != ']')
            return scan_value(s, levels, depth, want);
        *want = WANT_NEXT;
        return scan_next(s, levels, depth, want);
    case WANT_FIRST_KEY:
        if (*s->p == '}') {
            *want = WANT_NEXT;
            return scan_next(s, levels, depth, want);
        }
        /* fall through */
    case WANT_KEY:
        *want = WANT_VALUE;
        return scan_key(s, levels[*depth - 1].object);
    case WANT_VALUE:
        break;
    }
    return scan_value(s, levels, depth, want);
}

static bool scan_text(struct scan *s)
{
    struct level levels[GG_JSON_DEPTH];
    size_t depth = 0;
    enum want want = WANT_VALUE;
    for (;;) {
        skip_space(s);
        if (want == WANT_NEXT && depth == 0)
            return s->p == s->end ? check_keys(s) : fail(s, "text after the value");
        if (s->p == s->end)
            return fail(s, "the text ends too early");
        if (!scan_step(s, levels, &depth, &want))
            return false;
    }
}

bool json_scan(struct gg_arena *arena, struct gg_str text, struct json_numbers *numbers, const char **detail)
{
    if (text.n > GG_JSON_TEXT_MAX) {
        *detail = "the text is longer than 512 KiB";
        return false;
    }
    if (text.n == 0) {
        *detail = "the text is empty";
        return false;
    }
    struct scan s = {.arena = arena, .start = text.p, .p = text.p, .end = text.p + text.n, .numbers = numbers};
    if (scan_text(&s))
        return true;
    *detail = s.detail;
    return false;
}

bool gg_json_check(struct gg_arena *arena, struct gg_str text, const char **detail)
{
    return json_scan(arena, text, NULL, detail);
}
