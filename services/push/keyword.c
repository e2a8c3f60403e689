/* services/push/keyword.c
 * Words and distances of keyword alerts. */
#include "keyword.h"

#include <math.h>
#include <string.h>

#define METRES_PER_DEGREE 111320.0

char *push_fold(struct gg_arena *arena, const char *text)
{
    char *out = gg_alloc(arena, strlen(text) + 1), *to = out;

    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *to++ = (char)(*text - 'A' + 'a');
        else if (*text != ' ')
            *to++ = *text;
    return out;
}

int64_t push_distance_m(int64_t lat_a, int64_t lng_a, int64_t lat_b, int64_t lng_b)
{
    double middle = (double)(lat_a + lat_b) / 2e6 * 3.14159265358979 / 180;
    double north = (double)(lat_a - lat_b) / 1e6 * METRES_PER_DEGREE;
    double east = (double)(lng_a - lng_b) / 1e6 * METRES_PER_DEGREE * cos(middle);

    return (int64_t)sqrt(north * north + east * east);
}
