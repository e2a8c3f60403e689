/* libcommon/storage.c
 * Pictures in a folder: written beside, synced and renamed, so that a name stands for a whole picture or for none. */
#include "libcommon/storage.h"

#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/storage_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct gg_storage_config *config;

bool gg_storage_start(const struct gg_storage_config *given)
{
    config = given;
    if (config->endpoint[0])
        return gg_storage_s3_start(config);
    if (mkdir(config->folder, 0755) != 0 && errno != EEXIST) {
        gg_error("storage", "cannot make %s: %s", config->folder, strerror(errno));
        return false;
    }
    if (access(config->folder, W_OK | X_OK) != 0) {
        gg_error("storage", "cannot write into %s: %s", config->folder, strerror(errno));
        return false;
    }
    return true;
}

enum gg_pool gg_storage_pool(void)
{
    return config->endpoint[0] ? GG_POOL_OUT : GG_POOL_DB;
}

static void check_name(const char *name)
{
    size_t n = strlen(name);

    if (!config || n == 0 || n > 100 || name[0] == '.' || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != n)
        gg_fatal("storage", "not a name that may be stored");
}

static char *path_of(struct gg_arena *arena, const char *name)
{
    return gg_sprintf(arena, "%s/%s", config->folder, name);
}

static bool write_all(int fd, struct gg_str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes.p += n;
        bytes.n -= (size_t)n;
    }
    return fsync(fd) == 0;
}

static enum gg_status put_file(struct gg_arena *arena, const char *name, struct gg_str bytes)
{
    uint8_t random[8];
    char *path = path_of(arena, name), *beside;
    bool ok;
    int fd;

    gg_random(random, sizeof(random));
    beside = gg_sprintf(arena, "%s.%s.new", path, gg_hex(arena, random, sizeof(random)));
    fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    ok = fd >= 0 && write_all(fd, bytes);
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok && rename(beside, path) == 0)
        return GG_OK;
    gg_error("storage", "cannot write into %s: %s", config->folder, strerror(errno));
    unlink(beside);
    return GG_UNAVAILABLE;
}

static enum gg_status get_file(struct gg_arena *arena, const char *name, size_t max, struct gg_str *bytes)
{
    int fd = open(path_of(arena, name), O_RDONLY | O_CLOEXEC);
    struct stat st;
    size_t n = 0;
    char *p;

    if (fd < 0)
        return errno == ENOENT ? GG_NOT_FOUND : GG_UNAVAILABLE;
    if (fstat(fd, &st) != 0 || st.st_size < 0 || (size_t)st.st_size > max) {
        close(fd);
        return GG_UNAVAILABLE;
    }
    p = gg_alloc(arena, (size_t)st.st_size);
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    close(fd);
    *bytes = (struct gg_str){p, n};
    return n == (size_t)st.st_size ? GG_OK : GG_UNAVAILABLE;
}

enum gg_status gg_storage_put(struct gg_arena *arena, const char *name, const char *media_type, struct gg_str bytes)
{
    check_name(name);
    return config->endpoint[0] ? gg_storage_s3_put(arena, config, name, media_type, bytes)
                               : put_file(arena, name, bytes);
}

enum gg_status gg_storage_get(struct gg_arena *arena, const char *name, size_t max, struct gg_str *bytes)
{
    check_name(name);
    return config->endpoint[0] ? gg_storage_s3_get(arena, config, name, max, bytes) : get_file(arena, name, max, bytes);
}

enum gg_status gg_storage_delete(struct gg_arena *arena, const char *name)
{
    check_name(name);
    if (config->endpoint[0])
        return gg_storage_s3_delete(arena, config, name);
    if (unlink(path_of(arena, name)) == 0 || errno == ENOENT)
        return GG_OK;
    gg_error("storage", "cannot delete in %s: %s", config->folder, strerror(errno));
    return GG_UNAVAILABLE;
}
