/* services/auth/social.c
 * The talk with other services: OAuth 2.1 code flow with PKCE; who it is comes from an ID token or from their userinfo.
 */
#include "social.h"

#include "libcommon/http_client.h"
#include "libcommon/log.h"
#include "libcommon/service.h"
#include "libcommon/text.h"

#include <string.h>

struct table {
    struct gg_list providers;
};
static const struct gg_field provider_fields[] = {
    GG_TEXT(struct auth_provider, name, GG_REQUIRED, 1, 20, "kakao"),
    GG_TEXT(struct auth_provider, issuer, GG_REQUIRED, 1, 300, "issuer of its ID tokens"),
    GG_TEXT(struct auth_provider, client_id, GG_REQUIRED, 1, 300, "client id"),
    GG_TEXT(struct auth_provider, client_secret, GG_REQUIRED | GG_PRIVATE, 1, 300, "client secret"),
    GG_TEXT(struct auth_provider, authorize_url, GG_REQUIRED, 1, 300, "where the browser goes"),
    GG_TEXT(struct auth_provider, token_url, GG_REQUIRED, 1, 300, "where codes are exchanged"),
    GG_TEXT(struct auth_provider, jwks_url, GG_OPTIONAL, 1, 300, "keys of its ID tokens"),
    GG_TEXT(struct auth_provider, userinfo_url, GG_OPTIONAL, 1, 300, "instead of ID tokens"),
    GG_TEXT(struct auth_provider, scope, GG_OPTIONAL, 1, 200, "what is asked for"),
};
static const struct gg_msg provider_msg =
    GG_MSG("SocialProvider", struct auth_provider, provider_fields, "A service to log in by.");
static const struct gg_field table_fields[] = {
    GG_LIST(struct table, providers, GG_REQUIRED, 0, 10, &provider_msg, "all of them"),
};
static const struct gg_msg table_msg = GG_MSG("SocialProviders", struct table, table_fields, "Services to log in by.");

static struct table table;

bool auth_social_configure(const char *json)
{
    struct gg_arena *arena = gg_arena_create(); /* for the life of the process */
    struct gg_field_errors errors = {.arena = arena};

    if (!json[0])
        return true;
    if (gg_json_decode(arena, &table_msg, (struct gg_str){json, strlen(json)}, &table, &errors) != GG_DECODED) {
        gg_error("social_providers", "SOCIAL_PROVIDERS: %s %s", errors.n ? errors.v[0].pointer : "",
                 errors.n ? errors.v[0].detail : "is not JSON");
        return false;
    }
    for (size_t i = 0; i < auth_providers_n(); i++)
        if (!auth_provider_at(i)->jwks_url && !auth_provider_at(i)->userinfo_url) {
            gg_error("social_providers", "SOCIAL_PROVIDERS: %s needs jwks_url or userinfo_url",
                     auth_provider_at(i)->name);
            return false;
        }
    return true;
}

size_t auth_providers_n(void)
{
    return table.providers.n;
}

const struct auth_provider *auth_provider_at(size_t i)
{
    return (const struct auth_provider *)table.providers.items + i;
}

const struct auth_provider *auth_provider_named(const char *name)
{
    for (size_t i = 0; i < auth_providers_n(); i++)
        if (strcmp(auth_provider_at(i)->name, name) == 0)
            return auth_provider_at(i);
    return NULL;
}

static char *redirect_uri(struct gg_arena *arena, const struct auth_provider *provider)
{
    return gg_sprintf(arena, "%s/v1/auth/oauth/%s/callback", gg_public_url(), provider->name);
}

char *auth_social_authorize_url(struct gg_arena *arena, const struct auth_provider *provider, const char *state,
                                const char *nonce, const char *verifier)
{
    return gg_sprintf(arena,
                      "%s%sresponse_type=code&client_id=%s&redirect_uri=%s&scope=%s&state=%s&nonce=%s"
                      "&code_challenge=%s&code_challenge_method=S256",
                      provider->authorize_url, strchr(provider->authorize_url, '?') ? "&" : "?",
                      gg_percent_encode(arena, provider->client_id),
                      gg_percent_encode(arena, redirect_uri(arena, provider)),
                      gg_percent_encode(arena, provider->scope ? provider->scope : "openid"), state, nonce,
                      gg_pkce_challenge(arena, verifier));
}

struct token_reply {
    const char *access_token, *id_token;
};
static const struct gg_field token_reply_fields[] = {
    GG_TEXT(struct token_reply, access_token, GG_OPTIONAL | GG_PRIVATE, 1, 8192, "access token"),
    GG_TEXT(struct token_reply, id_token, GG_OPTIONAL | GG_PRIVATE, 1, 8192, "ID token"),
};
static const struct gg_msg token_reply_msg =
    GG_MSG("SocialToken", struct token_reply, token_reply_fields, "What a code is exchanged for.");

