/* proto/push_wish.c
 * The tables behind proto/push_wish.h. */
#include "proto/push_wish.h"

static const char *const digits[] = {"0-9", NULL};
static const char *const zone_letters[] = {"0-9A-Za-z_+/-", NULL};
const char *const push_mode_names[] = {"now", "digest", "off", NULL};
const char *const push_sms_state_names[] = {"sent", "delivered", "failed", "refused", NULL};
const char *const push_sms_type_names[] = {"none", "sms", "lms", NULL};

static const struct gg_field kind_wish_fields[] = {
    GG_ENUM(struct push_kind_wish, kind, GG_REQUIRED, push_kind_names, "which kind"),
    GG_ENUM(struct push_kind_wish, class, GG_OPTIONAL, push_class_names, "what the law makes of it (read only)"),
    GG_ENUM(struct push_kind_wish, web, GG_REQUIRED, push_mode_names, "on devices"),
    GG_BOOL(struct push_kind_wish, sms, GG_OPTIONAL, "by text message when no device has shown it"),
    GG_BOOL(struct push_kind_wish, may_sms, GG_OPTIONAL, "text messages are possible (read only)"),
    GG_BOOL(struct push_kind_wish, always, GG_OPTIONAL, "cannot be switched off (read only)"),
};
static const struct gg_msg kind_wish_msg =
    GG_MSG("KindWish", struct push_kind_wish, kind_wish_fields, "What a person wants of one kind.");
static const struct gg_field quiet_fields[] = {
    GG_INT(struct push_quiet, from, GG_REQUIRED, 0, 1439, "minute of the local day"),
    GG_INT(struct push_quiet, until, GG_REQUIRED, 0, 1439, "minute of the local day; before `from`: of the next"),
};
static const struct gg_msg quiet_msg = GG_MSG("QuietHours", struct push_quiet, quiet_fields, "When to be silent.");
static const struct gg_field preferences_fields[] = {
    GG_ENUM(struct push_preferences, lang, GG_OPTIONAL, push_lang_names, "of text messages, default ko"),
    GG_TEXT_OF(struct push_preferences, tz, GG_OPTIONAL, 1, 40, zone_letters, "time zone, default Asia/Seoul"),
    GG_REF(struct push_preferences, quiet, GG_OPTIONAL, &quiet_msg, "quiet hours; absent: none"),
    GG_INT(struct push_preferences, digest_every, GG_OPTIONAL, 60, 1440, "minutes: 60 or 1440, default 1440"),
    GG_INT(struct push_preferences, digest_at, GG_OPTIONAL, 0, 1439, "minute of the local day, default 1080"),
    GG_LIST(struct push_preferences, kinds, GG_OPTIONAL, 0, 100, &kind_wish_msg, "by kind"),
};
const struct gg_msg push_preferences_msg =
    GG_MSG("Preferences", struct push_preferences, preferences_fields, "What a person wants to be told, and when.");

static const struct gg_field mute_put_fields[] = {
    GG_TIME(struct push_mute_put, until, GG_OPTIONAL, "absent: until it is taken away"),
};
const struct gg_msg push_mute_put_msg = GG_MSG("MutePut", struct push_mute_put, mute_put_fields, "Mutes a deal.");
static const struct gg_field mute_fields[] = {
    GG_ID(struct push_mute, deal, GG_REQUIRED, "which deal"),
    GG_TIME(struct push_mute, until, GG_OPTIONAL, "absent: until it is taken away"),
};
const struct gg_msg push_mute_msg = GG_MSG("Mute", struct push_mute, mute_fields, "A muted deal.");
static const struct gg_field mute_list_fields[] = {
    GG_LIST(struct push_mute_list, items, GG_REQUIRED, 0, 200, &push_mute_msg, "those that stand"),
};
const struct gg_msg push_mute_list_msg = GG_MSG("MuteList", struct push_mute_list, mute_list_fields, "Muted deals.");

static const struct gg_field consents_fields[] = {
    GG_BOOL(struct push_consents, ads, GG_OPTIONAL, "agrees to advertising; saying so again confirms it"),
    GG_BOOL(struct push_consents, ads_at_night, GG_OPTIONAL, "also from 21 to 8 o'clock"),
    GG_TIME(struct push_consents, ads_since, GG_OPTIONAL, "given or confirmed last (read only)"),
    GG_TIME(struct push_consents, ads_at_night_since, GG_OPTIONAL, "given or confirmed last (read only)"),
    GG_TIME(struct push_consents, lapses_at, GG_OPTIONAL, "unless confirmed by then (read only)"),
};
const struct gg_msg push_consents_msg =
    GG_MSG("Consents", struct push_consents, consents_fields, "Consent to advertising.");

#define PLACE_FIELDS(s)                                                                                                \
    GG_TEXT(s, word, GG_REQUIRED, 1, 30, "what to look for in titles"),                                                \
        GG_DEG(s, lat, GG_REQUIRED, 33000000, 39000000, "middle of the circle"),                                       \
        GG_DEG(s, lng, GG_REQUIRED, 124000000, 132000000, "middle of the circle"),                                     \
        GG_INT(s, radius_m, GG_REQUIRED, 100, 10000, "metres")
