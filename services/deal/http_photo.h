/* services/deal/http_photo.h
 * Uploading and serving pictures. */
#ifndef SERVICES_DEAL_HTTP_PHOTO_H
#define SERVICES_DEAL_HTTP_PHOTO_H

#include "libcommon/due.h"
#include "libcommon/http.h"
#include "libcommon/storage.h"

#define DEAL_DUE_PICTURE "deal.picture" /* subject: the picture */

struct deal_config {
    struct gg_storage_config storage;
    const char *preview_host; /* "host:port" that link previews may ask although it is not public; "" = none */
};
extern struct deal_config deal_config;

enum gg_status deal_photo_upload(struct gg_call *call); /* on the CPU pool */
enum gg_status deal_photo_serve(struct gg_call *call);
/* Makes the smaller ones of a picture; may run again. */
enum gg_status deal_photo_shrink(struct gg_due *due);

#endif
