/* services/pay/statement.c
 * A month of a wallet as CSV or PDF. */
#include "statement.h"

#include "libcommon/pdf.h"
#include "move.h"
#include "proto/pay.h"

#include <string.h>

const char *pay_kind_word(int kind, int64_t amount)
{
    switch (kind) {
    case PAY_ENTRY_CHARGE:
        return "충전";
    case PAY_ENTRY_CAPTURE:
        return "공구 결제";
    case PAY_ENTRY_REFUND:
        return "공구 환불";
    case PAY_ENTRY_PAYOUT:
        return "공구 정산금";
    case PAY_ENTRY_REMIT:
        return amount < 0 ? "보낸 송금" : "받은 송금";
    case PAY_ENTRY_WITHDRAW:
        return "출금";
    case PAY_ENTRY_REVERSAL:
        return "충전 취소";
    case PAY_ENTRY_CORRECTION:
        return "정정";
    default:
        return pay_entry_kind_names[kind];
    }
}

const char *pay_won_text(struct gg_arena *arena, int64_t won)
{
    char *digits = gg_sprintf(arena, "%" PRId64, won < 0 ? -won : won);
    size_t n = strlen(digits), at = 0;
    char *out = gg_alloc(arena, n + n / 3 + 2);

    if (won < 0)
        out[at++] = '-';
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    return out;
}

const char *pay_masked(struct gg_arena *arena, const char *number)
{
    size_t n = strlen(number), kept = n < 4 ? n : 4;
    char *text = gg_strdup(arena, number);

    memset(text, '*', n - kept);
    return text;
}

/* The other side in words. */
static const char *counterpart(struct gg_arena *arena, const struct pay_history_row *line)
{
    if (line->nickname)
        return line->nickname;
    if (line->bank && line->number)
        return gg_sprintf(arena, "%s %s", line->bank, pay_masked(arena, line->number));
    return gg_id_is_zero(line->counterpart) ? "" : "(탈퇴한 이웃)";
}

/* --- CSV --- */

/* A cell in quotes. What a spreadsheet would take for a formula gets an apostrophe in front. */
static void cell(struct gg_buf *out, const char *text)
{
    gg_buf_addc(out, '"');
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]))
        gg_buf_addc(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            gg_buf_addc(out, '"');
        gg_buf_addc(out, *p);
    }
    gg_buf_addc(out, '"');
}

void pay_statement_csv(const struct pay_statement *statement, struct gg_arena *arena, struct gg_buf *out)
{
    gg_buf_adds(out, "\xEF\xBB\xBF");
    gg_buf_adds(out, "일시,구분,상대,공구,들어온 돈,나간 돈,잔액,메모,약관 버전,거래 번호\r\n");
    gg_buf_addf(out, "%s-01,이월 잔액,,,,,%" PRId64 ",,,\r\n", statement->month, statement->opening);
    for (size_t i = 0; i < statement->n; i++) {
        const struct pay_history_row *line = &statement->lines[i];
        char at[PAY_LOCAL_TEXT], id[GG_ID_TEXT];

        pay_local_format(line->at, at);
        gg_id_format(line->transfer, id);
        gg_buf_addf(out, "%s,%s,", at, pay_kind_word(line->kind, line->amount));
        cell(out, counterpart(arena, line));
        gg_buf_addc(out, ',');
        cell(out, line->title ? line->title : "");
        if (line->amount > 0)
            gg_buf_addf(out, ",%" PRId64 ",,", line->amount);
        else
            gg_buf_addf(out, ",,%" PRId64 ",", -line->amount);
        gg_buf_addf(out, "%" PRId64 ",", line->balance);
        cell(out, line->memo ? line->memo : "");
        if (line->terms != GG_NONE)
            gg_buf_addf(out, ",%" PRId64 ",%s\r\n", line->terms, id);
        else
            gg_buf_addf(out, ",,%s\r\n", id);
    }
    gg_buf_addf(out, "합계,,,,,,%" PRId64 ",,,\r\n", statement->closing);
}

/* --- PDF --- */

