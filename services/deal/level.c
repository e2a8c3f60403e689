/* services/deal/level.c
 * The formula. */
#include "level.h"

const struct deal_weight deal_weights[DEAL_COUNTS] = {
    [DEAL_FACT_PAID] = {"paid", 1, "참여한 공구의 금액을 결제했어요"},
    [DEAL_FACT_PICKED_UP] = {"picked_up", 3, "약속한 물건을 받아 갔어요"},
    [DEAL_FACT_LEFT_LATE] = {"left_late", -4, "마감 24시간 안에 빠졌어요"},
    [DEAL_FACT_NO_SHOW] = {"no_show", -10, "받으러 오지 않았어요"},
    [DEAL_FACT_HOSTED] = {"hosted", 6, "공구를 열어 끝까지 마쳤어요"},
    [DEAL_FACT_CALLED_OFF] = {"called_off", -6, "이웃이 참여한 공구를 취소했어요"},
    [DEAL_COUNT_HOST_YES] = {"host_yes", 1, "방장으로서 받은 '예' 한 개"},
    [DEAL_COUNT_HOST_NO] = {"host_no", -2, "방장으로서 받은 '아니요' 한 개"},
};
const int64_t deal_level_steps[10] = {INT64_MIN, 0, 8, 20, 40, 70, 110, 160, 230, 320};
const char *const deal_level_text =
    "이웃 단계는 있었던 일만으로 셉니다. 각 항목의 횟수에 점수를 곱해 모두 더하고, 합계가 닿은 가장 높은 단계가 "
    "됩니다. "
    "0점 아래면 0단계입니다. 잘못 기록된 일은 이의를 제기할 수 있고, 받아들여지면 빠집니다.";

int64_t deal_level_points(const int64_t *counts)
{
    int64_t points = 0;

    for (int i = 0; i < DEAL_COUNTS; i++)
        points += counts[i] * deal_weights[i].points;
    return points;
}

int64_t deal_level_of(int64_t points)
{
    int64_t level = 9;

    while (level > 0 && points < deal_level_steps[level])
        level--;
    return level;
}
