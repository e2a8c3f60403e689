/* services/pay/move.c
 * Decisions about neighbours' own moves, days in Seoul, exact splits. */
#include "move.h"

#include "libcommon/clock.h"
#include "libcommon/text.h"
#include "libcommon/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum pay_move_verdict pay_move_judge(const struct pay_limits *limits, const struct pay_move_facts *facts)
{
    bool has_payee = !gg_id_is_zero(facts->to.id) || !facts->to.known;

    if (facts->amount <= 0)
        abort();
    if (facts->stopped)
        return PAY_MOVE_STOPPED;
    if (facts->from.closing || facts->from.closed)
        return PAY_MOVE_CLOSING;
    if (has_payee && !facts->to.known)
        return PAY_MOVE_UNKNOWN;
    if (gg_id_equal(facts->from.id, facts->to.id))
        return PAY_MOVE_SELF;
    if (facts->to.closing || facts->to.closed)
        return PAY_MOVE_CLOSED;
    if (facts->blocked)
        return PAY_MOVE_BLOCKED;
    if (facts->amount > limits->move)
        return PAY_MOVE_ABOVE_MOVE;
    if (facts->amount > limits->day - facts->spent)
        return PAY_MOVE_ABOVE_DAY;
    if (facts->amount > facts->posted - facts->pending)
        return PAY_MOVE_NO_FUNDS;
    return PAY_MOVE_OK;
}

/* --- days and months --- */

#define SEOUL (9 * GG_HOUR)

int64_t pay_day(int64_t ms)
{
    int64_t local = ms + SEOUL;

    return local >= 0 ? local / GG_DAY : -((-local + GG_DAY - 1) / GG_DAY);
}

int64_t pay_day_start(int64_t day)
{
    return day * GG_DAY - SEOUL;
}

/* A number of exactly `n` digits. */
static bool digits(const char *p, size_t n, int64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        *value = *value * 10 + (p[i] - '0');
    }
    return true;
}

bool pay_month_bounds(const char *month, int64_t *from, int64_t *until)
{
    int64_t y, m;

    if (strlen(month) != 7 || month[4] != '-' || !digits(month, 4, &y) || !digits(month + 5, 2, &m))
        return false;
    if (y < 2000 || y > 2199 || m < 1 || m > 12)
        return false;
    *from = pay_day_start(gg_day_of_date(y, m, 1));
    *until = pay_day_start(m == 12 ? gg_day_of_date(y + 1, 1, 1) : gg_day_of_date(y, m + 1, 1));
    return true;
}

void pay_date_format(int64_t day, char out[PAY_DATE_TEXT])
{
    int64_t y, m, d;
    char text[32];

    gg_date_of_day(day, &y, &m, &d);
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", (int)(y % 10000), (int)m, (int)d);
    memcpy(out, text, PAY_DATE_TEXT - 1);
    out[PAY_DATE_TEXT - 1] = '\0';
}

bool pay_date_parse(const char *text, int64_t *day)
{
    char again[PAY_DATE_TEXT];
    int64_t y, m, d;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &y) || !digits(text + 5, 2, &m) ||
        !digits(text + 8, 2, &d) || y < 2000 || y > 2199 || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *day = gg_day_of_date(y, m, d);
    pay_date_format(*day, again); /* 2026-02-30 comes back as another day */
    return memcmp(again, text, 10) == 0;
}

void pay_local_format(int64_t ms, char out[PAY_LOCAL_TEXT])
{
    int64_t day = pay_day(ms), minute = (ms - pay_day_start(day)) / GG_MINUTE;
    char date[PAY_DATE_TEXT], text[32];

    pay_date_format(day, date);
    (void)snprintf(text, sizeof(text), "%s %02d:%02d", date, (int)(minute / 60), (int)(minute % 60));
    memcpy(out, text, PAY_LOCAL_TEXT - 1);
    out[PAY_LOCAL_TEXT - 1] = '\0';
}

/* --- splitting --- */

void pay_split(int64_t total, size_t n, size_t first, int64_t *parts)
{
    int64_t each = total / (int64_t)n;
    size_t odd = (size_t)(total % (int64_t)n);

    for (size_t i = 0; i < n; i++)
        parts[i] = each;
    for (size_t i = 0; i < odd; i++)
        parts[(first + i) % n]++;
}
