/* services/push/http.h
 * The handlers of requests, by file; the table of routes is in routes.c. */
#ifndef SERVICES_PUSH_HTTP_H
#define SERVICES_PUSH_HTTP_H

#include "store_wish.h"

/* http.c: inbox, trace */
enum gg_status push_http_list(struct gg_call *call);
enum gg_status push_http_read(struct gg_call *call);
enum gg_status push_http_read_all(struct gg_call *call);
enum gg_status push_http_archive(struct gg_call *call);
enum gg_status push_http_unarchive(struct gg_call *call);
enum gg_status push_http_snooze(struct gg_call *call);
enum gg_status push_http_trace(struct gg_call *call);
enum gg_status push_http_ack(struct gg_call *call);

/* http_device.c */
enum gg_status push_http_vapid(struct gg_call *call);
enum gg_status push_http_put_device(struct gg_call *call);
enum gg_status push_http_delete_device(struct gg_call *call);
enum gg_status push_http_devices(struct gg_call *call);
struct push_device push_device_view(const struct push_device_row *row);

/* http_wish.c */
enum gg_status push_http_preferences(struct gg_call *call);
enum gg_status push_http_put_preferences(struct gg_call *call);
enum gg_status push_http_mutes(struct gg_call *call);
enum gg_status push_http_put_mute(struct gg_call *call);
enum gg_status push_http_delete_mute(struct gg_call *call);
enum gg_status push_http_consents(struct gg_call *call);
enum gg_status push_http_put_consents(struct gg_call *call);
enum gg_status push_http_keywords(struct gg_call *call);
enum gg_status push_http_add_keyword(struct gg_call *call);
enum gg_status push_http_delete_keyword(struct gg_call *call);
enum gg_status push_preferences_view(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                     struct push_preferences *out) GG_MUSTCHECK;
enum gg_status push_consents_view(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                  struct push_consents *out) GG_MUSTCHECK;

/* http_sms.c: text messages, advertising, export */
enum gg_status push_http_sms_code(struct gg_call *call);
enum gg_status push_http_sms_prove(struct gg_call *call);
enum gg_status push_http_sms_delete(struct gg_call *call);
enum gg_status push_http_sms(struct gg_call *call);
enum gg_status push_http_promote(struct gg_call *call);
enum gg_status push_http_export(struct gg_call *call);

#endif
