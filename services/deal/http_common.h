/* services/deal/http_common.h
 * What the handlers of deals share. */
#ifndef SERVICES_DEAL_HTTP_COMMON_H
#define SERVICES_DEAL_HTTP_COMMON_H

#include "change.h"
#include "view.h"

/* Answers that there is no such deal. */
enum gg_status deal_call_none(struct gg_call *call) GG_MUSTCHECK;
/* The deal of the address as it is, unlocked; false when the call is answered (404) or *status is not GG_OK. */
bool deal_call_read(struct gg_call *call, struct deal_row *deal, enum gg_status *status) GG_MUSTCHECK;
/* Locks the deal of the address for the caller; false when the call is answered (404) or *status is not GG_OK. */
bool deal_call_begin(struct gg_call *call, struct deal_work *work, enum gg_status *status) GG_MUSTCHECK;
/* The same for what only the host may do. */
bool deal_call_begin_host(struct gg_call *call, struct deal_work *work, enum gg_status *status) GG_MUSTCHECK;
/* The same, and only where the life cycle has such a step. */
bool deal_call_begin_step(struct gg_call *call, struct deal_work *work, enum deal_event event,
                          enum gg_status *status) GG_MUSTCHECK;
/* The viewer's own share, or NULL. */
enum gg_status deal_call_own(struct gg_call *call, struct gg_id deal, struct deal_share_row **own) GG_MUSTCHECK;
/* Replies the deal, or a share, as the caller may see it. */
enum gg_status deal_answer(struct gg_call *call, const struct deal_row *deal) GG_MUSTCHECK;
enum gg_status deal_answer_share(struct gg_call *call, const struct deal_row *deal,
                                 const struct deal_share_row *share) GG_MUSTCHECK;
/* The photos must be the caller's own uploads; their names are kept as one text. */
enum gg_status deal_check_photos(struct gg_call *call, const struct gg_list *photos, const char **names) GG_MUSTCHECK;

/* http_open.c */
enum gg_status deal_http_create(struct gg_call *call);
enum gg_status deal_http_edit(struct gg_call *call);
enum gg_status deal_http_copy(struct gg_call *call);
enum gg_status deal_http_terms(struct gg_call *call);
enum gg_status deal_http_draft_make(struct gg_call *call);
enum gg_status deal_http_draft_save(struct gg_call *call);
enum gg_status deal_http_draft_show(struct gg_call *call);
enum gg_status deal_http_draft_list(struct gg_call *call);
enum gg_status deal_http_draft_drop(struct gg_call *call);
/* http_join.c */
enum gg_status deal_http_join(struct gg_call **calls, size_t n); /* together for one deal */
enum gg_status deal_http_quantity(struct gg_call *call);
enum gg_status deal_http_accept(struct gg_call *call);
enum gg_status deal_http_leave(struct gg_call *call);
enum gg_status deal_http_wait(struct gg_call *call);
enum gg_status deal_http_wait_leave(struct gg_call *call);
enum gg_status deal_http_window(struct gg_call *call);
enum gg_status deal_http_share(struct gg_call *call);
enum gg_status deal_http_shares(struct gg_call *call);
/* http_host.c */
enum gg_status deal_http_close(struct gg_call *call);
enum gg_status deal_http_cancel(struct gg_call *call);
enum gg_status deal_http_purchase(struct gg_call *call);
enum gg_status deal_http_arrive(struct gg_call *call);
enum gg_status deal_http_hand_over(struct gg_call *call);
enum gg_status deal_http_sync(struct gg_call *call);
enum gg_status deal_http_no_show(struct gg_call *call);
/* http_dispute.c */
enum gg_status deal_http_dispute(struct gg_call *call);
enum gg_status deal_http_dispute_show(struct gg_call *call);
enum gg_status deal_http_dispute_answer(struct gg_call *call);
enum gg_status deal_http_dispute_accept(struct gg_call *call);
enum gg_status deal_http_dispute_withdraw(struct gg_call *call);
enum gg_status deal_http_dispute_decide(struct gg_call *call);
enum gg_status deal_http_dispute_list(struct gg_call *call);

#endif
