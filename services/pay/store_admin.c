/* services/pay/store_admin.c
 * SQL of corrections, reconciliation and the state an administrator looks at. */
#include "store_admin.h"

enum gg_status pay_correction_insert(struct gg_db *db, const struct pay_correction *row)
{
    return gg_db_exec(
        db,
        "INSERT INTO correction (id, debit_account, credit_account, amount, reason, review_id, proposed_by,"
        " proposed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        GG_ARGS(gg_v_id(&row->id), gg_v_id(&row->from), gg_v_id(&row->to), gg_v_int(row->amount_won),
                gg_v_text(row->reason), gg_v_id(&row->review), gg_v_id(&row->proposed_by), gg_v_time(row->proposed_at)),
        NULL);
}

#define CORRECTION_QUERY                                                                                               \
    "SELECT id, debit_account, credit_account, amount, reason, state, review_id, proposed_by, decided_by, "            \
    "transfer_id,"                                                                                                     \
    " proposed_at, decided_at FROM correction"

static struct pay_correction read_correction(const struct gg_rows *rows, size_t i)
{
    return (struct pay_correction){
        .id = gg_row_id(rows, i, 0),
        .from = gg_row_id(rows, i, 1),
        .to = gg_row_id(rows, i, 2),
        .amount_won = gg_row_int(rows, i, 3),
        .reason = gg_row_text(rows, i, 4),
        .state = gg_row_text(rows, i, 5),
        .review = gg_row_id(rows, i, 6),
        .proposed_by = gg_row_id(rows, i, 7),
        .decided_by = gg_row_id(rows, i, 8),
        .transfer = gg_row_id(rows, i, 9),
        .proposed_at = gg_row_time(rows, i, 10),
        .decided_at = gg_row_time(rows, i, 11),
    };
}

enum gg_status pay_correction_lock(struct gg_db *db, struct gg_arena *arena, struct gg_id id,
                                   struct pay_correction *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena, CORRECTION_QUERY " WHERE id = ? FOR UPDATE", GG_ARGS(gg_v_id(&id)), &rows));
    *out = read_correction(&rows, 0);
    return GG_OK;
}

enum gg_status pay_correction_decide(struct gg_db *db, const struct pay_correction *row)
{
    return gg_db_exec_one(db,
                          "UPDATE correction SET state = ?, decided_by = ?, decided_at = ?, transfer_id = ?"
                          " WHERE id = ? AND state = 'proposed'",
                          GG_ARGS(gg_v_text(row->state), gg_v_id(&row->decided_by), gg_v_time(row->decided_at),
                                  gg_v_id(&row->transfer), gg_v_id(&row->id)));
}

enum gg_status pay_corrections(struct gg_db *db, struct gg_arena *arena, struct pay_correction **out, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena, CORRECTION_QUERY " ORDER BY proposed_at DESC, id DESC LIMIT 100", GG_NO_ARGS, &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_correction, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = read_correction(&rows, i);
    return GG_OK;
}

/* --- reconciliation --- */

enum gg_status pay_reconciliation_insert(struct gg_db *db, const struct pay_reconciliation *report)
{
    const struct pay_finding *findings = report->findings.items;

    GG_TRY(gg_db_exec(db,
                      "INSERT INTO reconciliation (id, day, state, charges, charges_won, reversals_won, withdrawals,"
                      " withdrawals_won, healed, unexplained, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      GG_ARGS(gg_v_id(&report->id), gg_v_text(report->day), gg_v_text(report->state),
                              gg_v_int(report->charges), gg_v_int(report->charges_won), gg_v_int(report->reversals_won),
                              gg_v_int(report->withdrawals), gg_v_int(report->withdrawals_won),
                              gg_v_int(report->healed), gg_v_int(report->unexplained), gg_v_time(report->made_at)),
                      NULL));
    for (size_t i = 0; i < report->findings.n; i++)
        GG_TRY(
            gg_db_exec(db,
                       "INSERT INTO reconciliation_finding (report_id, number, kind, reference, ours, theirs, outcome)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?)",
                       GG_ARGS(gg_v_id(&report->id), gg_v_int((int64_t)i + 1), gg_v_text(findings[i].kind),
                               gg_v_text(findings[i].reference), gg_v_int(findings[i].ours_won),
                               gg_v_int(findings[i].theirs_won), gg_v_text(findings[i].outcome)),
                       NULL));
    return GG_OK;
}

