/* libcommon/config.c
 * Settings from the environment. */
#include "libcommon/config.h"

#include "libcommon/mem.h"
#include "libcommon/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES 4096
#define FILE_TEXT      (FILE_MAX_BYTES + 2) /* one more shows that a file is too long, and the NUL */

/* The file's contents without the line end, or NULL with the reason in `errors`. An empty secret is a mistake, and one
 * that is cut would be another secret. */
static const char *read_file(const char *name, const char *path, char text[FILE_TEXT], struct gg_buf *errors)
{
    FILE *file = fopen(path, "r");
    bool good = false;
    size_t n = 0;

    if (file) {
        n = fread(text, 1, FILE_TEXT - 1, file);
        good = !ferror(file);
        fclose(file);
    }
    if (!good) {
        gg_buf_addf(errors, "%s: cannot read %s: %s\n", name, path, strerror(errno));
        return NULL;
    }
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    text[n] = '\0';
    if (n == 0 || n > FILE_MAX_BYTES || strlen(text) != n) {
        gg_buf_addf(errors, "%s: %s must hold 1 to %d bytes of text\n", name, path, FILE_MAX_BYTES);
        return NULL;
    }
    return text;
}

/* The text of a setting: variable, file (read into `text`), or fallback. NULL, with the reason in `errors`, when there
 * is none. */
static const char *find(const struct gg_setting *setting, char text[FILE_TEXT], struct gg_buf *errors)
{
    char name[128], file_name[160];
    const char *value, *path;

    snprintf(name, sizeof(name), "GONGGU_%s", setting->name);
    snprintf(file_name, sizeof(file_name), "%s_FILE", name);
    value = getenv(name);
    path = setting->secret ? getenv(file_name) : NULL;
    if (value && *value)
        return value;
    if (path && *path)
        return read_file(file_name, path, text, errors);
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
    char text[FILE_TEXT];
    bool ok = true;

    for (size_t i = 0; i < n; i++) {
        const char *value = find(&table[i], text, errors);
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
