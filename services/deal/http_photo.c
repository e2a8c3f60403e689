/* services/deal/http_photo.c
 * Pictures are files named by the hash of their bytes: the same picture is stored once, and a name never changes its
 * meaning, so browsers may keep it for ever. */
#include "http_photo.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "photo.h"
#include "proto/deal.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct deal_config deal_config;

static char *path_of(struct gg_call *call, const char *name)
{
    return gg_sprintf(call->arena, "%s/%s", deal_config.photo_dir, name);
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

/* Written beside and renamed: a name stands for a whole picture or for none. */
static enum gg_status save(struct gg_call *call, const char *name, struct gg_str bytes)
{
    char *path = path_of(call, name), *beside = gg_sprintf(call->arena, "%s.%s.new", path, call->request_id);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool ok = fd >= 0 && write_all(fd, bytes);

    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok && rename(beside, path) == 0)
        return GG_OK;
    gg_error("photo_write", "cannot write into %s: %s", deal_config.photo_dir, strerror(errno));
    unlink(beside);
    return GG_UNAVAILABLE;
}

enum gg_status deal_photo_upload(struct gg_call *call)
{
    struct deal_photo *out = call->out;
    int64_t width, height;
    enum deal_photo_type type = deal_photo_inspect(call->body, &width, &height);
    struct gg_str clean;
    uint8_t hash[GG_SHA256];
    char *name;

    if (type == DEAL_PHOTO_NONE || !deal_photo_strip(call->arena, call->body, type, &clean))
        return gg_fail(call, &DEAL_BAD_PHOTO, "JPEG, PNG or WebP of at most 50 million pixels");
    gg_sha256(clean, hash);
    name = gg_sprintf(call->arena, "%s.%s", gg_hex(call->arena, hash, 20), deal_photo_extension(type));
    GG_TRY(save(call, name, clean));
    GG_TRY(deal_photo_put(call->db, name, call->user.id, (int64_t)clean.n, gg_now()));
    *out = (struct deal_photo){name, gg_sprintf(call->arena, "/v1/deal/photos/%s", name)};
    return GG_OK;
}

enum gg_status deal_photo_serve(struct gg_call *call)
{
    const char *name = call->params[0];
    struct stat st;
    char *bytes;
    ssize_t n;
    int fd;

    fd = deal_photo_name_valid(name) ? open(path_of(call, name), O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size > DEAL_PHOTO_BYTES_MAX) {
        if (fd >= 0)
            close(fd);
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such photo");
    }
    bytes = gg_alloc(call->arena, (size_t)st.st_size);
    n = read(fd, bytes, (size_t)st.st_size);
    close(fd);
    if (n != st.st_size)
        return GG_UNAVAILABLE;
    gg_header(call, "Cache-Control", "public, max-age=31536000, immutable");
    gg_reply_bytes(call, deal_photo_media_type(deal_photo_type_of_name(name)), (struct gg_str){bytes, (size_t)n});
    return GG_OK;
}
