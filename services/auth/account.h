/* services/auth/account.h
 * The rules of accounts and sessions. No database, no clock: instants come as arguments. */
#ifndef SERVICES_AUTH_ACCOUNT_H
#define SERVICES_AUTH_ACCOUNT_H

#include "libcommon/crypto.h"
#include "libcommon/fsm.h"
#include "libcommon/id.h"

#define AUTH_ACCESS_MS     (5 * INT64_C(60000))
#define AUTH_SESSION_MS    (30 * INT64_C(86400000))  /* without a refresh */
#define AUTH_SESSION_MAX   (365 * INT64_C(86400000)) /* however busy it is */
#define AUTH_GRACE_MS      INT64_C(30000)            /* a lagging client may repeat its last refresh for so long */
#define AUTH_CODE_MS       (5 * INT64_C(60000))
#define AUTH_CODE_TRIES    3
#define AUTH_CODE_DIGITS   6
#define AUTH_DEVICE_LENGTH 81

/* Letters of the Korean or Latin alphabet, digits, underscore and single inner spaces. `reason` is English. */
bool auth_nickname_valid(const char *nickname, const char **reason) GG_MUSTCHECK;
/* A Korean mobile number: 010 and eight digits, or the old 011, 016-019 with seven or eight. */
bool auth_phone_valid(const char *phone) GG_MUSTCHECK;
/* "010-****-5678"; the last four digits stay. In the arena. */
char *auth_phone_mask(struct gg_arena *arena, const char *phone);
/* Short name of what sent this User-Agent, e.g. "Chrome · Android". Never empty. */
void auth_device_name(const char *user_agent, char out[AUTH_DEVICE_LENGTH]);
/* The code as it is kept: keyed with the service's secret and bound to its request and number. */
void auth_code_hash(struct gg_str secret, struct gg_id request, const char *phone, const char *code,
                    uint8_t out[GG_SHA256]);

/* Whether of `sent` codes, once they are `enough` to say anything, at least so many per cent came back. */
bool auth_codes_come_back(int64_t sent, int64_t redeemed, int64_t enough, int64_t percent) GG_MUSTCHECK;

/* --- refresh tokens: (session, generation, MAC); the MAC needs the service's secret and the session's salt --- */

struct auth_refresh_token {
    struct gg_id session;
    int64_t generation;
    uint8_t mac[GG_SHA256];
};
/* The token of a generation as text, in the arena: always the same for the same arguments, which is what lets a lost
 * answer be repeated. */
char *auth_refresh_token_make(struct gg_arena *arena, struct gg_str secret, struct gg_id session,
                              const uint8_t salt[16], int64_t generation);
/* Takes the text apart; false when it has not the form. Says nothing about the MAC yet. */
bool auth_refresh_token_parse(struct gg_arena *arena, struct gg_str text,
                              struct auth_refresh_token *token) GG_MUSTCHECK;
/* Whether the MAC is ours, in constant time. */
bool auth_refresh_token_genuine(const struct auth_refresh_token *token, struct gg_str secret,
                                const uint8_t salt[16]) GG_MUSTCHECK;

/* What a genuine token of `generation` means for a session that is at `current` since `rotated_at`. */
enum auth_refresh {
    AUTH_REFRESH_ROTATE, /* the newest one: move on */
    AUTH_REFRESH_REPEAT, /* the answer was lost: give the same successor again */
    AUTH_REFRESH_REUSE   /* an old one came back: end the session */
};
enum auth_refresh auth_refresh_decide(int64_t generation, int64_t current, int64_t rotated_at, int64_t now);

/* --- life cycle of a session --- */

enum auth_session_state { AUTH_SESSION_OPEN, AUTH_SESSION_ENDED_STATE };
enum auth_session_event {
    AUTH_SESSION_REFRESHED,
    AUTH_SESSION_LOGGED_OUT,
    AUTH_SESSION_TOKEN_REUSED,
    AUTH_SESSION_REVOKED,
    AUTH_SESSION_IDLE
};
extern const struct gg_fsm auth_session_fsm;

#endif
