/* services/pay/test/test_statement.c
 * Statements: golden CSV, a PDF that is the same every time. */
#include "libcommon/clock.h"
#include "proto/pay.h"
#include "statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FONT "/usr/share/fonts/truetype/nanum/NanumGothic.ttf"

static struct pay_history_row line(int kind, int64_t amount, int64_t balance, int64_t at)
{
    return (struct pay_history_row){
        .transfer = {{0x01, 0x92}}, .kind = kind, .amount = amount, .balance = balance, .at = at, .terms = GG_NONE};
}

static void fill(struct pay_history_row lines[4], struct pay_statement *statement)
{
    int64_t at;

    assert_true(gg_time_parse(GG_STR("2026-11-20T15:05:00Z"), &at));
    lines[0] = line(PAY_ENTRY_CHARGE, 50000, 50000, at);
    lines[1] = line(PAY_ENTRY_CAPTURE, -12345, 37655, at + GG_HOUR);
    lines[1].title = "고구마 10kg \"햇\"";
    lines[1].nickname = "총대";
    lines[1].terms = 2;
    lines[2] = line(PAY_ENTRY_REMIT, -655, 37000, at + 2 * GG_HOUR);
    lines[2].counterpart = (struct gg_id){{7}};
    lines[2].memo = "=HYPERLINK(\"x\")";
    lines[3] = line(PAY_ENTRY_WITHDRAW, -30000, 7000, at + GG_DAY);
    lines[3].bank = "088";
    lines[3].number = "110123456789";
    *statement = (struct pay_statement){
        .month = "2026-11", .nickname = "이웃", .opening = 0, .closing = 7000, .lines = lines, .n = 4, .made_at = at};
}

static void test_csv_is_golden(void **state)
{
    static const char golden[] =
        "\xEF\xBB\xBF"
        "일시,구분,상대,공구,들어온 돈,나간 돈,잔액,메모,약관 버전,거래 번호\r\n"
        "2026-11-01,이월 잔액,,,,,0,,,\r\n"
        "2026-11-21 00:05,충전,\"\",\"\",50000,,50000,\"\",,01920000-0000-0000-0000-000000000000\r\n"
        "2026-11-21 01:05,공구 결제,\"총대\",\"고구마 10kg \"\"햇\"\"\",,12345,37655,\"\",2,"
        "01920000-0000-0000-0000-000000000000\r\n"
        "2026-11-21 02:05,보낸 송금,\"(탈퇴한 이웃)\",\"\",,655,37000,\"'=HYPERLINK(\"\"x\"\")\",,"
        "01920000-0000-0000-0000-000000000000\r\n"
        "2026-11-22 00:05,출금,\"088 ********6789\",\"\",,30000,7000,\"\",,01920000-0000-0000-0000-000000000000\r\n"
        "합계,,,,,,7000,,,\r\n";
    struct gg_arena *arena = gg_arena_create();
    struct pay_history_row lines[4];
    struct pay_statement statement;
    struct gg_buf out;

    (void)state;
    fill(lines, &statement);
    gg_buf_init(&out, 65536);
    pay_statement_csv(&statement, arena, &out);
    assert_string_equal(out.p, golden);
    gg_buf_free(&out);
    gg_arena_destroy(arena);
}

static void test_pdf_is_the_same_every_time(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct pay_history_row four[4], many[100];
    struct pay_statement statement;
    struct gg_str once, again, longer;

    (void)state;
    fill(four, &statement);
    assert_int_equal(pay_statement_pdf(&statement, arena, FONT, &once), GG_OK);
    assert_int_equal(pay_statement_pdf(&statement, arena, FONT, &again), GG_OK);
    assert_int_equal(once.n, again.n);
    assert_memory_equal(once.p, again.p, once.n);
    assert_memory_equal(once.p, "%PDF-1.", 7);
    assert_memory_equal(once.p + once.n - 6, "%%EOF\n", 5);
    assert_true(once.n > 4000 && once.n < 200000); /* the glyphs that are used, not the whole font */
    for (size_t i = 0; i < 100; i++)
        many[i] = four[i % 4];
    statement.lines = many;
    statement.n = 100;
    assert_int_equal(pay_statement_pdf(&statement, arena, FONT, &longer), GG_OK);
    assert_true(longer.n > once.n);
    gg_arena_destroy(arena);
}

static void test_a_missing_font_is_told(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct pay_history_row lines[4];
    struct pay_statement statement;
    struct gg_str bytes;

    (void)state;
    fill(lines, &statement);
    assert_int_equal(pay_statement_pdf(&statement, arena, "/nowhere.ttf", &bytes), GG_ERROR);
    gg_arena_destroy(arena);
}

static void test_won_and_numbers(void **state)
{
    struct gg_arena *arena = gg_arena_create();

    (void)state;
    assert_string_equal(pay_won_text(arena, 0), "0");
    assert_string_equal(pay_won_text(arena, 999), "999");
    assert_string_equal(pay_won_text(arena, 1000), "1,000");
    assert_string_equal(pay_won_text(arena, -1234567), "-1,234,567");
    assert_string_equal(pay_masked(arena, "110123456789"), "********6789");
    assert_string_equal(pay_masked(arena, "12"), "12");
    gg_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_is_golden),
        cmocka_unit_test(test_pdf_is_the_same_every_time),
        cmocka_unit_test(test_a_missing_font_is_told),
        cmocka_unit_test(test_won_and_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
