/* libcommon/storage.h
 * Where pictures are kept: a folder that all instances share, or a bucket that speaks S3 (AWS Signature Version 4), by
 * configuration. A name is never given a second meaning. Calls block: with a bucket, GG_POOL_OUT only. */
#ifndef LIBCOMMON_STORAGE_H
#define LIBCOMMON_STORAGE_H

#include "libcommon/config.h"
#include "libcommon/work.h"

struct gg_storage_config {
    const char *folder;          /* PHOTO_DIR; used while no endpoint is set */
    const char *endpoint;        /* "https://s3.ap-northeast-2.amazonaws.com"; "" = folder */
    const char *bucket, *region; /* path style: endpoint/bucket/name */
    const char *access_key, *secret_key;
    int64_t user_mb; /* how much one user may keep, MiB */
};
/* The settings of a service that keeps pictures; embed the struct in its own as `field`. */
#define GG_STORAGE_SETTINGS(s, field)                                                                                  \
    GG_SET_TEXT(s, field.folder, "PHOTO_DIR", NULL, "folder of the photos, shared by all instances"),                  \
        GG_SET_TEXT(s, field.endpoint, "S3_ENDPOINT", "", "object storage instead of the folder, https://..."),        \
        GG_SET_TEXT(s, field.bucket, "S3_BUCKET", "gonggu", "its bucket"),                                             \
        GG_SET_TEXT(s, field.region, "S3_REGION", "ap-northeast-2", "its region, as signatures name it"),              \
        GG_SET_TEXT(s, field.access_key, "S3_ACCESS_KEY", "", "its access key"),                                       \
        GG_SET_SECRET(s, field.secret_key, "S3_SECRET_KEY", "", "its secret key"),                                     \
        GG_SET_INT(s, field.user_mb, "PHOTO_USER_MB", "300", 1, 1000000, "how much one user may keep, MiB")

/* Checks the configuration, makes the folder. Call from the service's `start`; the config must live as long as the
 * process. False, logged, when it cannot be used. */
bool gg_storage_start(const struct gg_storage_config *config) GG_MUSTCHECK;
/* The pool on which the calls below may run: GG_POOL_DB for a folder, GG_POOL_OUT for a bucket. */
enum gg_pool gg_storage_pool(void);

/* Keeps the bytes under the name (lower-case letters, digits, dots and dashes, at most 100; anything else ends the
 * process); a name that stands is written again with the same bytes. When it returns GG_OK the bytes are safe. */
enum gg_status gg_storage_put(struct gg_arena *arena, const char *name, const char *media_type,
                              struct gg_str bytes) GG_MUSTCHECK;
/* The bytes, in the arena. GG_NOT_FOUND; GG_UNAVAILABLE also when it is larger than `max`. */
enum gg_status gg_storage_get(struct gg_arena *arena, const char *name, size_t max, struct gg_str *bytes) GG_MUSTCHECK;
/* Forgets a name; GG_OK when there was none. */
enum gg_status gg_storage_delete(struct gg_arena *arena, const char *name) GG_MUSTCHECK;

#endif
