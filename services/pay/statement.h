/* services/pay/statement.h
 * A month of a wallet as CSV or PDF. Pure but for the font file. */
#ifndef PAY_STATEMENT_H
#define PAY_STATEMENT_H

#include "libcommon/buf.h"
#include "store_history.h"

struct pay_statement {
    const char *month;    /* "2026-11" */
    const char *nickname; /* of the owner; NULL: gone */
    int64_t opening, closing;
    const struct pay_history_row *lines; /* oldest first */
    size_t n;
    int64_t made_at;
};

/* What a line is called in Korean: "충전", "보낸 송금" ... */
const char *pay_kind_word(int kind, int64_t amount);
/* "1,234,567", "-500" in the arena. */
const char *pay_won_text(struct gg_arena *arena, int64_t won);
/* "********6789" in the arena. */
const char *pay_masked(struct gg_arena *arena, const char *number);

/* RFC 4180 in UTF-8 with a byte-order mark (a spreadsheet needs it); no cell can be read as a formula. */
void pay_statement_csv(const struct pay_statement *statement, struct gg_arena *arena, struct gg_buf *out);
enum gg_status pay_statement_pdf(const struct pay_statement *statement, struct gg_arena *arena, const char *font,
                                 struct gg_str *bytes) GG_MUSTCHECK;

#endif
