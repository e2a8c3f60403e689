/* services/deal/http_trust.h
 * Reviews, levels, appeals. */
#ifndef SERVICES_DEAL_HTTP_TRUST_H
#define SERVICES_DEAL_HTTP_TRUST_H

#include "libcommon/due.h"
#include "libcommon/http.h"

#define DEAL_DUE_REVIEW "deal.review" /* subject: the deal */

enum gg_status deal_review_put(struct gg_call *call);    /* PUT .../deals/:id/reviews/:user (tx) */
enum gg_status deal_review_list(struct gg_call *call);   /* GET /v1/deal/reviews */
enum gg_status deal_level_formula(struct gg_call *call); /* GET /v1/deal/level-formula */
enum gg_status deal_level_show(struct gg_call *call);    /* GET /v1/deal/people/:id/level */
enum gg_status deal_fact_list(struct gg_call *call);     /* GET /v1/deal/facts */
enum gg_status deal_appeal_write(struct gg_call *call);  /* POST /v1/deal/appeals, with key */
enum gg_status deal_appeal_list(struct gg_call *call);   /* GET; admins: everybody's open ones */
enum gg_status deal_appeal_rule(struct gg_call *call);   /* POST .../appeals/:id/decision (tx) */

/* Asks both sides of every share of a deal that is done. */
enum gg_status deal_review_ask(struct gg_due *due);

#endif
