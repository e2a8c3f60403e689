/* services/auth/http_area.c
 * Areas and neighbourhoods: the list, the proof by position, giving one up. The position of a request stays in its
 * arena and is gone with it. */
#include "neighbour.h"

#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "libcommon/log.h"
#include "libcommon/text.h"
#include "order.h"

#include <math.h>
#include <string.h>

void auth_areas_of(const struct auth_account *account, int64_t now, struct gg_area areas[GG_AREAS_MAX])
{
    struct gg_area all[GG_AREAS_MAX];
    size_t n = 0;

    memset(areas, 0, GG_AREAS_MAX * sizeof(*areas));
    if (!account->areas || !gg_areas_parse((struct gg_str){account->areas, strlen(account->areas)}, all))
        return;
    for (size_t i = 0; i < GG_AREAS_MAX; i++)
        if (all[i].code != 0 && all[i].proved_at + AUTH_AREA_MS > now)
            areas[n++] = all[i];
}

bool auth_area_code(struct gg_str text, int64_t *code)
{
    return gg_parse_i64(text, 1, AUTH_AREA_CODE_MAX, code);
}

/* Square metres inside a ring, by the shoelace formula on the plane that touches the earth at its first place. */
static double ring_size(const struct gg_ring *ring)
{
    struct auth_point first = {ring->places[0].lat, ring->places[0].lng};
    double east = auth_distance(first, (struct auth_point){first.lat, first.lng + 1000}) / 1000;
    double north = auth_distance(first, (struct auth_point){first.lat + 1000, first.lng}) / 1000;
    double twice = 0;

    for (size_t i = 0; i < ring->n; i++) {
        const struct gg_place *a = &ring->places[i], *b = &ring->places[(i + 1) % ring->n];
        double ax = (double)(a->lng - first.lng) * east, ay = (double)(a->lat - first.lat) * north;
        double bx = (double)(b->lng - first.lng) * east, by = (double)(b->lat - first.lat) * north;
        twice += ax * by - bx * ay;
    }
    return fabs(twice) / 2;
}

static struct auth_point ring_middle(const struct gg_ring *ring)
{
    struct auth_point least = {INT32_MAX, INT32_MAX}, most = {INT32_MIN, INT32_MIN};

    for (size_t i = 0; i < ring->n; i++) {
        const struct gg_place *place = &ring->places[i];
        least.lat = place->lat < least.lat ? place->lat : least.lat;
        least.lng = place->lng < least.lng ? place->lng : least.lng;
        most.lat = place->lat > most.lat ? place->lat : most.lat;
        most.lng = place->lng > most.lng ? place->lng : most.lng;
    }
    return (struct auth_point){(least.lat + most.lat) / 2, (least.lng + most.lng) / 2};
}

int64_t auth_polygons_measure(const struct gg_polygon *polygons, size_t n, struct auth_point *centre)
{
    double all = 0, largest = -1;

    for (size_t i = 0; i < n; i++) {
        double size = ring_size(&polygons[i].rings[0]);
        if (size > largest) {
            largest = size;
            *centre = ring_middle(&polygons[i].rings[0]);
        }
        all += size;
        for (size_t r = 1; r < polygons[i].n; r++)
            all -= ring_size(&polygons[i].rings[r]);
    }
    return all >= 1 ? llround(all) : 0;
}

/* --- areas --- */

static enum gg_status area_list(struct gg_call *call)
{
    const struct auth_area_query *query = call->query;
    struct auth_area_list *out = call->out;
    struct auth_area *areas;
    struct gg_id unused;
    int64_t after = 0, limit = gg_page_limit(&query->page);
    size_t n;

    if (query->page.cursor && !gg_cursor_decode(call, query->page.cursor, &after, 1, &unused))
        return GG_OK;
    GG_TRY(auth_areas_list(call->db, call->arena, query->q, query->district, after, limit + 1, &areas, &n));
    if (n > (size_t)limit) {
        n = (size_t)limit;
        out->next = gg_cursor_encode(call->arena, &areas[n - 1].code, 1, GG_ID_ZERO);
    }
    out->items = (struct gg_list){areas, n};
    gg_header(call, "Cache-Control", "public, max-age=3600");
    return GG_OK;
}

/* --- neighbourhoods --- */

