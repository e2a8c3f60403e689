/* libcommon/test/test_config.c
 * Settings: every bad value is refused by name, secrets come from files and are never shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libcommon/config.h"

struct config {
    const char *host, *password, *optional_secret;
    int64_t port;
    bool https;
};

static const struct gg_setting table[] = {
    GG_SET_TEXT(struct config, host, "T_HOST", NULL, "where it is"),
    GG_SET_SECRET(struct config, password, "T_PASSWORD", NULL, "how to get in"),
    GG_SET_SECRET(struct config, optional_secret, "T_TOKEN", "hunter2", "another way in"),
    GG_SET_INT(struct config, port, "T_PORT", "3306", 1, 65535, "the door"),
    GG_SET_BOOL(struct config, https, "T_HTTPS", "off", "closed or open"),
};

/* Every load has its own, as texts live as long as the process. */
static struct config loads[64], *config = loads;
static struct gg_buf errors;

static int clean(void **state)
{
    static const char *const names[] = {"GONGGU_T_HOST",  "GONGGU_T_PASSWORD",   "GONGGU_T_PASSWORD_FILE",
                                        "GONGGU_T_TOKEN", "GONGGU_T_TOKEN_FILE", "GONGGU_T_PORT",
                                        "GONGGU_T_HTTPS", "GONGGU_T_HOST_FILE"};
    (void)state;
    for (size_t i = 0; i < GG_LEN(names); i++)
        unsetenv(names[i]);
    gg_buf_init(&errors, 8192);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    gg_buf_free(&errors);
    return 0;
}

static bool load(void)
{
    gg_buf_clear(&errors);
    config++;
    assert_true(config < loads + GG_LEN(loads));
    return gg_config_load(table, GG_LEN(table), config, &errors);
}

/* Sets one variable beside good ones and expects exactly one complaint, about that name. */
static void refused(const char *name, const char *value)
{
    setenv("GONGGU_T_HOST", "db", 1);
    setenv("GONGGU_T_PASSWORD", "p", 1);
    setenv(name, value, 1);
    assert_false(load());
    assert_ptr_equal(strstr(errors.p, name), errors.p);
    assert_ptr_equal(strchr(errors.p, '\n'), errors.p + errors.n - 1);
    unsetenv(name);
}

static void defaults_and_values(void **state)
{
    (void)state;
    setenv("GONGGU_T_HOST", "db.example", 1);
    setenv("GONGGU_T_PASSWORD", "p w", 1);
    assert_true(load());
    assert_string_equal(errors.p, "");
    assert_string_equal(config->host, "db.example");
    assert_string_equal(config->password, "p w");
    assert_string_equal(config->optional_secret, "hunter2");
    assert_int_equal(config->port, 3306);
    assert_false(config->https);
    setenv("GONGGU_T_PORT", "65535", 1);
    setenv("GONGGU_T_HTTPS", "on", 1);
    setenv("GONGGU_T_TOKEN", "", 1); /* as good as not set */
    assert_true(load());
    assert_int_equal(config->port, 65535);
    assert_true(config->https);
    assert_string_equal(config->optional_secret, "hunter2");
}

static void all_that_is_missing_is_named_at_once(void **state)
{
    (void)state;
    assert_false(load());
    assert_string_equal(errors.p, "GONGGU_T_HOST: must be set (where it is)\n"
                                  "GONGGU_T_PASSWORD: must be set (how to get in)\n");
}

static void bad_values_are_named(void **state)
{
    static const char *const ports[] = {"0", "65536", "-1", "x", "80 ", "080", "1e3", "99999999999999999999"};
    static const char *const switches[] = {"yes", "ON", "2", "offf", " on"};
    char text[5000];

    (void)state;
    for (size_t i = 0; i < GG_LEN(ports); i++)
        refused("GONGGU_T_PORT", ports[i]);
    for (size_t i = 0; i < GG_LEN(switches); i++)
        refused("GONGGU_T_HTTPS", switches[i]);
    memset(text, 'x', sizeof(text));
    text[4097] = '\0';
    refused("GONGGU_T_HOST", text);
    assert_null(strstr(errors.p, "xxx"));
    text[4096] = '\0';
    setenv("GONGGU_T_HOST", text, 1);
    assert_true(load());
}

/* Loads with the password in a file of these bytes. */
static bool load_file(const char *text, size_t n)
{
    char path[] = "/tmp/gonggu-secret-XXXXXX";
    int fd = mkstemp(path);
    bool ok;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), n);
    close(fd);
    unsetenv("GONGGU_T_PASSWORD");
    setenv("GONGGU_T_HOST", "db", 1);
    setenv("GONGGU_T_PASSWORD_FILE", path, 1);
    ok = load();
    unlink(path);
    return ok;
}

static void secrets_from_files(void **state)
{
    char text[5000];

    (void)state;
    assert_true(load_file("s3cret\r\n", 8));
    assert_string_equal(config->password, "s3cret");
    assert_true(load_file(" s3 cret ", 9));
    assert_string_equal(config->password, " s3 cret ");
    memset(text, 'x', sizeof(text));
    assert_true(load_file(text, 4096));
    assert_int_equal(strlen(config->password), 4096);
    text[4096] = '\n';
    assert_true(load_file(text, 4097));
    text[4096] = 'x';
    assert_false(load_file(text, 4097)); /* never a part of a secret */
    assert_false(load_file(text, 5000));
    assert_false(load_file("a\0b", 3));
    assert_false(load_file("\n", 1));
    assert_false(load_file("", 0));
    assert_ptr_equal(strstr(errors.p, "GONGGU_T_PASSWORD_FILE: "), errors.p);
    setenv("GONGGU_T_PASSWORD_FILE", "/nonexistent/secret", 1);
    assert_false(load());
    assert_non_null(strstr(errors.p, "GONGGU_T_PASSWORD_FILE: cannot read /nonexistent/secret: No such file"));
    setenv("GONGGU_T_PASSWORD_FILE", "/tmp", 1);
    assert_false(load());
    assert_non_null(strstr(errors.p, "cannot read /tmp: Is a directory"));
    setenv("GONGGU_T_PASSWORD", "direct", 1);
    assert_true(load());
    assert_string_equal(config->password, "direct");
}

static void only_secrets_have_files(void **state)
{
    (void)state;
    setenv("GONGGU_T_PASSWORD", "p", 1);
    setenv("GONGGU_T_HOST_FILE", "/etc/hostname", 1);
    assert_false(load());
    assert_string_equal(errors.p, "GONGGU_T_HOST: must be set (where it is)\n");
}

static void help_shows_all_but_secrets(void **state)
{
    struct gg_buf out;

    (void)state;
    gg_buf_init(&out, 8192);
    gg_config_help(table, GG_LEN(table), &out);
    gg_config_markdown(table, GG_LEN(table), &out);
    for (size_t i = 0; i < GG_LEN(table); i++) {
        assert_non_null(strstr(out.p, table[i].name));
        assert_non_null(strstr(out.p, table[i].doc));
    }
    assert_non_null(strstr(out.p, "3306"));
    assert_null(strstr(out.p, "hunter2"));
    gg_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(defaults_and_values, clean, drop),
        cmocka_unit_test_setup_teardown(all_that_is_missing_is_named_at_once, clean, drop),
        cmocka_unit_test_setup_teardown(bad_values_are_named, clean, drop),
        cmocka_unit_test_setup_teardown(secrets_from_files, clean, drop),
        cmocka_unit_test_setup_teardown(only_secrets_have_files, clean, drop),
        cmocka_unit_test_setup_teardown(help_shows_all_but_secrets, clean, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
