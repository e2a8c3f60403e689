/* services/chat/scam.c
 * Bank account numbers and ways to other messengers, in Korean chat. */
#include "scam.h"

#include <string.h>
#include <strings.h>

/* --- account numbers: ten to sixteen digits, in groups, that are no phone number, date or price --- */

static bool contains(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasestr(text, *words))
            return true;
    return false;
}

static const char *const bank_words[] = {"계좌",     "입금",     "송금",     "국민은행", "신한",       "우리은행",
                                         "하나은행", "농협",     "기업은행", "카뱅",     "카카오뱅크", "토스뱅크",
                                         "새마을",   "케이뱅크", "수협",     "신협",     "예금주",     NULL};

static bool is_phone(const char *digits, size_t n)
{
    static const char *const areas[] = {"010", "011", "016", "017", "018", "019", "070", "050", "080",
                                        "02",  "031", "032", "033", "041", "042", "043", "044", "051",
                                        "052", "053", "054", "055", "061", "062", "063", "064", NULL};

    if (n < 9 || n > 12 || digits[0] != '0')
        return false;
    for (size_t i = 0; areas[i]; i++)
        if (strncmp(digits, areas[i], strlen(areas[i])) == 0)
            return true;
    return false;
}

/* 20261121 18:30 and the like: a year, a month and a day in front. */
static bool is_date(const char *digits, size_t n)
{
    int month, day;

    if (n < 8 || n > 14 || strncmp(digits, "20", 2) != 0)
        return false;
    month = (digits[4] - '0') * 10 + digits[5] - '0';
    day = (digits[6] - '0') * 10 + digits[7] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* The digits from `text` on, through single dashes, dots or spaces between groups; how far they reach. */
static size_t run_of_digits(const char *text, char digits[32], size_t *n, size_t *groups)
{
    size_t i = 0, end = 0;

    *n = *groups = 0;
    while (text[i] >= '0' && text[i] <= '9') {
        ++*groups;
        while (text[i] >= '0' && text[i] <= '9') {
            if (*n < 31)
                digits[(*n)++] = text[i];
            i++;
        }
        end = i;
        if ((text[i] == '-' || text[i] == '.' || text[i] == ' ') && text[i + 1] >= '0' && text[i + 1] <= '9')
            i++;
    }
    digits[*n] = '\0';
    return end;
}

static bool has_account(const char *text)
{
    bool talks_of_banks = contains(text, bank_words);
    char digits[32];

    for (size_t i = 0; text[i];) {
        size_t n, groups, length;
        bool in_address = i > 0 && strchr("/=_#&?", text[i - 1]);
        bool grouped;
        if (text[i] < '0' || text[i] > '9') {
            i++;
            continue;
        }
        length = run_of_digits(text + i, digits, &n, &groups);
        grouped = memchr(text + i, '-', length) != NULL;
        if (!in_address && n >= 10 && n <= 16 && !is_phone(digits, n) && !is_date(digits, n) &&
            (talks_of_banks || (grouped && groups >= 3 && n >= 11)))
            return true;
        i += length;
    }
    return false;
}

/* --- other messengers: addresses, and "add me" with a name --- */

static const char *const messenger_addresses[] = {
    "open.kakao.com", "qr.kakao.com", "pf.kakao.com", "t.me/", "telegram.me/", "line.me/",       "lin.ee/",    "wa.me/",
    "chat.whatsapp",  "discord.gg/",  "weixin://",    "m.me/", "band.us/",     "instagram.com/", "signal.me/", NULL};
static const char *const messenger_names[] = {"카톡",     "카카오톡", "텔레그램", "텔레",     "라인",  "오픈채팅",
                                              "오픈챗",   "위챗",     "왓츠앱",   "디스코드", "kakao", "telegram",
                                              "whatsapp", "wechat",   "인스타",   "디엠",     NULL};
static const char *const calls[] = {"아이디",  "추가해",   "추가 해",  "친추",  "연락 주", "연락주",
                                    "톡 주",   "톡주세요", "보내주",   "로 와", "로 오세", "문의",
                                    "대화해",  "주세요로", "로 주세",  " id ",  "id:",     "으로 와",
                                    "으로 오", "얘기해",   "이야기해", NULL};

static bool leads_away(const char *text)
{
    return contains(text, messenger_addresses) || (contains(text, messenger_names) && contains(text, calls));
}

struct chat_suspicion chat_suspect(const char *text)
{
    if (!text)
        return (struct chat_suspicion){false, false};
    return (struct chat_suspicion){has_account(text), leads_away(text)};
}
