/* services/push/notice.c
 * The words and rules of every kind of notice. */
#include "notice.h"

#include "libcommon/clock.h"

#include <string.h>

#define HOUR_S INT64_C(3600)

/* A class gives the headline its form: there is no way to write advertising without its mark (정보통신망법 50). */
#define TRANSACTIONAL(ko, en) .class = PUSH_TRANSACTIONAL, .title = {ko, en}
#define SERVICE(ko, en)       .class = PUSH_SERVICE, .title = {ko, en}
#define AD(ko, en)            .class = PUSH_AD, .title = {"(광고) 공구 " ko, "(광고) Gonggu " en}

static const struct push_rule rules[] = {
    [PUSH_JOINED] = {SERVICE("새 이웃이 참여했어요", "A neighbour joined"),
                     .body = {"{who}님이 ‘{title}’에 참여했어요.", "{who} joined “{title}”."}, .link = "/deals/{deal}",
                     .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 300, .need = PUSH_NEED_NOTHING},
    [PUSH_LEFT] = {SERVICE("이웃이 나갔어요", "A neighbour left"),
                   .body = {"{who}님이 ‘{title}’에서 나갔어요.", "{who} left “{title}”."}, .link = "/deals/{deal}",
                   .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 300, .need = PUSH_NEED_NOTHING},
    [PUSH_REFUSED] =
        {TRANSACTIONAL("참여하지 못했어요", "You could not join"),
         .body = {"‘{title}’에 필요한 {won}원을 보관하지 못해 자리를 돌려드렸어요. 지갑을 확인해 주세요.",
                  "{won} won could not be held for “{title}”, so the seat was given back. Look at your wallet."},
         .link = "/deals/{deal}", .ttl_s = 24 * HOUR_S, .urgency = "high", .patience_s = 120,
         .need = PUSH_NEED_NOTHING},
    [PUSH_CONFIRMED] = {TRANSACTIONAL("공구가 확정됐어요", "The deal takes place"),
                        .body = {"‘{title}’이(가) 확정됐어요. 내 몫은 {won}원이에요.",
                                 "“{title}” takes place. Your share is {won} won."},
                        .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "normal", .patience_s = 300,
                        .need = PUSH_NEED_NOTHING, .sms = true},
    [PUSH_FAILED] = {TRANSACTIONAL("최소 수량이 모이지 않았어요", "The minimum was missed"),
                     .body = {"‘{title}’은(는) 열리지 않아요. 보관한 돈은 모두 돌려드렸어요.",
                              "“{title}” does not take place. All money held is free again."},
                     .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "normal", .patience_s = 300,
                     .need = PUSH_NEED_NOTHING},
    [PUSH_CANCELLED] = {TRANSACTIONAL("공구가 취소됐어요", "The deal was cancelled"),
                        .body = {"‘{title}’이(가) 취소됐어요. 보관한 돈은 모두 돌려드려요.",
                                 "“{title}” was cancelled. All your money comes back."},
                        .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "high", .patience_s = 120,
                        .need = PUSH_NEED_NOTHING, .sms = true},
    [PUSH_PURCHASED] = {TRANSACTIONAL("물건을 샀어요", "The goods are bought"),
                        .body = {"‘{title}’ 구매가 끝났어요. 돌려드린 금액: {won}원.",
                                 "“{title}” is bought. Refunded to you: {won} won."},
                        .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "normal", .patience_s = 300,
                        .need = PUSH_NEED_NOTHING},
    [PUSH_ARRIVED] = {TRANSACTIONAL("물건이 도착했어요", "The goods are here"),
                      .body = {"‘{title}’을(를) 받으러 오세요. 수령 코드를 보여 주세요.",
                               "Come and get “{title}”. Show your hand-over code."},
                      .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "high", .patience_s = 120,
                      .need = PUSH_NEED_TO_PICK_UP, .sms = true, .action = {"코드 보기", "Show code"}},
    [PUSH_HANDED_OVER] = {TRANSACTIONAL("수령이 확인됐어요", "Hand-over confirmed"),
                          .body = {"‘{title}’ 수령이 확인됐어요. {won}원이 방장에게 지급돼요.",
                                   "“{title}” is in your hands. {won} won goes to the host."},
                          .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "normal", .patience_s = 300,
                          .need = PUSH_NEED_NOTHING},
    [PUSH_PAID_OUT] = {TRANSACTIONAL("돈이 들어왔어요", "Money came in"),
                       .body = {"‘{title}’의 {won}원이 지갑에 들어왔어요.",
                                "{won} won for “{title}” is in your wallet."},
                       .link = "/wallet/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "normal", .patience_s = 300,
                       .need = PUSH_NEED_NOTHING},
    [PUSH_CHARGED] = {TRANSACTIONAL("충전이 끝났어요", "Your wallet was charged"),
                      .body = {"지갑에 {won}원이 충전됐어요.", "{won} won came into your wallet."}, .link = "/wallet",
                      .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 300, .need = PUSH_NEED_NOTHING},
    [PUSH_NEW_DEVICE] = {TRANSACTIONAL("새 기기에서 로그인했어요", "Log-in from a new device"),
                         .body = {"{title}에서 로그인했어요. 내가 아니라면 기기 목록에서 끊어 주세요.",
                                  "Somebody logged in with {title}. If it was not you, end that session."},
                         .link = "/me/devices", .ttl_s = 24 * HOUR_S, .urgency = "high", .patience_s = 120,
                         .need = PUSH_NEED_NOTHING, .critical = true, .sms = true, .action = {"기기 보기", "Devices"}},
    [PUSH_NEARLY_FULL] = {SERVICE("거의 다 찼어요", "Nearly full"),
                          .body = {"‘{title}’ 자리가 {number}개 남았어요.", "{number} portions of “{title}” are left."},
                          .link = "/deals/{deal}", .ttl_s = 12 * HOUR_S, .urgency = "low", .patience_s = 600,
                          .need = PUSH_NEED_RECRUITING},
    [PUSH_FULL] = {SERVICE("자리가 다 찼어요", "The deal is full"),
                   .body = {"‘{title}’ 자리가 모두 찼어요.", "Every portion of “{title}” is taken."},
                   .link = "/deals/{deal}", .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 300,
                   .need = PUSH_NEED_RECRUITING},
    [PUSH_TERMS] = {TRANSACTIONAL("조건이 바뀌었어요", "The terms have changed"),
                    .body = {"‘{title}’의 조건이 바뀌었어요. {until}까지 동의하지 않으면 자리가 풀려요.",
                             "The terms of “{title}” have changed. Accept them by {until}, or your seat is given up."},
                    .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "high", .patience_s = 300,
                    .need = PUSH_NEED_TO_ACCEPT, .sms = true, .action = {"확인하기", "Look"}},
    [PUSH_RELEASED] = {TRANSACTIONAL("자리가 풀렸어요", "Your seat was given up"),
                       .body = {"‘{title}’의 자리가 풀리고 보관한 돈을 돌려드렸어요.",
                                "Your seat in “{title}” was given up and your money is free again."},
                       .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "normal", .patience_s = 300,
                       .need = PUSH_NEED_NOTHING},
    [PUSH_CLOSING_DAY] = {SERVICE("마감 하루 전이에요", "A day until it closes"),
                          .body = {"‘{title}’이(가) {until}에 마감돼요.", "“{title}” closes at {until}."},
                          .link = "/deals/{deal}", .ttl_s = 12 * HOUR_S, .urgency = "normal", .patience_s = 600,
                          .need = PUSH_NEED_RECRUITING},
    [PUSH_CLOSING_HOUR] = {SERVICE("마감 한 시간 전이에요", "An hour until it closes"),
                           .body = {"‘{title}’이(가) {until}에 마감돼요.", "“{title}” closes at {until}."},
                           .link = "/deals/{deal}", .ttl_s = 1 * HOUR_S, .urgency = "high", .patience_s = 300,
                           .need = PUSH_NEED_RECRUITING},
    [PUSH_PICKUP_TODAY] = {SERVICE("오늘 받으러 가는 날이에요", "Pick-up is today"),
                           .body = {"‘{title}’을(를) {until}까지 받으러 가세요.", "Pick up “{title}” by {until}."},
                           .link = "/deals/{deal}", .ttl_s = 10 * HOUR_S, .urgency = "normal", .patience_s = 600,
                           .need = PUSH_NEED_TO_PICK_UP, .sms = true, .action = {"코드 보기", "Show code"}},
    [PUSH_PICKUP_SOON] = {SERVICE("30분 뒤에 만나요", "Pick-up in 30 minutes"),
                          .body = {"‘{title}’ 수령이 30분 뒤에 시작돼요.",
                                   "Pick-up of “{title}” begins in 30 minutes."},
                          .link = "/deals/{deal}", .ttl_s = 1 * HOUR_S, .urgency = "high", .patience_s = 120,
                          .need = PUSH_NEED_TO_PICK_UP, .sms = true, .action = {"코드 보기", "Show code"}},
    [PUSH_CODE] = {SERVICE("수령 코드를 보여 주세요", "Show your code"),
                   .body = {"‘{title}’ 수령이 시작됐어요. 방장에게 코드를 보여 주세요.",
                            "Pick-up of “{title}” has begun. Show the host your code."},
                   .link = "/deals/{deal}", .ttl_s = 3 * HOUR_S, .urgency = "high", .patience_s = 300,
                   .need = PUSH_NEED_TO_PICK_UP, .action = {"코드 보기", "Show code"}},
    [PUSH_NO_SHOW] = {TRANSACTIONAL("수령하지 않은 것으로 표시됐어요", "You were not there"),
                      .body = {"방장이 ‘{title}’을(를) 받으러 오지 않았다고 표시했어요. 아니라면 이의를 제기하세요.",
                               "The host says you did not come for “{title}”. If that is wrong, say so."},
                      .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "high", .patience_s = 300,
                      .need = PUSH_NEED_NOTHING, .sms = true},
    [PUSH_ADJUSTED] = {TRANSACTIONAL("일부를 돌려드렸어요", "Some money is back"),
                       .body = {"‘{title}’에서 {won}원을 돌려드렸어요.", "{won} won of “{title}” came back to you."},
                       .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "normal", .patience_s = 300,
                       .need = PUSH_NEED_NOTHING},
    [PUSH_DISPUTE_OPENED] = {TRANSACTIONAL("이의가 제기됐어요", "A dispute was opened"),
                             .body = {"‘{title}’에 대해 {won}원 환불 요청이 있어요. 답해 주세요.",
                                      "Somebody asks for {won} won of “{title}” back. Please answer."},
                             .link = "/deals/{deal}", .ttl_s = 72 * HOUR_S, .urgency = "high", .patience_s = 300,
                             .need = PUSH_NEED_NOTHING, .sms = true, .action = {"답하기", "Answer"}},
    [PUSH_DISPUTE_ANSWERED] = {TRANSACTIONAL("방장이 답했어요", "The host has answered"),
                               .body = {"‘{title}’ 이의에 방장이 {won}원 환불을 제안했어요.",
                                        "The host offers {won} won for “{title}”."},
                               .link = "/deals/{deal}", .ttl_s = 72 * HOUR_S, .urgency = "normal", .patience_s = 300,
                               .need = PUSH_NEED_NOTHING},
    [PUSH_DISPUTE_RESOLVED] = {TRANSACTIONAL("이의가 처리됐어요", "The dispute is settled"),
                               .body = {"‘{title}’ 이의가 끝났어요. 환불 금액: {won}원.",
                                        "The dispute about “{title}” is settled. Refund: {won} won."},
                               .link = "/deals/{deal}", .ttl_s = 72 * HOUR_S, .urgency = "normal", .patience_s = 300,
                               .need = PUSH_NEED_NOTHING},
    [PUSH_MONEY] = {TRANSACTIONAL("돈을 받았어요", "You received money"),
                    .body = {"{who}님이 {won}원을 보냈어요. {text}", "{who} sent you {won} won. {text}"},
                    .link = "/wallet", .ttl_s = 48 * HOUR_S, .urgency = "high", .patience_s = 300,
                    .need = PUSH_NEED_NOTHING},
    [PUSH_WITHDRAWAL_FAILED] = {TRANSACTIONAL("출금하지 못했어요", "The withdrawal failed"),
                                .body = {"{won}원을 출금하지 못해 지갑에 돌려드렸어요.",
                                         "{won} won could not be withdrawn and is in your wallet again."},
                                .link = "/wallet", .ttl_s = 72 * HOUR_S, .urgency = "high", .patience_s = 300,
                                .need = PUSH_NEED_NOTHING, .sms = true},
    [PUSH_REQUEST] = {SERVICE("정산 요청이 왔어요", "A request to pay"),
                      .body = {"{who}님이 ‘{title}’ {won}원을 요청했어요.", "{who} asks for {won} won for “{title}”."},
                      .link = "/requests/{target}", .ttl_s = 72 * HOUR_S, .urgency = "high", .patience_s = 300,
                      .need = PUSH_NEED_NOTHING, .action = {"보내기", "Pay"}},
    [PUSH_REQUEST_AGAIN] = {SERVICE("정산을 기다리고 있어요", "A request is waiting"),
                            .body = {"‘{title}’ {won}원이 아직 남았어요.", "{won} won for “{title}” is still open."},
                            .link = "/requests/{target}", .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 600,
                            .need = PUSH_NEED_NOTHING, .action = {"보내기", "Pay"}},
    [PUSH_REQUEST_PAID] = {SERVICE("정산이 들어왔어요", "A part was paid"),
                           .body = {"{who}님이 ‘{title}’ {won}원을 보냈어요.", "{who} paid {won} won for “{title}”."},
                           .link = "/requests/{target}", .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 600,
                           .need = PUSH_NEED_NOTHING},
    [PUSH_REQUEST_DECLINED] = {SERVICE("정산을 거절했어요", "A part was declined"),
                               .body = {"{who}님이 ‘{title}’ 요청을 거절했어요. {text}",
                                        "{who} declined “{title}”. {text}"},
                               .link = "/requests/{target}", .ttl_s = 24 * HOUR_S, .urgency = "normal",
                               .patience_s = 600, .need = PUSH_NEED_NOTHING},
    [PUSH_REVIEW] = {SERVICE("이번 공구는 어땠나요?", "How was it?"),
                     .body = {"‘{title}’에 함께한 이웃에게 후기를 남겨 주세요.", "Tell how “{title}” was."},
                     .link = "/deals/{deal}", .ttl_s = 48 * HOUR_S, .urgency = "low", .patience_s = 900,
                     .need = PUSH_NEED_NOTHING},
    [PUSH_WAIT_OFFERED] = {TRANSACTIONAL("자리가 났어요", "A seat is free"),
                           .body = {"‘{title}’ 자리 {number}개를 {until}까지 잡아 두었어요.",
                                    "{number} portions of “{title}” are kept for you until {until}."},
                           .link = "/deals/{deal}", .ttl_s = 24 * HOUR_S, .urgency = "high", .patience_s = 120,
                           .need = PUSH_NEED_UNTIL, .sms = true, .action = {"참여하기", "Join"}},
    [PUSH_WAIT_LAPSED] = {SERVICE("대기 자리가 지나갔어요", "The offer has lapsed"),
                          .body = {"‘{title}’에서 잡아 둔 자리가 풀렸어요.",
                                   "The portions of “{title}” kept for you were given up."},
                          .link = "/deals/{deal}", .ttl_s = 24 * HOUR_S, .urgency = "low", .patience_s = 600,
                          .need = PUSH_NEED_NOTHING},
    [PUSH_WAIT_ENDED] = {SERVICE("대기가 끝났어요", "The waiting list has ended"),
                         .body = {"‘{title}’ 모집이 끝나 대기도 끝났어요. 이번에는 자리가 나지 않았어요.",
                                  "“{title}” recruits no more, and no seat was left for you this time."},
                         .link = "/deals/{deal}", .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 600,
                         .need = PUSH_NEED_NOTHING},
    [PUSH_KEYWORD] = {SERVICE("기다리던 공구가 열렸어요", "A deal you waited for"),
                      .body = {"‘{text}’: 근처에 ‘{title}’이(가) 열렸어요.", "“{text}”: “{title}” has opened nearby."},
                      .link = "/deals/{deal}", .ttl_s = 12 * HOUR_S, .urgency = "normal", .patience_s = 600,
                      .need = PUSH_NEED_NOTHING},
    [PUSH_COMMENT] = {SERVICE("새 댓글이 달렸어요", "A new comment"),
                      .body = {"{who}님이 ‘{title}’에 남긴 글: {text}", "{who} on “{title}”: {text}"},
                      .link = "/deals/{deal}", .ttl_s = 24 * HOUR_S, .urgency = "low", .patience_s = 600,
                      .need = PUSH_NEED_NOTHING},
    [PUSH_REPLY] = {SERVICE("답글이 달렸어요", "A reply"),
                    .body = {"{who}님이 ‘{title}’에서 답했어요: {text}", "{who} replied on “{title}”: {text}"},
                    .link = "/deals/{deal}", .ttl_s = 24 * HOUR_S, .urgency = "normal", .patience_s = 600,
                    .need = PUSH_NEED_NOTHING},
    [PUSH_CHAT] = {SERVICE("{title}", "{title}"), .body = {"{who}: {text}", "{who}: {text}"}, .link = "/chat/{target}",
                   .ttl_s = 12 * HOUR_S, .urgency = "high", .patience_s = 600, .need = PUSH_NEED_NOTHING,
                   .collapse = true},
    [PUSH_MENTION] = {SERVICE("{who}님이 불렀어요", "{who} mentioned you"),
                      .body = {"‘{title}’: {text}", "“{title}”: {text}"}, .link = "/chat/{target}",
                      .ttl_s = 12 * HOUR_S, .urgency = "high", .patience_s = 300, .need = PUSH_NEED_NOTHING},
    [PUSH_SUSPENDED] = {TRANSACTIONAL("이용이 정지됐어요", "Your account is suspended"),
                        .body = {"사유: {text}", "Reason: {text}"}, .link = "/me", .ttl_s = 72 * HOUR_S,
                        .urgency = "high", .patience_s = 300, .need = PUSH_NEED_NOTHING, .critical = true},
    [PUSH_UNSUSPENDED] = {TRANSACTIONAL("다시 이용할 수 있어요", "Your account is open again"),
                          .body = {"이용 정지가 끝났어요.", "The suspension has ended."}, .link = "/me",
                          .ttl_s = 72 * HOUR_S, .urgency = "normal", .patience_s = 300, .need = PUSH_NEED_NOTHING,
                          .critical = true},
    [PUSH_CLOSING_ACCOUNT] =
        {TRANSACTIONAL("탈퇴를 시작했어요", "Your account is being closed"),
         .body = {"진행 중인 공구와 돈이 정리되면 계정이 닫혀요. 내가 아니라면 지금 취소하세요.",
                  "Once deals and money are settled the account closes. If this was not you, stop it now."},
         .link = "/me", .ttl_s = 72 * HOUR_S, .urgency = "high", .patience_s = 120, .need = PUSH_NEED_NOTHING,
         .critical = true},
    [PUSH_DIGEST] = {SERVICE("새 소식 {number}개", "{number} pieces of news"),
                     .body = {"읽지 않은 소식이 {number}개 있어요. 가장 새로운 것: {title}",
                              "{number} unread notices, the newest: {title}"},
                     .link = "/inbox", .ttl_s = 12 * HOUR_S, .urgency = "low", .patience_s = 900,
                     .need = PUSH_NEED_NOTHING},
    [PUSH_CONSENT_CHANGED] = {TRANSACTIONAL("광고 수신 설정을 바꿨어요", "Advertising settings changed"),
                              .body = {"{text}", "{text}"}, .link = "/me/push", .ttl_s = 72 * HOUR_S, .urgency = "low",
                              .patience_s = 900, .need = PUSH_NEED_NOTHING},
    [PUSH_CONSENT_CHECK] =
        {TRANSACTIONAL("광고 수신 동의를 확인해 주세요", "Please confirm advertising"),
         .body = {"광고 수신에 동의한 지 2년이 되어 가요. {until}까지 확인하지 않으면 더 보내지 않아요.",
                  "You agreed to advertising nearly two years ago. Unless confirmed by {until}, it ends."},
         .link = "/me/push", .ttl_s = 336 * HOUR_S, .urgency = "low", .patience_s = 900, .need = PUSH_NEED_UNTIL,
         .action = {"확인", "Confirm"}},
    [PUSH_PROMOTION] = {AD("{title}", "{title}"),
                        .body = {"{text} (수신 거부: 설정 > 알림, 무료)",
                                 "{text} (Opt out free of charge: settings > notices)"},
                        .link = "/me/push", .ttl_s = 8 * HOUR_S, .urgency = "low", .patience_s = 900,
                        .need = PUSH_NEED_NOTHING},
    [PUSH_RECOVERY] =
        {TRANSACTIONAL("누군가 휴대폰 인증으로 들어오려고 해요", "Somebody is trying to get in with your phone"),
         .body = {"사흘 뒤에는 휴대폰 인증만으로 비밀번호를 바꿀 수 있어요. 내가 아니라면 지금 막아 주세요.",
                  "In three days the phone alone will be enough to set a new password. If it is not you, stop it now."},
         .link = "/me/devices", .ttl_s = 72 * HOUR_S, .urgency = "high", .patience_s = 120, .need = PUSH_NEED_NOTHING,
         .critical = true, .sms = true, .action = {"기기 보기", "Devices"}},
    [PUSH_PASSWORD] = {TRANSACTIONAL("휴대폰 인증으로 비밀번호를 바꿨어요", "Your password was set by phone"),
                       .body = {"모든 기기에서 로그아웃됐어요. 내가 아니라면 바로 비밀번호를 다시 바꿔 주세요.",
                                "Every device was logged out. If it was not you, set a new password at once."},
                       .link = "/me/devices", .ttl_s = 72 * HOUR_S, .urgency = "high", .patience_s = 120,
                       .need = PUSH_NEED_NOTHING, .critical = true, .sms = true, .action = {"기기 보기", "Devices"}},
    [PUSH_TOKEN_REUSED] =
        {TRANSACTIONAL("로그인 정보가 두 곳에서 쓰였어요", "A log-in was used in two places"),
         .body = {"지난 로그인 정보가 다시 쓰여 그 기기를 로그아웃했어요. 내가 아니라면 비밀번호를 바꿔 주세요.",
                  "An old log-in was used again, so that device was logged out. If it was not you,"
                  " change your password."},
         .link = "/me/devices", .ttl_s = 24 * HOUR_S, .urgency = "high", .patience_s = 120, .need = PUSH_NEED_NOTHING,
         .critical = true, .sms = true, .action = {"기기 보기", "Devices"}},
};

