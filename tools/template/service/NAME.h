/* services/@NAME@/@NAME@.h
 * The rules of the @NAME@ service, and its tables. */
#ifndef SERVICES_@UPPER@_@UPPER@_H
#define SERVICES_@UPPER@_@UPPER@_H

#include "proto/@NAME@.h"

/* How many notes one person may keep. */
#define @UPPER@_NOTES_MAX 100

/* May somebody who keeps so many notes write another one? */
bool @NAME@_may_write(int64_t kept) GG_MUSTCHECK;

extern const struct gg_route @NAME@_routes[];
extern const size_t @NAME@_routes_n;
extern const struct gg_consumes @NAME@_consumes[];
extern const size_t @NAME@_consumes_n;

#endif
