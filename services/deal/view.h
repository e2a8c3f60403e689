/* services/deal/view.h
 * Rows as the caller may see them. */
#ifndef SERVICES_DEAL_VIEW_H
#define SERVICES_DEAL_VIEW_H

#include "store.h"
#include "store_flow.h"

/* A deal for one pair of eyes: `own` is the viewer's share or NULL. Only the host and holders of a held share get the
 * exact place; what others get depends on the cell alone. */
void deal_view_fill(struct gg_arena *arena, const struct deal_row *deal, const struct deal_share_row *own,
                    struct gg_id viewer, bool whole, struct deal_view *view);
/* A share; what is only its owner's (codes, reasons) when `own`, the code only while it can be used. */
void deal_share_fill(struct gg_arena *arena, const struct deal_row *deal, const struct deal_share_row *row, bool own,
                     struct deal_share *share);
/* A place on the waiting list; how many are ahead is left out. */
void deal_wait_fill(const struct deal_wait_row *row, struct deal_wait *wait);
/* Names separated by commas, as paths. */
struct gg_list deal_photo_paths(struct gg_arena *arena, const char *names);

/* Won per 100 g, 100 ml or piece, rounded half up, and which: from what the host said a portion is, else from how he
 * wrote it. */
int64_t deal_unit_price(const struct deal_row *deal, int *measure);

#endif
