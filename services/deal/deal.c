/* services/deal/deal.c
 * The rules of deals and shares. */
#include "deal.h"

#include "og.h"

#define CELL INT64_C(5000) /* micro-degrees */

static const char *const deal_events[] = {"close",  "confirm", "fail",  "cancel", "purchase",
                                          "arrive", "finish",  "lapse", NULL};
static const struct gg_transition deal_rows[] = {
    {DEAL_RECRUITING, DEAL_CLOSE, DEAL_CLOSING, "at the closing instant, or by the host once the minimum is met"},
    {DEAL_CLOSING, DEAL_CONFIRM, DEAL_CONFIRMED, "nothing is reserved any more and enough is sold"},
    {DEAL_CLOSING, DEAL_FAIL, DEAL_FAILED, "nothing is reserved any more and too little is sold"},
    {DEAL_RECRUITING, DEAL_CANCEL, DEAL_CANCELLED, "by the host"},
    {DEAL_CLOSING, DEAL_CANCEL, DEAL_CANCELLED, "by the host"},
    {DEAL_CONFIRMED, DEAL_CANCEL, DEAL_CANCELLED, "by the host, before the purchase"},
    {DEAL_CONFIRMED, DEAL_PURCHASE, DEAL_PURCHASED,
     "every share is captured; the receipt is at most the planned total"},
    {DEAL_PURCHASED, DEAL_ARRIVE, DEAL_ARRIVED, "by the host"},
    {DEAL_ARRIVED, DEAL_FINISH, DEAL_DONE, "the last share was settled"},
    {DEAL_CONFIRMED, DEAL_LAPSE, DEAL_CANCELLED,
     "never bought three days after the window, or too few holds lived to be captured"},
    {DEAL_PURCHASED, DEAL_LAPSE, DEAL_CANCELLED, "never arrived: three days after the window everybody is refunded"},
};
const struct gg_fsm deal_fsm = {"deal", deal_state_names, deal_events, deal_rows, GG_LEN(deal_rows)};

static const char *const share_steps[] = {"hold_placed", "hold_refused", "lapse",     "hold_ended", "leave",
                                          "call_off",    "capture",      "hand_over", "settle",     "dispute",
                                          "resolve",     "resume",       "give_back", NULL};
static const struct gg_transition share_rows[] = {
    {DEAL_SHARE_RESERVED, SHARE_HOLD_PLACED, DEAL_SHARE_HELD, "pay holds the most it can cost"},
    {DEAL_SHARE_RESERVED, SHARE_HOLD_REFUSED, DEAL_SHARE_REJECTED, "the money is not there"},
    {DEAL_SHARE_RESERVED, SHARE_LAPSE, DEAL_SHARE_REJECTED, "no answer within two minutes"},
    {DEAL_SHARE_HELD, SHARE_HOLD_ENDED, DEAL_SHARE_REJECTED, "the hold passed its own deadline before it was captured"},
    {DEAL_SHARE_RESERVED, SHARE_LEAVE, DEAL_SHARE_RELEASED, "before closing"},
    {DEAL_SHARE_HELD, SHARE_LEAVE, DEAL_SHARE_RELEASED, "before closing"},
    {DEAL_SHARE_RESERVED, SHARE_CALL_OFF, DEAL_SHARE_RELEASED, "the deal failed or was cancelled"},
    {DEAL_SHARE_HELD, SHARE_CALL_OFF, DEAL_SHARE_RELEASED, "the deal failed or was cancelled"},
    {DEAL_SHARE_HELD, SHARE_CAPTURE, DEAL_SHARE_CAPTURED, "the exact amount is in escrow"},
    {DEAL_SHARE_CAPTURED, SHARE_CALL_OFF, DEAL_SHARE_REFUNDED, "the deal was cancelled; escrow gives it back"},
    {DEAL_SHARE_CAPTURED, SHARE_HAND_OVER, DEAL_SHARE_HANDED_OVER, "by code, or three days after the window"},
    {DEAL_SHARE_CAPTURED, SHARE_GIVE_BACK, DEAL_SHARE_REFUNDED, "nothing came for it"},
    {DEAL_SHARE_CAPTURED, SHARE_DISPUTE, DEAL_SHARE_DISPUTED, "its money stands still"},
    {DEAL_SHARE_DISPUTED, SHARE_RESOLVE, DEAL_SHARE_HANDED_OVER, "the host gets what is left"},
    {DEAL_SHARE_DISPUTED, SHARE_RESUME, DEAL_SHARE_CAPTURED, "settled before the goods came: they are still to come"},
    {DEAL_SHARE_DISPUTED, SHARE_CALL_OFF, DEAL_SHARE_REFUNDED, "the deal was cancelled; escrow gives it back"},
    {DEAL_SHARE_DISPUTED, SHARE_GIVE_BACK, DEAL_SHARE_REFUNDED, "the neighbour gets everything back"},
    {DEAL_SHARE_HANDED_OVER, SHARE_SETTLE, DEAL_SHARE_SETTLED, "the host has the money"},
    {DEAL_SHARE_HANDED_OVER, SHARE_GIVE_BACK, DEAL_SHARE_REFUNDED, "its time in escrow was over before pay knew"},
};
const struct gg_fsm deal_share_fsm = {"share", deal_share_state_names, share_steps, share_rows, GG_LEN(share_rows)};

