/* services/push/batch.h
 * How many rows are worked on together: as many as fit one cached statement (gg_db_upsert_rows). */
#ifndef SERVICES_PUSH_BATCH_H
#define SERVICES_PUSH_BATCH_H

#define PUSH_BATCH    256
#define PUSH_AUDIENCE 1024 /* people of a large audience in one transaction */

#endif
