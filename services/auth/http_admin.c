/* services/auth/http_admin.c
 * What admins do: look somebody up, give and take the role, suspend, decide reports, read the log of all that. */
#include "order.h"

#include "libcommon/clock.h"

static enum gg_status view(struct gg_call *call, const struct auth_account *account)
{
    struct auth_admin_user *out = call->out;
    bool suspended = auth_suspended(account, gg_now());

    *out = (struct auth_admin_user){
        .id = account->id,
        .login_id = account->login_id,
        .nickname = account->nickname,
        .admin = account->admin,
        .created_at = account->created_at,
        .suspended = suspended,
        .suspended_until = suspended ? account->suspended_until : GG_NONE,
        .suspended_for = suspended ? account->suspended_for : NULL,
    };
    return auth_reports_open(call->db, call->arena, account->id, &out->open_reports);
}

static enum gg_status user_find(struct gg_call *call)
{
    const struct auth_admin_user_query *query = call->query;
    struct auth_account account;
    enum gg_status status;

    if (gg_id_is_zero(query->id) && !query->login_id && !query->nickname)
        return gg_fail_field(call, "?id", "required", "say who: id, login_id or nickname");
    status = auth_account_find(call->db, call->arena, query, &account);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such account");
    GG_TRY(status);
    return view(call, &account);
}

/* (tx) The account of the path, locked; `found` false with 404 set when there is none. */
static enum gg_status lock_subject(struct gg_call *call, struct auth_account *account, bool *found)
{
    struct gg_id id;
    enum gg_status status;

    *found = false;
    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = auth_account_lock(call->db, call->arena, id, account);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such account");
    *found = status == GG_OK;
    return status;
}

static enum gg_status set_role(struct gg_call *call)
{
    const struct auth_set_role *in = call->in;
    const struct auth_act act = {.admin = call->user.id};
    struct auth_account account;
    int64_t admins;
    bool found;

    GG_TRY(auth_admins_lock(call->db, call->arena, &admins));
    GG_TRY(lock_subject(call, &account, &found));
    if (!found)
        return GG_OK;
    if (account.admin && !in->admin && admins == 1)
        return gg_fail(call, &AUTH_LAST_ADMIN, "give the role to somebody else first");
    if (account.admin != in->admin)
        GG_TRY(auth_set_admin(call->db, call->arena, &act, &account, in->admin, in->reason));
    return view(call, &account);
}

/* Whether this suspension can be; else the problem is set. */
static bool suspension_possible(struct gg_call *call, const struct auth_account *account,
                                const struct auth_suspend *how, const char *pointer)
{
    if (account->admin) {
        gg_fail(call, &AUTH_IS_ADMIN, "an admin is not suspended");
        return false;
    }
    if (how->until != GG_NONE && how->until <= gg_now()) {
        gg_fail_field(call, pointer, "min", "a suspension ends in the future");
        return false;
    }
    return true;
}

static enum gg_status suspend(struct gg_call *call)
{
    const struct auth_suspend *in = call->in;
    const struct auth_act act = {.admin = call->user.id};
    struct auth_account account;
    bool found;

    GG_TRY(lock_subject(call, &account, &found));
    if (!found || !suspension_possible(call, &account, in, "/until"))
        return GG_OK;
    GG_TRY(auth_suspend_account(call->db, call->arena, &act, &account, in));
    return view(call, &account);
}

static enum gg_status unsuspend(struct gg_call *call)
{
    const struct auth_act act = {.admin = call->user.id};
    struct auth_account account;
    bool found;

    GG_TRY(lock_subject(call, &account, &found));
    if (!found)
        return GG_OK;
    if (account.suspended_at == GG_NONE)
        return gg_fail(call, &GG_P_NOT_FOUND, "this account is not suspended");
    return auth_unsuspend_account(call->db, call->arena, &act, &account, "an admin ended it");
}

static enum gg_status end_sessions(struct gg_call *call)
{
    const struct auth_act act = {.admin = call->user.id};
    struct auth_account account;
    bool found;

    GG_TRY(lock_subject(call, &account, &found));
    return found ? auth_end_sessions_by(call->db, call->arena, &act, &account) : GG_OK;
}

static enum gg_status report_queue(struct gg_call *call)
{
    const struct auth_report_query *query = call->query;
    struct auth_report_list *out = call->out;
    struct auth_report *reports;
    struct gg_id after = GG_ID_ZERO;
    int64_t limit = gg_page_limit(&query->page);
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &limit, 0, &after))
        return GG_OK;
    GG_TRY(auth_reports_in(call->db, call->arena, query->state < 0 ? AUTH_REPORT_OPEN : query->state, after, limit + 1,
                           &reports, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &limit, 0, reports[n - 1].id);
    }
    out->items = (struct gg_list){reports, n};
    return GG_OK;
}

