/* services/deal/test/test_words.c
 * What titles are found by, and units as neighbours write them. */
#include "unit.h"
#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static bool has(const struct deal_words *words, const char *word)
{
    for (size_t i = 0; i < words->n; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return false;
}

/* Would a deal with this title be an answer to this question? */
static bool found(const char *title, const char *question)
{
    struct gg_arena *arena = gg_arena_create();
    struct deal_words of = {0}, asked = {0};
    bool all = true;

    deal_words_of(arena, title, &of);
    deal_words_asked(arena, question, &asked);
    for (size_t i = 0; i < asked.n; i++)
        all = all && has(&of, asked.items[i]);
    gg_arena_destroy(arena);
    return all;
}

static void korean_is_found_by_any_two_syllables(void **state)
{
    (void)state;
    assert_true(found("강원도햇감자 나눠요", "감자"));
    assert_true(found("강원도햇감자 나눠요", "원도"));
    assert_true(found("강원도햇감자 나눠요", "햇감자 강원"));
    assert_true(found("배 한 상자", "배"));
    assert_true(found("배추김치", "배"));
    assert_false(found("강원도햇감자 나눠요", "고구마"));
    assert_false(found("감 자두", "감자"));
    assert_true(found("감자🥔10kg(특)", "특"));
    assert_true(found("감자🥔10kg", "10KG 감자"));
}

static void english_is_found_by_its_beginning(void **state)
{
    (void)state;
    assert_true(found("Kirkland Olive Oil 2L", "olive"));
    assert_true(found("Kirkland Olive Oil 2L", "OLI kirk"));
    assert_false(found("Kirkland Olive Oil 2L", "live"));
    assert_true(found("Crème brûlée", "crè"));
    assert_true(found("Internationalization box", "internationalizations")); /* twelve letters count */
    assert_true(found("어느 것이든", "?! ~"));
}

static void tags_are_found_whole(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct deal_words words = {0};

    (void)state;
    deal_words_of_tag(arena, "Vegan식단", &words);
    assert_true(has(&words, "#vegan식단"));
    assert_true(has(&words, "식단"));
    assert_true(has(&words, "veg"));
    assert_string_equal(deal_word_of_tag(arena, "VEGAN식단"), "#vegan식단");
    gg_arena_destroy(arena);
}

static void much_text_stays_bounded(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct deal_words words = {0};
    char text[3 * 900 + 1] = "";

    (void)state;
    for (int i = 0; i < 900; i++) /* Hangul syllables one after the other: all pairs differ */
        memcpy(text + (size_t)i * 3, (char[]){(char)0xea, (char)(0xb0 + i / 64), (char)(0x80 + i % 64)}, 3);
    text[3 * 900] = 0;
    deal_words_of(arena, text, &words);
    assert_true(words.n <= DEAL_WORDS_MAX && words.n > 200);
    words = (struct deal_words){0};
    deal_words_asked(arena, text, &words);
    assert_int_equal(words.n, DEAL_ASKED_MAX);
    gg_arena_destroy(arena);
}

static void units_as_they_are_written(void **state)
{
    static const struct {
        const char *unit;
        enum deal_measure measure;
        int64_t thousandths;
    } cases[] = {
        {"500g", DEAL_GRAM, 500000},
        {"1kg", DEAL_GRAM, 1000000},
        {"1.5 KG", DEAL_GRAM, 1500000},
        {"2L", DEAL_MILLILITRE, 2000000},
        {"350ml", DEAL_MILLILITRE, 350000},
        {"5개", DEAL_PIECE, 5000},
        {"30구", DEAL_PIECE, 30000},
        {"한 봉", DEAL_PIECE, 1000},
        {"0.25kg", DEAL_GRAM, 250000},
        {"약 600g (1근)", DEAL_GRAM, 600000},
        {"0g", DEAL_PIECE, 1000},
        {"3 gallon", DEAL_PIECE, 3000},
        {"", DEAL_PIECE, 1000},
        {"1.", DEAL_PIECE, 1000},
        {"99999999999999999999kg", DEAL_PIECE, 0},
    };
    enum deal_measure measure;
    int64_t thousandths;

    (void)state;
    for (size_t i = 0; i + 1 < GG_LEN(cases); i++) {
        deal_unit_read(cases[i].unit, &measure, &thousandths);
        assert_int_equal(measure, cases[i].measure);
        assert_int_equal(thousandths, cases[i].thousandths);
    }
    deal_unit_read(cases[GG_LEN(cases) - 1].unit, &measure, &thousandths);
    assert_true(thousandths > 0);
    assert_int_equal(deal_unit_won("500g", 3000, &measure), 600);
    assert_int_equal(deal_unit_won("3개", 1000, &measure), 333);
    assert_int_equal(deal_unit_won("3개", 2000, &measure), 667);
    assert_int_equal(deal_unit_won("1.5L", 3000, &measure), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(korean_is_found_by_any_two_syllables),
        cmocka_unit_test(english_is_found_by_its_beginning),
        cmocka_unit_test(tags_are_found_whole),
        cmocka_unit_test(much_text_stays_bounded),
        cmocka_unit_test(units_as_they_are_written),
    };

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
