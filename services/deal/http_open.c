/* services/deal/http_open.c
 * Opening a deal, drafts of one, copies, and editing. */
#include "http_common.h"

#include "http_find.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "merge.h"

#include <string.h>

#define FIELDS_MAX     40
#define KEY_BYTES      32
#define DRAFT_TEXT_MAX (64 * 1024)

/* What the message says, as a row; `row` keeps what the message does not speak of. */
static void fill_row(struct gg_arena *arena, const struct deal_create *in, struct deal_row *row)
{
    int64_t times = in->boxes_max == GG_NONE ? 1 : in->boxes_max;
    struct deal_plan *plan = &row->plan;

    row->title = in->title;
    row->description = in->description;
    row->category = in->category;
    row->unit = in->unit;
    row->tags = deal_tags_join(arena, &in->tags);
    row->shop_url = in->shop_url;
    row->total_won = in->total_won * times;
    row->portions = in->portions * times;
    row->host_portions = in->host_portions;
    row->min_portions = in->min_portions;
    row->closes_at = in->closes_at;
    row->place = in->pickup->place;
    row->note = in->pickup->note;
    row->lat = in->pickup->lat;
    row->lng = in->pickup->lng;
    row->cell_lat = deal_cell(in->pickup->lat);
    row->cell_lng = deal_cell(in->pickup->lng);
    row->pickup_from = in->pickup->from;
    row->pickup_until = in->pickup->until;
    plan->unit_amount = in->unit_amount;
    plan->measure = in->measure;
    plan->boxes_max = in->boxes_max;
    plan->fill_minutes = in->fill_minutes == GG_NONE ? 0 : in->fill_minutes;
    plan->ceiling_won = in->ceiling_won == GG_NONE ? GG_NONE : in->ceiling_won * times;
    plan->max_portions = in->max_portions;
    plan->each_max = in->each_max;
    plan->delivery_won = in->delivery_won == GG_NONE ? 0 : in->delivery_won;
    plan->delivery_rule = in->delivery_rule < 0 ? DEAL_DELIVERY_BY_QUANTITY : in->delivery_rule;
    plan->shortage_rule = in->shortage_rule < 0 ? DEAL_FIRST_COME : in->shortage_rule;
    plan->windows = deal_windows_text(arena, &in->windows);
}

enum gg_status deal_http_create(struct gg_call *call)
{
    const struct deal_create *in = call->in;
    struct deal_work work = {.db = call->db, .arena = call->arena, .actor = call->user.id};
    struct deal_row *deal = &work.deal;
    const char *pointer, *trouble = deal_create_trouble(in, gg_now(), &pointer);
    bool closing;

    if (trouble)
        return gg_fail_field(call, pointer, "range", "%s", trouble);
    GG_TRY(deal_are_closing(call->db, call->arena, &call->user.id, 1, &closing));
    if (closing)
        return gg_fail(call, &DEAL_ACCOUNT_CLOSING, "nothing new can be begun");
    *deal = (struct deal_row){
        .id = gg_id_new(),
        .host = call->user.id,
        .state = DEAL_RECRUITING,
        .reason = -1,
        .receipt_won = GG_NONE,
        .created_at = gg_now(),
        .wrong_codes_since = GG_NONE,
        .distance_m = GG_NONE,
        .plan = deal_plan_plain,
    };
    fill_row(call->arena, in, deal);
    deal->plan.handover_key = (struct gg_str){gg_alloc(call->arena, KEY_BYTES), KEY_BYTES};
    gg_random((void *)(uintptr_t)deal->plan.handover_key.p, KEY_BYTES);
    GG_TRY(deal_check_photos(call, &in->photos, &deal->photos));
    if (gg_failed(call))
        return GG_OK;
    GG_TRY(deal_open(&work));
    if (!gg_id_is_zero(in->draft))
        GG_TRY(deal_draft_delete(call->db, call->user.id, in->draft));
    GG_TRY(deal_get(call->db, call->arena, deal->id, deal));
    return deal_answer(call, deal);
}

/* --- editing --- */

/* The names of a deal's photos as a list. */
static struct gg_list photo_names(struct gg_arena *arena, const char *names)
{
    const char **list = GG_NEW_ARRAY(arena, const char *, DEAL_PHOTOS_MAX);
    size_t n = 0;

    for (const char *p = names; *p && n < DEAL_PHOTOS_MAX;) {
        size_t length = strcspn(p, ",");
        list[n++] = gg_strndup(arena, p, length);
        p += length + (p[length] == ',');
    }
    return (struct gg_list){list, n};
}

