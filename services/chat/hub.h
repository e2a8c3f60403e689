/* services/chat/hub.h
 * The sockets of this process and the rooms they listen to. An announcement says only that a room has something new;
 * what it is is always read from the log, in order, once per room and instance. So nothing is lost when an announcement
 * is, and nothing comes twice or out of order. Loop thread, but for the two `_after_commit` calls. */
#ifndef SERVICES_CHAT_HUB_H
#define SERVICES_CHAT_HUB_H

#include "libcommon/db.h"
#include "libcommon/redis.h"
#include "libcommon/ws.h"
#include "store.h"

/* (tx, any worker) After the commit tells every instance that the room's log has reached `seq`; `joined` names who came
 * in with that entry, or is zero. */
void chat_hub_wake_after_commit(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct gg_id room,
                                int64_t seq, struct gg_id joined);
/* (tx, consumer) After the commit tells every instance the user's number of unread notices. */
void chat_hub_inbox_after_commit(struct gg_db *db, struct gg_arena *arena, struct gg_redis *redis, struct gg_id user,
                                 int64_t unread);

/* Starts listening. Once, before the loop runs. */
void chat_hub_start(void);

/* One connected socket in the hub. */
struct chat_client;
struct chat_client *chat_hub_add(struct gg_ws *ws, struct gg_id user);
void chat_hub_remove(struct chat_client *client);
/* Listens to a room from `position` on, as a member since `joined`, and not beyond `limit` (INT64_MAX while in;
 * left_seq after leaving). What lies between `position` and `newest` is caught up from the log. */
void chat_hub_listen(struct chat_client *client, struct gg_id room, int64_t joined, int64_t position, int64_t newest,
                     int64_t limit);
/* Sends the newest known seq of each of the client's rooms, so that it notices what it missed. */
void chat_hub_ping(struct chat_client *client);

/* Encodes and queues one frame. */
void chat_send_frame(struct gg_ws *ws, const struct chat_frame_out *frame);

#endif
