/* services/push/sms.c
 * Text messages. */
#include "sms.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/metrics.h"
#include "libcommon/service.h"
#include "store_wish.h"

#define REPORT_AFTER (30 * GG_SECOND)
#define SEOUL        (9 * GG_HOUR)

static struct gg_sens_config gateway(void)
{
    return (struct gg_sens_config){push_config.sms_url, push_config.sms_service_id, push_config.sms_access_key,
                                   push_config.sms_secret, push_config.sms_from};
}

struct booking {
    struct gg_arena *arena;
    struct push_sms_row row;
    bool known, spent;
};

/* Budget, log row and the later question for the report: one transaction, before anything leaves the house. */
static enum gg_status book(struct gg_db *db, void *arg)
{
    struct booking *b = arg;
    enum gg_status status;

    b->known = b->spent = false;
    GG_TRY(gg_db_savepoint(db));
    status = push_sms_insert(db, &b->row);
    b->known = status == GG_DUPLICATE;
    if (b->known)
        return GG_OK;
    GG_TRY(status);
    status = push_budget_take(db, b->arena, b->row.user, (gg_now() + SEOUL) / GG_DAY, b->row.cost_won,
                              push_config.sms_user_day, push_config.sms_day_won);
    b->spent = status == GG_NOT_FOUND;
    if (!b->spent) {
        GG_TRY(status);
        return gg_due_set(db, PUSH_DUE_REPORT, b->row.id, gg_now() + REPORT_AFTER);
    }
    GG_TRY(gg_db_rollback_to_savepoint(db));
    b->row.type = PUSH_SMS_NONE;
    b->row.cost_won = 0;
    b->row.state = PUSH_SMS_REFUSED;
    return push_sms_insert(db, &b->row);
}

static enum gg_status send(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id notice,
                           const char *phone, const char *words, bool advertising, int *result)
{
    struct booking b = {.arena = arena};
    size_t bytes;
    const char *text = gg_sens_text(arena, words, &bytes), *request = NULL;
    bool is_long = bytes > GG_SMS_BYTES;
    const struct gg_sens_config config = gateway();
    enum gg_status status;

    b.row = (struct push_sms_row){.id = gg_id_new(),
                                  .user = user,
                                  .notice = notice,
                                  .type = is_long ? PUSH_SMS_LONG : PUSH_SMS_SHORT,
                                  .bytes = (int64_t)bytes,
                                  .cost_won = is_long ? push_config.lms_won : push_config.sms_won,
                                  .state = PUSH_SMS_SENT,
                                  .at = gg_now()};
    GG_TRY(gg_db_tx(db, book, &b));
    *result = b.spent ? PUSH_NO_BUDGET : PUSH_REJECTED;
    if (b.spent) {
        gg_count("push_sms_total", "result=\"no_budget\"", 1);
        return GG_OK;
    }
    if (b.known)
        return GG_OK;
    status = gg_sens_send(arena, &config, is_long ? GG_SENS_LMS : GG_SENS_SMS, advertising, phone, text, &request);
    gg_count("push_sms_total", status == GG_OK ? "result=\"accepted\"" : "result=\"rejected\"", 1);
    /* Whether a request without an answer was sent nobody knows: it is not asked again, so that none comes twice. */
    GG_TRY(push_sms_update(db, b.row.id, status == GG_OK ? PUSH_SMS_SENT : PUSH_SMS_FAILED, request, 0, GG_NONE));
    if (status == GG_OK)
        *result = PUSH_ACCEPTED;
    return GG_OK;
}

enum gg_status push_sms_send(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct gg_id notice,
                             const char *phone, const struct push_cleared *cleared, int *result)
{
    return send(db, arena, user, notice, phone, push_text_message(arena, cleared, gg_public_url()),
                push_is_advertising(cleared), result);
}

enum gg_status push_sms_code(struct gg_db *db, struct gg_arena *arena, struct gg_id user, const char *phone,
                             const char *code)
{
    int result;

    GG_TRY(send(db, arena, user, GG_ID_ZERO, phone, gg_sprintf(arena, "[공구] 알림 문자 인증번호 %s", code), false,
                &result));
    return result == PUSH_ACCEPTED ? GG_OK : result == PUSH_NO_BUDGET ? GG_NOT_FOUND : GG_UNAVAILABLE;
}

enum gg_status push_report_due(struct gg_due *due)
{
    struct push_sms_row sms;
    enum gg_sens_report report;
    const struct gg_sens_config config = gateway();
    enum gg_status status = push_sms_get(due->db, due->arena, due->subject, &sms);

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    if (sms.state != PUSH_SMS_SENT || !sms.request)
        return GG_OK;
    GG_TRY(gg_sens_ask(due->arena, &config, sms.request, &report));
    if (report == GG_SENS_UNDER_WAY) {
        GG_TRY(push_sms_update(due->db, sms.id, PUSH_SMS_SENT, NULL, sms.asks + 1, GG_NONE));
        if (sms.asks >= 10)
            return GG_OK; /* the gateway has forgotten it; the log says sent */
        return gg_due_set(due->db, PUSH_DUE_REPORT, sms.id, gg_now() + (REPORT_AFTER << sms.asks));
    }
    gg_count("push_sms_reports_total", report == GG_SENS_DELIVERED ? "result=\"delivered\"" : "result=\"failed\"", 1);
    return push_sms_update(due->db, sms.id, report == GG_SENS_DELIVERED ? PUSH_SMS_DELIVERED : PUSH_SMS_FAILED, NULL,
                           sms.asks + 1, gg_now());
}
