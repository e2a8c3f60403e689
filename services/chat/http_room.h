/* services/chat/http_room.h
 * Handlers of the routes, one per route; http.c lists them. */
#ifndef SERVICES_CHAT_HTTP_ROOM_H
#define SERVICES_CHAT_HTTP_ROOM_H

#include "libcommon/http.h"

enum gg_status chat_http_rooms(struct gg_call *call);
enum gg_status chat_http_room(struct gg_call *call);
enum gg_status chat_http_members(struct gg_call *call);
enum gg_status chat_http_settings(struct gg_call *call);
enum gg_status chat_http_direct(struct gg_call *call);

enum gg_status chat_http_entries(struct gg_call *call);
enum gg_status chat_http_search(struct gg_call *call);
enum gg_status chat_http_send(struct gg_call *call);
enum gg_status chat_http_act(struct gg_call *call);
enum gg_status chat_http_read(struct gg_call *call);

enum gg_status chat_http_upload(struct gg_call *call);
enum gg_status chat_http_image(struct gg_call *call);

#endif
