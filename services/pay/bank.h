/* services/pay/bank.h
 * The bank that pays out to neighbours' accounts: whose account is it, transfer, where does it stand, statement.
 * Blocks: OUT pool only; the judgement is pure. */
#ifndef PAY_BANK_H
#define PAY_BANK_H

#include "libcommon/id.h"
#include "libcommon/mem.h"

struct pay_bank_config {
    const char *url;    /* base address, without a slash at the end */
    const char *secret; /* bearer key */
};

/* Where money goes. Texts live in the caller's arena. */
struct pay_bank_target {
    const char *bank, *number, *holder;
};

enum pay_bank_state {
    PAY_BANK_DONE,
    PAY_BANK_PENDING,  /* accepted, not booked yet */
    PAY_BANK_REFUSED,  /* never booked */
    PAY_BANK_RETURNED, /* booked, and back again */
    PAY_BANK_ODD       /* a state we do not know */
};

/* A transfer as the bank tells of it. */
struct pay_bank_transfer {
    struct gg_id reference; /* zero: none of ours */
    int state;              /* enum pay_bank_state */
    int64_t amount;
    const char *transfer, *date, *code; /* the bank's id and day ("2026-11-21"); why it was refused ("" if not) */
};

/* Each answers GG_UNAVAILABLE (logged) when the bank gives no usable answer. */

/* Whose account it is: target->holder and `bank_name` are set. GG_NOT_FOUND: the bank does not know it. */
enum gg_status pay_bank_name(struct gg_arena *arena, struct pay_bank_target *target,
                             const char **bank_name) GG_MUSTCHECK;
/* Pays out. The reference makes it once. GG_DUPLICATE: the bank has another transfer under this reference. */
enum gg_status pay_bank_transfer(struct gg_arena *arena, struct gg_id reference, const struct pay_bank_target *target,
                                 int64_t amount, struct pay_bank_transfer *out) GG_MUSTCHECK;
/* GG_NOT_FOUND: the bank has never heard of it. */
enum gg_status pay_bank_look_up(struct gg_arena *arena, struct gg_id reference,
                                struct pay_bank_transfer *out) GG_MUSTCHECK;

struct pay_bank_line {
    struct gg_id reference; /* zero: none of ours */
    const char *transfer;
    int64_t amount;
    bool back; /* money came back */
};
/* Every booked line of a day of the bank ("2026-11-21"). */
enum gg_status pay_bank_statement(struct gg_arena *arena, const char *date, struct pay_bank_line **lines,
                                  size_t *n) GG_MUSTCHECK;

/* --- what it means --- */

enum pay_bank_verdict {
    PAY_BANK_POST,  /* the money is out */
    PAY_BANK_VOID,  /* it never left */
    PAY_BANK_WAIT,  /* ask again */
    PAY_BANK_REVIEW /* not what we asked for: it stays held, a person looks */
};
enum pay_bank_verdict pay_bank_judge(struct gg_id reference, int64_t amount, const struct pay_bank_transfer *told);

#endif
