/* services/deal/view.h
 * Rows as the caller may see them. */
#ifndef SERVICES_DEAL_VIEW_H
#define SERVICES_DEAL_VIEW_H

#include "store.h"

/* A deal for one pair of eyes: `own` is the viewer's share or NULL. Only the host and holders of a held share get the
 * exact place; what others get depends on the cell alone. */
void deal_view_fill(struct gg_arena *arena, const struct deal_row *deal, const struct deal_share_row *own,
                    struct gg_id viewer, bool whole, struct deal_view *view);
/* A share; its hand-over code only for its owner, and only while it can be used. */
void deal_share_fill(const struct deal_share_row *row, bool own, int deal_state, struct deal_share *share);

#endif