#define LEFT       40
#define RIGHT      555
#define TOP        150
#define ROW        17
#define ROWS       37
#define SIZE_SMALL 8.5

static void heading(struct gg_pdf *pdf, const struct pay_statement *statement, struct gg_arena *arena, size_t page,
                    size_t pages)
{
    char at[PAY_LOCAL_TEXT];

    pay_local_format(statement->made_at, at);
    gg_pdf_text(pdf, LEFT, 60, 18, 0, false, gg_sprintf(arena, "공구 지갑 거래 내역 %s", statement->month));
    gg_pdf_text(pdf, LEFT, 84, 10, 0, false,
                gg_sprintf(arena, "%s 님", statement->nickname ? statement->nickname : "(탈퇴한 이웃)"));
    gg_pdf_text(pdf, LEFT, 102, 10, 0, false,
                gg_sprintf(arena, "이월 %s원 · 기말 %s원 · %zu건", pay_won_text(arena, statement->opening),
                           pay_won_text(arena, statement->closing), statement->n));
    gg_pdf_text(pdf, RIGHT, 84, 8, 0, true, gg_sprintf(arena, "만든 때 %s (서울)", at));
    gg_pdf_text(pdf, RIGHT, 102, 8, 0, true, gg_sprintf(arena, "%zu / %zu", page, pages));
    gg_pdf_line(pdf, LEFT, 116, RIGHT, 116);
    gg_pdf_text(pdf, LEFT, 130, SIZE_SMALL, 0, false, "일시");
    gg_pdf_text(pdf, 125, 130, SIZE_SMALL, 0, false, "구분");
    gg_pdf_text(pdf, 185, 130, SIZE_SMALL, 0, false, "상대 · 공구 · 메모");
    gg_pdf_text(pdf, 470, 130, SIZE_SMALL, 0, true, "금액(원)");
    gg_pdf_text(pdf, RIGHT, 130, SIZE_SMALL, 0, true, "잔액(원)");
    gg_pdf_line(pdf, LEFT, 137, RIGHT, 137);
}

static void row(struct gg_pdf *pdf, struct gg_arena *arena, const struct pay_history_row *line, double y)
{
    const char *words[3] = {counterpart(arena, line), line->title ? line->title : "", line->memo ? line->memo : ""};
    const char *text = "";
    char at[PAY_LOCAL_TEXT];

    for (size_t i = 0; i < GG_LEN(words); i++)
        if (words[i][0] != '\0')
            text = text[0] == '\0' ? words[i] : gg_sprintf(arena, "%s · %s", text, words[i]);
    pay_local_format(line->at, at);
    gg_pdf_text(pdf, LEFT, y, SIZE_SMALL, 0, false, at);
    gg_pdf_text(pdf, 125, y, SIZE_SMALL, 58, false, pay_kind_word(line->kind, line->amount));
    gg_pdf_text(pdf, 185, y, SIZE_SMALL, 225, false, text);
    gg_pdf_text(pdf, 470, y, SIZE_SMALL, 0, true, pay_won_text(arena, line->amount));
    gg_pdf_text(pdf, RIGHT, y, SIZE_SMALL, 0, true, pay_won_text(arena, line->balance));
}

enum gg_status pay_statement_pdf(const struct pay_statement *statement, struct gg_arena *arena, const char *font,
                                 struct gg_str *bytes)
{
    size_t pages = statement->n == 0 ? 1 : (statement->n + ROWS - 1) / ROWS;
    struct gg_pdf *pdf = gg_pdf_create(font, gg_sprintf(arena, "Gonggu %s", statement->month), statement->made_at);
    enum gg_status status;

    if (!pdf)
        return GG_ERROR;
    for (size_t page = 0; page < pages; page++) {
        gg_pdf_page(pdf);
        heading(pdf, statement, arena, page + 1, pages);
        for (size_t i = 0; i < ROWS && page * ROWS + i < statement->n; i++)
            row(pdf, arena, &statement->lines[page * ROWS + i], TOP + (double)(i * ROW));
    }
    status = gg_pdf_finish(pdf, arena, bytes);
    gg_pdf_destroy(pdf);
    return status;
}