static const struct gg_field keyword_new_fields[] = {PLACE_FIELDS(struct push_keyword_new)};
const struct gg_msg push_keyword_new_msg =
    GG_MSG("KeywordNew", struct push_keyword_new, keyword_new_fields, "Waits for a word in new deals nearby.");
static const struct gg_field keyword_fields[] = {
    GG_ID(struct push_keyword, id, GG_REQUIRED, "the keyword"),
    PLACE_FIELDS(struct push_keyword),
    GG_TIME(struct push_keyword, created_at, GG_REQUIRED, "when"),
};
const struct gg_msg push_keyword_msg =
    GG_MSG("Keyword", struct push_keyword, keyword_fields, "A word somebody waits for.");
static const struct gg_field keyword_list_fields[] = {
    GG_LIST(struct push_keyword_list, items, GG_REQUIRED, 0, PUSH_KEYWORDS_MAX, &push_keyword_msg, "all of them"),
};
const struct gg_msg push_keyword_list_msg =
    GG_MSG("KeywordList", struct push_keyword_list, keyword_list_fields, "One's keywords.");

static const struct gg_field phone_fields[] = {
    GG_TEXT_OF(struct push_phone, phone, GG_REQUIRED, 10, 11, digits, "mobile number, digits only"),
};
const struct gg_msg push_phone_msg = GG_MSG("Phone", struct push_phone, phone_fields, "Where text messages may go.");
static const struct gg_field phone_prove_fields[] = {
    GG_TEXT_OF(struct push_phone_prove, code, GG_REQUIRED | GG_PRIVATE, 6, 6, digits, "from the text message"),
};
const struct gg_msg push_phone_prove_msg =
    GG_MSG("PhoneProve", struct push_phone_prove, phone_prove_fields, "Proves the number and consents.");
static const struct gg_field sms_fields[] = {
    GG_ID(struct push_sms, id, GG_REQUIRED, "the message"),
    GG_ID(struct push_sms, notice, GG_OPTIONAL, "of which notice"),
    GG_ENUM(struct push_sms, type, GG_REQUIRED, push_sms_type_names, "short or long"),
    GG_WON(struct push_sms, cost_won, GG_REQUIRED, 0, 10000, "what it cost us"),
    GG_ENUM(struct push_sms, state, GG_REQUIRED, push_sms_state_names, "what the gateway says"),
    GG_TIME(struct push_sms, at, GG_REQUIRED, "when"),
};
static const struct gg_msg sms_msg = GG_MSG("Sms", struct push_sms, sms_fields, "A text message.");
static const struct gg_field sms_view_fields[] = {
    GG_TEXT(struct push_sms_view, phone, GG_OPTIONAL, 1, 20, "last four digits visible"),
    GG_TIME(struct push_sms_view, since, GG_OPTIONAL, "when it was proved"),
    GG_LIST(struct push_sms_view, items, GG_REQUIRED, 0, 50, &sms_msg, "newest first"),
};
const struct gg_msg push_sms_view_msg =
    GG_MSG("SmsView", struct push_sms_view, sms_view_fields, "One's number and text messages.");

static const struct gg_field promotion_fields[] = {
    GG_TEXT(struct push_promotion, title, GG_REQUIRED, 1, 60, "Korean, without the mark"),
    GG_TEXT(struct push_promotion, body, GG_REQUIRED, 1, 200, "Korean"),
    GG_TEXT(struct push_promotion, title_en, GG_OPTIONAL, 1, 60, "English"),
    GG_TEXT(struct push_promotion, body_en, GG_OPTIONAL, 1, 200, "English"),
};
const struct gg_msg push_promotion_msg =
    GG_MSG("Promotion", struct push_promotion, promotion_fields, "Advertising for those who agreed to it.");
static const struct gg_field promotion_sent_fields[] = {
    GG_ID(struct push_promotion_sent, id, GG_REQUIRED, "of the promotion"),
};
const struct gg_msg push_promotion_sent_msg =
    GG_MSG("PromotionSent", struct push_promotion_sent, promotion_sent_fields, "It is on its way.");

static const struct gg_field export_fields[] = {
    GG_OBJECT(struct push_export, preferences, &push_preferences_msg, "what one wants to be told"),
    GG_OBJECT(struct push_export, consents, &push_consents_msg, "consent to advertising"),
    GG_LIST(struct push_export, mutes, GG_REQUIRED, 0, 200, &push_mute_msg, "muted deals"),
    GG_LIST(struct push_export, keywords, GG_REQUIRED, 0, PUSH_KEYWORDS_MAX, &push_keyword_msg, "keywords"),
    GG_LIST(struct push_export, devices, GG_REQUIRED, 0, 100, &push_device_msg, "subscribed devices"),
    GG_LIST(struct push_export, notices, GG_REQUIRED, 0, 2000, &push_notice_msg, "the inbox, the newest 2,000"),
    GG_LIST(struct push_export, sms, GG_REQUIRED, 0, 50, &sms_msg, "text messages"),
};
const struct gg_msg push_export_msg = GG_MSG("Export", struct push_export, export_fields, "Everything about oneself.");
