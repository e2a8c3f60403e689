/* libcommon/test/test_step_up.c
 * A proof is good for its owner, its session, its act and its two minutes, and for nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libcommon/clock.h"
#include "libcommon/jwt_internal.h"
#include "libcommon/step_up.h"

#define NOW INT64_C(1795251600000)

static struct gg_arena *arena;
static struct gg_signer *signer;
static struct gg_user anna;
static struct gg_act act;

static struct gg_str str(const char *text)
{
    return (struct gg_str){text, strlen(text)};
}

static int set_up(void **state)
{
    struct gg_ec_key *key = gg_ec_key_generate();
    char path[] = "/tmp/gonggu-step-up-XXXXXX", *pem, *jwks;
    int fd = mkstemp(path);

    (void)state;
    arena = gg_arena_create();
    pem = gg_ec_key_pem(arena, key);
    gg_ec_key_destroy(key);
    assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
    close(fd);
    signer = gg_signer_load(path, "gonggu", "gonggu");
    unlink(path);
    assert_non_null(signer);
    jwks = gg_signer_jwks(signer, arena);
    assert_true(gg_verifier_load(jwks, strlen(jwks)));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gg_signer_destroy(signer);
    gg_arena_destroy(arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    gg_clock_set(NOW);
    anna = (struct gg_user){.id = gg_id_new(), .session = gg_id_new(), .session_version = 1, .expires = NOW + GG_HOUR};
    act = (struct gg_act){.purpose = "remit",
                          .payee = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                          .amount_won = 12000,
                          .deal = gg_id_new(),
                          .terms = 3};
    return 0;
}

static void a_proof_serves_its_act(void **state)
{
    const char *token = gg_step_up_sign(signer, arena, &anna, &act);
    struct gg_proof one = {0}, two = {0};

    (void)state;
    assert_null(gg_step_up_check(str(token), &anna, &act, &one));
    assert_false(gg_id_is_zero(one.id));
    assert_true(one.expires >= NOW + GG_STEP_UP_LIFE);
    assert_null(gg_step_up_check(str(token), &anna, &act, &two));
    assert_true(gg_id_equal(one.id, two.id)); /* so that the caller's unique key sees the second use */
    assert_null(gg_step_up_check(str(gg_step_up_sign(signer, arena, &anna, &act)), &anna, &act, &two));
    assert_false(gg_id_equal(one.id, two.id));
}

static void refused(const char *token, const struct gg_user *user, const struct gg_act *for_act, const char *word)
{
    struct gg_proof proof;
    const char *reason = gg_step_up_check(str(token), user, for_act, &proof);

    assert_non_null(reason);
    assert_non_null(strstr(reason, word));
}

static void every_member_of_the_act_counts(void **state)
{
    const char *token = gg_step_up_sign(signer, arena, &anna, &act);
    struct gg_act other[7];

    (void)state;
    for (size_t i = 0; i < GG_LEN(other); i++)
        other[i] = act;
    other[0].purpose = "withdraw";
    other[1].payee = "017f22e2-79b0-7cc3-98c4-dc0c0c073990";
    other[2].amount_won++;
    other[3].deal = gg_id_new();
    other[4].deal = GG_ID_ZERO;
    other[5].terms++;
    other[6].payee = NULL;
    for (size_t i = 0; i < GG_LEN(other); i++)
        refused(token, &anna, &other[i], "another act");
}

static void another_person_or_session_cannot_use_it(void **state)
{
    const char *token = gg_step_up_sign(signer, arena, &anna, &act);
    struct gg_user other = anna;

    (void)state;
    other.session = gg_id_new();
    refused(token, &other, &act, "session");
    other = anna;
    other.id = gg_id_new();
    refused(token, &other, &act, "session");
}

static void it_runs_out(void **state)
{
    const char *token = gg_step_up_sign(signer, arena, &anna, &act);

    (void)state;
    gg_clock_set(NOW + GG_STEP_UP_LIFE + GG_TOKEN_LEEWAY);
    refused(token, &anna, &act, "expired");
    gg_clock_set(NOW - GG_MINUTE);
    refused(token, &anna, &act, "not valid yet");
}

static void an_access_token_is_no_proof_and_a_proof_no_access_token(void **state)
{
    struct gg_user user;
    const char *reason;

    (void)state;
    refused(gg_signer_sign(signer, arena, &anna), &anna, &act, "another kind");
    reason = gg_verify(str(gg_step_up_sign(signer, arena, &anna, &act)), &user);
    assert_non_null(reason);
    assert_non_null(strstr(reason, "another kind"));
    refused("", &anna, &act, "malformed");
    refused("a.b.c", &anna, &act, "malformed");
}

/* A new key signs from its hour on; what the old one signed stays good while it is published. */
static void keys_take_turns(void **state)
{
    struct gg_ec_key *first = gg_ec_key_generate(), *second = gg_ec_key_generate();
    struct gg_arena *keep = gg_arena_create();
    char *first_kid = gg_key_thumbprint(keep, first), *second_kid = gg_key_thumbprint(keep, second);
    char *old_token, *new_token, *jwks;
    struct gg_proof proof;
    const char *kid;

    (void)state;
    gg_signer_set_keys(signer, (const struct gg_signing_key[]){{second, NOW + GG_MINUTE}, {first, NOW - GG_HOUR}}, 2);
    jwks = gg_signer_jwks(signer, keep);
    assert_non_null(strstr(jwks, first_kid));
    assert_non_null(strstr(jwks, second_kid));
    assert_true(gg_verifier_load(jwks, strlen(jwks)));
    gg_signer_take(signer, &kid);
    assert_string_equal(kid, first_kid);
    gg_signer_release(signer);
    old_token = gg_step_up_sign(signer, keep, &anna, &act);
    gg_clock_set(NOW + GG_MINUTE);
    gg_signer_take(signer, &kid);
    assert_string_equal(kid, second_kid);
    gg_signer_release(signer);
    new_token = gg_step_up_sign(signer, keep, &anna, &act);
    assert_null(gg_step_up_check(str(old_token), &anna, &act, &proof));
    assert_null(gg_step_up_check(str(new_token), &anna, &act, &proof));
    gg_arena_destroy(keep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_proof_serves_its_act, fresh),
        cmocka_unit_test_setup(every_member_of_the_act_counts, fresh),
        cmocka_unit_test_setup(another_person_or_session_cannot_use_it, fresh),
        cmocka_unit_test_setup(it_runs_out, fresh),
        cmocka_unit_test_setup(an_access_token_is_no_proof_and_a_proof_no_access_token, fresh),
        cmocka_unit_test_setup(keys_take_turns, fresh),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
