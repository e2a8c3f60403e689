/* libcommon/mem.h
 * Memory: heap calls that end the process instead of returning NULL, and the arena owned by each request or job. */
#ifndef LIBCOMMON_MEM_H
#define LIBCOMMON_MEM_H

#include "libcommon/base.h"

/* malloc/calloc/realloc/strdup that abort when memory is out: nobody has tested the other branch. Free with free(). */
void *gg_xmalloc(size_t n) __attribute__((malloc, returns_nonnull));
void *gg_xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *gg_xrealloc(void *p, size_t n) __attribute__((returns_nonnull));
char *gg_xstrdup(const char *s) __attribute__((malloc, returns_nonnull));

/* An arena: memory that is given back all at once. Used by one thread at a time; may be handed to another. */
struct gg_arena;

struct gg_arena *gg_arena_create(void) __attribute__((returns_nonnull));
/* Frees the arena and all that came from it. NULL is fine. */
void gg_arena_destroy(struct gg_arena *arena);
/* Gives back all allocations but keeps the first block for reuse. */
void gg_arena_reset(struct gg_arena *arena);

/* `n` zeroed bytes, aligned for any type, living as long as the arena. n = 0 gives a valid pointer. */
void *gg_alloc(struct gg_arena *arena, size_t n) __attribute__((returns_nonnull));
/* Zeroed array of `count` elements of `size` bytes; aborts when the product overflows. */
void *gg_alloc_array(struct gg_arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
#define GG_NEW(arena, type)              ((type *)gg_alloc((arena), sizeof(type)))
#define GG_NEW_ARRAY(arena, type, count) ((type *)gg_alloc_array((arena), (count), sizeof(type)))

/* NUL-terminated copies in the arena. gg_strdup(NULL) is NULL. */
char *gg_strdup(struct gg_arena *arena, const char *s);
char *gg_strndup(struct gg_arena *arena, const char *p, size_t n) __attribute__((returns_nonnull));
void *gg_memdup(struct gg_arena *arena, const void *p, size_t n) __attribute__((returns_nonnull));
/* A formatted, NUL-terminated string in the arena. */
char *gg_sprintf(struct gg_arena *arena, const char *format, ...) GG_PRINTF(2, 3) __attribute__((returns_nonnull));

#endif
