/* libcommon/storage_internal.h
 * The bucket behind storage.h, and its signature for tests. */
#ifndef LIBCOMMON_STORAGE_INTERNAL_H
#define LIBCOMMON_STORAGE_INTERNAL_H

#include "libcommon/storage.h"

bool gg_storage_s3_start(const struct gg_storage_config *config) GG_MUSTCHECK;
enum gg_status gg_storage_s3_put(struct gg_arena *arena, const struct gg_storage_config *config, const char *name,
                                 const char *media_type, struct gg_str bytes) GG_MUSTCHECK;
enum gg_status gg_storage_s3_get(struct gg_arena *arena, const struct gg_storage_config *config, const char *name,
                                 size_t max, struct gg_str *bytes) GG_MUSTCHECK;
enum gg_status gg_storage_s3_delete(struct gg_arena *arena, const struct gg_storage_config *config,
                                    const char *name) GG_MUSTCHECK;

/* One request to be signed. `headers` is the canonical list ("host:...\n", sorted), `signed_headers` their names. */
struct gg_sigv4 {
    const char *method, *path, *query; /* canonical */
    const char *headers, *signed_headers, *payload_hash;
    const char *date;   /* "20130524T000000Z" */
    const char *region; /* the service is s3 */
    const char *access_key, *secret_key;
};
/* Value of the Authorization header (AWS Signature Version 4), in the arena. */
char *gg_sigv4_authorization(struct gg_arena *arena, const struct gg_sigv4 *request);

#endif