bool deal_share_live(int state)
{
    return state != DEAL_SHARE_REJECTED && state != DEAL_SHARE_RELEASED && state != DEAL_SHARE_REFUNDED;
}

bool deal_share_inside(int state)
{
    return deal_share_live(state) && state != DEAL_SHARE_RESERVED;
}

/* One box, or the lot, and how many of them. */
static const char *numbers_trouble(const struct deal_create *deal, const char **pointer)
{
    bool boxes = deal->shape == DEAL_BOXES;
    int64_t times = boxes && deal->boxes_max != GG_NONE ? deal->boxes_max : 1, all = deal->portions * times;
    int64_t most = all - deal->host_portions;

    *pointer = "/boxes_max";
    if (boxes && deal->boxes_max == GG_NONE)
        return "boxes need it";
    if (!boxes && deal->boxes_max != GG_NONE)
        return "only for boxes";
    if (all > DEAL_PORTIONS_MAX)
        return "more portions than a deal can have";
    *pointer = "/total_won";
    if (deal->total_won * times > DEAL_TOTAL_MAX)
        return "more won than a deal can have";
    *pointer = "/ceiling_won";
    if (deal->ceiling_won != GG_NONE &&
        (deal->ceiling_won < deal->total_won || deal->ceiling_won > deal->total_won * 2))
        return "must be between the price and its double";
    if (deal->ceiling_won != GG_NONE && deal->ceiling_won * times > DEAL_TOTAL_MAX)
        return "more won than a deal can have";
    *pointer = "/host_portions";
    if (deal->host_portions >= all)
        return "at least one portion must be for neighbours";
    *pointer = "/max_portions";
    if (deal->max_portions != GG_NONE && deal->max_portions > most)
        return "more than the neighbours can take";
    *pointer = "/min_portions";
    if (deal->min_portions > (deal->max_portions == GG_NONE ? most : deal->max_portions))
        return "more than the neighbours can take";
    *pointer = "/unit_amount";
    if ((deal->unit_amount == GG_NONE) != (deal->measure < 0))
        return "goes together with measure";
    *pointer = "/fill_minutes";
    if (!boxes && deal->fill_minutes != GG_NONE && deal->fill_minutes > 0)
        return "only for boxes";
    return NULL;
}

static const char *windows_trouble(const struct deal_create *deal, const char **pointer)
{
    const struct deal_window *windows = deal->windows.items;

    *pointer = "/windows";
    for (size_t i = 0; i < deal->windows.n; i++) {
        if (windows[i].from < deal->pickup->from || windows[i].until > deal->pickup->until)
            return "must lie within the times of the pick-up";
        if (windows[i].until <= windows[i].from || (i > 0 && windows[i].from < windows[i - 1].until))
            return "must follow one another";
    }
    return NULL;
}

const char *deal_create_trouble(const struct deal_create *deal, int64_t now, const char **pointer)
{
    const char *trouble = numbers_trouble(deal, pointer);

    if (trouble)
        return trouble;
    *pointer = "/closes_at";
    if (deal->closes_at < now + DEAL_CLOSE_MIN_MS || deal->closes_at > now + DEAL_CLOSE_MAX_MS)
        return "must be 10 minutes to 30 days from now";
    *pointer = "/pickup/from";
    if (deal->pickup->from < deal->closes_at)
        return "must not be before closing";
    *pointer = "/pickup/until";
    if (deal->pickup->until <= deal->pickup->from || deal->pickup->until > deal->closes_at + DEAL_WINDOW_MAX_MS)
        return "must be after its start and within 30 days of closing";
    *pointer = "/photos";
    if (deal->photos.n == 0)
        return "at least one photo is needed";
    *pointer = "/shop_url";
    if (deal->shop_url && !deal_url_valid(deal->shop_url))
        return "must be an http or https address";
    return windows_trouble(deal, pointer);
}

int64_t deal_cell(int64_t micro_degrees)
{
    int64_t cell = micro_degrees / CELL - (micro_degrees % CELL < 0);

    return cell * CELL + CELL / 2;
}
