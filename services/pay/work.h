/* services/pay/work.h
 * A unit of work on shares and the accounts their money moves between: opened under locks (shares by id, then accounts
 * by id), changed in memory by the rules, written at the end with few statements for any number of shares. */
#ifndef PAY_WORK_H
#define PAY_WORK_H

#include "book.h"
#include "libcommon/bus.h"

struct pay_work {
    struct pay_book book;
    struct pay_share *shares;
    size_t n;
    struct gg_emission *told; /* events that go out with it */
    size_t n_told, max_told;
};

/* One share with its deal's escrow, its neighbour's wallet and, unless zero, the host's. GG_NOT_FOUND: it never had a
 * hold. */
enum gg_status pay_work_share(struct pay_work *work, struct gg_db *db, struct gg_arena *arena, struct gg_id share,
                              struct gg_id host) GG_MUSTCHECK;
/* Every share of a deal, its escrow and the wallets of all. */
enum gg_status pay_work_deal(struct pay_work *work, struct gg_db *db, struct gg_arena *arena,
                             struct gg_id deal) GG_MUSTCHECK;
/* Writes shares, transfers, entries, accounts, events. */
enum gg_status pay_work_save(struct pay_work *work) GG_MUSTCHECK;

/* An event about a share, all optional parts absent. */
struct pay_share_event pay_step_of(const struct pay_share *share, int64_t amount);
/* Counts the share's step, marks it, and keeps the event (copied) for pay_work_save. */
void pay_tell(struct pay_work *work, struct pay_share *share, const struct gg_event_type *type,
              const struct pay_share_event *event);
/* Logs what cannot be; GG_ERROR. */
enum gg_status pay_defect(const struct pay_share *share, const char *what, int64_t won);

/* The pending hold ends without anything being taken. */
enum gg_status pay_void(struct pay_work *work, struct pay_share *share, enum pay_hold_act act) GG_MUSTCHECK;
/* Takes `amount` of the pending hold into escrow; the rest is free again. */
enum gg_status pay_take(struct pay_work *work, struct pay_share *share, int64_t amount) GG_MUSTCHECK;
/* Gives `amount` of what is in escrow back; `id` makes the transfer, so that one cause refunds once. Closes the share
 * when nothing is left and `close` is set. */
enum gg_status pay_give_back(struct pay_work *work, struct pay_share *share, int64_t amount, struct gg_id id,
                             bool close) GG_MUSTCHECK;
/* All that is left goes to the host, less the house's fee; closes the share. */
enum gg_status pay_host(struct pay_work *work, struct pay_share *share, struct gg_id host) GG_MUSTCHECK;

#endif
