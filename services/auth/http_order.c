/* services/auth/http_order.c
 * What every member may do for order's sake: block, report, read what happened to his account. */
#include "order.h"

#include "libcommon/clock.h"

struct page_query {
    struct gg_page page;
};
static const struct gg_field page_fields[] = {GG_PAGE_FIELDS(struct page_query)};
static const struct gg_msg page_msg = GG_MSG("OrderPageQuery", struct page_query, page_fields, "Which page.");

/* The other account of the path; false, with 404 or 422 set, when it is none or oneself. */
static enum gg_status other_account(struct gg_call *call, struct gg_id id, bool *found)
{
    struct auth_account account;
    enum gg_status status;

    *found = false;
    if (gg_id_equal(id, call->user.id))
        return gg_fail_field(call, "/user", "oneself", "that is you");
    status = auth_account_by_id(call->db, call->arena, id, &account);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such neighbour");
    *found = status == GG_OK;
    return status;
}

/* (tx) The event of a block: its aggregate is who blocks. */
static enum gg_status tell_block(struct gg_call *call, struct gg_id blocked, const struct gg_event_type *type,
                                 struct auth_account *account)
{
    account->version++;
    GG_TRY(auth_account_touch(call->db, account));
    return gg_emit(call->db, type, account->id, account->version, &(struct auth_block_event){account->id, blocked});
}

static enum gg_status block_add(struct gg_call *call)
{
    struct auth_account account;
    struct gg_id blocked;
    enum gg_status status;
    int64_t n;
    bool found;

    if (!gg_param_id(call, 0, &blocked))
        return GG_OK;
    GG_TRY(other_account(call, blocked, &found));
    if (!found)
        return GG_OK;
    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    GG_TRY(auth_block_count(call->db, call->arena, call->user.id, &n));
    if (n >= AUTH_BLOCKS_MAX)
        return gg_fail(call, &AUTH_TOO_MANY_BLOCKS, "%d are blocked already", AUTH_BLOCKS_MAX);
    status = auth_block_insert(call->db, call->user.id, blocked, gg_now());
    if (status == GG_DUPLICATE) /* asked for again: it stands */
        return GG_OK;
    GG_TRY(status);
    return tell_block(call, blocked, &AUTH_BLOCK_ADDED, &account);
}

static enum gg_status block_remove(struct gg_call *call)
{
    struct auth_account account;
    struct gg_id blocked;
    enum gg_status status;

    if (!gg_param_id(call, 0, &blocked))
        return GG_OK;
    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    status = auth_block_delete(call->db, call->user.id, blocked);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "this neighbour is not blocked");
    GG_TRY(status);
    return tell_block(call, blocked, &AUTH_BLOCK_REMOVED, &account);
}

static enum gg_status block_list(struct gg_call *call)
{
    const struct page_query *query = call->query;
    struct auth_block_list *out = call->out;
    struct auth_block *blocks;
    int64_t before = GG_NONE, limit = gg_page_limit(&query->page);
    struct gg_id before_id = GG_ID_ZERO;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &before_id))
        return GG_OK;
    GG_TRY(auth_blocks(call->db, call->arena, call->user.id, before, before_id, limit + 1, &blocks, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &blocks[n - 1].blocked_at, 1, blocks[n - 1].user);
    }
    out->items = (struct gg_list){blocks, n};
    return GG_OK;
}

static enum gg_status report_add(struct gg_call *call)
{
    const struct auth_report_new *in = call->in;
    struct auth_report *out = call->out;
    int64_t used;
    bool found;

