/* services/deal/unit.c
 * Units as neighbours write them. */
#include "unit.h"

#include <string.h>
#include <strings.h>

#define AMOUNT_MAX INT64_C(1000000000)

static const struct {
    const char *name;
    enum deal_measure measure;
    int64_t factor; /* grams, millilitres or pieces */
} names[] = {
    {"kg", DEAL_GRAM, 1000}, {"g", DEAL_GRAM, 1},        {"킬로", DEAL_GRAM, 1000},    {"그램", DEAL_GRAM, 1},
    {"근", DEAL_GRAM, 600},  {"ml", DEAL_MILLILITRE, 1}, {"l", DEAL_MILLILITRE, 1000}, {"리터", DEAL_MILLILITRE, 1000},
    {"㎏", DEAL_GRAM, 1000}, {"㎖", DEAL_MILLILITRE, 1},
};

/* Up to three decimals; the rest is less than anybody weighs. */
static const char *read_number(const char *p, int64_t *thousandths)
{
    int64_t value = 0, scale = 1000;

    for (; *p >= '0' && *p <= '9' && value < AMOUNT_MAX; p++)
        value = value * 10 + (*p - '0');
    value *= 1000;
    if (*p == '.' && p[1] >= '0' && p[1] <= '9')
        for (p++; *p >= '0' && *p <= '9'; p++) {
            scale /= 10;
            value += (*p - '0') * scale;
        }
    *thousandths = value;
    return p;
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

void deal_unit_read(const char *unit, enum deal_measure *measure, int64_t *thousandths)
{
    const char *p = unit + strcspn(unit, "0123456789");

    *measure = DEAL_PIECE;
    *thousandths = 1000;
    if (!*p)
        return;
    p = read_number(p, thousandths);
    p += strspn(p, " ");
    for (size_t i = 0; i < GG_LEN(names); i++) {
        size_t n = strlen(names[i].name);
        if (strncasecmp(p, names[i].name, n) == 0 && !is_letter(p[n])) {
            *measure = names[i].measure;
            *thousandths *= names[i].factor;
            break;
        }
    }
    if (*thousandths < 1) {
        *measure = DEAL_PIECE;
        *thousandths = 1000;
    }
}

int64_t deal_unit_won(const char *unit, int64_t portion_won, enum deal_measure *measure)
{
    int64_t thousandths, of;

    deal_unit_read(unit, measure, &thousandths);
    of = *measure == DEAL_PIECE ? 1000 : 100000;
    return (portion_won * of * 2 + thousandths) / (thousandths * 2);
}
