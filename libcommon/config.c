/* libcommon/config.c
 * Settings from the environment. */
#include "libcommon/config.h"

#include "libcommon/mem.h"
#include "libcommon/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file's contents without the line end, or NULL with errno set. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char text[4097];
    size_t n;

    if (!file)
        return NULL;
    n = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    text[n] = '\0';
    return gg_xstrdup(text);
}

/* The text of a setting: variable, file, or fallback. NULL, with the reason in `errors`, when there is none. */
static const char *find(const struct gg_setting *setting, struct gg_buf *errors)
{
    char name[128], file_name[160];
    const char *value, *path;

    snprintf(name, sizeof(name), "GONGGU_%s", setting->name);
    snprintf(file_name, sizeof(file_name), "%s_FILE", name);
    value = getenv(name);
    path = setting->secret ? getenv(file_name) : NULL;
    if (value && *value)
        return value;
    if (path && *path) {
        value = read_file(path);
        if (!value)
            gg_buf_addf(errors, "%s: cannot read %s: %s\n", file_name, path, strerror(errno));
        return value;
    }
    if (!setting->fallback)
        gg_buf_addf(errors, "%s: must be set (%s)\n", name, setting->doc);
    return setting->fallback;
}

static bool is_one_of(const char *value, const char *a, const char *b, const char *c)
{
    return strcmp(value, a) == 0 || strcmp(value, b) == 0 || strcmp(value, c) == 0;
}

static bool store(const struct gg_setting *setting, const char *value, char *config, struct gg_buf *errors)
{
    void *target = config + setting->offset;
    size_t n = strlen(value);

    switch (setting->type) {
    case GG_SETTING_TEXT:
        if ((int64_t)n < setting->min || (int64_t)n > setting->max) {
            gg_buf_addf(errors, "GONGGU_%s: must have %" PRId64 " to %" PRId64 " bytes\n", setting->name, setting->min,
                        setting->max);
            return false;
        }
        *(const char **)target = gg_xstrdup(value);
        return true;
    case GG_SETTING_INT:
        if (gg_parse_i64((struct gg_str){value, n}, setting->min, setting->max, target))
            return true;
        gg_buf_addf(errors, "GONGGU_%s: must be a whole number from %" PRId64 " to %" PRId64 "\n", setting->name,
                    setting->min, setting->max);
        return false;
    case GG_SETTING_BOOL:
        *(bool *)target = is_one_of(value, "on", "1", "true");
        if (*(bool *)target || is_one_of(value, "off", "0", "false"))
            return true;
        gg_buf_addf(errors, "GONGGU_%s: must be on or off\n", setting->name);
        return false;
    }
    return false;
}

bool gg_config_load(const struct gg_setting *table, size_t n, void *config, struct gg_buf *errors)
{
    bool ok = true;

    for (size_t i = 0; i < n; i++) {
        const char *value = find(&table[i], errors);
        ok = value && store(&table[i], value, config, errors) && ok;
    }
    return ok;
}

static const char *default_text(const struct gg_setting *setting)
{
    if (!setting->fallback)
        return "required";
    return setting->secret ? "secret" : setting->fallback;
}

void gg_config_help(const struct gg_setting *table, size_t n, struct gg_buf *out)
{
    for (size_t i = 0; i < n; i++)
        gg_buf_addf(out, "  GONGGU_%-20s %s [%s]\n", table[i].name, table[i].doc, default_text(&table[i]));
}

void gg_config_markdown(const struct gg_setting *table, size_t n, struct gg_buf *out)
{
    for (size_t i = 0; i < n; i++)
        gg_buf_addf(out, "| `GONGGU_%s`%s | %s%s%s | %s |\n", table[i].name, table[i].secret ? " (or `_FILE`)" : "",
                    table[i].fallback && !table[i].secret ? "`" : "", default_text(&table[i]),
                    table[i].fallback && !table[i].secret ? "`" : "", table[i].doc);
}
