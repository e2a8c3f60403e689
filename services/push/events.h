/* services/push/events.h
 * The handlers of consumed events, by file; the table is in consumes.c. */
#ifndef SERVICES_PUSH_EVENTS_H
#define SERVICES_PUSH_EVENTS_H

#include "inbox.h"

/* events.c: deals */
enum gg_status push_on_share_reserved(struct gg_event *event);
enum gg_status push_on_share_held(struct gg_event *event);
enum gg_status push_on_share_changed(struct gg_event *event);
enum gg_status push_on_share_rejected(struct gg_event *event);
enum gg_status push_on_share_released(struct gg_event *event);
enum gg_status push_on_share_handed_over(struct gg_event *event);
enum gg_status push_on_share_settled(struct gg_event *event);
enum gg_status push_on_share_adjusted(struct gg_event *event);
enum gg_status push_on_share_no_show(struct gg_event *event);
enum gg_status push_on_deal_opened(struct gg_event *event);
enum gg_status push_on_deal_changed(struct gg_event *event);
enum gg_status push_on_deal_closing(struct gg_event *event);
enum gg_status push_on_deal_confirmed(struct gg_event *event);
enum gg_status push_on_deal_failed(struct gg_event *event);
enum gg_status push_on_deal_cancelled(struct gg_event *event);
enum gg_status push_on_deal_purchased(struct gg_event *event);
enum gg_status push_on_deal_arrived(struct gg_event *event);
enum gg_status push_on_deal_done(struct gg_event *event);
enum gg_status push_on_wait_offered(struct gg_event *event);
enum gg_status push_on_wait_lapsed(struct gg_event *event);
enum gg_status push_on_wait_ended(struct gg_event *event);
enum gg_status push_on_dispute_opened(struct gg_event *event);
enum gg_status push_on_dispute_answered(struct gg_event *event);
enum gg_status push_on_dispute_resolved(struct gg_event *event);
enum gg_status push_on_comment_added(struct gg_event *event);
enum gg_status push_on_review_asked(struct gg_event *event);

/* events_people.c: accounts, money, chat */
enum gg_status push_on_user(struct gg_event *event);
enum gg_status push_on_session_opened(struct gg_event *event);
enum gg_status push_on_session_ended(struct gg_event *event);
enum gg_status push_on_recovery_asked(struct gg_event *event);
enum gg_status push_on_block_added(struct gg_event *event);
enum gg_status push_on_block_removed(struct gg_event *event);
enum gg_status push_on_suspended(struct gg_event *event);
enum gg_status push_on_unsuspended(struct gg_event *event);
enum gg_status push_on_closing_asked(struct gg_event *event);
enum gg_status push_on_purged(struct gg_event *event);
enum gg_status push_on_paid_out(struct gg_event *event);
enum gg_status push_on_charged(struct gg_event *event);
enum gg_status push_on_money_moved(struct gg_event *event);
enum gg_status push_on_withdrawal_failed(struct gg_event *event);
enum gg_status push_on_request_opened(struct gg_event *event);
enum gg_status push_on_request_reminded(struct gg_event *event);
enum gg_status push_on_request_paid(struct gg_event *event);
enum gg_status push_on_request_declined(struct gg_event *event);
enum gg_status push_on_chat_noticed(struct gg_event *event);

#endif
