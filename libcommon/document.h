/* libcommon/document.h
 * The documents a service prints of itself from its tables. The same tables give the same bytes: the documents are
 * committed and compared. */
#ifndef LIBCOMMON_DOCUMENT_H
#define LIBCOMMON_DOCUMENT_H

#include "libcommon/service.h"

/* A buffer for one document needs no more than this. */
#define GG_DOCUMENT_MAX (4 * 1024 * 1024)

/* OpenAPI 3.1 of the routes. */
void gg_document_openapi(const struct gg_service *service, struct gg_buf *out);
/* AsyncAPI 3.0 of the events sent and received, and of the socket. */
void gg_document_asyncapi(const struct gg_service *service, struct gg_buf *out);
/* One JSON object: event type or frame name -> self-contained JSON Schema. */
void gg_document_schemas(const struct gg_service *service, struct gg_buf *out);
/* Markdown table rows `| code | status | retryable | service | English | Korean |`: the service's own problems, then
 * the shared ones, which name no service and are the same lines for all. */
void gg_document_problems(const struct gg_service *service, struct gg_buf *out);
/* Every life cycle as a Markdown section with its Mermaid diagram. */
void gg_document_lifecycles(const struct gg_service *service, struct gg_buf *out);

#endif