    if (in->context != AUTH_CONTEXT_PROFILE && gg_id_is_zero(in->context_id))
        return gg_fail_field(call, "/context_id", "required", "say which one");
    if (in->context == AUTH_CONTEXT_MESSAGE && in->context_seq == GG_NONE)
        return gg_fail_field(call, "/context_seq", "required", "say which message");
    GG_TRY(other_account(call, in->user, &found));
    if (!found)
        return GG_OK;
    GG_TRY(auth_budget_take(call->db, call->arena, "report", gg_hex(call->arena, call->user.id.b, 16), GG_DAY, gg_now(),
                            &used));
    if (used > AUTH_REPORTS_A_DAY) {
        gg_header(call, "Retry-After", "3600");
        return gg_fail(call, &AUTH_REPORT_BUDGET, "%d a day are heard", AUTH_REPORTS_A_DAY);
    }
    *out = (struct auth_report){
        .id = gg_id_new(),
        .user = in->user,
        .reporter = call->user.id,
        .reason = in->reason,
        .detail = in->detail,
        .context = in->context,
        .context_id = in->context_id,
        .context_seq = in->context_seq,
        .state = AUTH_REPORT_OPEN,
        .reported_at = gg_now(),
        .decided_at = GG_NONE,
    };
    GG_TRY(auth_report_insert(call->db, out));
    out->reporter = GG_ID_ZERO;
    return GG_OK;
}

static enum gg_status report_list(struct gg_call *call)
{
    const struct page_query *query = call->query;
    struct auth_report_list *out = call->out;
    struct auth_report *reports;
    struct gg_id before = GG_ID_ZERO;
    int64_t limit = gg_page_limit(&query->page);
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &limit, 0, &before))
        return GG_OK;
    GG_TRY(auth_reports_by(call->db, call->arena, call->user.id, before, limit + 1, &reports, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &limit, 0, reports[n - 1].id);
    }
    for (size_t i = 0; i < n; i++) {
        reports[i].reporter = GG_ID_ZERO;
        reports[i].decision = NULL; /* what admins tell each other */
    }
    out->items = (struct gg_list){reports, n};
    return GG_OK;
}

static enum gg_status security_log(struct gg_call *call)
{
    const struct page_query *query = call->query;
    struct auth_security_list *out = call->out;
    struct auth_security_entry *entries;
    struct gg_id before = GG_ID_ZERO;
    int64_t limit = gg_page_limit(&query->page);
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &limit, 0, &before))
        return GG_OK;
    GG_TRY(auth_security_read(call->db, call->arena, call->user.id, before, limit + 1, &entries, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &limit, 0, entries[n - 1].id);
    }
    out->items = (struct gg_list){entries, n};
    return GG_OK;
}

static const struct gg_problem *const block_problems[] = {&GG_P_INVALID, &AUTH_TOO_MANY_BLOCKS, NULL};
static const struct gg_problem *const report_problems[] = {&GG_P_NOT_FOUND, &AUTH_REPORT_BUDGET, NULL};

const struct gg_route auth_order_routes[] = {
    {.method = GG_GET,
     .path = "/v1/auth/blocks",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &page_msg,
     .out = &auth_block_list_msg,
     .status = 200,
     .handle = block_list,
     .summary = "Whom one has blocked"},
    {.method = GG_PUT,
     .path = "/v1/auth/blocks/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .rate = 60,
     .handle = block_add,
     .summary = "Block a neighbour",
     .problems = block_problems},
    {.method = GG_DELETE,
     .path = "/v1/auth/blocks/:id",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .rate = 60,
     .handle = block_remove,
     .summary = "Take a block back"},
    {.method = GG_POST,
     .path = "/v1/auth/reports",
     .auth = GG_USER,
     .flags = GG_KEY,
     .pool = GG_POOL_DB,
     .in = &auth_report_new_msg,
     .out = &auth_report_msg,
     .status = 201,
     .rate = 60,
     .handle = report_add,
     .summary = "Report a neighbour",
     .problems = report_problems},
    {.method = GG_GET,
     .path = "/v1/auth/reports",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &page_msg,
     .out = &auth_report_list_msg,
     .status = 200,
     .handle = report_list,
     .summary = "What one has reported"},
    {.method = GG_GET,
     .path = "/v1/auth/security-log",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .query = &page_msg,
     .out = &auth_security_list_msg,
     .status = 200,
     .handle = security_log,
     .summary = "What happened to one's account"},
};
const size_t auth_order_routes_n = GG_LEN(auth_order_routes);
