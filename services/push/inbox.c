/* services/push/inbox.c
 * Telling somebody, exactly once. */
#include "inbox.h"

#include "libcommon/clock.h"

struct push_config push_config;
struct gg_ec_key *push_vapid_key;

static enum gg_status announce(struct gg_db *db, struct gg_id user, int64_t version, int64_t unread)
{
    GG_TRY(push_inbox_put(db, user, version, unread));
    return gg_emit(db, &PUSH_INBOX_CHANGED, user, version, &(struct push_inbox_changed){user, unread});
}

enum gg_status push_count(struct gg_db *db, struct gg_arena *arena, struct gg_id user, int64_t delta)
{
    int64_t version, unread;

    GG_TRY(push_inbox_lock(db, arena, user, &version, &unread));
    return announce(db, user, version + 1, unread + delta);
}

static enum gg_status plan_deliveries(struct gg_event *event, const struct push_facts *facts)
{
    struct push_device_row *devices;
    size_t n;

    GG_TRY(push_devices(event->db, event->arena, facts->user, &devices, &n));
    for (size_t i = 0; i < n; i++) {
        struct gg_id id = gg_id_new();
        GG_TRY(push_delivery_insert(event->db, id, facts->id, devices[i].id,
                                    gg_now() + push_ttl(facts->kind) * GG_SECOND));
        GG_TRY(gg_due_set(event->db, PUSH_DUE_DELIVER, id, gg_now()));
    }
    return GG_OK;
}

enum gg_status push_tell(struct gg_event *event, struct gg_id user, enum push_kind kind, struct gg_id deal,
                         const char *title, const char *who, int64_t amount_won)
{
    char name[GG_ID_TEXT];
    int64_t version, unread;
    struct push_facts facts = {
        .user = user,
        .event = event->id,
        .deal = deal,
        .kind = (int)kind,
        .title = title,
        .who = who,
        .amount_won = amount_won,
        .at = event->time,
    };
    enum gg_status status;

    gg_id_format(user, name);
    facts.id = gg_id_derive(event->id, name);
    GG_TRY(push_inbox_lock(event->db, event->arena, user, &version, &unread));
    facts.position = version + 1;
    status = push_notice_insert(event->db, &facts);
    if (status == GG_DUPLICATE)
        return GG_OK;
    GG_TRY(status);
    GG_TRY(announce(event->db, user, version + 1, unread + 1));
    return plan_deliveries(event, &facts);
}
