/* services/deal/handover.c
 * The code of a share as signed text. */
#include "handover.h"

#include "libcommon/crypto.h"

#include <string.h>

#define PREFIX    "GG1."
#define SIGNATURE 16
#define CODE      6

static const char *sign(struct gg_arena *arena, struct gg_str key, const char *said)
{
    uint8_t mac[GG_SHA256];

    gg_hmac_sha256(key, (struct gg_str){said, strlen(said)}, mac);
    return gg_base64url(arena, mac, SIGNATURE);
}

static const char *say(struct gg_arena *arena, struct gg_id share, const char *code)
{
    char id[GG_ID_TEXT];

    gg_id_format(share, id);
    return gg_sprintf(arena, PREFIX "%s.%s", id, code);
}

const char *deal_qr(struct gg_arena *arena, struct gg_str key, struct gg_id share, const char *code)
{
    const char *said = say(arena, share, code);

    return gg_sprintf(arena, "%s.%s", said, sign(arena, key, said));
}

bool deal_qr_read(struct gg_arena *arena, struct gg_str key, const char *text, struct gg_id *share, const char **code)
{
    size_t said = strlen(PREFIX) + GG_ID_TEXT - 1 + 1 + CODE;
    const char *right;

    if (strlen(text) <= said || strncmp(text, PREFIX, strlen(PREFIX)) != 0 ||
        !gg_id_parse((struct gg_str){text + strlen(PREFIX), GG_ID_TEXT - 1}, share))
        return false;
    *code = gg_strndup(arena, text + said - CODE, CODE);
    right = deal_qr(arena, key, *share, *code);
    return strlen(right) == strlen(text) && gg_secret_equal(right, text, strlen(text));
}
