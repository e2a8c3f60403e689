/* services/deal/test/test_og.c
 * Pages of shops as they come, and addresses as browsers read them; ICS lines; levels. */
#include "ics.h"
#include "level.h"
#include "libcommon/text.h"
#include "og.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct deal_og og_of(struct gg_arena *arena, const char *html)
{
    struct deal_og og;

    deal_og_read(arena, (struct gg_str){html, strlen(html)}, &og);
    return og;
}

static void properties_are_read(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    struct deal_og og =
        og_of(arena, "<html><TITLE>x</TITLE><META content='a &amp;&#32;b&#x21; ' property=og:title>"
                     "<meta name=\"og:image\" content=//cdn.example/1.jpg><meta property=\"og:price:amount\""
                     " content=\"\xe2\x82\xa9 12,900\xec\x9b\x90\">");

    (void)state;
    assert_string_equal(og.title, "a & b!");
    assert_string_equal(og.image, "//cdn.example/1.jpg");
    assert_int_equal(og.price_won, 12900);
    og = og_of(arena, "<title> only\n\n a   title </title><script>{\"price\" : 500}</script>");
    assert_string_equal(og.title, "only a title");
    assert_int_equal(og.price_won, 500);
    og = og_of(arena, "<meta property=\"og:title\" content=\"\xb0\xa8\xc0\xda\">"); /* EUC-KR */
    assert_null(og.title);
    og = og_of(arena, "<meta property=\"og:title\" content=\"&#0;&#xd800;&#99999999999;&bogus;\">");
    assert_non_null(og.title);
    gg_arena_destroy(arena);
}

static void broken_pages_are_survived(void **state)
{
    static const char page[] = "<title>a</title><meta property=\"og:title\" content=\"&#x1f954; \xea\xb0\x90&amp\">"
                               "<meta property='og:image' content='x'><script>\"price\":\"12</script>";
    struct gg_arena *arena = gg_arena_create();
    struct deal_og og;

    (void)state;
    for (size_t n = 0; n < sizeof(page); n++)
        for (size_t change = 0; change < n; change += 3) {
            char *cut = memcpy(gg_xmalloc(n + 1), page, n);
            cut[change] = "<>\"'&;= "[change % 8];
            deal_og_read(arena, (struct gg_str){cut, n}, &og);
            if (og.title)
                assert_true(gg_utf8_valid((struct gg_str){og.title, strlen(og.title)}));
            free(cut);
            gg_arena_reset(arena);
        }
    gg_arena_destroy(arena);
}

static void addresses_join_as_in_browsers(void **state)
{
    struct gg_arena *arena = gg_arena_create();
    const char *base = "https://shop.example:8443/a/b?x=/y";

    (void)state;
    assert_string_equal(deal_url_join(arena, base, "/p"), "https://shop.example:8443/p");
    assert_string_equal(deal_url_join(arena, base, "p.png"), "https://shop.example:8443/a/p.png");
    assert_string_equal(deal_url_join(arena, base, "//cdn.example/p"), "https://cdn.example/p");
    assert_string_equal(deal_url_join(arena, base, "http://other/p"), "http://other/p");
    assert_string_equal(deal_url_join(arena, "http://h", "p"), "http://h/p");
    assert_null(deal_url_join(arena, base, "file:///etc/passwd"));
    assert_null(deal_url_join(arena, base, "http://u:p@other/"));
    assert_false(deal_url_valid("javascript:alert(1)"));
    assert_false(deal_url_valid("http://a\\@b/"));
    assert_false(deal_url_valid("http://a b/"));
    assert_true(deal_url_valid("HTTPS://example.com/@x"));
    assert_string_equal(deal_url_host(arena, base), "shop.example:8443");
    gg_arena_destroy(arena);
}

static void calendars_fold_and_escape(void **state)
{
    struct deal_pickup_event e = {
        .title = "a\\b;c,d", .place = "", .note = "one\ntwo", .url = "https://x/", .version = 3};
    char place[601] = "";
    struct gg_buf out;

    (void)state;
    for (int i = 0; i < 200; i++)
        memcpy(place + (size_t)i * 3, "\xea\xb0\x90", 3);
    e.place = place;
    gg_buf_init(&out, 100000);
    deal_ics_print(&out, &e, 1);
    assert_non_null(strstr(out.p, "SUMMARY:a\\\\b\\;c\\,d\r\n"));
    assert_non_null(strstr(out.p, "DESCRIPTION:one\\ntwo\r\n"));
    for (const char *p = out.p; *p;) {
        size_t n = strcspn(p, "\r\n");
        assert_true(n <= 75);
        assert_true(gg_utf8_valid((struct gg_str){p, n}));
        assert_memory_equal(p + n, "\r\n", 2);
        p += n + 2;
    }
    gg_buf_free(&out);
}

static void levels_follow_from_points(void **state)
{
    int64_t counts[DEAL_COUNTS] = {0};

    (void)state;
    assert_int_equal(deal_level_points(counts), 0);
    assert_int_equal(deal_level_of(0), 1);
    counts[DEAL_FACT_NO_SHOW] = 1;
    assert_int_equal(deal_level_of(deal_level_points(counts)), 0);
    for (int64_t points = -50, last = 0; points < 500; points++) {
        int64_t level = deal_level_of(points);
        assert_true(level >= last && level <= 9);
        last = level;
    }
    assert_int_equal(deal_level_of(1000000), 9);
    for (int i = 0; i < DEAL_COUNTS; i++)
        assert_non_null(deal_weights[i].because);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_are_read),           cmocka_unit_test(broken_pages_are_survived),
        cmocka_unit_test(addresses_join_as_in_browsers), cmocka_unit_test(calendars_fold_and_escape),
        cmocka_unit_test(levels_follow_from_points),
    };

    return cmocka_run_group_tests_name("og", tests, NULL, NULL);
}
