/* services/auth/breached.c
 * Passwords that stood in breaches: a table of hashes inside the program (data/README.md). */
#include "breached.h"

#include "libcommon/crypto.h"

#include <ctype.h>
#include <string.h>

__asm__(".section .rodata\n"
        ".balign 4\n"
        "auth_common_passwords: .incbin \"services/auth/data/common-passwords.bin\"\n"
        "auth_common_passwords_n: .long (. - auth_common_passwords) / 4\n"
        ".previous\n");
extern const uint8_t auth_common_passwords[];
extern const uint32_t auth_common_passwords_n;

#define LONGEST 128 * 4 /* bytes a password may have */

size_t auth_password_list_size(void)
{
    return auth_common_passwords_n;
}

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool listed(const char *word, size_t n)
{
    size_t low = 0, high = auth_password_list_size();
    uint8_t hash[GG_SHA256];
    uint32_t head;

    if (n == 0)
        return false;
    gg_sha256((struct gg_str){word, n}, hash);
    head = big_endian(hash);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t there = big_endian(auth_common_passwords + 4 * middle);
        if (there == head)
            return true;
        if (there < head)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (uint8_t)c >= 0x80;
}

static bool one_over_and_over(const char *word, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (word[i] != word[0])
            return false;
    return true;
}

/* The market's own words (docs/trust.md lists them): with little beside them they are what everybody tries here. */
static const char *const own_words[] = {"gonggu",   "공구", "market", "마켓", "neighbour",
                                        "neighbor", "이웃", "dongne", "동네"};

/* Whether hardly anything is left once the market's own words are taken out. */
static bool only_own_words(const char *password)
{
    char rest[LONGEST + 1];
    size_t n = 0, letters = 0;
    bool any = false;

    for (const char *p = password; *p;) {
        size_t taken = 0;
        for (size_t i = 0; i < GG_LEN(own_words) && taken == 0; i++)
            if (strncmp(p, own_words[i], strlen(own_words[i])) == 0)
                taken = strlen(own_words[i]);
        any = any || taken > 0;
        if (taken == 0)
            rest[n++] = *p;
        p += taken ? taken : 1;
    }
    for (size_t i = 0; i < n; i++)
        letters += ((uint8_t)rest[i] & 0xc0) != 0x80; /* first bytes of characters */
    return any && letters < 6;
}

bool auth_password_common(const char *password, const char *login_id)
{
    char low[LONGEST + 1];
    size_t n = strlen(password), from = 0, to;

    if (n > LONGEST)
        return false;
    for (size_t i = 0; i <= n; i++)
        low[i] = (char)((uint8_t)password[i] < 0x80 ? tolower((uint8_t)password[i]) : password[i]);
    if (listed(low, n) || one_over_and_over(low, n) || only_own_words(low) || (login_id && strstr(low, login_id)))
        return true;
    if (n % 2 == 0 && memcmp(low, low + n / 2, n / 2) == 0 && listed(low, n / 2))
        return true;
    for (to = n; to > 0 && !letter(low[to - 1]); to--)
        ;
    while (from < to && !letter(low[from]))
        from++;
    /* "Password2026!" is no better than "password"; a short word among much else is. */
    return (from > 0 || to < n) && to - from >= 4 && n - (to - from) <= 6 && listed(low + from, to - from);
}