const struct push_rule *push_rule(int kind)
{
    return &rules[kind];
}

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

char *push_time(struct gg_arena *arena, int64_t ms, enum push_lang lang)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[GG_TIME_TEXT]; /* 2026-11-21T18:00:00.000Z */
    int month, day;

    gg_time_format(ms + 9 * GG_HOUR, text);
    month = (text[5] - '0') * 10 + text[6] - '0';
    day = (text[8] - '0') * 10 + text[9] - '0';
    if (lang == PUSH_KO)
        return gg_sprintf(arena, "%d월 %d일 %.5s", month, day, text + 11);
    return gg_sprintf(arena, "%d %s %.5s", day, months[month - 1], text + 11);
}

/* Fills the placeholders of one template. What people wrote is put in as it is: it is never read as a template. */
static char *fill(struct gg_arena *arena, const char *text, const struct push_facts *facts, enum push_lang lang)
{
    char deal[GG_ID_TEXT] = "", target[GG_ID_TEXT] = "";
    const char *values[][2] = {
        {"{title}", facts->title},
        {"{who}", facts->who        ? facts->who
                  : lang == PUSH_KO ? "이웃"
                                    : "A neighbour"},
        {"{won}", push_won(arena, facts->amount_won == GG_NONE ? 0 : facts->amount_won)},
        {"{text}", facts->text ? facts->text : ""},
        {"{until}", facts->until == GG_NONE ? "" : push_time(arena, facts->until, lang)},
        {"{number}", gg_sprintf(arena, "%" PRId64, facts->number == GG_NONE ? 0 : facts->number)},
        {"{deal}", deal},
        {"{target}", target},
    };
    struct gg_buf out;
    char *result;

    if (!gg_id_is_zero(facts->deal))
        gg_id_format(facts->deal, deal);
    if (!gg_id_is_zero(facts->target))
        gg_id_format(facts->target, target);
    gg_buf_init(&out, 4000);
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
    for (size_t n = out.n; n > 0 && result[n - 1] == ' '; n--) /* an empty {text} at the end */
        result[n - 1] = '\0';
    gg_buf_free(&out);
    return result;
}

void push_render(struct gg_arena *arena, const struct push_facts *facts, enum push_lang lang,
                 struct push_notice *notice)
{
    const struct push_rule *rule = push_rule(facts->kind);

    *notice = (struct push_notice){
        .id = facts->id,
        .kind = facts->kind,
        .title = fill(arena, rule->title[lang], facts, lang),
        .body = fill(arena, rule->body[lang], facts, lang),
        .link = fill(arena, rule->link, facts, lang),
        .deal = facts->deal,
        .amount_won = facts->amount_won,
        .until = facts->until,
        .read = facts->read,
        .archived = facts->archived_at != GG_NONE,
        .snoozed_until = facts->snoozed_until,
        .at = facts->at,
    };
}
