/* libcommon/document_internal.h
 * What the files behind document.h share: a JSON writer that sets its own commas, the set of messages in a document. */
#ifndef LIBCOMMON_DOCUMENT_INTERNAL_H
#define LIBCOMMON_DOCUMENT_INTERNAL_H

#include "libcommon/document.h"

#define DOC_SCHEMAS "#/components/schemas/"

/* Append compact JSON, with a comma before it where one is due. `doc_raw` takes anything: "{", "]", "true". */
void doc_raw(struct gg_buf *out, const char *json);
void doc_key(struct gg_buf *out, const char *key);
void doc_text(struct gg_buf *out, const char *value);
void doc_member(struct gg_buf *out, const char *key, const char *value);
/* A member {"$ref": prefix + name}. */
void doc_reference(struct gg_buf *out, const char *key, const char *prefix, const char *name);
/* Appends the finished JSON laid out with two spaces, and frees it. */
void doc_finish(struct gg_buf *out, struct gg_buf *json);

struct doc_messages {
    const struct gg_msg *v[256];
    size_t n;
};
/* Adds the message (NULL is fine) and all it is made of, each name once. */
void doc_collect(struct doc_messages *messages, const struct gg_msg *msg);
/* Members name -> schema, in order of the names. */
void doc_schemas(struct gg_buf *out, struct doc_messages *messages, const char *ref_prefix);

#endif
