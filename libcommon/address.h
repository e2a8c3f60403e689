/* libcommon/address.h
 * Network addresses as text. Any thread. */
#ifndef LIBCOMMON_ADDRESS_H
#define LIBCOMMON_ADDRESS_H

#include "libcommon/mem.h"

/* The net an address belongs to: its /24 (IPv4, also when mapped into IPv6) or its /48. What is no address is its own
 * net. In the arena. */
char *gg_address_net(struct gg_arena *arena, const char *address);

#endif
