/* services/chat/cards.h
 * Cards: what the deal and its money tell a room, with what the reader can do about it. */
#ifndef SERVICES_CHAT_CARDS_H
#define SERVICES_CHAT_CARDS_H

#include "libcommon/bus.h"
#include "proto/chat.h"
#include "store_log.h"

struct chat_told {
    enum chat_card card;
    int action;         /* enum chat_action; -1: none */
    struct gg_id about; /* zero: nothing but the room's deal */
    int64_t amount_won, done, of;
};
#define CHAT_TOLD(which)                                                                                               \
    ((struct chat_told){.card = (which), .action = -1, .amount_won = GG_NONE, .done = GG_NONE, .of = GG_NONE})

/* (tx) Appends the card to a room that is locked. */
enum gg_status chat_tell(struct gg_event *event, struct chat_room_row *room, struct chat_told card) GG_MUSTCHECK;

/* (tx) Handlers of events about money: refunds, disputes (told in the room of neighbour and host, which is made when
 * there is none), 1/N requests (told in the room they name, if the creator is in it). */
enum gg_status chat_on_adjusted(struct gg_event *event) GG_MUSTCHECK;
enum gg_status chat_on_dispute(struct gg_event *event) GG_MUSTCHECK;
enum gg_status chat_on_request(struct gg_event *event) GG_MUSTCHECK;

#endif