struct person {
    const char *sub, *id, *nickname, *name;
};
struct userinfo {
    const char *sub, *id, *nickname, *name;
    struct person *response; /* Naver puts everything one level down */
};
#define PERSON_FIELDS(s)                                                                                               \
    GG_TEXT(s, sub, GG_OPTIONAL, 1, 255, "who"), GG_TEXT(s, id, GG_OPTIONAL, 1, 255, "who"),                           \
        GG_TEXT(s, nickname, GG_OPTIONAL, 0, 200, "nickname"), GG_TEXT(s, name, GG_OPTIONAL, 0, 200, "name")
static const struct gg_field person_fields[] = {PERSON_FIELDS(struct person)};
static const struct gg_msg person_msg = GG_MSG("SocialPerson", struct person, person_fields, "Somebody over there.");
static const struct gg_field userinfo_fields[] = {
    PERSON_FIELDS(struct userinfo),
    GG_REF(struct userinfo, response, GG_OPTIONAL, &person_msg, "the same, as Naver says it"),
};
static const struct gg_msg userinfo_msg =
    GG_MSG("SocialUserinfo", struct userinfo, userinfo_fields, "Somebody over there.");

static bool get(struct gg_arena *arena, const char *url, const char *bearer, struct gg_str *body)
{
    struct gg_http_response response;
    const char *const headers[] = {"Accept: application/json",
                                   bearer ? gg_sprintf(arena, "Authorization: Bearer %s", bearer) : NULL, NULL};

    if (gg_http_exchange(arena,
                         &(struct gg_http_request){.method = "GET", .url = url, .headers = headers, .timeout_ms = 5000},
                         &response) != GG_OK ||
        response.status != 200) {
        gg_warn("social_failed", "%s gave no answer", url);
        return false;
    }
    *body = response.body;
    return true;
}

static bool exchange(struct gg_arena *arena, const struct auth_provider *provider, const char *code,
                     const char *verifier, struct token_reply *reply)
{
    struct gg_field_errors errors = {.arena = arena};
    struct gg_http_response response;
    const char *form = gg_sprintf(
        arena, "grant_type=authorization_code&code=%s&redirect_uri=%s&client_id=%s&client_secret=%s&code_verifier=%s",
        gg_percent_encode(arena, code), gg_percent_encode(arena, redirect_uri(arena, provider)),
        gg_percent_encode(arena, provider->client_id), gg_percent_encode(arena, provider->client_secret), verifier);

    if (gg_http_exchange(arena,
                         &(struct gg_http_request){
                             .method = "POST",
                             .url = provider->token_url,
                             .headers = (const char *const[]){"Content-Type: application/x-www-form-urlencoded",
                                                              "Accept: application/json", NULL},
                             .body = {form, strlen(form)},
                             .timeout_ms = 5000,
                         },
                         &response) != GG_OK)
        return false;
    if (response.status != 200 ||
        gg_json_decode(arena, &token_reply_msg, response.body, reply, &errors) != GG_DECODED) {
        gg_warn("social_failed", "%s refused the code with %d", provider->name, response.status);
        return false;
    }
    return true;
}

static bool ask_userinfo(struct gg_arena *arena, const struct auth_provider *provider, const char *access_token,
                         struct gg_id_token *who)
{
    struct gg_field_errors errors = {.arena = arena};
    struct userinfo info;
    struct gg_str body;

    if (!access_token || !get(arena, provider->userinfo_url, access_token, &body) ||
        gg_json_decode(arena, &userinfo_msg, body, &info, &errors) != GG_DECODED)
        return false;
    if (info.response)
        info = (struct userinfo){info.response->sub, info.response->id, info.response->nickname, info.response->name,
                                 NULL};
    who->subject = info.sub ? info.sub : info.id;
    who->nickname = info.nickname ? info.nickname : info.name;
    return who->subject != NULL;
}

const struct gg_id_token *auth_social_who(struct gg_arena *arena, const struct auth_provider *provider,
                                          const char *code, const struct auth_attempt *attempt)
{
    struct gg_id_token *who = GG_NEW(arena, struct gg_id_token);
    struct token_reply reply;
    struct gg_str jwks;
    const char *reason;

    if (!exchange(arena, provider, code, attempt->verifier, &reply))
        return NULL;
    if (!provider->jwks_url)
        return ask_userinfo(arena, provider, reply.access_token, who) ? who : NULL;
    if (!reply.id_token || !get(arena, provider->jwks_url, NULL, &jwks))
        return NULL;
    reason = gg_id_token_check(arena, (struct gg_str){reply.id_token, strlen(reply.id_token)}, jwks, provider->issuer,
                               provider->client_id, attempt->nonce, who);
    if (reason)
        gg_warn("social_failed", "%s: %s", provider->name, reason);
    return reason ? NULL : who;
}
