/* services/push/inbox.h
 * What the files of the push service share: settings, telling people, the tables main.c hands over. */
#ifndef SERVICES_PUSH_INBOX_H
#define SERVICES_PUSH_INBOX_H

#include "libcommon/bus.h"
#include "libcommon/due.h"
#include "libcommon/http.h"
#include "libcommon/sens.h"
#include "store_way.h"

struct push_config {
    const char *vapid_key_file, *vapid_old_key_file, *vapid_subject, *hosts, *ca_file;
    bool allow_http;
    const char *sms_url, *sms_service_id, *sms_access_key, *sms_secret, *sms_from;
    int64_t sms_won, lms_won, sms_user_day, sms_day_won;
};
extern struct push_config push_config;

#define PUSH_DUE_SEND    "push.send"
#define PUSH_DUE_SNOOZE  "push.snooze"
#define PUSH_DUE_KEEP    "push.keep"
#define PUSH_DUE_REMIND  "push.remind"
#define PUSH_DUE_FANOUT  "push.fanout"
#define PUSH_DUE_DIGEST  "push.digest"
#define PUSH_DUE_CONSENT "push.consent"
#define PUSH_DUE_REPORT  "push.sms.report"

/* --- telling (tell.c) --- */

/* A piece of news; the same for all who are told. */
struct push_news {
    struct gg_id event; /* or what stands for it: nobody is told of it twice */
    int64_t at;
    int kind;
    struct gg_id deal, target;
    const char *title, *who, *text; /* who, text may be NULL */
    int64_t until, number;          /* GG_NONE: none */
    struct gg_id from;              /* whose act it was: he is not told, nor who keeps apart from him */
};
struct push_addressee {
    struct gg_id user;  /* zero is skipped */
    int64_t amount_won; /* GG_NONE: none */
    const char *text;   /* instead of the news's; NULL: the news's */
};
/* News without anything but an event; the rest is absent. */
struct push_news push_news_of(const struct gg_event *event, enum push_kind kind, struct gg_id deal, const char *title);
/* (tx) Writes the inbox rows, counts, and sets what goes to devices on its way; a person who was told of the event
 * before is left out. Any number; the caller's transaction stays short below some thousands. */
enum gg_status push_tell(struct gg_db *db, struct gg_arena *arena, const struct push_news *news,
                         const struct push_addressee *to, size_t n) GG_MUSTCHECK;
enum gg_status push_tell_one(struct gg_db *db, struct gg_arena *arena, const struct push_news *news, struct gg_id user,
                             int64_t amount_won) GG_MUSTCHECK;
/* (tx) As push_tell, many pieces of news of one kind at once; those of a kind that collapses must be one. `announced`
 * false: the rows and counts are written, and the caller announces the counts with push_announce. */
struct push_tiding {
    const struct push_news *news;
    struct push_addressee to;
};
enum gg_status push_tell_all(struct gg_db *db, struct gg_arena *arena, const struct push_tiding *tidings, size_t n,
                             bool announced) GG_MUSTCHECK;
/* (tx) Announces the counts of these people (sorted, each once; at most PUSH_BATCH). */
enum gg_status push_announce(struct gg_db *db, struct gg_arena *arena, const struct gg_id *users,
                             size_t n) GG_MUSTCHECK;
/* (tx) Counts `delta` unread notices and announces the new count; the place at the top that is taken by it. */
enum gg_status push_count(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t delta,
                          int64_t *place) GG_MUSTCHECK;
/* The row of due work that stands for one shard. */
struct gg_id push_shard_subject(int64_t shard);

/* --- reminders (remind.c), large audiences (fanout.c) --- */

/* (tx) Sets what has to be said at the times of this deal; what was set for other times vanishes by itself. */
enum gg_status push_remind_deal(struct gg_db *db, struct gg_arena *arena,
                                const struct push_deal_row *deal) GG_MUSTCHECK;

enum push_audience { PUSH_TO_KEYWORDS, PUSH_TO_AGREED };
struct push_fanout {
    struct gg_id id, event, deal, from;
    int audience, kind, lang;
    int64_t at, lat, lng;
    const char *title, *text;
    const char *tags;     /* folded, of a deal; NULL: none */
    struct gg_id done_to; /* everybody of this part up to this one has been told, or heard the count */
    int64_t part, parts;  /* people by the last byte of their id */
    bool announcing;      /* everybody of this part has the row; now the counts are announced */
};
/* (tx) Sets a row for each part; `part` and `parts` need no value. */
enum gg_status push_fan_out(struct gg_db *db, const struct push_fanout *fanout) GG_MUSTCHECK;

/* --- handlers of due work --- */

enum gg_status push_send_due(struct gg_due *due);
enum gg_status push_snooze_due(struct gg_due *due);
enum gg_status push_keep_due(struct gg_due *due);
enum gg_status push_remind_due(struct gg_due *due);
enum gg_status push_fanout_due(struct gg_due *due);
enum gg_status push_digest_due(struct gg_due *due);
enum gg_status push_consent_due(struct gg_due *due);
enum gg_status push_report_due(struct gg_due *due);

extern const struct gg_route push_routes[];
extern const size_t push_routes_n;
extern const struct gg_consumes push_consumes[];
extern const size_t push_consumes_n;
extern const struct gg_due_kind push_due_kinds[];
extern const size_t push_due_kinds_n;

#endif
