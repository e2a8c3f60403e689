/* services/deal/rrule.h
 * When the next deal of a series opens: a part of RFC 5545's recurrence rules, counted in local days. Pure. */
#ifndef SERVICES_DEAL_RRULE_H
#define SERVICES_DEAL_RRULE_H

#include "libcommon/base.h"

enum deal_freq { DEAL_DAILY, DEAL_WEEKLY, DEAL_MONTHLY };
struct deal_rule {
    enum deal_freq freq;
    int64_t interval;
    unsigned days;        /* weekly: bit 0 Monday ... bit 6 Sunday; 0: the start's */
    int64_t day_of_month; /* monthly; 0: the start's. Months without it are left out */
    int64_t count;        /* openings in all, the first included; GG_NONE: no end */
    int64_t until;        /* last day; GG_NONE: no end */
};
/* "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=10" or ";UNTIL=20270131". False for anything else. */
bool deal_rule_parse(const char *text, struct deal_rule *rule) GG_MUSTCHECK;
/* The first day after `after` on which the rule, begun on day `start`, falls; GG_NONE when none is left. `made`
 * openings have been already. */
int64_t deal_rule_next(const struct deal_rule *rule, int64_t start, int64_t after, int64_t made);

#endif