/* (tx) Puts into the account's row what its token shall say, and sets the time of the next end. */
static enum gg_status write_claim(struct gg_db *db, struct gg_arena *arena, struct gg_id user,
                                  struct auth_neighbourhood *items, size_t n)
{
    struct gg_area areas[GG_AREAS_MAX] = {{0, 0}};
    int64_t end = GG_NONE;

    for (size_t i = 0; i < n && i < GG_AREAS_MAX; i++) {
        areas[i] = (struct gg_area){items[i].code, items[i].proved_at};
        end = items[i].valid_until; /* they come newest first */
    }
    GG_TRY(auth_account_areas_write(db, user, n ? gg_areas_text(arena, areas) : NULL));
    return n ? gg_due_set(db, AUTH_DUE_AREA, user, end) : gg_due_clear(db, AUTH_DUE_AREA, user);
}

static enum gg_status refuse_fix(struct gg_call *call, enum auth_fix_verdict verdict)
{
    switch (verdict) {
    case AUTH_FIX_INACCURATE:
        return gg_fail(call, &AUTH_POSITION_INACCURATE, "%d m are needed", AUTH_ACCURACY_MAX);
    case AUTH_FIX_OLD:
        return gg_fail(call, &AUTH_POSITION_OLD, "measure it now");
    case AUTH_FIX_ONCE:
        return gg_fail(call, &AUTH_POSITION_DOUBTED, "measure it again a few seconds later, in order of time");
    default:
        gg_warn("position_doubted", "a position is %s", verdict == AUTH_FIX_JUMP ? "too far from the last" : "frozen");
        return gg_fail(call, &AUTH_POSITION_DOUBTED, "this does not look like a position of a device");
    }
}

/* Which of the two stands for this area already; n when none does. */
static size_t find(const struct auth_neighbourhood *items, size_t n, int64_t code)
{
    size_t i = 0;

    while (i < n && items[i].code != code)
        i++;
    return i;
}

/* Takes the samples into the domain's form, judges them, and finds the area. `code` is 0 when the call is refused. */
static enum gg_status locate(struct gg_call *call, const struct auth_neighbourhood *items, size_t n, int64_t *code,
                             struct auth_point *cell)
{
    const struct auth_prove_area *in = call->in;
    const struct auth_position *samples = in->samples.items;
    struct auth_fix fixes[AUTH_SAMPLES_MAX], best;
    struct auth_past past[GG_AREAS_MAX];
    struct auth_area_centre *centres;
    enum auth_fix_verdict verdict;
    size_t n_past = n < GG_AREAS_MAX ? n : GG_AREAS_MAX, n_centres;

    *code = 0;
    for (size_t i = 0; i < in->samples.n; i++)
        fixes[i] = (struct auth_fix){{samples[i].lat, samples[i].lng}, samples[i].accuracy_m, samples[i].measured_at};
    for (size_t i = 0; i < n_past; i++)
        past[i] = (struct auth_past){{items[i].cell_lat, items[i].cell_lng}, items[i].proved_at};
    verdict = auth_judge_fixes(fixes, in->samples.n, past, n_past, gg_now(), &best);
    if (verdict != AUTH_FIX_GOOD)
        return refuse_fix(call, verdict);
    GG_TRY(auth_area_by_outline(call->db, call->arena, best.at, code));
    if (*code == 0) {
        GG_TRY(auth_area_centres(call->db, call->arena, &centres, &n_centres));
        *code = auth_nearest_area(centres, n_centres, best.at);
    }
    if (*code == 0)
        return gg_fail(call, &AUTH_AREA_UNKNOWN, "no area that is known lies here");
    *cell = auth_cell(best.at);
    return GG_OK;
}

static enum gg_status prove(struct gg_call *call)
{
    struct auth_neighbourhood *items;
    struct auth_account account;
    struct auth_point cell = {0, 0};
    int64_t code, used;
    size_t n;

    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    GG_TRY(auth_neighbourhoods(call->db, call->arena, account.id, gg_now(), &items, &n));
    GG_TRY(locate(call, items, n, &code, &cell));
    if (code == 0)
        return GG_OK;
    if (find(items, n, code) == n && n >= GG_AREAS_MAX)
        return gg_fail(call, &AUTH_AREAS_FULL, "give one up first");
    GG_TRY(auth_budget_take(call->db, call->arena, "area", gg_hex(call->arena, account.id.b, 16), GG_DAY, gg_now(),
                            &used));
    if (used > AUTH_AREAS_A_DAY) {
        gg_header(call, "Retry-After", "3600");
        return gg_fail(call, &AUTH_AREA_BUDGET, "%d a day", AUTH_AREAS_A_DAY);
    }
    GG_TRY(auth_neighbourhoods_expire(call->db, account.id, gg_now()));
    GG_TRY(auth_neighbourhood_put(call->db, account.id, code, cell, gg_now()));
    GG_TRY(auth_session_place(call->db, call->user.session, code, gg_now()));
    GG_TRY(auth_neighbourhoods(call->db, call->arena, account.id, gg_now(), &items, &n));
    GG_TRY(write_claim(call->db, call->arena, account.id, items, n));
    *(struct auth_neighbourhood *)call->out = items[find(items, n, code)];
    return auth_note(call, account.id, AUTH_SECURITY_AREA, items[find(items, n, code)].name);
}

