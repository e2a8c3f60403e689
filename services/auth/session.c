/* services/auth/session.c
 * Log-in, refresh, log-out: the life of a session. */
#include "area.h"
#include "flow.h"
#include "leave.h"
#include "neighbour.h"
#include "order.h"
#include "profile.h"
#include "store_account.h"
#include "throttle.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"
#include "libcommon/service.h"
#include "libcommon/session.h"

#include <string.h>

struct auth_config auth_config;
struct gg_signer *auth_signer;

struct gg_str auth_secret(void)
{
    return (struct gg_str){auth_config.refresh_secret, strlen(auth_config.refresh_secret)};
}

/* A __Host- cookie needs https, which a laptop's stack does not speak. */
static const char *cookie_name(void)
{
    return strncmp(gg_public_url(), "https:", 6) == 0 ? "__Host-gonggu_refresh" : "gonggu_refresh";
}

static void set_cookie(struct gg_call *call, const char *token, int64_t max_age_s)
{
    bool secure = strncmp(gg_public_url(), "https:", 6) == 0;

    gg_header(call, "Set-Cookie",
              gg_sprintf(call->arena, "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", cookie_name(),
                         token, max_age_s, secure ? "; Secure" : ""));
}

void auth_view(struct gg_arena *arena, const struct auth_account *account, struct auth_user *user)
{
    *user = (struct auth_user){
        .id = account->id,
        .login_id = account->login_id,
        .nickname = account->nickname,
        .phone = auth_phone_mask(arena, account->phone),
        .introduction = account->introduction,
        .picture = auth_picture_path(arena, account->id, account->picture),
        .created_at = account->created_at,
        .admin = account->admin,
    };
}

/* Fills call->out with an access token, and the cookie with the refresh token of the session's generation. */
static void give_tokens(struct gg_call *call, const struct auth_account *account,
                        const struct auth_session_row *session)
{
    struct auth_token *out = call->out;
    struct gg_user user = {
        .id = account->id,
        .session = session->id,
        .session_version = account->session_version,
        .expires = gg_now() + AUTH_ACCESS_MS,
        .admin = account->admin,
    };

    auth_areas_of(account, gg_now(), user.areas);
    out->access_token = gg_signer_sign(auth_signer, call->arena, &user);
    out->expires_at = user.expires;
    auth_view(call->arena, account, &out->user);
    set_cookie(call,
               auth_refresh_token_make(call->arena, auth_secret(), session->id, session->salt, session->generation),
               AUTH_SESSION_MS / GG_SECOND);
}

/* Whether this browser has no proof that the account was used from it before; a new account knows no others. The name
 * of a browser proves nothing: a thief's may have the same. */
static enum gg_status device_is_strange(struct gg_call *call, struct gg_id user, bool *yes)
{
    *yes = false;
    return auth_throttle_known_device(call, user) ? GG_OK : auth_sessions_any(call->db, call->arena, user, yes);
}

enum gg_status auth_open_session(struct gg_call *call, struct auth_account *account)
{
    struct auth_session_row session = {
        .id = gg_id_new(),
        .user = account->id,
        .generation = 1,
        .rotated_at = gg_now(),
        .opened_at = gg_now(),
        .address = call->address,
    };
    char device[AUTH_DEVICE_LENGTH];
    bool strange;

    if (!auth_may_enter(call, account))
        return GG_OK;
    GG_TRY(auth_leave_restore(call, account));
    auth_device_name(call->user_agent, device);
    session.device = device;
    gg_random(session.salt, sizeof(session.salt));
    GG_TRY(device_is_strange(call, account->id, &strange));
    GG_TRY(auth_session_insert(call->db, &session));
    GG_TRY(auth_security_note(call->db, account->id, strange ? AUTH_SECURITY_NEW_DEVICE : AUTH_SECURITY_LOGIN, device,
                              call->address, NULL));
    GG_TRY(gg_due_set(call->db, AUTH_DUE_SESSION, session.id, session.opened_at + AUTH_SESSION_MS));
    if (strange) { /* nobody has to hear of the others */
        account->version++;
        GG_TRY(auth_account_touch(call->db, account));
        GG_TRY(gg_emit_patient(call->db, &AUTH_SESSION_OPENED, account->id, account->version,
                               &(struct auth_session_opened){account->id, session.id, device, true}));
    }
    auth_throttle_remember(call, account->id);
    give_tokens(call, account, &session);
    return GG_OK;
}

int64_t auth_session_end_at(const struct auth_session_row *session)
{
    int64_t idle = session->rotated_at + AUTH_SESSION_MS, last = session->opened_at + AUTH_SESSION_MAX;

    return idle < last ? idle : last;
}