/* The whole deal as a message. */
static struct deal_create *whole(struct gg_arena *arena, const struct deal_row *deal)
{
    struct deal_create *all = deal_terms_of(arena, deal);

    all->description = deal->description;
    all->photos = photo_names(arena, deal->photos);
    all->tags = deal_tags_split(arena, deal->tags);
    all->shop_url = deal->shop_url;
    return all;
}

static bool is_of_terms(const char *field)
{
    static const char *const words[] = {"description", "category", "photos", "tags", "shop_url"};

    for (size_t i = 0; i < GG_LEN(words); i++)
        if (strcmp(field, words[i]) == 0)
            return false;
    return true;
}

/* What those who are in keep must fit into the edited deal. */
static bool still_fits(struct gg_call *call, const struct deal_row *after)
{
    int64_t taken = after->taken + after->plan.offered;

    if (deal_capacity(after) >= taken)
        return true;
    gg_fail(call, &DEAL_FULL, "%" PRId64 " portions are taken", taken);
    gg_fail_param(call, "taken", taken);
    return false;
}

enum gg_status deal_http_edit(struct gg_call *call)
{
    struct deal_create *merged;
    const char **names = GG_NEW_ARRAY(call->arena, const char *, FIELDS_MAX), *pointer, *trouble = NULL;
    struct gg_list fields = {names, 0};
    struct deal_row after;
    struct deal_work work;
    enum gg_status status;
    bool new_terms = false;

    if (!deal_call_begin_host(call, &work, &status) || !gg_if_match(call, work.deal.version))
        return status;
    merged = whole(call->arena, &work.deal);
    fields.n = deal_merge(&deal_edit_msg, call->in, merged, names, FIELDS_MAX);
    for (size_t i = 0; i < fields.n; i++)
        new_terms = new_terms || is_of_terms(names[i]);
    if (fields.n == 0)
        return deal_answer(call, &work.deal);
    if (new_terms && (work.deal.state != DEAL_RECRUITING || gg_now() >= work.deal.closes_at))
        return gg_fail(call, &DEAL_TERMS_FIXED, "the deal is %s", deal_state_names[work.deal.state]);
    if (new_terms)
        trouble = deal_create_trouble(merged, gg_now(), &pointer);
    if (trouble)
        return gg_fail_field(call, pointer, "range", "%s", trouble);
    after = work.deal;
    fill_row(call->arena, merged, &after);
    if (((const struct deal_create *)call->in)->photos.n > 0)
        GG_TRY(deal_check_photos(call, &merged->photos, &after.photos));
    if (gg_failed(call) || !still_fits(call, &after))
        return GG_OK;
    GG_TRY(deal_edit(&work, &after, &fields, new_terms));
    GG_TRY(deal_get(call->db, call->arena, work.deal.id, &work.deal));
    return deal_answer(call, &work.deal);
}

/* --- terms --- */

enum gg_status deal_http_terms(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t before = INT64_MAX, limit = gg_page_limit(&query->page);
    struct deal_terms_list *out = call->out;
    struct deal_terms_row *rows;
    struct deal_share_row *own;
    struct deal_terms *items;
    struct deal_row deal;
    struct gg_id unused;
    enum gg_status status;
    bool inside;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &unused))
        return GG_OK;
    if (!deal_call_read(call, &deal, &status))
        return status;
    GG_TRY(deal_call_own(call, deal.id, &own));
    inside = gg_id_equal(deal.host, call->user.id) || (own && deal_share_inside(own->state));
    GG_TRY(deal_terms_list(call->db, call->arena, deal.id, before, limit + 1, &rows, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].version, 1, deal.id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_terms, n);
    for (size_t i = 0; i < n; i++) {
        struct gg_field_errors errors = {.arena = call->arena};
        struct deal_create *body = GG_NEW(call->arena, struct deal_create);
        if (gg_json_decode(call->arena, &deal_edit_msg, (struct gg_str){rows[i].body, strlen(rows[i].body)}, body,
                           &errors) != GG_DECODED)
            return GG_ERROR;
        if (!inside)
            body->pickup = NULL; /* the exact place is for those who are in */
        items[i] = (struct deal_terms){rows[i].version, rows[i].since, body};
    }
    out->items = (struct gg_list){items, n};
    return GG_OK;
}

/* --- drafts --- */

static enum gg_status read_draft(struct gg_call *call, const struct deal_draft_row *row, struct deal_draft *draft)
{
    struct gg_field_errors errors = {.arena = call->arena};

