/* services/push/http_sms.c
 * Text messages, advertising and one's own data over HTTP. */
#include "http.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "sms.h"

#include <stdio.h>
#include <string.h>

#define CODE_LIFE  (5 * GG_MINUTE)
#define SEOUL      (9 * GG_HOUR) /* whose days the budgets go by */
#define EXPORT_MAX 2000

static void hash_code(const char *code, struct gg_id user, uint8_t hash[GG_SHA256])
{
    gg_hmac_sha256((struct gg_str){(const char *)user.b, sizeof(user.b)}, (struct gg_str){code, strlen(code)}, hash);
}

struct code_work {
    const char *phone;
    char code[7];
};

static enum gg_status keep_code(struct gg_call *call)
{
    const struct code_work *work = gg_call_kept(call);
    uint8_t hash[GG_SHA256];

    hash_code(work->code, call->user.id, hash);
    return push_code_put(call->db, call->user.id, work->phone, hash, gg_now() + CODE_LIFE);
}

enum gg_status push_http_sms_code(struct gg_call *call)
{
    const struct push_phone *in = call->in;
    struct code_work *work = GG_NEW(call->arena, struct code_work);
    enum gg_status status;

    if (strncmp(in->phone, "01", 2) != 0)
        return gg_fail_field(call, "/phone", "format", "must be a mobile number");
    work->phone = in->phone;
    snprintf(work->code, sizeof(work->code), "%06u", gg_random_below(1000000));
    gg_call_keep(call, work);
    GG_TRY(gg_call_tx(call, keep_code));
    status = push_sms_code(call->db, call->arena, call->user.id, in->phone, work->code);
    if (status != GG_NOT_FOUND)
        return status;
    gg_header(call, "Retry-After",
              gg_sprintf(call->arena, "%" PRId64, (GG_DAY - (gg_now() + SEOUL) % GG_DAY) / GG_SECOND + 1));
    return gg_fail(call, &PUSH_SMS_BUDGET, "try again tomorrow");
}

/* A wrong code is counted all the same: this handler runs outside a transaction of the whole. */
enum gg_status push_http_sms_prove(struct gg_call *call)
{
    const struct push_phone_prove *in = call->in;
    uint8_t hash[GG_SHA256], kept[GG_SHA256];
    const char *phone;
    enum gg_status status = push_code_take(call->db, call->arena, call->user.id, gg_now(), &phone, kept);

    hash_code(in->code, call->user.id, hash);
    if (status == GG_NOT_FOUND || (status == GG_OK && !gg_secret_equal(hash, kept, sizeof(hash))))
        return gg_fail(call, &PUSH_BAD_CODE, "ask for a new one after five tries or five minutes");
    GG_TRY(status);
    status = push_person_phone(call->db, call->user.id, phone, gg_now());
    if (status == GG_NOT_FOUND)
        return GG_UNAVAILABLE;
    GG_TRY(status);
    return push_code_delete(call->db, call->user.id);
}

enum gg_status push_http_sms_delete(struct gg_call *call)
{
    enum gg_status status = push_person_phone(call->db, call->user.id, NULL, GG_NONE);

    return status == GG_NOT_FOUND ? GG_OK : status;
}

enum gg_status push_http_sms(struct gg_call *call)
{
    struct push_sms_view *out = call->out;
    struct push_person_row person;
    struct push_sms *list;
    size_t n;

    GG_TRY(push_person_get(call->db, call->arena, call->user.id, &person));
    GG_TRY(push_sms_list(call->db, call->arena, call->user.id, &list, &n));
    if (person.phone) {
        size_t digits = strlen(person.phone);
        out->phone = gg_sprintf(call->arena, "***%s", person.phone + (digits > 4 ? digits - 4 : 0));
    }
    out->since = person.phone_since;
    out->items = (struct gg_list){list, n};
    return GG_OK;
}

/* --- advertising --- */

static enum gg_status promote_in(struct gg_call *call, struct gg_id id, enum push_lang lang, const char *title,
                                 const char *body)
{
    return push_fan_out(call->db, &(struct push_fanout){.id = gg_id_derive(id, push_lang_names[lang]),
                                                        .audience = PUSH_TO_AGREED,
                                                        .event = id,
                                                        .at = gg_now(),
                                                        .kind = PUSH_PROMOTION,
                                                        .lang = (int)lang,
                                                        .title = title,
                                                        .text = body,
                                                        .lat = GG_NONE,
                                                        .lng = GG_NONE});
}

enum gg_status push_http_promote(struct gg_call *call)
{
    const struct push_promotion *in = call->in;
    struct push_promotion_sent *out = call->out;

    if (!in->title_en != !in->body_en)
        return gg_fail_field(call, in->title_en ? "/body_en" : "/title_en", "required", "both or none");
    out->id = gg_id_new();
    GG_TRY(promote_in(call, out->id, PUSH_KO, in->title, in->body));
    return in->title_en ? promote_in(call, out->id, PUSH_EN, in->title_en, in->body_en) : GG_OK;
}

/* --- one's own data --- */

enum gg_status push_http_export(struct gg_call *call)
{
    struct push_export *out = call->out;
    struct push_mute *mutes;
    struct push_keyword *keywords;
    struct push_device_row *device_rows;
    struct push_device *devices;
    struct push_facts *facts, *archived;
    struct push_notice *notices;
    struct push_sms *sms;
    struct gg_id user = call->user.id;
    size_t n, n_archived;

    GG_TRY(push_preferences_view(call->db, call->arena, user, &out->preferences));
    GG_TRY(push_consents_view(call->db, call->arena, user, &out->consents));
    GG_TRY(push_mutes_get(call->db, call->arena, user, gg_now(), &mutes, &n));
    out->mutes = (struct gg_list){mutes, n};
    GG_TRY(push_keywords_get(call->db, call->arena, user, &keywords, &n));
    out->keywords = (struct gg_list){keywords, n};
    GG_TRY(push_devices(call->db, call->arena, user, &device_rows, &n));
    devices = GG_NEW_ARRAY(call->arena, struct push_device, n);
    for (size_t i = 0; i < n; i++)
        devices[i] = push_device_view(&device_rows[i]);
    out->devices = (struct gg_list){devices, n};
    GG_TRY(push_notices(call->db, call->arena, user, INT64_MAX, false, false, EXPORT_MAX, &facts, &n));
    GG_TRY(push_notices(call->db, call->arena, user, INT64_MAX, false, true, EXPORT_MAX - (int64_t)n, &archived,
                        &n_archived));
    notices = GG_NEW_ARRAY(call->arena, struct push_notice, n + n_archived);
    for (size_t i = 0; i < n + n_archived; i++)
        push_render(call->arena, i < n ? &facts[i] : &archived[i - n], PUSH_KO, &notices[i]);
    out->notices = (struct gg_list){notices, n + n_archived};
    GG_TRY(push_sms_list(call->db, call->arena, user, &sms, &n));
    out->sms = (struct gg_list){sms, n};
    return GG_OK;
}
