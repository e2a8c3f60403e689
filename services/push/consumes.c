/* services/push/consumes.c
 * Which event is handled by what. */
#include "events.h"

#include "proto/auth_account.h"
#include "proto/auth_trust.h"
#include "proto/chat.h"
#include "proto/deal_flow.h"
#include "proto/deal_market.h"
#include "proto/pay_request.h"

const struct gg_consumes push_consumes[] = {
    {&AUTH_USER_REGISTERED, push_on_user},
    {&AUTH_USER_CHANGED, push_on_user},
    {&AUTH_SESSION_OPENED, push_on_session_opened},
    {&AUTH_SESSION_ENDED, push_on_session_ended},
    {&AUTH_RECOVERY_ASKED, push_on_recovery_asked},
    {&AUTH_BLOCK_ADDED, push_on_block_added},
    {&AUTH_BLOCK_REMOVED, push_on_block_removed},
    {&AUTH_USER_SUSPENDED, push_on_suspended},
    {&AUTH_USER_UNSUSPENDED, push_on_unsuspended},
    {&AUTH_CLOSING_ASKED, push_on_closing_asked},
    {&AUTH_USER_PURGED, push_on_purged},
    {&DEAL_OPENED_EVENT, push_on_deal_opened},
    {&DEAL_CHANGED_EVENT, push_on_deal_changed},
    {&DEAL_SHARE_RESERVED_EVENT, push_on_share_reserved},
    {&DEAL_SHARE_HELD_EVENT, push_on_share_held},
    {&DEAL_SHARE_CHANGED_EVENT, push_on_share_changed},
    {&DEAL_SHARE_REJECTED_EVENT, push_on_share_rejected},
    {&DEAL_SHARE_RELEASED_EVENT, push_on_share_released},
    {&DEAL_SHARE_HANDED_OVER_EVENT, push_on_share_handed_over},
    {&DEAL_SHARE_SETTLED_EVENT, push_on_share_settled},
    {&DEAL_SHARE_ADJUSTED_EVENT, push_on_share_adjusted},
    {&DEAL_SHARE_NO_SHOW_EVENT, push_on_share_no_show},
    {&DEAL_CLOSING_EVENT, push_on_deal_closing},
    {&DEAL_CONFIRMED_EVENT, push_on_deal_confirmed},
    {&DEAL_FAILED_EVENT, push_on_deal_failed},
    {&DEAL_CANCELLED_EVENT, push_on_deal_cancelled},
    {&DEAL_PURCHASED_EVENT, push_on_deal_purchased},
    {&DEAL_ARRIVED_EVENT, push_on_deal_arrived},
    {&DEAL_DONE_EVENT, push_on_deal_done},
    {&DEAL_WAIT_OFFERED_EVENT, push_on_wait_offered},
    {&DEAL_WAIT_LAPSED_EVENT, push_on_wait_lapsed},
    {&DEAL_WAIT_ENDED_EVENT, push_on_wait_ended},
    {&DEAL_DISPUTE_OPENED_EVENT, push_on_dispute_opened},
    {&DEAL_DISPUTE_ANSWERED_EVENT, push_on_dispute_answered},
    {&DEAL_DISPUTE_RESOLVED_EVENT, push_on_dispute_resolved},
    {&DEAL_COMMENT_ADDED, push_on_comment_added},
    {&DEAL_REVIEW_ASKED, push_on_review_asked},
    {&PAY_SHARE_PAID_OUT, push_on_paid_out},
    {&PAY_CHARGE_DONE, push_on_charged},
    {&PAY_MONEY_MOVED, push_on_money_moved},
    {&PAY_WITHDRAWAL_FAILED, push_on_withdrawal_failed},
    {&PAY_REQUEST_OPENED, push_on_request_opened},
    {&PAY_REQUEST_REMINDED, push_on_request_reminded},
    {&PAY_REQUEST_PAID, push_on_request_paid},
    {&PAY_REQUEST_DECLINED, push_on_request_declined},
    {&CHAT_NOTICED, push_on_chat_noticed},
};
const size_t push_consumes_n = GG_LEN(push_consumes);