    draft->id = row->id;
    draft->saved_at = row->saved_at;
    draft->deal = GG_NEW(call->arena, struct deal_create);
    return gg_json_decode(call->arena, &deal_draft_body_msg, (struct gg_str){row->body, strlen(row->body)}, draft->deal,
                          &errors) == GG_DECODED
               ? GG_OK
               : GG_ERROR;
}

static enum gg_status save_draft(struct gg_call *call, struct gg_id id, const struct deal_create *deal)
{
    struct deal_draft_row row = {.id = id, .saved_at = gg_now()};
    struct gg_buf text;
    enum gg_status status;

    gg_buf_init(&text, DRAFT_TEXT_MAX);
    gg_json_encode(&text, &deal_draft_body_msg, deal);
    row.body = gg_strndup(call->arena, text.p, text.n);
    gg_buf_free(&text);
    status = deal_draft_put(call->db, call->user.id, &row);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such draft");
    GG_TRY(status);
    return read_draft(call, &row, call->out);
}

/* Everybody keeps a few. */
static enum gg_status room_for_draft(struct gg_call *call)
{
    struct deal_draft_row *rows;
    size_t n;

    GG_TRY(deal_draft_list(call->db, call->arena, call->user.id, GG_NONE, GG_ID_ZERO, DEAL_DRAFTS_MAX, &rows, &n));
    return n < DEAL_DRAFTS_MAX ? GG_OK : gg_fail(call, &DEAL_DRAFTS_FULL, "remove one first");
}

enum gg_status deal_http_draft_make(struct gg_call *call)
{
    GG_TRY(room_for_draft(call));
    return gg_failed(call) ? GG_OK : save_draft(call, gg_id_new(), call->in);
}

/* Copies what can be used again; times are to be chosen anew. */
enum gg_status deal_http_copy(struct gg_call *call)
{
    struct deal_create *copy;
    struct deal_row deal;
    enum gg_status status;

    if (!deal_call_read(call, &deal, &status))
        return status;
    if (!gg_id_equal(deal.host, call->user.id))
        return gg_fail(call, &DEAL_NOT_HOST, "this is not your deal");
    GG_TRY(room_for_draft(call));
    if (gg_failed(call))
        return GG_OK;
    copy = whole(call->arena, &deal);
    copy->closes_at = GG_NONE;
    copy->windows = (struct gg_list){NULL, 0};
    return save_draft(call, gg_id_new(), copy);
}

static enum gg_status find_draft(struct gg_call *call, struct deal_draft_row *row)
{
    struct gg_id id;
    enum gg_status status;

    if (!gg_param_id(call, 0, &id))
        return GG_OK;
    status = deal_draft_get(call->db, call->arena, call->user.id, id, row);
    return status == GG_NOT_FOUND ? gg_fail(call, &GG_P_NOT_FOUND, "there is no such draft") : status;
}

enum gg_status deal_http_draft_save(struct gg_call *call)
{
    struct deal_draft_row row;

    GG_TRY(find_draft(call, &row));
    return gg_failed(call) ? GG_OK : save_draft(call, row.id, call->in);
}

enum gg_status deal_http_draft_show(struct gg_call *call)
{
    struct deal_draft_row row;

    GG_TRY(find_draft(call, &row));
    return gg_failed(call) ? GG_OK : read_draft(call, &row, call->out);
}

enum gg_status deal_http_draft_drop(struct gg_call *call)
{
    struct deal_draft_row row;

    GG_TRY(find_draft(call, &row));
    return gg_failed(call) ? GG_OK : deal_draft_delete(call->db, call->user.id, row.id);
}

enum gg_status deal_http_draft_list(struct gg_call *call)
{
    const struct deal_mine_query *query = call->query;
    int64_t before = GG_NONE, limit = gg_page_limit(&query->page);
    struct deal_draft_list *out = call->out;
    struct gg_id id = GG_ID_ZERO;
    struct deal_draft_row *rows;
    struct deal_draft *items;
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &before, 1, &id))
        return GG_OK;
    GG_TRY(deal_draft_list(call->db, call->arena, call->user.id, before, id, limit + 1, &rows, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &rows[n - 1].saved_at, 1, rows[n - 1].id);
    }
    items = GG_NEW_ARRAY(call->arena, struct deal_draft, n);
    for (size_t i = 0; i < n; i++)
        GG_TRY(read_draft(call, &rows[i], &items[i]));
    out->items = (struct gg_list){items, n};
    return GG_OK;
}
