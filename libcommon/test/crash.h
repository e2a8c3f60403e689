/* libcommon/test/crash.h
 * Tests that kill a process at each thing it says to a server and hears from it. The test starts itself again to do one
 * step, under strace, which kills it at the k-th call. */
#ifndef LIBCOMMON_TEST_CRASH_H
#define LIBCOMMON_TEST_CRASH_H

#include "libcommon/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define CRASH_ASKED "--step"
#define CRASH_IDS   4

/* Before and after each statement or request. */
static const char *const crash_calls[] = {"sendto", "recvfrom"};

/* Where no process may look into another, nothing can be killed at a point. */
static inline bool crash_can(void)
{
    return system("strace -qq -o /dev/null true 2>/dev/null") == 0;
}

/* Does the step in a process of its own that is killed at its k-th `call`; false when it came to its end before, and
 * well. At most CRASH_IDS ids. */
static inline bool crash_at(const char *call, int k, size_t step, const struct gg_id *ids, size_t n_ids)
{
    char command[700], self[300], texts[CRASH_IDS][GG_ID_TEXT] = {{0}};
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    int status;

    assert_true(n > 0 && n_ids <= CRASH_IDS);
    self[n] = 0;
    for (size_t i = 0; i < n_ids; i++)
        gg_id_format(ids[i], texts[i]);
    snprintf(command, sizeof(command),
             "exec strace -f -qq -o /dev/null -e trace=%s -e inject=%s:signal=SIGKILL:when=%d %s " CRASH_ASKED
             " %zu %s %s %s %s",
             call, call, k, self, step, texts[0], texts[1], texts[2], texts[3]);
    status = system(command);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return false;
    /* strace ends as its child did. */
    if (!(WIFSIGNALED(status) && WTERMSIG(status) == 9) && !(WIFEXITED(status) && WEXITSTATUS(status) == 137))
        fail_msg("step %zu at %s %d ended with %d", step, call, k, status);
    return true;
}

/* In main: whether this process is to do a step, and then which. Ends the process where it cannot be read. */
static inline bool crash_asked(int argc, char **argv, size_t *step, struct gg_id *ids, size_t n_ids)
{
    if (argc < 2 || strcmp(argv[1], CRASH_ASKED) != 0)
        return false;
    if (argc != 3 + (int)n_ids)
        exit(3);
    *step = strtoul(argv[2], NULL, 10);
    for (size_t i = 0; i < n_ids; i++)
        if (!gg_id_parse((struct gg_str){argv[3 + i], strlen(argv[3 + i])}, &ids[i]))
            exit(3);
    return true;
}

#endif
