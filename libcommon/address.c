/* libcommon/address.c
 * Network addresses as text. */
#include "libcommon/address.h"

#include "libcommon/crypto.h"

#include <arpa/inet.h>

char *gg_address_net(struct gg_arena *arena, const char *address)
{
    struct in6_addr six;
    struct in_addr four;

    if (inet_pton(AF_INET, address, &four) == 1)
        return gg_sprintf(arena, "%u.%u.%u.0/24", (unsigned)(ntohl(four.s_addr) >> 24),
                          (unsigned)(ntohl(four.s_addr) >> 16 & 255), (unsigned)(ntohl(four.s_addr) >> 8 & 255));
    if (inet_pton(AF_INET6, address, &six) != 1)
        return gg_strdup(arena, address);
    if (IN6_IS_ADDR_V4MAPPED(&six))
        return gg_sprintf(arena, "%u.%u.%u.0/24", six.s6_addr[12], six.s6_addr[13], six.s6_addr[14]);
    return gg_sprintf(arena, "%s/48", gg_hex(arena, six.s6_addr, 6));
}
