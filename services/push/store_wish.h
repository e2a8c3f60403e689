/* services/push/store_wish.h
 * SQL of wishes and of what waits for its time: preferences, mutes, consents, digests, keywords, text messages,
 * reminders, large audiences. Those marked (tx) run inside the caller's transaction. */
#ifndef SERVICES_PUSH_STORE_WISH_H
#define SERVICES_PUSH_STORE_WISH_H

#include "inbox.h"

/* --- preferences --- */

struct push_person_row {
    int lang;
    const char *tz;
    int64_t quiet_from, quiet_until, digest_every, digest_at;
    int64_t ads_since, ads_at_night_since;
    const char *phone;
    int64_t phone_since;
};
/* Who is not known yet has the defaults. */
enum gg_status push_person_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                               struct push_person_row *row) GG_MUSTCHECK;
/* (tx) Language, time zone, quiet hours, digest. */
enum gg_status push_person_wishes(struct gg_db *db, struct gg_id user, const struct push_person_row *row) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_person_consents(struct gg_db *db, struct gg_id user, int64_t ads_since,
                                    int64_t ads_at_night_since) GG_MUSTCHECK;
/* (tx) `phone` NULL takes the consent back. */
enum gg_status push_person_phone(struct gg_db *db, struct gg_id user, const char *phone, int64_t now) GG_MUSTCHECK;

struct push_preference_row {
    int kind, web;
    bool sms;
};
enum gg_status push_preferences_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    struct push_preference_row **rows, size_t *n) GG_MUSTCHECK;
/* (tx) Full state. */
enum gg_status push_preferences_put(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                    const struct push_preference_row *rows, size_t n) GG_MUSTCHECK;

enum gg_status push_mutes_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t now,
                              struct push_mute **mutes, size_t *n) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_mute_put_row(struct gg_db *db, struct gg_id user, struct gg_id deal, int64_t until) GG_MUSTCHECK;
enum gg_status push_mute_delete(struct gg_db *db, struct gg_id user, struct gg_id deal) GG_MUSTCHECK;

/* --- digests --- */

/* (tx) Opens the window unless it is open (or was sent). */
enum gg_status push_digest_put(struct gg_db *db, struct gg_id user, int64_t window_at) GG_MUSTCHECK;
/* (tx) Locks it and marks it as sent; GG_NOT_FOUND: sent already, or gone. Then how many unread notices wait for it,
 * and the title of the newest. */
enum gg_status push_digest_take(struct gg_db *db, struct gg_arena *arena, struct gg_id id, int64_t now,
                                struct gg_id *user, int64_t *unread, const char **newest) GG_MUSTCHECK;

/* --- keywords --- */

enum gg_status push_keywords_get(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                 struct push_keyword **keywords, size_t *n) GG_MUSTCHECK;
/* (tx) GG_DUPLICATE: this word is there. */
enum gg_status push_keyword_insert(struct gg_db *db, struct gg_id user, const struct push_keyword *keyword,
                                   const char *folded) GG_MUSTCHECK;
/* (tx) GG_NOT_FOUND: not this user's. */
enum gg_status push_keyword_delete(struct gg_db *db, struct gg_id user, struct gg_id id) GG_MUSTCHECK;
struct push_keyword_row {
    struct gg_id id, user;
    const char *word, *folded;
    int64_t lat, lng, radius_m;
};
/* The next people of a part of an audience, in the order of ids, behind its `done_to`: keywords with a middle inside
 * the box around it (at most PUSH_AUDIENCE; all of one person stand together), */
enum gg_status push_keywords_near(struct gg_db *db, struct gg_arena *arena, const struct push_fanout *fanout,
                                  int64_t d_lat, int64_t d_lng, struct push_keyword_row **rows, size_t *n) GG_MUSTCHECK;
/* who reads its language and has agreed to advertising (at most PUSH_AUDIENCE), */
enum gg_status push_agreed(struct gg_db *db, struct gg_arena *arena, const struct push_fanout *fanout,
                           struct gg_id **users, size_t *n) GG_MUSTCHECK;
/* who was told of its event (at most PUSH_BATCH). */
enum gg_status push_told_after(struct gg_db *db, struct gg_arena *arena, const struct push_fanout *fanout,
                               struct gg_id **users, size_t *n) GG_MUSTCHECK;

