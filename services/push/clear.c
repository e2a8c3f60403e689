/* services/push/clear.c
 * What may leave the house, and in which words. */
#include "clear.h"

#include <string.h>

#define MARK "(광고)"

struct push_cleared {
    const struct push_rule *rule;
    struct push_notice notice;
    enum push_lang lang;
};

const struct push_cleared *push_clear(struct gg_arena *arena, const struct push_facts *facts, enum push_lang lang,
                                      int64_t ads_since, int64_t ads_at_night_since, int64_t now)
{
    struct push_cleared *cleared = GG_NEW(arena, struct push_cleared);

    cleared->rule = push_rule(facts->kind);
    cleared->lang = lang;
    push_render(arena, facts, lang, &cleared->notice);
    if (cleared->rule->class != PUSH_AD)
        return cleared;
    if (!push_consent_stands(ads_since, now))
        return NULL;
    if (push_night_end(now) != now && !push_consent_stands(ads_at_night_since, now))
        return NULL;
    return strncmp(cleared->notice.title, MARK, sizeof(MARK) - 1) == 0 ? cleared : NULL;
}

void push_payload(struct gg_arena *arena, const struct push_cleared *cleared, const char *ack, struct gg_buf *out)
{
    const struct push_notice *notice = &cleared->notice;
    char *tag = gg_alloc(arena, GG_ID_TEXT);
    const char *words = cleared->rule->action[cleared->lang];
    struct push_action action = {"open", words, notice->link};
    struct push_payload payload = {
        .id = notice->id,
        .kind = notice->kind,
        .title = notice->title,
        .body = notice->body,
        .link = notice->link,
        .lang = push_lang_names[cleared->lang],
        .tag = tag,
        .ack = ack,
        .actions = {&action, words ? 1 : 0},
        .at = notice->at,
    };

    gg_id_format(notice->id, tag);
    gg_json_encode(out, &push_payload_msg, &payload);
}

const char *push_text_message(struct gg_arena *arena, const struct push_cleared *cleared, const char *site)
{
    const struct push_notice *notice = &cleared->notice;

    if (cleared->rule->class == PUSH_AD)
        return gg_sprintf(arena, "%s\n%s\n%s%s\n무료수신거부 %s/me/push", notice->title, notice->body, site,
                          notice->link, site);
    return gg_sprintf(arena, "[공구] %s\n%s%s", notice->body, site, notice->link);
}

bool push_is_advertising(const struct push_cleared *cleared)
{
    return cleared->rule->class == PUSH_AD;
}
