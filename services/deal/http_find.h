/* services/deal/http_find.h
 * Finding deals, and what every list of deals shares. */
#ifndef SERVICES_DEAL_HTTP_FIND_H
#define SERVICES_DEAL_HTTP_FIND_H

#include "libcommon/http.h"
#include "store.h"

enum gg_status deal_find_list(struct gg_call *call); /* GET /v1/deal/deals */
enum gg_status deal_find_mine(struct gg_call *call); /* GET /v1/deal/mine */

/* Adds what is counted of each deal, and whether the viewer has saved it. At most 101. */
enum gg_status deal_decorate(struct gg_call *call, struct gg_id viewer, struct deal_view *views, size_t n) GG_MUSTCHECK;
/* Leaves out deals of those whom the caller keeps apart from; a page may so be shorter than asked for. */
enum gg_status deal_drop_apart(struct gg_call *call, struct deal_row *deals, size_t *n) GG_MUSTCHECK;
/* Fills call->out (struct deal_list) with these deals, as the caller may see them. */
enum gg_status deal_answer_list(struct gg_call *call, const struct deal_row *deals, size_t n,
                                const char *next) GG_MUSTCHECK;
/* Tags as they are kept, and as a list of texts in the arena. */
const char *deal_tags_join(struct gg_arena *arena, const struct gg_list *tags);
struct gg_list deal_tags_split(struct gg_arena *arena, const char *tags);

#endif
