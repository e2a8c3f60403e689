/* services/deal/store_photo.h
 * SQL of pictures: who uploaded what, and which have smaller ones. Those marked (tx) run inside a transaction. */
#ifndef SERVICES_DEAL_STORE_PHOTO_H
#define SERVICES_DEAL_STORE_PHOTO_H

#include "libcommon/db.h"

enum deal_picture_sized { DEAL_PICTURE_WAITS, DEAL_PICTURE_SIZED, DEAL_PICTURE_ODD };

/* (tx) Notes an upload. `fresh` says that nobody had uploaded this picture before. */
enum gg_status deal_photo_put(struct gg_db *db, const char *name, struct gg_id owner, int64_t bytes, int64_t now,
                              bool *fresh) GG_MUSTCHECK;
/* GG_NOT_FOUND unless `owner` has uploaded it. */
enum gg_status deal_photo_owned(struct gg_db *db, struct gg_arena *arena, const char *name,
                                struct gg_id owner) GG_MUSTCHECK;
/* Bytes a user keeps, this name left out. */
enum gg_status deal_photo_used(struct gg_db *db, struct gg_arena *arena, struct gg_id owner, const char *but,
                               int64_t *bytes) GG_MUSTCHECK;
/* (tx) A picture is about to be stored; it is a stray one until deal_stray_end. Waits for who deletes it just now. */
enum gg_status deal_stray_begin(struct gg_db *db, const char *name, int64_t now) GG_MUSTCHECK;
enum gg_status deal_stray_end(struct gg_db *db, struct gg_id id) GG_MUSTCHECK;
/* (tx) Locks a stray picture and tells its name. GG_NOT_FOUND. */
enum gg_status deal_stray_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               const char **name) GG_MUSTCHECK;
/* Name of a picture by its id. GG_NOT_FOUND. */
enum gg_status deal_picture_name(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                 const char **name) GG_MUSTCHECK;
enum gg_status deal_picture_set(struct gg_db *db, struct gg_id id, enum deal_picture_sized sized) GG_MUSTCHECK;
/* Id of a picture, following from its name. */
struct gg_id deal_picture_id(const char *name);

#endif
