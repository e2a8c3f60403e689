/* libcommon/db_many.c
 * Many rows in one statement. The texts of a few sizes are made once per process, so that they can be prepared once per
 * connection like any constant. */
#include "libcommon/buf.h"
#include "libcommon/db_internal.h"
#include "libcommon/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX 1024
#define TEXT_MAX (64 * 1024)

/* A text that was made: for the life of the process. */
struct made {
    const char *head, *tail; /* by address, like the statement cache */
    size_t columns, n;
    char *sql;
    struct made *next;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct made *all;

static void add_element(struct gg_buf *text, size_t columns)
{
    gg_buf_adds(text, "(?");
    for (size_t i = 1; i < columns; i++)
        gg_buf_adds(text, ", ?");
    gg_buf_adds(text, ")");
}

/* head (?, ?), (?, ?) tail; a list of single values is (?, ?). */
static char *make(const char *head, const char *tail, size_t columns, size_t n, bool list)
{
    struct gg_buf text;
    char *sql;

    gg_buf_init(&text, TEXT_MAX);
    gg_buf_adds(&text, head);
    if (list && columns == 1) {
        add_element(&text, n);
    } else {
        gg_buf_adds(&text, list ? "(" : " ");
        for (size_t i = 0; i < n; i++) {
            if (i > 0)
                gg_buf_adds(&text, ", ");
            add_element(&text, columns);
        }
        gg_buf_adds(&text, list ? ")" : "");
    }
    gg_buf_adds(&text, tail);
    if (text.overflow)
        gg_fatal("db_many", "a statement of %zu rows is too long: %.100s", n, head);
    sql = gg_xstrdup(text.p);
    gg_buf_free(&text);
    return sql;
}

static const char *text_of(const char *head, const char *tail, size_t columns, size_t n, bool list)
{
    struct made *m;

    pthread_mutex_lock(&lock);
    for (m = all; m; m = m->next)
        if (m->head == head && m->tail == tail && m->columns == columns && m->n == n)
            break;
    if (!m) {
        m = gg_xcalloc(1, sizeof(*m));
        *m = (struct made){head, tail, columns, n, make(head, tail, columns, n, list), all};
        all = m;
    }
    pthread_mutex_unlock(&lock);
    return m->sql;
}

/* Rows of one statement, so that any number up to 128 is at most three of them, mostly two, and few texts are prepared.
 */
static const size_t pieces[] = {256, 192, 128, 96, 80, 64, 56, 48, 40, 32, 28, 24, 20,
                                16,  14,  12,  10, 8,  7,  6,  5,  4,  3,  2,  1};

enum gg_status gg_db_upsert_rows(struct gg_db *db, const char *head, const struct gg_val *rows, size_t columns,
                                 size_t n, const char *tail)
{
    size_t size = 0;

    for (size_t done = 0, piece; done < n; done += piece) {
        while (pieces[size] > n - done)
            size++;
        piece = pieces[size];
        GG_TRY(
            gg_db_exec(db, text_of(head, tail, columns, piece, false), rows + done * columns, piece * columns, NULL));
    }
    return GG_OK;
}

enum gg_status gg_db_insert_rows(struct gg_db *db, const char *head, const struct gg_val *rows, size_t columns,
                                 size_t n)
{
    return gg_db_upsert_rows(db, head, rows, columns, n, "");
}

/* The list, longer by its last element again and again until it has one of a few lengths. */
static struct gg_val *pad(struct gg_arena *arena, const struct gg_val *list, size_t columns, size_t n, size_t *padded)
{
    struct gg_val *args;

    for (*padded = 1; *padded < n;)
        *padded *= 2;
    args = gg_alloc(arena, *padded * columns * sizeof(*args));
    for (size_t i = 0; i < *padded; i++) /* the last one again changes no answer */
        memcpy(args + i * columns, list + (i < n ? i : n - 1) * columns, columns * sizeof(*args));
    return args;
}

enum gg_status gg_db_exec_in(struct gg_db *db, struct gg_arena *arena, const char *head, const struct gg_val *list,
                             size_t columns, size_t n)
{
    for (size_t done = 0, piece; done < n; done += piece) {
        size_t padded;
        const struct gg_val *args;

        piece = n - done < LIST_MAX ? n - done : LIST_MAX;
        args = pad(arena, list + done * columns, columns, piece, &padded);
        GG_TRY(gg_db_exec(db, text_of(head, "", columns, padded, true), args, padded * columns, NULL));
    }
    return GG_OK;
}

enum gg_status gg_db_query_in(struct gg_db *db, struct gg_arena *arena, const char *head, const struct gg_val *list,
                              size_t columns, size_t n, const char *tail, struct gg_rows *rows)
{
    const struct gg_val *args;
    size_t padded;

    if (n == 0 || n > LIST_MAX)
        gg_fatal("db_many", "a list of %zu: %.100s", n, head);
    args = pad(arena, list, columns, n, &padded);
    return gg_db_query(db, arena, text_of(head, tail, columns, padded, true), args, padded * columns, rows);
}

/* The length a list of ids gets. */
static size_t length_for(const char *head, size_t n)
{
    size_t length = 1;

    if (n == 0 || n > LIST_MAX)
        gg_fatal("db_many", "a list of %zu: %.100s", n, head);
    while (length < n)
        length *= 4;
    return length;
}

/* What stands before the list, then the ids, the last one again until the list is full. */
static struct gg_val *before_and_ids(const struct gg_val *before, size_t n_before, const struct gg_id *ids, size_t n,
                                     size_t room)
{
    struct gg_val *args = gg_xcalloc(n_before + room, sizeof(*args));

    for (size_t i = 0; i < n_before; i++)
        args[i] = before[i];
    for (size_t i = 0; i < room; i++)
        args[n_before + i] = gg_v_id(&ids[i < n ? i : n - 1]);
    return args;
}

enum gg_status gg_db_query_ids(struct gg_db *db, struct gg_arena *arena, const char *head, const struct gg_val *before,
                               size_t n_before, const struct gg_id *ids, size_t n, const char *tail,
                               struct gg_rows *rows)
{
    size_t room = length_for(head, n);
    struct gg_val *args = before_and_ids(before, n_before, ids, n, room);
    enum gg_status status = gg_db_query(db, arena, text_of(head, tail, 1, room, true), args, n_before + room, rows);

    free(args);
    return status;
}

enum gg_status gg_db_exec_ids(struct gg_db *db, const char *head, const struct gg_val *before, size_t n_before,
                              const struct gg_id *ids, size_t n, const char *tail, int64_t *affected)
{
    size_t room = length_for(head, n);
    struct gg_val *args = before_and_ids(before, n_before, ids, n, room);
    enum gg_status status = gg_db_exec(db, text_of(head, tail, 1, room, true), args, n_before + room, affected);

    free(args);
    return status;
}
