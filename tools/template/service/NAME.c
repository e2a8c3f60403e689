/* services/@NAME@/@NAME@.c
 * The rules: pure, without I/O and clock. */
#include "@NAME@.h"

bool @NAME@_may_write(int64_t kept)
{
    return kept < @UPPER@_NOTES_MAX;
}
