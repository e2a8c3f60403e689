/* services/chat/hub.h
 * The sockets of this process, the rooms they listen to, the deals they watch, and the requests that wait for a room.
 * An entry is sent to a listener only when it has had everything before it; what is missing is read from the log. So
 * nothing is lost when news are, and nothing comes twice or out of order. Loop thread. */
#ifndef SERVICES_CHAT_HUB_H
#define SERVICES_CHAT_HUB_H

#include "libcommon/http.h"
#include "libcommon/ws.h"
#include "news.h"
#include "proto/chat_frame.h"

/* Starts listening. Once, before the loop runs. */
void chat_hub_start(void);

/* One connected socket in the hub. */
struct chat_client;
/* `blocked` is copied. */
struct chat_client *chat_hub_add(struct gg_ws *ws, struct gg_id user, const struct gg_id *blocked, size_t n);
void chat_hub_remove(struct chat_client *client);
/* Listens to a room from `position` on, as a member since `joined`, and not beyond `limit` (INT64_MAX while in;
 * left_seq after leaving). What lies between `position` and `newest` is caught up from the log. */
void chat_hub_listen(struct chat_client *client, struct gg_id room, int64_t joined, int64_t position, int64_t newest,
                     int64_t limit);
/* Goes back (or forward) to `seq` in a room that is listened to; false when it is not. */
bool chat_hub_resume(struct chat_client *client, struct gg_id room, int64_t seq);
/* Whether the client listens to the room as a member. */
bool chat_hub_listens(const struct chat_client *client, struct gg_id room);
/* Watches these deals and no others. */
void chat_hub_watch(struct chat_client *client, const struct chat_watched *deals, size_t n);
/* Sends the newest known seq of each of the client's rooms, so that it notices what it missed. */
void chat_hub_ping(struct chat_client *client);

/* A request that waits until the room has something above `after`, or until `deadline` (gg_mono()); then it goes on
 * (gg_wake). `after` is not beyond the newest entry. */
void chat_hub_wait(struct gg_call *call, struct gg_id room, int64_t after, int64_t deadline);

/* Encodes and queues one frame. */
void chat_send_frame(struct gg_ws *ws, const struct chat_frame_out *frame);

#endif