static enum gg_status report_decide(struct gg_call *call)
{
    const struct auth_decide_report *in = call->in;
    struct auth_report *out = call->out;
    struct auth_report report;
    struct auth_account account;
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    if (in->suspend && !in->uphold)
        return gg_fail_field(call, "/suspend", "unknown", "nobody is suspended upon a report that is dismissed");
    status = auth_report_lock(call->db, call->arena, id, &report);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such report");
    GG_TRY(status);
    if (report.state != AUTH_REPORT_OPEN)
        return gg_fail(call, &AUTH_REPORT_DECIDED, "somebody was quicker");
    report.state = in->uphold ? AUTH_REPORT_UPHELD : AUTH_REPORT_DISMISSED;
    report.decided_at = gg_now();
    report.decision = in->note;
    GG_TRY(auth_report_decide(call->db, &report));
    GG_TRY(auth_admin_note(
        call->db, call->arena,
        &(struct auth_admin_entry){.at = gg_now(),
                                   .admin = call->user.id,
                                   .action = in->uphold ? AUTH_ADMIN_REPORT_UPHELD : AUTH_ADMIN_REPORT_DISMISSED,
                                   .user = report.user,
                                   .report = report.id,
                                   .until = GG_NONE,
                                   .reason = in->note}));
    if (in->suspend) {
        const struct auth_act act = {.admin = call->user.id, .report = report.id};
        GG_TRY(auth_account_lock(call->db, call->arena, report.user, &account));
        if (!suspension_possible(call, &account, in->suspend, "/suspend/until"))
            return GG_OK;
        GG_TRY(auth_suspend_account(call->db, call->arena, &act, &account, in->suspend));
    }
    *out = report;
    return GG_OK;
}

struct page_query {
    struct gg_page page;
};
static const struct gg_field page_fields[] = {GG_PAGE_FIELDS(struct page_query)};
static const struct gg_msg page_msg = GG_MSG("AdminPageQuery", struct page_query, page_fields, "Which page.");

static enum gg_status log_read(struct gg_call *call)
{
    const struct page_query *query = call->query;
    struct auth_admin_log *out = call->out;
    struct auth_admin_entry *entries;
    int64_t before = GG_NONE, limit = gg_page_limit(&query->page);
    struct gg_id unused;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &unused))
        return GG_OK;
    GG_TRY(auth_admin_log_read(call->db, call->arena, before, limit + 1, &entries, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &entries[n - 1].number, 1, GG_ID_ZERO);
    }
    out->items = (struct gg_list){entries, n};
    return GG_OK;
}

static const struct gg_problem *const find_problems[] = {&GG_P_NOT_FOUND, NULL};
static const struct gg_problem *const role_problems[] = {&AUTH_LAST_ADMIN, NULL};
static const struct gg_problem *const suspend_problems[] = {&AUTH_IS_ADMIN, NULL};
static const struct gg_problem *const decide_problems[] = {&AUTH_REPORT_DECIDED, &AUTH_IS_ADMIN, NULL};

const struct gg_route auth_admin_routes[] = {
    {.method = GG_GET,
     .path = "/v1/auth/admin/users",
     .auth = GG_ADMIN,
     .pool = GG_POOL_DB,
     .query = &auth_admin_user_query_msg,
     .out = &auth_admin_user_msg,
     .status = 200,
     .handle = user_find,
     .summary = "Look an account up",
     .problems = find_problems},
    {.method = GG_PUT,
     .path = "/v1/auth/admin/users/:id/role",
     .auth = GG_ADMIN,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &auth_set_role_msg,
     .out = &auth_admin_user_msg,
     .status = 200,
     .handle = set_role,
     .summary = "Give or take the role of an admin",
     .problems = role_problems},
    {.method = GG_PUT,
     .path = "/v1/auth/admin/users/:id/suspension",
     .auth = GG_ADMIN,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &auth_suspend_msg,
     .out = &auth_admin_user_msg,
     .status = 200,
     .handle = suspend,
     .summary = "Suspend an account; its sessions end at once",
     .problems = suspend_problems},
    {.method = GG_DELETE,
     .path = "/v1/auth/admin/users/:id/suspension",
     .auth = GG_ADMIN,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = unsuspend,
     .summary = "End a suspension"},
    {.method = GG_DELETE,
     .path = "/v1/auth/admin/users/:id/sessions",
     .auth = GG_ADMIN,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = end_sessions,
     .summary = "End every session of an account"},
    {.method = GG_GET,
     .path = "/v1/auth/admin/reports",
     .auth = GG_ADMIN,
     .pool = GG_POOL_DB,
     .query = &auth_report_query_msg,
     .out = &auth_report_list_msg,
     .status = 200,
     .handle = report_queue,
     .summary = "Reports that wait for a decision"},
    {.method = GG_POST,
     .path = "/v1/auth/admin/reports/:id/decision",
     .auth = GG_ADMIN,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &auth_decide_report_msg,
     .out = &auth_report_msg,
     .status = 200,
     .handle = report_decide,
     .summary = "Decide a report",
     .problems = decide_problems},
    {.method = GG_GET,
     .path = "/v1/auth/admin/log",
     .auth = GG_ADMIN,
     .pool = GG_POOL_DB,
     .query = &page_msg,
     .out = &auth_admin_log_msg,
     .status = 200,
     .handle = log_read,
     .summary = "What admins decided"},
};
const size_t auth_admin_routes_n = GG_LEN(auth_admin_routes);
