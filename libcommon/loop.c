/* libcommon/loop.c
 * The event loop of the process: timers, and calls posted from other threads through one eventfd. */
#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/loop_internal.h"
#include "libcommon/mem.h"
#include "libcommon/metrics.h"
#include "libcommon/work_run.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/thread.h>

#define SLOW_TURN 50 /* ms the loop may spend on posted calls before it says so */

struct posted {
    void (*fn)(void *arg);
    void *arg;
    struct posted *next;
};

static struct event_base *base;
static int wake_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct posted *first, **last = &first;

/* Takes the whole list and calls outside the lock. */
static void run_posted(evutil_socket_t fd, short what GG_UNUSED, void *arg GG_UNUSED)
{
    struct posted *list;
    int64_t started = gg_mono();
    uint64_t wakes;

    (void)!read(fd, &wakes, sizeof(wakes));
    pthread_mutex_lock(&lock);
    list = first;
    first = NULL;
    last = &first;
    pthread_mutex_unlock(&lock);
    while (list) {
        struct posted *posted = list;
        list = posted->next;
        posted->fn(posted->arg);
        free(posted);
    }
    if (gg_mono() - started > SLOW_TURN)
        gg_count("loop_slow_turns_total", "", 1);
}

struct event_base *gg_loop_base(void)
{
    struct event *event;

    if (base)
        return base;
    evthread_use_pthreads();
    base = event_base_new();
    wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!base || wake_fd < 0)
        gg_fatal("loop", "cannot make an event loop");
    event = event_new(base, wake_fd, EV_READ | EV_PERSIST, run_posted, NULL);
    if (!event || event_add(event, NULL) != 0)
        gg_fatal("loop", "cannot listen for wake-ups");
    return base;
}

void gg_loop_post(void (*fn)(void *arg), void *arg)
{
    struct posted *posted = gg_xmalloc(sizeof(*posted));
    const uint64_t one = 1;

    *posted = (struct posted){fn, arg, NULL};
    pthread_mutex_lock(&lock);
    *last = posted;
    last = &posted->next;
    pthread_mutex_unlock(&lock);
    (void)!write(wake_fd, &one, sizeof(one)); /* fails only when the counter is full: then it is awake */
}

struct timer {
    struct event *event;
    void (*fn)(void *arg);
    void *arg;
};

static void fire(evutil_socket_t fd GG_UNUSED, short what GG_UNUSED, void *arg)
{
    struct timer *timer = arg;

    timer->fn(timer->arg);
}

void gg_loop_every(int64_t ms, void (*fn)(void *arg), void *arg)
{
    struct timeval interval = {ms / 1000, ms % 1000 * 1000};
    struct timer *timer = gg_xmalloc(sizeof(*timer));

    *timer = (struct timer){.fn = fn, .arg = arg};
    timer->event = event_new(gg_loop_base(), -1, EV_PERSIST, fire, timer);
    if (!timer->event || event_add(timer->event, &interval) != 0)
        gg_fatal("loop", "cannot start a timer");
}

void gg_loop_run(void)
{
    event_base_dispatch(gg_loop_base());
}

void gg_loop_stop(void)
{
    event_base_loopbreak(gg_loop_base());
}
