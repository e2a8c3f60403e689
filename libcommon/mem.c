/* libcommon/mem.c
 * Heap calls that end the process, and arenas as chains of blocks. */
#include "libcommon/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK   ((size_t)4096)
#define LARGEST_BLOCK ((size_t)256 * 1024)

static void out_of_memory(void)
{
    fputs("out of memory\n", stderr);
    abort();
}

void *gg_xmalloc(size_t n)
{
    void *p = malloc(n ? n : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *gg_xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *gg_xrealloc(void *p, size_t n)
{
    p = realloc(p, n ? n : 1);
    if (!p)
        out_of_memory();
    return p;
}

char *gg_xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;

    return memcpy(gg_xmalloc(n), s, n);
}

struct block {
    struct block *next; /* older */
    size_t size, used;
    alignas(max_align_t) char data[];
};
/* The newest block is first; allocations come from it alone. */
struct gg_arena {
    struct block *blocks;
};

static struct block *block_create(size_t size)
{
    struct block *block = gg_xmalloc(sizeof(*block) + size);

    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

struct gg_arena *gg_arena_create(void)
{
    struct gg_arena *arena = gg_xmalloc(sizeof(*arena));

    arena->blocks = block_create(FIRST_BLOCK);
    return arena;
}

/* Frees every block but the oldest. */
static void free_newer(struct gg_arena *arena)
{
    while (arena->blocks->next) {
        struct block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
}

void gg_arena_destroy(struct gg_arena *arena)
{
    if (!arena)
        return;
    free_newer(arena);
    free(arena->blocks);
    free(arena);
}

void gg_arena_reset(struct gg_arena *arena)
{
    free_newer(arena);
    arena->blocks->used = 0;
}

void *gg_alloc(struct gg_arena *arena, size_t n)
{
    struct block *block = arena->blocks;
    size_t aligned;
    void *p;

    if (n > PTRDIFF_MAX / 2) /* the sums below cannot wrap */
        out_of_memory();
    aligned = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (aligned > block->size - block->used) {
        size_t size = block->size < LARGEST_BLOCK ? block->size * 2 : LARGEST_BLOCK;
        struct block *fresh = block_create(aligned > size ? aligned : size);
        fresh->next = block;
        arena->blocks = block = fresh;
    }
    p = block->data + block->used;
    block->used += aligned;
    return memset(p, 0, n);
}

void *gg_alloc_array(struct gg_arena *arena, size_t count, size_t size)
{
    size_t n;

    if (__builtin_mul_overflow(count, size, &n))
        out_of_memory();
    return gg_alloc(arena, n);
}

char *gg_strdup(struct gg_arena *arena, const char *s)
{
    return s ? gg_strndup(arena, s, strlen(s)) : NULL;
}

char *gg_strndup(struct gg_arena *arena, const char *p, size_t n)
{
    char *copy = gg_alloc(arena, n + 1);

    if (n > 0)
        memcpy(copy, p, n);
    return copy;
}

void *gg_memdup(struct gg_arena *arena, const void *p, size_t n)
{
    void *copy = gg_alloc(arena, n);

    return n > 0 ? memcpy(copy, p, n) : copy;
}

char *gg_sprintf(struct gg_arena *arena, const char *format, ...)
{
    va_list args;
    char *out;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        out_of_memory();
    out = gg_alloc(arena, (size_t)n + 1);
    va_start(args, format);
    vsnprintf(out, (size_t)n + 1, format, args);
    va_end(args);
    return out;
}
