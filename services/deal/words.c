/* services/deal/words.c
 * From text to the words of the index. */
#include "words.h"

#include <string.h>

enum kind { BREAK, DIGIT, LETTER, SYLLABLE };

struct character {
    const char *p;
    size_t n;
    enum kind kind;
};

static const struct {
    uint32_t from, to;
} breaks[] = {{0x80, 0xbf},     {0xd7, 0xd7},     {0xf7, 0xf7},       {0x2000, 0x2bff},
              {0x3000, 0x3004}, {0x3008, 0x3030}, {0xe000, 0xf8ff},   {0xfe00, 0xfe6f},
              {0xff00, 0xff0f}, {0xff1a, 0xff20}, {0x1f000, 0x10ffff}};

static enum kind kind_of(uint32_t c)
{
    if (c < 0x80) {
        if (c >= '0' && c <= '9')
            return DIGIT;
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? LETTER : BREAK;
    }
    for (size_t i = 0; i < GG_LEN(breaks); i++)
        if (c >= breaks[i].from && c <= breaks[i].to)
            return BREAK;
    return c < 0x1100 ? LETTER : SYLLABLE; /* Latin, Greek, Cyrillic ... before; Jamo, Hangul, Han, Kana after */
}

/* The text is valid UTF-8: the decoder of messages saw to it. */
static struct character next(const char *p)
{
    unsigned char lead = (unsigned char)*p;
    size_t n = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? lead : lead & (0x7fu >> n);

    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)p[i] & 0x3f);
    return (struct character){p, n, kind_of(c)};
}

static void add(struct gg_arena *arena, struct deal_words *words, const char *p, size_t n)
{
    char *word;

    if (n == 0 || n > DEAL_WORD_BYTES || words->n == DEAL_WORDS_MAX)
        return;
    if (!words->items)
        words->items = GG_NEW_ARRAY(arena, const char *, DEAL_WORDS_MAX);
    word = gg_strndup(arena, p, n);
    for (char *c = word; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    for (size_t i = 0; i < words->n; i++)
        if (strcmp(words->items[i], word) == 0)
            return;
    words->items[words->n++] = word;
}

/* One run of characters of one kind. */
struct run {
    const char *p;
    size_t n;          /* bytes */
    size_t at[65];     /* offsets of its characters, and its end */
    size_t characters; /* at most 64 */
    enum kind kind;
};

static const char *next_run(const char *p, struct run *run)
{
    struct character c = {0};

    *run = (struct run){0};
    for (; *p; p += c.n) {
        c = next(p);
        if (c.kind == BREAK ? run->characters > 0 : run->characters > 0 && c.kind != run->kind)
            break;
        if (c.kind == BREAK)
            continue;
        if (run->characters == 0) {
            run->p = p;
            run->kind = c.kind;
        }
        if (run->characters == 64)
            break;
        run->at[run->characters++] = run->n;
        run->n += c.n;
        run->at[run->characters] = run->n;
    }
    return p;
}

static void add_pairs(struct gg_arena *arena, const struct run *run, struct deal_words *words)
{
    for (size_t i = 0; i + 2 <= run->characters; i++)
        add(arena, words, run->p + run->at[i], run->at[i + 2] - run->at[i]);
}

static void index_run(struct gg_arena *arena, const struct run *run, struct deal_words *words)
{
    size_t longest = run->characters < DEAL_PREFIX_LETTERS ? run->characters : DEAL_PREFIX_LETTERS;

    if (run->kind == SYLLABLE) {
        add(arena, words, run->p, run->at[1]); /* one syllable finds what begins with it */
        add_pairs(arena, run, words);
        return;
    }
    for (size_t i = 1; i <= longest; i++)
        add(arena, words, run->p, run->at[i]);
}

void deal_words_of(struct gg_arena *arena, const char *text, struct deal_words *words)
{
    struct run run;

    for (const char *p = text; p = next_run(p, &run), run.characters > 0;)
        index_run(arena, &run, words);
}

const char *deal_word_of_tag(struct gg_arena *arena, const char *tag)
{
    struct deal_words one = {0};

    add(arena, &one, gg_sprintf(arena, "#%s", tag), strlen(tag) + 1);
    return one.n ? one.items[0] : "";
}

void deal_words_of_tag(struct gg_arena *arena, const char *tag, struct deal_words *words)
{
    const char *whole = deal_word_of_tag(arena, tag);

    add(arena, words, whole, strlen(whole));
    deal_words_of(arena, tag, words);
}

void deal_words_asked(struct gg_arena *arena, const char *text, struct deal_words *words)
{
    struct run run;

    for (const char *p = text; p = next_run(p, &run), run.characters > 0;) {
        size_t longest = run.characters < DEAL_PREFIX_LETTERS ? run.characters : DEAL_PREFIX_LETTERS;
        if (run.kind == SYLLABLE && run.characters > 1)
            add_pairs(arena, &run, words);
        else
            add(arena, words, run.p, run.at[run.kind == SYLLABLE ? 1 : longest]);
    }
    if (words->n > DEAL_ASKED_MAX)
        words->n = DEAL_ASKED_MAX;
}
