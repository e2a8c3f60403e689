/* services/pay/ledger.c
 * The rules of money. Every sum is checked; a refused change leaves everything as it was. */
#include "ledger.h"

#include <string.h>

const char *const pay_account_kind_names[] = {"wallet", "escrow",   "provider",   "fees",
                                              "bank",   "suspense", "promotions", NULL};

const char *pay_result_name(enum pay_result result)
{
    static const char *const names[] = {"ok",           "bad_amount", "same_account", "wrong_sides",
                                        "insufficient", "overflow",   "frozen",       "stopped"};

    return names[result];
}

/* --- accounts and transfers --- */

int64_t pay_available(const struct pay_account *account)
{
    return account->posted - account->pending;
}

static bool covered(const struct pay_account *account)
{
    return account->kind != PAY_ACCOUNT_PROVIDER && account->kind != PAY_ACCOUNT_SUSPENSE;
}

enum pay_result pay_hold_place(struct pay_account *wallet, int64_t amount)
{
    if (amount < 0 || amount > GG_WIRE_MAX)
        return PAY_BAD_AMOUNT;
    if (wallet->stopped)
        return PAY_STOPPED;
    if (amount > pay_available(wallet))
        return PAY_INSUFFICIENT;
    wallet->pending += amount;
    return PAY_OK;
}

enum pay_result pay_hold_release(struct pay_account *wallet, int64_t amount)
{
    if (amount < 0 || amount > GG_WIRE_MAX)
        return PAY_BAD_AMOUNT;
    if (wallet->stopped)
        return PAY_STOPPED;
    if (amount > wallet->pending)
        return PAY_INSUFFICIENT;
    wallet->pending -= amount;
    return PAY_OK;
}

enum pay_result pay_hold_resize(struct pay_account *wallet, int64_t before, int64_t after)
{
    if (before < 0 || after < 0 || after > GG_WIRE_MAX)
        return PAY_BAD_AMOUNT;
    if (before > wallet->pending)
        return PAY_INSUFFICIENT;
    return after <= before ? pay_hold_release(wallet, before - after) : pay_hold_place(wallet, after - before);
}

static void write_side(struct pay_account *account, const struct pay_transfer *transfer, int64_t amount,
                       int64_t balance, struct pay_posting *side)
{
    *side = (struct pay_posting){
        .account = account->id,
        .transfer = transfer->id,
        .kind = transfer->kind,
        .version = account->version + 1,
        .amount = amount,
        .balance = balance,
        .deal = transfer->deal,
        .share = transfer->share,
        .at = transfer->at,
    };
    memcpy(side->previous, account->hash, GG_SHA256);
    pay_posting_hash(side, side->hash);
    account->posted = balance;
    account->version = side->version;
    memcpy(account->hash, side->hash, GG_SHA256);
}

enum pay_result pay_post(struct pay_account *debit, struct pay_account *credit, const struct pay_transfer *transfer,
                         struct pay_posting sides[2])
{
    int64_t debited, credited;

    if (transfer->amount <= 0 || transfer->amount > GG_WIRE_MAX)
        return PAY_BAD_AMOUNT;
    if (gg_id_equal(transfer->debit, transfer->credit))
        return PAY_SAME_ACCOUNT;
    if (!gg_id_equal(debit->id, transfer->debit) || !gg_id_equal(credit->id, transfer->credit))
        return PAY_WRONG_SIDES;
    if (debit->stopped || credit->stopped)
        return PAY_STOPPED;
    if (__builtin_sub_overflow(debit->posted, transfer->amount, &debited) ||
        __builtin_add_overflow(credit->posted, transfer->amount, &credited))
        return PAY_OVERFLOW;
    if (covered(debit) && debited < debit->pending)
        return PAY_INSUFFICIENT;
    write_side(debit, transfer, -transfer->amount, debited, &sides[0]);
    write_side(credit, transfer, transfer->amount, credited, &sides[1]);
    return PAY_OK;
}

enum pay_result pay_capture(struct pay_account *wallet, struct pay_account *escrow, int64_t held,
                            const struct pay_transfer *transfer, struct pay_posting sides[2])
{
    enum pay_result result;

    if (transfer->amount < 0)
        return PAY_BAD_AMOUNT;
    if (transfer->amount > held)
        return PAY_INSUFFICIENT;
    result = pay_hold_release(wallet, held);
    if (result != PAY_OK || transfer->amount == 0)
        return result;
    result = pay_post(wallet, escrow, transfer, sides);
    if (result != PAY_OK)
        wallet->pending += held;
    return result;
}

/* --- the chain --- */

static uint8_t *put(uint8_t *p, const void *bytes, size_t n)
{
    memcpy(p, bytes, n);
    return p + n;
}

