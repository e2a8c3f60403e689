/* services/chat/people.h
 * What the rooms make of people: rooms of two, blocks, accounts that are gone, everything about somebody. */
#ifndef SERVICES_CHAT_PEOPLE_H
#define SERVICES_CHAT_PEOPLE_H

#include "libcommon/http.h"
#include "store_log.h"

/* (tx) Opens the room of two neighbours, or finds it. They share a deal, or the other hosts the one that is named. */
enum gg_status chat_direct_open(struct gg_db *db, struct gg_arena *arena, struct gg_id me, struct gg_id other,
                                struct gg_id deal, const struct gg_problem **problem, struct gg_id *room) GG_MUSTCHECK;

/* (tx) The room of two neighbours, locked; made when there is none. */
enum gg_status chat_direct_make(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b,
                                struct chat_room_row *room) GG_MUSTCHECK;

/* (tx) Somebody blocks somebody, or does no longer: their room of two is shut, or open again. */
enum gg_status chat_block(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id blocked,
                          bool on) GG_MUSTCHECK;

/* (tx) An account is gone for good: its words, pictures, reactions and settings go, the places in the logs stay. Tells
 * auth how much that was. */
enum gg_status chat_purge(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                          struct gg_id closing) GG_MUSTCHECK;

/* Everything chat keeps about the caller, as one JSON document. */
enum gg_status chat_export(struct gg_call *call);

#endif
