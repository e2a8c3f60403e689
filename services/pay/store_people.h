/* services/pay/store_people.h
 * SQL about pay's copies of people, blocks and deals. */
#ifndef PAY_STORE_PEOPLE_H
#define PAY_STORE_PEOPLE_H

#include "libcommon/db.h"
#include "move.h"

struct pay_person {
    struct pay_party party;
    const char *nickname; /* NULL: unknown, or purged */
};

/* Writes the name; a purged person stays without one. */
enum gg_status pay_person_save(struct gg_db *db, struct gg_id user, const char *nickname) GG_MUSTCHECK;
/* Someone nobody has told of has no `known`; never GG_NOT_FOUND. */
enum gg_status pay_person_read(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               struct pay_person *out) GG_MUSTCHECK;
enum gg_status pay_person_named(struct gg_db *db, struct gg_arena *arena, const char *nickname,
                                struct pay_person *out) GG_MUSTCHECK;
/* The account is being closed, or not any more (GG_NONE). */
enum gg_status pay_person_closing(struct gg_db *db, struct gg_id user, int64_t at) GG_MUSTCHECK;
/* The name goes; the row stays, so that old moves have a counterpart without a name. */
enum gg_status pay_person_purge(struct gg_db *db, struct gg_id user, int64_t at) GG_MUSTCHECK;

enum gg_status pay_block_save(struct gg_db *db, struct gg_id user, struct gg_id blocked) GG_MUSTCHECK;
enum gg_status pay_block_remove(struct gg_db *db, struct gg_id user, struct gg_id blocked) GG_MUSTCHECK;
/* Has one of the two blocked the other? */
enum gg_status pay_block_between(struct gg_db *db, struct gg_arena *arena, struct gg_id a, struct gg_id b,
                                 bool *yes) GG_MUSTCHECK;

enum gg_status pay_deal_copy_save(struct gg_db *db, struct gg_id deal, struct gg_id host,
                                  const char *title) GG_MUSTCHECK;

struct pay_contact_row {
    struct gg_id user, deal;
    const char *nickname, *title;
};
/* Hosts and neighbours of the user's newest deals, and whom they sent money last; each once. Nobody who is closed, or
 * blocked on either side. */
enum gg_status pay_contacts_of(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t limit,
                               struct pay_contact_row **contacts, size_t *n) GG_MUSTCHECK;

#endif