static enum gg_status neighbourhood_list(struct gg_call *call)
{
    struct auth_neighbourhood_list *out = call->out;
    struct auth_neighbourhood *items;

    GG_TRY(auth_neighbourhoods(call->db, call->arena, call->user.id, gg_now(), &items, &out->items.n));
    out->items.items = items;
    return GG_OK;
}

static enum gg_status give_up(struct gg_call *call)
{
    struct auth_neighbourhood *items;
    struct auth_account account;
    enum gg_status status;
    int64_t code;
    size_t n;

    if (!auth_area_code((struct gg_str){call->params[0], strlen(call->params[0])}, &code))
        return gg_fail(call, &GG_P_NOT_FOUND, "there is no such area");
    GG_TRY(auth_account_lock(call->db, call->arena, call->user.id, &account));
    status = auth_neighbourhood_delete(call->db, account.id, code);
    if (status == GG_NOT_FOUND)
        return gg_fail(call, &GG_P_NOT_FOUND, "this is not your neighbourhood");
    GG_TRY(status);
    GG_TRY(auth_sessions_forget_place(call->db, account.id, code));
    GG_TRY(auth_neighbourhoods(call->db, call->arena, account.id, gg_now(), &items, &n));
    return write_claim(call->db, call->arena, account.id, items, n);
}

enum gg_status auth_area_due(struct gg_due *due)
{
    struct auth_neighbourhood *items;
    struct auth_account account;
    enum gg_status status = auth_account_lock(due->db, due->arena, due->subject, &account);
    size_t n;

    if (status == GG_NOT_FOUND)
        return GG_OK;
    GG_TRY(status);
    GG_TRY(auth_neighbourhoods_expire(due->db, account.id, gg_now()));
    GG_TRY(auth_neighbourhoods(due->db, due->arena, account.id, gg_now(), &items, &n));
    return write_claim(due->db, due->arena, account.id, items, n);
}

static const struct gg_problem *const prove_problems[] = {&AUTH_POSITION_INACCURATE,
                                                          &AUTH_POSITION_OLD,
                                                          &AUTH_POSITION_DOUBTED,
                                                          &AUTH_AREA_UNKNOWN,
                                                          &AUTH_AREAS_FULL,
                                                          &AUTH_AREA_BUDGET,
                                                          NULL};

const struct gg_route auth_area_routes[] = {
    {.method = GG_GET,
     .path = "/v1/auth/areas",
     .pool = GG_POOL_DB,
     .query = &auth_area_query_msg,
     .out = &auth_area_list_msg,
     .status = 200,
     .rate = 300,
     .handle = area_list,
     .summary = "Areas, and the search for one"},
    {.method = GG_GET,
     .path = "/v1/auth/neighbourhoods",
     .auth = GG_USER,
     .pool = GG_POOL_DB,
     .out = &auth_neighbourhood_list_msg,
     .status = 200,
     .handle = neighbourhood_list,
     .summary = "Where one is a neighbour"},
    {.method = GG_POST,
     .path = "/v1/auth/neighbourhoods",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .in = &auth_prove_area_msg,
     .out = &auth_neighbourhood_msg,
     .status = 201,
     .rate = 20,
     .handle = prove,
     .summary = "Prove to be in a neighbourhood; the next refresh puts it into the token",
     .problems = prove_problems},
    {.method = GG_DELETE,
     .path = "/v1/auth/neighbourhoods/:code",
     .auth = GG_USER,
     .flags = GG_TX,
     .pool = GG_POOL_DB,
     .status = 204,
     .handle = give_up,
     .summary = "Give a neighbourhood up"},
};
const size_t auth_area_routes_n = GG_LEN(auth_area_routes);
