/* services/deal/split.c
 * The arithmetic of sharing. */
#include "split.h"

int64_t deal_cost_max(int64_t total_won, int64_t portions, int64_t quantity)
{
    return (total_won * quantity + portions - 1) / portions;
}

int64_t deal_allot(struct deal_part *parts, size_t n, int64_t capacity)
{
    int64_t sold = 0, before;

    for (size_t i = 0; i < n; i++)
        sold += parts[i].allotted = parts[i].quantity;
    do { /* one round gives at most one extra to each */
        before = sold;
        for (size_t i = 0; i < n && sold < capacity; i++)
            if (parts[i].allotted < parts[i].quantity + parts[i].tolerance) {
                parts[i].allotted++;
                sold++;
            }
    } while (sold > before);
    return sold;
}

/* What the division leaves over of one part, in portions-ths of a won. */
static int64_t remainder_of(const struct deal_part *part, int64_t portions, int64_t total_won)
{
    return total_won * part->allotted % portions;
}

int64_t deal_split(struct deal_part *parts, size_t n, int64_t portions, int64_t total_won)
{
    int64_t host_portions = portions, host_won, left = total_won;

    for (size_t i = 0; i < n; i++) {
        parts[i].amount_won = total_won * parts[i].allotted / portions;
        host_portions -= parts[i].allotted;
        left -= parts[i].amount_won;
    }
    host_won = total_won * host_portions / portions;
    left -= host_won;

    /* A part gets one of the won left over when fewer than `left` parts have a larger claim. */
    for (size_t i = 0; i < n; i++) {
        int64_t mine = remainder_of(&parts[i], portions, total_won), ahead = 0;
        for (size_t j = 0; j < n; j++) {
            int64_t other = remainder_of(&parts[j], portions, total_won);
            ahead += other > mine || (other == mine && j < i);
        }
        ahead += total_won * host_portions % portions > mine;
        parts[i].amount_won += ahead < left;
    }
    host_won = total_won;
    for (size_t i = 0; i < n; i++)
        host_won -= parts[i].amount_won;
    return host_won;
}

int64_t deal_true_up(struct deal_part *parts, size_t n, int64_t portions, int64_t receipt_won)
{
    int64_t host_won = deal_split(parts, n, portions, receipt_won);

    for (size_t i = 0; i < n; i++)
        if (parts[i].amount_won > parts[i].paid_won) {
            host_won += parts[i].amount_won - parts[i].paid_won;
            parts[i].amount_won = parts[i].paid_won;
        }
    return host_won;
}