static uint8_t *put_number(uint8_t *p, int64_t number)
{
    uint64_t bits = (uint64_t)number;

    for (int shift = 56; shift >= 0; shift -= 8)
        *p++ = (uint8_t)(bits >> shift);
    return p;
}

void pay_posting_bytes(const struct pay_posting *posting, uint8_t out[PAY_POSTING_BYTES])
{
    uint8_t *p = out;

    p = put(p, posting->previous, GG_SHA256);
    p = put(p, posting->account.b, sizeof(posting->account.b));
    p = put_number(p, posting->version);
    p = put(p, posting->transfer.b, sizeof(posting->transfer.b));
    *p++ = (uint8_t)posting->kind;
    p = put_number(p, posting->amount);
    p = put_number(p, posting->balance);
    p = put(p, posting->deal.b, sizeof(posting->deal.b));
    p = put(p, posting->share.b, sizeof(posting->share.b));
    put_number(p, posting->at);
}

void pay_posting_hash(const struct pay_posting *posting, uint8_t out[GG_SHA256])
{
    uint8_t bytes[PAY_POSTING_BYTES];

    pay_posting_bytes(posting, bytes);
    gg_sha256((struct gg_str){(const char *)bytes, sizeof(bytes)}, out);
}

bool pay_chain_holds(const struct pay_posting *before, const struct pay_posting *posting)
{
    static const uint8_t genesis[GG_SHA256];
    uint8_t hash[GG_SHA256];
    int64_t balance;

    pay_posting_hash(posting, hash);
    return memcmp(hash, posting->hash, GG_SHA256) == 0 &&
           memcmp(posting->previous, before ? before->hash : genesis, GG_SHA256) == 0 &&
           posting->version == (before ? before->version : 0) + 1 &&
           !__builtin_add_overflow(before ? before->balance : 0, posting->amount, &balance) &&
           balance == posting->balance;
}

/* --- life cycles --- */

static const char *const hold_events[] = {"capture", "void", "expire", NULL};
static const struct gg_transition hold_rows[] = {
    {PAY_HOLD_STATE_PENDING, PAY_HOLD_DO_CAPTURE, PAY_HOLD_STATE_CAPTURED,
     "the deal takes place; what it costs goes into escrow, the rest is free again"},
    {PAY_HOLD_STATE_PENDING, PAY_HOLD_DO_VOID, PAY_HOLD_STATE_VOIDED,
     "left, not allotted, or the deal failed or was cancelled"},
    {PAY_HOLD_STATE_PENDING, PAY_HOLD_DO_EXPIRE, PAY_HOLD_STATE_EXPIRED,
     "its own deadline passed and no event up to it says otherwise"},
};
const struct gg_fsm pay_hold_fsm = {"hold", pay_hold_state_names, hold_events, hold_rows, GG_LEN(hold_rows)};

static const char *const charge_events[] = {"finish", "fail", NULL};
static const struct gg_transition charge_rows[] = {
    {PAY_CHARGE_CREATED, PAY_CHARGE_DO_FINISH, PAY_CHARGE_STATE_DONE,
     "confirmed, or the provider told us, or we asked: whichever is first"},
    {PAY_CHARGE_CREATED, PAY_CHARGE_DO_FAIL, PAY_CHARGE_FAILED, "ended at the provider, or never paid"},
    {PAY_CHARGE_FAILED, PAY_CHARGE_DO_FINISH, PAY_CHARGE_STATE_DONE,
     "paid after we gave up: money that came in counts"},
};
const struct gg_fsm pay_charge_fsm = {"charge", pay_charge_state_names, charge_events, charge_rows,
                                      GG_LEN(charge_rows)};

/* --- escrow of one share --- */

int64_t pay_escrow_left(const struct pay_escrow *escrow)
{
    return escrow->captured - escrow->refunded - escrow->paid_out;
}

static enum pay_result take(const struct pay_escrow *escrow, int64_t amount, int64_t *part)
{
    if (amount < 0 || amount > GG_WIRE_MAX)
        return PAY_BAD_AMOUNT;
    if (escrow->frozen)
        return PAY_FROZEN;
    if (amount > pay_escrow_left(escrow))
        return PAY_INSUFFICIENT;
    *part += amount;
    return PAY_OK;
}

enum pay_result pay_escrow_refund(struct pay_escrow *escrow, int64_t amount)
{
    return take(escrow, amount, &escrow->refunded);
}

enum pay_result pay_escrow_pay_out(struct pay_escrow *escrow, int64_t amount)
{
    return take(escrow, amount, &escrow->paid_out);
}

int64_t pay_fee(int64_t amount, int64_t rate)
{
    return amount * rate / 10000; /* amounts end at 10^15, so the product fits */
}