/* --- text messages --- */

/* (tx) */
enum gg_status push_code_put(struct gg_db *db, struct gg_id user, const char *phone, const uint8_t hash[32],
                             int64_t expires_at) GG_MUSTCHECK;
/* (tx) Counts a try and locks; GG_NOT_FOUND: no code, too old, or tried too often. */
enum gg_status push_code_take(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t now,
                              const char **phone, uint8_t hash[32]) GG_MUSTCHECK;
/* (tx) */
enum gg_status push_code_delete(struct gg_db *db, struct gg_id user) GG_MUSTCHECK;

struct push_sms_row {
    struct gg_id id, user, notice;
    int type;
    int64_t bytes, cost_won;
    int state;
    const char *request;
    int64_t asks, at;
};
/* (tx) Takes one message out of the budgets of the day: of the person (messages) and of all (won). GG_NOT_FOUND: one
 * of them is spent. */
enum gg_status push_budget_take(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t day, int64_t won,
                                int64_t user_messages, int64_t all_won) GG_MUSTCHECK;
/* (tx) GG_DUPLICATE: this notice has had its message. */
enum gg_status push_sms_insert(struct gg_db *db, const struct push_sms_row *sms) GG_MUSTCHECK;
enum gg_status push_sms_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                            struct push_sms_row *sms) GG_MUSTCHECK;
enum gg_status push_sms_update(struct gg_db *db, struct gg_id id, int state, const char *request, int64_t asks,
                               int64_t reported_at) GG_MUSTCHECK;
enum gg_status push_sms_list(struct gg_db *db, struct gg_arena *arena, struct gg_id user, struct push_sms **list,
                             size_t *n) GG_MUSTCHECK;

/* --- reminders --- */

struct push_reminder_row {
    struct gg_id id, deal, user;
    int kind;
    int64_t due_at, expires_at, basis;
};
/* (tx) Makes those that are not there yet. */
enum gg_status push_reminders_put(struct gg_db *db, struct gg_arena *arena, int64_t shard,
                                  const struct push_reminder_row *rows, size_t n) GG_MUSTCHECK;
/* (tx) Takes (deletes) up to PUSH_BATCH that are due. */
enum gg_status push_reminders_take(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t now,
                                   struct push_reminder_row **rows, size_t *n) GG_MUSTCHECK;
enum gg_status push_reminders_next(struct gg_db *db, struct gg_arena *arena, int64_t shard, int64_t *at) GG_MUSTCHECK;
/* What push knows of these deals; those that are not known are left out. */
enum gg_status push_deals_get(struct gg_db *db, struct gg_arena *arena, const struct gg_id *deals, size_t n,
                              struct push_deal_row **rows, size_t *n_rows) GG_MUSTCHECK;
/* Their shares that are held or captured. */
struct push_member {
    struct gg_id deal, user;
    int state; /* enum deal_share_state */
};
enum gg_status push_deals_members(struct gg_db *db, struct gg_arena *arena, const struct gg_id *deals, size_t n,
                                  struct push_member **members, size_t *n_members) GG_MUSTCHECK;

/* --- large audiences --- */

enum gg_status push_fanout_insert(struct gg_db *db, const struct push_fanout *fanout) GG_MUSTCHECK;
/* (tx) Locks it. */
enum gg_status push_fanout_get(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                               struct push_fanout *fanout) GG_MUSTCHECK;
/* (tx) How far it is; the zero id: at its beginning. */
enum gg_status push_fanout_done_to(struct gg_db *db, struct gg_id id, struct gg_id done_to,
                                   bool announcing) GG_MUSTCHECK;
/* Whether a part of the audience of this event is still being told. */
enum gg_status push_fanout_telling(struct gg_db *db, struct gg_arena *arena, struct gg_id event,
                                   bool *telling) GG_MUSTCHECK;
enum gg_status push_fanout_delete(struct gg_db *db, struct gg_id id) GG_MUSTCHECK;

/* --- cleaning --- */

enum gg_status push_clean(struct gg_db *db, int64_t now) GG_MUSTCHECK;

#endif
