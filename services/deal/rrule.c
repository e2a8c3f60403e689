/* services/deal/rrule.c
 * Recurrence rules. */
#include "rrule.h"

#include "libcommon/text.h"
#include "libcommon/zone.h"

#include <string.h>

#define SEARCH_DAYS 3700

static const char *const weekdays[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

static bool read_days(struct gg_str value, unsigned *days)
{
    for (size_t i = 0; i < value.n; i += 3) {
        bool known = false;
        for (unsigned d = 0; d < 7 && value.n - i >= 2; d++)
            if (memcmp(value.p + i, weekdays[d], 2) == 0) {
                *days |= 1u << d;
                known = true;
            }
        if (!known || (value.n - i > 2 && (value.p[i + 2] != ',' || value.n - i < 5)))
            return false;
    }
    return *days != 0;
}

/* 20270131; a time of day behind it is not ours. */
static bool read_day(struct gg_str value, int64_t *day)
{
    int64_t number, y, m, d;

    if (value.n != 8 || !gg_parse_i64(value, 19700101, 99991231, &number))
        return false;
    *day = gg_day_of_date(number / 10000, number / 100 % 100, number % 100);
    gg_date_of_day(*day, &y, &m, &d);
    return y * 10000 + m * 100 + d == number;
}

static bool is(struct gg_str text, const char *word)
{
    return text.n == strlen(word) && memcmp(text.p, word, text.n) == 0;
}

static bool read_part(struct gg_str name, struct gg_str value, struct deal_rule *rule, bool *freq)
{
    if (is(name, "FREQ")) {
        *freq = true;
        rule->freq = is(value, "WEEKLY") ? DEAL_WEEKLY : is(value, "MONTHLY") ? DEAL_MONTHLY : DEAL_DAILY;
        return is(value, "DAILY") || is(value, "WEEKLY") || is(value, "MONTHLY");
    }
    if (is(name, "INTERVAL"))
        return gg_parse_i64(value, 1, 366, &rule->interval);
    if (is(name, "COUNT"))
        return gg_parse_i64(value, 1, 1000, &rule->count);
    if (is(name, "BYMONTHDAY"))
        return gg_parse_i64(value, 1, 31, &rule->day_of_month);
    if (is(name, "BYDAY"))
        return read_days(value, &rule->days);
    return is(name, "UNTIL") && read_day(value, &rule->until);
}

bool deal_rule_parse(const char *text, struct deal_rule *rule)
{
    bool freq = false;

    *rule = (struct deal_rule){.interval = 1, .count = GG_NONE, .until = GG_NONE};
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, ";"), name = strcspn(p, "=");
        if (name >= n || !read_part((struct gg_str){p, name}, (struct gg_str){p + name + 1, n - name - 1}, rule, &freq))
            return false;
        p += n + (p[n] == ';');
    }
    if (!freq || (rule->days && rule->freq != DEAL_WEEKLY) || (rule->day_of_month && rule->freq != DEAL_MONTHLY))
        return false;
    return rule->count == GG_NONE || rule->until == GG_NONE; /* one end, not two */
}

/* Day 0 was a Thursday. */
static int64_t weekday(int64_t day)
{
    return ((day + 3) % 7 + 7) % 7;
}

static bool falls_on(const struct deal_rule *rule, int64_t start, int64_t day)
{
    int64_t y0, m0, d0, y, m, d;

    if (rule->freq == DEAL_DAILY)
        return (day - start) % rule->interval == 0;
    if (rule->freq == DEAL_WEEKLY) {
        int64_t weeks = ((day - weekday(day)) - (start - weekday(start))) / 7;
        unsigned days = rule->days ? rule->days : 1u << weekday(start);
        return weeks % rule->interval == 0 && (days >> weekday(day) & 1);
    }
    gg_date_of_day(start, &y0, &m0, &d0);
    gg_date_of_day(day, &y, &m, &d);
    return ((y - y0) * 12 + m - m0) % rule->interval == 0 && d == (rule->day_of_month ? rule->day_of_month : d0);
}

int64_t deal_rule_next(const struct deal_rule *rule, int64_t start, int64_t after, int64_t made)
{
    if (rule->count != GG_NONE && made >= rule->count)
        return GG_NONE;
    for (int64_t day = after < start ? start : after + 1; day <= after + SEARCH_DAYS; day++) {
        if (rule->until != GG_NONE && day > rule->until)
            return GG_NONE;
        if (falls_on(rule, start, day))
            return day;
    }
    return GG_NONE;
}
