/* proto/push_wish.h
 * What crosses the border of the push service about what a person wants and allows: preferences, quiet hours, mutes,
 * consents, keyword alerts, text messages, advertising, one's own data. */
#ifndef PROTO_PUSH_WISH_H
#define PROTO_PUSH_WISH_H

#include "proto/push.h"

#define PUSH_KEYWORDS_MAX 20

enum push_mode { PUSH_NOW, PUSH_IN_DIGEST, PUSH_OFF };
extern const char *const push_mode_names[];

struct push_kind_wish {
    int kind;
    int class;    /* views only: enum push_class */
    int web;      /* enum push_mode; critical kinds stay at now */
    bool sms;     /* as a last resort; only for kinds that allow it */
    bool may_sms; /* views only */
    bool always;  /* views only: critical, cannot be switched off */
};
struct push_quiet { /* minutes of the local day; from after until spans midnight */
    int64_t from, until;
};
struct push_preferences { /* GET, PUT /v1/push/preferences (full state) */
    int lang;
    const char *tz;           /* IANA name; default Asia/Seoul */
    struct push_quiet *quiet; /* absent: none */
    int64_t digest_every;     /* minutes: 60 or 1440 */
    int64_t digest_at;        /* minute of the local day of a daily one */
    struct gg_list kinds;     /* struct push_kind_wish; PUT: those left out are at their default */
};
struct push_mute_put { /* PUT /v1/push/mutes/:deal */
    int64_t until;     /* absent: for good */
};
struct push_mute {
    struct gg_id deal;
    int64_t until;
};
struct push_mute_list { /* GET /v1/push/mutes: those that stand, at most 200 */
    struct gg_list items;
};
struct push_consents { /* PUT, GET /v1/push/consents: apart from the browser's permission */
    bool ads, ads_at_night;
    int64_t ads_since, ads_at_night_since; /* views only: given or confirmed last */
    int64_t lapses_at;                     /* views only: unless confirmed by then */
};
struct push_keyword_new { /* POST /v1/push/keywords */
    const char *word;
    int64_t lat, lng; /* kept to about 100 m */
    int64_t radius_m;
};
struct push_keyword {
    struct gg_id id;
    const char *word;
    int64_t lat, lng, radius_m;
    int64_t created_at;
};
struct push_keyword_list { /* GET /v1/push/keywords */
    struct gg_list items;
};
struct push_phone { /* POST /v1/push/sms/codes */
    const char *phone;
};
struct push_phone_prove { /* PUT /v1/push/sms: proves the number and consents */
    const char *code;
};
enum push_sms_state { PUSH_SMS_SENT, PUSH_SMS_DELIVERED, PUSH_SMS_FAILED, PUSH_SMS_REFUSED };
extern const char *const push_sms_state_names[];
enum push_sms_type { PUSH_SMS_NONE, PUSH_SMS_SHORT, PUSH_SMS_LONG };
extern const char *const push_sms_type_names[];
struct push_sms { /* one message, as it was logged */
    struct gg_id id, notice;
    int type;
    int64_t cost_won;
    int state;
    int64_t at;
};
struct push_sms_view { /* GET /v1/push/sms */
    const char *phone; /* last four digits visible; absent: no consent */
    int64_t since;
    struct gg_list items; /* struct push_sms: the newest 50 */
};
struct push_promotion { /* POST /v1/push/promotions, admins: goes to those who agreed, never at night without asking */
    const char *title, *body;       /* Korean; the mark is put in front by us */
    const char *title_en, *body_en; /* absent: only to those who read Korean */
};
struct push_promotion_sent {
    struct gg_id id;
};
struct push_export { /* GET /v1/push/export: everything about the caller */
    struct push_preferences preferences;
    struct push_consents consents;
    struct gg_list mutes, keywords, devices, notices, sms;
};
extern const struct gg_msg push_preferences_msg, push_mute_put_msg, push_mute_msg, push_mute_list_msg,
    push_consents_msg, push_keyword_new_msg, push_keyword_msg, push_keyword_list_msg, push_phone_msg,
    push_phone_prove_msg, push_sms_view_msg, push_promotion_msg, push_promotion_sent_msg, push_export_msg;

#endif