enum gg_status auth_end_session(struct gg_db *db, struct auth_account *account, struct gg_id session, int reason)
{
    GG_TRY(auth_session_close(db, session, reason, gg_now()));
    GG_TRY(gg_due_clear(db, AUTH_DUE_SESSION, session));
    account->version++;
    GG_TRY(auth_account_touch(db, account));
    GG_TRY(gg_session_end(db, account->id, session, account->session_version));
    return gg_emit(db, &AUTH_SESSION_ENDED, account->id, account->version,
                   &(struct auth_session_ended){account->id, session, account->session_version, reason});
}

/* --- log-in: look up (db), compare (cpu), open (db) --- */

struct login {
    struct auth_account account;
    struct auth_throttle throttle;
    bool known, right;
    const char *stronger; /* hash by today's parameters, when the stored one is older */
};

static enum gg_status login_write(struct gg_call *call)
{
    struct login *login = gg_call_kept(call);
    struct auth_account account;

    GG_TRY(auth_account_lock(call->db, call->arena, login->account.id, &account));
    if (login->stronger)
        GG_TRY(auth_account_rehash(call->db, account.id, login->account.password, login->stronger));
    GG_TRY(auth_open_session(call, &account));
    /* Last, as others from the same address wait for these rows. */
    return gg_failed(call) ? GG_OK : auth_throttle_right(call, &login->throttle);
}

static enum gg_status login_decide(struct gg_call *call)
{
    const struct login *login = gg_call_kept(call);

    if (login->right) {
        GG_TRY(gg_call_tx(call, login_write));
        /* Nothing was written for somebody who may not enter; his try was none all the same. */
        return gg_failed(call) ? auth_throttle_right(call, &login->throttle) : GG_OK;
    }
    GG_TRY(auth_throttle_wrong(call, &login->throttle));
    /* Nobody has a log too, so that an unknown id costs what a known one costs. */
    GG_TRY(auth_note(call, login->known ? login->account.id : gg_id_derive(GG_ID_ZERO, "auth.nobody"),
                     AUTH_SECURITY_LOGIN_FAILED, NULL));
    return gg_fail(call, &AUTH_BAD_CREDENTIALS, "id or password is wrong");
}

static enum gg_status login_compare(struct gg_call *call)
{
    const struct auth_login *in = call->in;
    struct login *login = gg_call_kept(call);

    /* An unknown id takes the same work, so that time does not tell who has an account. */
    login->right = gg_password_verify(login->known ? login->account.password : NULL,
                                      (struct gg_str){in->password, strlen(in->password)});
    if (login->right && gg_password_outdated(login->account.password))
        login->stronger = gg_password_hash(call->arena, (struct gg_str){in->password, strlen(in->password)});
    return gg_continue(call, GG_POOL_DB, login_decide);
}

enum gg_status auth_login_start(struct gg_call *call)
{
    const struct auth_login *in = call->in;
    struct login *login = GG_NEW(call->arena, struct login);
    enum gg_status status = auth_account_by_login(call->db, call->arena, in->login_id, &login->account);
    bool allowed;

    login->known = status == GG_OK;
    if (status != GG_NOT_FOUND)
        GG_TRY(status);
    GG_TRY(auth_throttle_enter(call, in->login_id, login->known ? login->account.id : GG_ID_ZERO, &login->throttle,
                               &allowed));
    if (!allowed)
        return GG_OK;
    gg_call_keep(call, login);
    return gg_continue(call, GG_POOL_CPU, login_compare);
}

/* --- refresh --- */

/* A page of another site may send the cookie along, but cannot hide where it comes from. */
static bool origin_ours(struct gg_call *call)
{
    if (!call->origin || strcmp(call->origin, gg_public_url()) == 0)
        return true;
    gg_fail(call, &AUTH_BAD_ORIGIN, "Origin must be %s", gg_public_url());
    return false;
}

struct refresh {
    struct auth_refresh_token token;
    bool reused;
};

static enum gg_status refresh_write(struct gg_call *call)
{
    struct refresh *refresh = gg_call_kept(call);
    struct auth_session_row session;
    struct auth_account account;
    enum gg_status status;

