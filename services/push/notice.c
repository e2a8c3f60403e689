/* services/push/notice.c
 * The words of every notice. {title}, {who} and {won} are filled in. */
#include "notice.h"

#include "libcommon/clock.h"

#include <string.h>

struct template
{
    const char *title[2], *body[2]; /* by enum push_lang */
    const char *link;               /* "/deals/" is followed by the deal's id */
    int64_t ttl_s;
    const char *urgency;
};

#define HOUR_S INT64_C(3600)

static const struct template templates[] = {
    [PUSH_JOINED] = {{"새 이웃이 참여했어요", "A neighbour joined"},
                     {"{who}님이 ‘{title}’에 참여했어요.", "{who} joined “{title}”."},
                     "/deals/",
                     24 * HOUR_S,
                     "normal"},
    [PUSH_LEFT] = {{"이웃이 나갔어요", "A neighbour left"},
                   {"{who}님이 ‘{title}’에서 나갔어요.", "{who} left “{title}”."},
                   "/deals/",
                   24 * HOUR_S,
                   "normal"},
    [PUSH_REFUSED] = {{"참여하지 못했어요", "You could not join"},
                      {"‘{title}’에 필요한 {won}원을 보관하지 못해 자리를 돌려드렸어요. 지갑을 확인해 주세요.",
                       "{won} won could not be held for “{title}”, so the seat was given back. Look at your wallet."},
                      "/deals/",
                      24 * HOUR_S,
                      "high"},
    [PUSH_CONFIRMED] = {{"공구가 확정됐어요", "The deal takes place"},
                        {"‘{title}’이(가) 확정됐어요. 내 몫은 {won}원이에요.",
                         "“{title}” takes place. Your share is {won} won."},
                        "/deals/",
                        48 * HOUR_S,
                        "normal"},
    [PUSH_FAILED] = {{"최소 수량이 모이지 않았어요", "The minimum was missed"},
                     {"‘{title}’은(는) 열리지 않아요. 보관한 돈은 모두 돌려드렸어요.",
                      "“{title}” does not take place. All money held is free again."},
                     "/deals/",
                     48 * HOUR_S,
                     "normal"},
    [PUSH_CANCELLED] = {{"공구가 취소됐어요", "The deal was cancelled"},
                        {"‘{title}’이(가) 취소됐어요. 보관한 돈은 모두 돌려드려요.",
                         "“{title}” was cancelled. All your money comes back."},
                        "/deals/",
                        48 * HOUR_S,
                        "high"},
    [PUSH_PURCHASED] = {{"물건을 샀어요", "The goods are bought"},
                        {"‘{title}’ 구매가 끝났어요. 돌려드린 금액: {won}원.",
                         "“{title}” is bought. Refunded to you: {won} won."},
                        "/deals/",
                        48 * HOUR_S,
                        "normal"},
    [PUSH_ARRIVED] = {{"물건이 도착했어요", "The goods are here"},
                      {"‘{title}’을(를) 받으러 오세요. 수령 코드를 보여 주세요.",
                       "Come and get “{title}”. Show your hand-over code."},
                      "/deals/",
                      48 * HOUR_S,
                      "high"},
    [PUSH_HANDED_OVER] = {{"수령이 확인됐어요", "Hand-over confirmed"},
                          {"‘{title}’ 수령이 확인됐어요. {won}원이 방장에게 지급돼요.",
                           "“{title}” is in your hands. {won} won goes to the host."},
                          "/deals/",
                          48 * HOUR_S,
                          "normal"},
    [PUSH_PAID_OUT] = {{"돈이 들어왔어요", "Money came in"},
                       {"‘{title}’의 {won}원이 지갑에 들어왔어요.", "{won} won for “{title}” is in your wallet."},
                       "/wallet/",
                       48 * HOUR_S,
                       "normal"},
    [PUSH_CHARGED] = {{"충전이 끝났어요", "Your wallet was charged"},
                      {"지갑에 {won}원이 충전됐어요.", "{won} won came into your wallet."},
                      "/wallet",
                      24 * HOUR_S,
                      "normal"},
    [PUSH_NEW_DEVICE] = {{"새 기기에서 로그인했어요", "Log-in from a new device"},
                         {"{title}에서 로그인했어요. 내가 아니라면 기기 목록에서 끊어 주세요.",
                          "Somebody logged in with {title}. If it was not you, end that session."},
                         "/me/devices",
                         24 * HOUR_S,
                         "high"},
};

char *push_won(struct gg_arena *arena, int64_t won)
{
    char *plain = gg_sprintf(arena, "%" PRId64, won);
    size_t n = strlen(plain), sign = won < 0;
    char *out = gg_alloc(arena, n + n / 3 + 1), *to = out;

    for (size_t i = 0; i < n; i++) {
        if (i > sign && (n - i) % 3 == 0)
            *to++ = ',';
        *to++ = plain[i];
    }
    return out;
}

/* Fills the placeholders of one template. */
static char *fill(struct gg_arena *arena, const char *text, const struct push_facts *facts, enum push_lang lang)
{
    const char *values[][2] = {
        {"{title}", facts->title},
        {"{who}", facts->who        ? facts->who
                  : lang == PUSH_KO ? "이웃"
                                    : "A neighbour"},
        {"{won}", push_won(arena, facts->amount_won == GG_NONE ? 0 : facts->amount_won)},
    };
    struct gg_buf out;
    char *result;

    gg_buf_init(&out, 2000);
    while (*text) {
        size_t i = 0;
        while (i < GG_LEN(values) && strncmp(text, values[i][0], strlen(values[i][0])) != 0)
            i++;
        if (i < GG_LEN(values)) {
            gg_buf_adds(&out, values[i][1]);
            text += strlen(values[i][0]);
        } else {
            gg_buf_addc(&out, *text++);
        }
    }
    result = gg_strdup(arena, out.p);
    gg_buf_free(&out);
    return result;
}

void push_render(struct gg_arena *arena, const struct push_facts *facts, enum push_lang lang,
                 struct push_notice *notice)
{
    const struct template *t = &templates[facts->kind];
    char id[GG_ID_TEXT] = "";

    if (t->link[strlen(t->link) - 1] == '/' && !gg_id_is_zero(facts->deal))
        gg_id_format(facts->deal, id);
    *notice = (struct push_notice){
        .id = facts->id,
        .kind = facts->kind,
        .title = fill(arena, t->title[lang], facts, lang),
        .body = fill(arena, t->body[lang], facts, lang),
        .link = gg_sprintf(arena, "%s%s", t->link, id),
        .deal = facts->deal,
        .amount_won = facts->amount_won,
        .read = facts->read,
        .at = facts->at,
    };
}

int64_t push_ttl(int kind)
{
    return templates[kind].ttl_s;
}

const char *push_urgency(int kind)
{
    return templates[kind].urgency;
}
