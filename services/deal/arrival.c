/* services/deal/arrival.c
 * Shortage and surplus. */
#include "arrival.h"

#include <stdio.h>

static int64_t first_come(struct deal_part *parts, size_t n, int64_t came)
{
    for (size_t i = 0; i < n; i++) {
        parts[i].got = parts[i].allotted < came ? parts[i].allotted : came;
        came -= parts[i].got;
    }
    return came;
}

static int64_t pro_rata(struct deal_part *parts, size_t n, int64_t host_allotted, int64_t came, int64_t bought)
{
    int64_t odd = came - host_allotted * came / bought, host_rest = host_allotted * came % bought, host = came;

    for (size_t i = 0; i < n; i++)
        odd -= parts[i].allotted * came / bought;
    for (size_t i = 0; i < n; i++) {
        int64_t mine = parts[i].allotted * came % bought, ahead = host_rest > mine;
        for (size_t j = 0; j < n; j++) {
            int64_t other = parts[j].allotted * came % bought;
            ahead += other > mine || (other == mine && j < i);
        }
        parts[i].got = parts[i].allotted * came / bought + (mine > 0 && ahead < odd);
        host -= parts[i].got;
    }
    return host;
}

static int64_t spread_surplus(struct deal_part *parts, size_t n, int64_t surplus)
{
    bool gave;

    for (size_t i = 0; i < n; i++)
        parts[i].got = parts[i].allotted;
    do {
        gave = false;
        for (size_t i = 0; i < n && surplus > 0; i++)
            if (parts[i].got < parts[i].quantity + parts[i].tolerance) {
                parts[i].got++;
                surplus--;
                gave = true;
            }
    } while (gave);
    return surplus;
}

int64_t deal_arrived(struct deal_part *parts, size_t n, int64_t host_allotted, int64_t came, bool by_rate)
{
    int64_t bought = host_allotted;

    for (size_t i = 0; i < n; i++)
        bought += parts[i].allotted;
    if (came >= bought)
        return host_allotted + spread_surplus(parts, n, came - bought);
    return by_rate ? pro_rata(parts, n, host_allotted, came, bought) : first_come(parts, n, came);
}

int64_t deal_cost_of(int64_t amount_won, int64_t got, int64_t allotted)
{
    return got >= allotted ? amount_won : amount_won * got / allotted;
}

static void explain_closing(const struct deal_because *b, char out[DEAL_BECAUSE])
{
    out[0] = '\0';
    if (b->allotted == 0)
        snprintf(out, DEAL_BECAUSE, "다 찬 상자에 자리가 없어 이번에는 받지 못해요. 묶인 돈은 모두 돌려드려요.");
    else if (b->allotted < b->asked)
        snprintf(out, DEAL_BECAUSE,
                 "다 찬 상자까지만 사기 때문에, 먼저 참여한 순서로 나눠 %" PRId64 "개 중 %" PRId64 "개를 받아요.",
                 b->asked, b->allotted);
    else if (b->allotted > b->asked)
        snprintf(out, DEAL_BECAUSE,
                 "남는 몫을 더 받겠다고 한 이웃에게 고르게 나눠, %" PRId64 "개보다 %" PRId64 "개 더 받아요.", b->asked,
                 b->allotted - b->asked);
}

void deal_explain(const struct deal_because *b, char out[DEAL_BECAUSE])
{
    if (b->got == GG_NONE || b->came == b->bought) {
        explain_closing(b, out);
        return;
    }
    out[0] = '\0';
    if (b->came > b->bought) {
        if (b->got > b->allotted)
            snprintf(out, DEAL_BECAUSE,
                     "%" PRId64 "개보다 많은 %" PRId64 "개가 도착했어요. 더 받겠다고 한 이웃에게 고르게 나눠 %" PRId64
                     "개를 값 없이 더 받아요.",
                     b->bought, b->came, b->got - b->allotted);
        return;
    }
    snprintf(out, DEAL_BECAUSE,
             "%" PRId64 "개 중 %" PRId64 "개만 도착했어요. %s 나눠 %" PRId64 "개 중 %" PRId64 "개를 받고 %" PRId64
             "원을 돌려받아요.",
             b->bought, b->came, b->pro_rata ? "수량에 비례해" : "먼저 참여한 순서로", b->allotted, b->got,
             b->refund_won);
}
