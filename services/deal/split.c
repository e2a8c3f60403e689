/* services/deal/split.c
 * The arithmetic of sharing. Exact parts are fractions with one common denominator. */
#include "split.h"

static int64_t up(int64_t numerator, int64_t denominator)
{
    return (numerator + denominator - 1) / denominator;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The fewest people among whom the minimum can be shared. */
static int64_t people_least(const struct deal_price *price)
{
    int64_t neighbours = price->each_max == GG_NONE ? 1 : up(price->min_portions, price->each_max);

    return larger(neighbours, 1) + (price->host_portions > 0);
}

int64_t deal_cost_max(const struct deal_price *price, int64_t quantity)
{
    const struct deal_lot *lot = &price->lot;
    int64_t people, least;

    if (lot->delivery_equal) {
        people = people_least(price);
        return up(lot->total_won * quantity * people + lot->delivery_won * lot->portions, lot->portions * people);
    }
    if (!price->boxes)
        return up((lot->total_won + lot->delivery_won) * quantity, lot->portions);
    /* The fewer boxes, the more of the delivery falls on each portion; nobody has more than all of it. */
    least = larger(up(price->min_portions + price->host_portions, lot->portions), 1) * lot->portions;
    people = quantity < least ? quantity : least;
    return up(lot->total_won * quantity * (least / lot->portions) + lot->delivery_won * people, least);
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

/* --- exact parts --- */

/* A lot with what its parts have in common. */
struct shares {
    const struct deal_lot *lot;
    int64_t people; /* among whom an equal delivery is shared; 1 when it is not */
    int64_t host_portions;
    int64_t denominator;
};

static struct shares shares_of(const struct deal_part *parts, size_t n, const struct deal_lot *lot)
{
    struct shares shares = {.lot = lot, .people = 0, .host_portions = lot->portions};

    for (size_t i = 0; i < n; i++) {
        shares.host_portions -= parts[i].allotted;
        shares.people += parts[i].allotted > 0;
    }
    shares.people += shares.host_portions > 0;
    if (!lot->delivery_equal || shares.people == 0)
        shares.people = 1;
    shares.denominator = lot->portions * shares.people;
    return shares;
}

/* The exact part of so many portions, times the denominator. */
static int64_t exact(const struct shares *shares, int64_t portions)
{
    const struct deal_lot *lot = shares->lot;

    if (portions == 0)
        return 0;
    if (lot->delivery_equal)
        return lot->total_won * portions * shares->people + lot->delivery_won * lot->portions;
    return (lot->total_won + lot->delivery_won) * portions;
}

static int64_t in_carry(int64_t fraction, int64_t denominator)
{
    return fraction * DEAL_CARRY_WON / denominator;
}

/* Who pays an odd won first: what rounding down would leave him short of, all deals together. */
static int64_t claim_of(const struct shares *shares, const struct deal_part *part)
{
    return in_carry(exact(shares, part->allotted) % shares->denominator, shares->denominator) - part->carry;
}

static bool divides(const struct shares *shares, int64_t portions)
{
    return exact(shares, portions) % shares->denominator == 0;
}

static void note_carry(const struct shares *shares, struct deal_part *part)
{
    part->carry_delta =
        in_carry(part->amount_won * shares->denominator - exact(shares, part->allotted), shares->denominator);
}

/* A part gets one of the `odd` won when fewer parts than that have a larger claim. */
static bool gets_odd(const struct shares *shares, const struct deal_part *parts, size_t n, size_t me, int64_t odd)
{
    int64_t mine = claim_of(shares, &parts[me]), ahead = 0;
    int64_t host = in_carry(exact(shares, shares->host_portions) % shares->denominator, shares->denominator);

    for (size_t i = 0; i < n; i++) {
        int64_t other = claim_of(shares, &parts[i]);
        ahead += !divides(shares, parts[i].allotted) && (other > mine || (other == mine && i < me));
    }
    ahead += !divides(shares, shares->host_portions) && host > mine;
    return ahead < odd;
}

int64_t deal_split(struct deal_part *parts, size_t n, const struct deal_lot *lot)
{
    struct shares shares = shares_of(parts, n, lot);
    int64_t total = lot->total_won + lot->delivery_won;
    int64_t odd = total - exact(&shares, shares.host_portions) / shares.denominator, host_won = total;

    for (size_t i = 0; i < n; i++)
        odd -= exact(&shares, parts[i].allotted) / shares.denominator;
    for (size_t i = 0; i < n; i++) {
        int64_t claim = claim_of(&shares, &parts[i]);
        bool one_more = !divides(&shares, parts[i].allotted) && gets_odd(&shares, parts, n, i, odd);

        /* The host stands in for who would have paid a whole won too much or too little by now. */
        if (shares.host_portions > 0 && !divides(&shares, parts[i].allotted))
            one_more = claim > DEAL_CARRY_WON || (one_more && claim >= 0);
        parts[i].amount_won = exact(&shares, parts[i].allotted) / shares.denominator + one_more;
        host_won -= parts[i].amount_won;
    }
    /* More neighbours were owed a won than the host's part holds: the last of them wait for another deal. */
    for (size_t i = n; i-- > 0 && host_won < 0;)
        if (parts[i].amount_won * shares.denominator > exact(&shares, parts[i].allotted)) {
            parts[i].amount_won--;
            host_won++;
        }
    for (size_t i = 0; i < n; i++)
        note_carry(&shares, &parts[i]);
    return host_won;
}

int64_t deal_true_up(struct deal_part *parts, size_t n, const struct deal_lot *lot)
{
    int64_t host_won = deal_split(parts, n, lot);
    struct shares shares = shares_of(parts, n, lot);

    for (size_t i = 0; i < n; i++)
        if (parts[i].amount_won > parts[i].paid_won) {
            host_won += parts[i].amount_won - parts[i].paid_won;
            parts[i].amount_won = parts[i].paid_won;
            note_carry(&shares, &parts[i]);
        }
    return host_won;
}