    refresh->reused = false;
    status = auth_session_lock(call->db, call->arena, refresh->token.session, &session);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &AUTH_NO_REFRESH, "the session is unknown");
    GG_TRY(status);
    if (session.ended || session.opened_at + AUTH_SESSION_MAX <= gg_now() ||
        !auth_refresh_token_genuine(&refresh->token, auth_secret(), session.salt))
        return gg_fail(call, &AUTH_NO_REFRESH, "the session has ended");

    switch (auth_refresh_decide(refresh->token.generation, session.generation, session.rotated_at, gg_now())) {
    case AUTH_REFRESH_REUSE:
        refresh->reused = true;
        GG_TRY(auth_account_lock(call->db, call->arena, session.user, &account));
        GG_TRY(auth_note(call, account.id, AUTH_SECURITY_TOKEN_REUSED, NULL));
        gg_warn("refresh_reused", "an old refresh token came back; the session ends");
        return auth_end_session(call->db, &account, session.id, AUTH_END_REUSE);
    case AUTH_REFRESH_ROTATE:
        session.generation++;
        session.rotated_at = gg_now();
        session.address = call->address;
        GG_TRY(auth_session_rotate(call->db, &session)); /* its end is looked at when it falls due */
        break;
    case AUTH_REFRESH_REPEAT:
        break;
    }
    GG_TRY(auth_account_by_id(call->db, call->arena, session.user, &account));
    give_tokens(call, &account, &session);
    return GG_OK;
}

enum gg_status auth_refresh_session(struct gg_call *call)
{
    struct refresh *refresh = GG_NEW(call->arena, struct refresh);
    const char *text = gg_cookie(call, cookie_name());

    if (!origin_ours(call))
        return GG_OK;
    if (!text || !auth_refresh_token_parse(call->arena, (struct gg_str){text, strlen(text)}, &refresh->token))
        return gg_fail(call, &AUTH_NO_REFRESH, "no refresh token came along");
    gg_call_keep(call, refresh);
    GG_TRY(gg_call_tx(call, refresh_write));
    /* The end of a reused session must be committed, so the refusal comes after. */
    if (refresh->reused) {
        set_cookie(call, "", 0);
        return gg_fail(call, &AUTH_REFRESH_REUSED, "log in again");
    }
    return GG_OK;
}

/* --- log-out and devices --- */

enum gg_status auth_logout(struct gg_call *call)
{
    struct auth_account account;
    enum gg_status status;

    if (!origin_ours(call))
        return GG_OK;
    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    status = auth_end_session(call->db, &account, call->user.session, AUTH_END_LOGOUT);
    if (status != GG_NOT_FOUND)
        GG_TRY(status);
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_LOGOUT, NULL));
    set_cookie(call, "", 0);
    return GG_OK;
}

enum gg_status auth_session_delete(struct gg_call *call)
{
    struct auth_account account;
    struct auth_session_row session;
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    status = auth_session_lock(call->db, call->arena, id, &session);
    if (status == GG_OK && (session.ended || !gg_id_equal(session.user, call->user.id)))
        status = GG_NOT_FOUND;
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "you have no such session");
    GG_TRY(status);
    GG_TRY(auth_note(call, account.id, AUTH_SECURITY_LOGOUT, session.device));
    return auth_end_session(call->db, &account, id, AUTH_END_LOGOUT);
}

enum gg_status auth_logout_others(struct gg_call *call)
{
    struct auth_account account;
    struct auth_session_row *sessions;
    size_t n;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    GG_TRY(auth_sessions_open(call->db, call->arena, call->user.id, GG_NONE, GG_ID_ZERO, 1000, &sessions, &n));
    for (size_t i = 0; i < n; i++)
        if (!gg_id_equal(sessions[i].id, call->user.session))
            GG_TRY(auth_end_session(call->db, &account, sessions[i].id, AUTH_END_LOGOUT));
    return GG_OK;
}

enum gg_status auth_session_list(struct gg_call *call)
{
    const struct gg_page *page = call->query; /* the only member of the query */
    struct auth_session_list *out = call->out;
    struct auth_session_row *sessions;
    struct auth_session *items;
    int64_t before = GG_NONE, limit = gg_page_limit(page);
    struct gg_id before_id = GG_ID_ZERO;
    size_t n;

    if (page->cursor && !gg_cursor_decode(call, page->cursor, &before, 1, &before_id))
        return GG_OK;
    GG_TRY(auth_sessions_open(call->db, call->arena, call->user.id, before, before_id, limit + 1, &sessions, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &sessions[n - 1].opened_at, 1, sessions[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct auth_session, n);
    for (size_t i = 0; i < n; i++) {
        bool placed = sessions[i].place && sessions[i].place_at > gg_now() - AUTH_AREA_MS;
        items[i] = (struct auth_session){
            .id = sessions[i].id,
            .device = sessions[i].device,
            .address = sessions[i].address,
            .place = placed ? sessions[i].place : NULL,
            .place_at = placed ? sessions[i].place_at : GG_NONE,
            .opened_at = sessions[i].opened_at,
            .seen_at = sessions[i].rotated_at,
            .current = gg_id_equal(sessions[i].id, call->user.session),
        };
    }
    out->items = (struct gg_list){items, n};
    return GG_OK;
}