enum gg_status pay_reconciliations(struct gg_db *db, struct gg_arena *arena, struct pay_reconciliation **out, size_t *n)
{
    struct gg_rows rows;

    GG_TRY(
        gg_db_query(db, arena,
                    "SELECT id, day, state, charges, charges_won, reversals_won, withdrawals, withdrawals_won, healed,"
                    " unexplained, made_at FROM reconciliation ORDER BY made_at DESC, id DESC LIMIT 100",
                    GG_NO_ARGS, &rows));
    *n = rows.n;
    *out = GG_NEW_ARRAY(arena, struct pay_reconciliation, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        (*out)[i] = (struct pay_reconciliation){
            .id = gg_row_id(&rows, i, 0),
            .day = gg_row_text(&rows, i, 1),
            .state = gg_row_text(&rows, i, 2),
            .charges = gg_row_int(&rows, i, 3),
            .charges_won = gg_row_int(&rows, i, 4),
            .reversals_won = gg_row_int(&rows, i, 5),
            .withdrawals = gg_row_int(&rows, i, 6),
            .withdrawals_won = gg_row_int(&rows, i, 7),
            .healed = gg_row_int(&rows, i, 8),
            .unexplained = gg_row_int(&rows, i, 9),
            .made_at = gg_row_time(&rows, i, 10),
        };
    return GG_OK;
}

enum gg_status pay_findings(struct gg_db *db, struct gg_arena *arena, struct pay_reconciliation *report)
{
    struct pay_finding *items;
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT kind, reference, ours, theirs, outcome FROM reconciliation_finding WHERE report_id = ?"
                       " ORDER BY number LIMIT 500",
                       GG_ARGS(gg_v_id(&report->id)), &rows));
    items = GG_NEW_ARRAY(arena, struct pay_finding, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = (struct pay_finding){
            .kind = gg_row_text(&rows, i, 0),
            .reference = gg_row_text(&rows, i, 1),
            .ours_won = gg_row_int(&rows, i, 2),
            .theirs_won = gg_row_int(&rows, i, 3),
            .outcome = gg_row_text(&rows, i, 4),
        };
    report->findings = (struct gg_list){items, rows.n};
    return GG_OK;
}

static void read_ours(struct gg_arena *arena, const struct gg_rows *rows, struct pay_ours **out, size_t *n)
{
    *n = rows->n;
    *out = GG_NEW_ARRAY(arena, struct pay_ours, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        (*out)[i] = (struct pay_ours){gg_row_id(rows, i, 0), gg_row_id(rows, i, 1), gg_row_int(rows, i, 2)};
}

enum gg_status pay_charges_of_day(struct gg_db *db, struct gg_arena *arena, const char *day, struct pay_ours **out,
                                  size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(db, arena,
                       "SELECT id, user_id, amount FROM charge WHERE provider_date = ? AND state = 'done' ORDER BY id",
                       GG_ARGS(gg_v_text(day)), &rows));
    read_ours(arena, &rows, out, n);
    return GG_OK;
}

enum gg_status pay_withdrawals_of_day(struct gg_db *db, struct gg_arena *arena, const char *day, struct pay_ours **out,
                                      size_t *n)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query(
        db, arena, "SELECT id, user_id, amount FROM withdrawal WHERE bank_date = ? AND state = 'posted' ORDER BY id",
        GG_ARGS(gg_v_text(day)), &rows));
    read_ours(arena, &rows, out, n);
    return GG_OK;
}

enum gg_status pay_admin_counts(struct gg_db *db, struct gg_arena *arena, struct pay_admin_state *out)
{
    struct gg_rows rows;

    GG_TRY(gg_db_query_one(db, arena,
                           "SELECT (SELECT COUNT(*) FROM review WHERE state <> 'decided'),"
                           " (SELECT COUNT(*) FROM correction WHERE state = 'proposed'),"
                           " (SELECT COUNT(*) FROM withdrawal WHERE state = 'pending')",
                           GG_NO_ARGS, &rows));
    out->reviews_open = gg_row_int(&rows, 0, 0);
    out->corrections_proposed = gg_row_int(&rows, 0, 1);
    out->withdrawals_open = gg_row_int(&rows, 0, 2);
    return GG_OK;
}
