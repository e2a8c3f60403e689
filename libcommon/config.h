/* libcommon/config.h
 * Settings: one table from which the environment is read, --help printed and a bad value refused by name. */
#ifndef LIBCOMMON_CONFIG_H
#define LIBCOMMON_CONFIG_H

#include "libcommon/buf.h"

enum gg_setting_type { GG_SETTING_TEXT, GG_SETTING_INT, GG_SETTING_BOOL };

/* One setting. The variable is GONGGU_<NAME>; a secret may instead stand in the file named by GONGGU_<NAME>_FILE
 * (trailing line end cut). */
struct gg_setting {
    const char *name; /* "DB_HOST" */
    enum gg_setting_type type;
    size_t offset;        /* in the configuration struct: const char *, int64_t or bool */
    const char *fallback; /* NULL: must be set */
    int64_t min, max;     /* INT: value; TEXT: length in bytes; unused for BOOL (on|off|1|0|true|false) */
    bool secret;          /* never printed or logged */
    const char *doc;      /* one line */
};

#define GG_SET_TEXT(strct, field, name, fallback, doc)                                                                 \
    {                                                                                                                  \
        name, GG_SETTING_TEXT, offsetof(strct, field), fallback, 0, 4096, false, doc                                   \
    }
#define GG_SET_SECRET(strct, field, name, fallback, doc)                                                               \
    {                                                                                                                  \
        name, GG_SETTING_TEXT, offsetof(strct, field), fallback, 0, 4096, true, doc                                    \
    }
#define GG_SET_INT(strct, field, name, fallback, min, max, doc)                                                        \
    {                                                                                                                  \
        name, GG_SETTING_INT, offsetof(strct, field), fallback, min, max, false, doc                                   \
    }
#define GG_SET_BOOL(strct, field, name, fallback, doc)                                                                 \
    {                                                                                                                  \
        name, GG_SETTING_BOOL, offsetof(strct, field), fallback, 0, 1, false, doc                                      \
    }

/* Fills `config` from the environment. On bad or missing values writes one line per setting, with name and reason, to
 * `errors` and answers false. Texts live as long as the process. */
bool gg_config_load(const struct gg_setting *table, size_t n, void *config, struct gg_buf *errors) GG_MUSTCHECK;
/* The table as text for --help, or as Markdown rows for docs. Secrets show no fallback. */
void gg_config_help(const struct gg_setting *table, size_t n, struct gg_buf *out);
void gg_config_markdown(const struct gg_setting *table, size_t n, struct gg_buf *out);

#endif
