/* services/pay/test/test_charge.c
 * What the provider's answers mean, when it is asked again, and whose webhooks count. */
#include "charge.h"
#include "libcommon/clock.h"
#include "libcommon/crypto.h"
#include "provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pay_order order = {.id = {{1}}, .amount = 50000, .payment_key = "pk_1"};

static struct pay_payment payment_in(int state)
{
    return (struct pay_payment){.key = "pk_1", .order = order.id, .state = state, .amount = order.amount};
}

static void test_state_decides(void **state)
{
    struct pay_payment open = payment_in(PAY_PAYMENT_OPEN), done = payment_in(PAY_PAYMENT_DONE),
                       ended = payment_in(PAY_PAYMENT_ENDED), odd = payment_in(PAY_PAYMENT_ODD);

    (void)state;
    assert_int_equal(pay_charge_judge(&order, &open), PAY_VERDICT_WAIT);
    assert_int_equal(pay_charge_judge(&order, &done), PAY_VERDICT_FINISH);
    assert_int_equal(pay_charge_judge(&order, &ended), PAY_VERDICT_FAIL);
    assert_int_equal(pay_charge_judge(&order, &odd), PAY_VERDICT_REVIEW);
}

static void test_another_payment_moves_nothing(void **state)
{
    struct pay_payment amount = payment_in(PAY_PAYMENT_DONE), unknown = amount, other = amount, key = amount;

    (void)state;
    amount.amount = 49999;
    unknown.amount = GG_NONE;
    other.order.b[15] = 9;
    key.key = "pk_2";
    assert_int_equal(pay_charge_judge(&order, &amount), PAY_VERDICT_REVIEW);
    assert_int_equal(pay_charge_judge(&order, &unknown), PAY_VERDICT_REVIEW);
    assert_int_equal(pay_charge_judge(&order, &other), PAY_VERDICT_REVIEW);
    assert_int_equal(pay_charge_judge(&order, &key), PAY_VERDICT_REVIEW);
}

static void test_checks_thin_out_and_end(void **state)
{
    const int64_t expected[] = {2 * GG_MINUTE, 10 * GG_MINUTE, GG_HOUR, 6 * GG_HOUR, GG_DAY};
    int64_t made = 1700000000000, now = made;

    (void)state;
    for (size_t i = 0; i < GG_LEN(expected); i++) {
        now = pay_charge_next_check(made, now);
        assert_int_equal(now, made + expected[i]);
    }
    assert_int_equal(pay_charge_next_check(made, now), GG_NONE);
}

/* Signatures by Python: base64(hmac(b"whsec", body + b":" + time, sha256)). */
#define SIGNATURE "M21epPgAsNdPmVGI69xMcVw9NzLcT4ihJ0Ku79Ay5rY="
static const char body[] = "{\"eventType\":\"PAYMENT_STATUS_CHANGED\"}";
static const char sent_at[] = "2026-11-21T09:00:00.000Z";

static bool signed_by(const char *secret, const char *text, const char *time, const char *signatures)
{
    struct gg_arena *arena = gg_arena_create();
    bool yes = pay_webhook_signed(arena, secret, (struct gg_str){text, strlen(text)}, time, signatures);

    gg_arena_destroy(arena);
    return yes;
}

static void test_webhook_signature(void **state)
{
    (void)state;
    assert_true(signed_by("whsec", body, sent_at, "v1:" SIGNATURE));
    assert_true(signed_by("whsec", body, sent_at, "v1:AAAA," SIGNATURE));
    assert_true(signed_by("whsec", body, sent_at, "v1:" SIGNATURE ",AAAA"));
    assert_false(signed_by("other", body, sent_at, "v1:" SIGNATURE));
    assert_false(signed_by("whsec", "{}", sent_at, "v1:" SIGNATURE));
    assert_false(signed_by("whsec", body, "2026-11-21T09:00:00.001Z", "v1:" SIGNATURE));
    assert_false(signed_by("whsec", body, sent_at, SIGNATURE));
    assert_false(signed_by("whsec", body, sent_at, "v2:" SIGNATURE));
    assert_false(signed_by("whsec", body, sent_at, "v1:"));
    assert_false(signed_by("whsec", body, sent_at, "v1:,"));
    assert_false(signed_by("whsec", body, sent_at, ""));
    assert_false(signed_by("whsec", body, sent_at, "v1:" SIGNATURE "A"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_decides),
        cmocka_unit_test(test_another_payment_moves_nothing),
        cmocka_unit_test(test_checks_thin_out_and_end),
        cmocka_unit_test(test_webhook_signature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
