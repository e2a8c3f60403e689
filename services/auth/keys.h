/* services/auth/keys.h
 * The signing keys of all instances: kept in the schema, sealed; taken over by every instance within two seconds. */
#ifndef SERVICES_AUTH_KEYS_H
#define SERVICES_AUTH_KEYS_H

#include "flow.h"

/* Puts the key of the file into an empty table, and loads what signs now. Before anything is served; any thread. */
bool auth_keys_prepare(struct gg_db *db) GG_MUSTCHECK;
/* Looks into the table every two seconds from now on. Loop thread. */
void auth_keys_watch(void);
/* Forgets keys that are retired. */
enum gg_status auth_keys_forget(struct gg_db *db) GG_MUSTCHECK;
/* `--rotate-key`: publishes a new key now, which signs after KEY_LEAD_S; the exit code. */
int auth_keys_rotate(struct gg_db *db, int argc, char **argv);

#endif
