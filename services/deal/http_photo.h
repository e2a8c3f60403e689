/* services/deal/http_photo.h
 * Uploading and serving pictures. */
#ifndef SERVICES_DEAL_HTTP_PHOTO_H
#define SERVICES_DEAL_HTTP_PHOTO_H

#include "libcommon/http.h"

struct deal_config {
    const char *photo_dir;
};
extern struct deal_config deal_config;

enum gg_status deal_photo_upload(struct gg_call *call);
enum gg_status deal_photo_serve(struct gg_call *call);

#endif
