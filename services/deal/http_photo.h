/* services/deal/http_photo.h
 * Uploading and serving pictures. */
#ifndef SERVICES_DEAL_HTTP_PHOTO_H
#define SERVICES_DEAL_HTTP_PHOTO_H

#include "libcommon/due.h"
#include "libcommon/http.h"
#include "libcommon/picture.h"
#include "libcommon/storage.h"

#define DEAL_DUE_PICTURE "deal.picture" /* subject: the picture */
#define DEAL_DUE_STRAY   "deal.stray"   /* subject: the picture */

struct deal_config {
    struct gg_storage_config storage;
    const char *preview_host; /* "host:port" that link previews may ask although it is not public; "" = none */
};
extern struct deal_config deal_config;

enum gg_status deal_photo_upload(struct gg_call *call); /* on the CPU pool */
enum gg_status deal_photo_serve(struct gg_call *call);
/* A picture on its way to be the caller's. */
struct deal_photo_kept {
    const struct gg_picture *picture;
    int64_t used; /* bytes the caller keeps beside it */
    bool full;    /* out: there is no room, it was not kept */
};
/* Stores a picture and notes it as the caller's, unless there is no room. On gg_storage_pool(); keeps `kept` as the
 * call's state, so it must live in the call's arena. */
enum gg_status deal_photo_keep(struct gg_call *call, struct deal_photo_kept *kept) GG_MUSTCHECK;
/* Makes the smaller ones of a picture; may run again. */
enum gg_status deal_photo_shrink(struct gg_due *due);
/* Deletes the file of an upload that was given up; may run again. */
enum gg_status deal_photo_sweep(struct gg_due *due);

#endif
