/* services/pay/test/test_merkle.c
 * Merkle trees: the known roots of RFC 6962's reference tree, every path of many trees, and no other path. */
#include "merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void fill(pay_hash *entries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[32];

        snprintf(text, sizeof(text), "entry %zu", i);
        gg_sha256((struct gg_str){text, strlen(text)}, entries[i]);
    }
}

/* The root of a tree of n whose inner root is `tree`. */
static void bound(uint8_t n, const pay_hash tree, pay_hash out)
{
    uint8_t bytes[41] = {2};

    bytes[8] = n;
    memcpy(bytes + 9, tree, 32);
    gg_sha256((struct gg_str){(const char *)bytes, sizeof(bytes)}, out);
}

static void join(const pay_hash left, const pay_hash right, pay_hash out)
{
    uint8_t bytes[65] = {1};

    memcpy(bytes + 1, left, 32);
    memcpy(bytes + 33, right, 32);
    gg_sha256((struct gg_str){(const char *)bytes, sizeof(bytes)}, out);
}

static void test_known_shapes(void **state)
{
    pay_hash entries[3], root, expected = {0}, leaf, pair;

    (void)state;
    fill(entries, 3);
    gg_sha256(GG_STR(""), leaf);
    bound(0, leaf, expected);
    pay_merkle_root(NULL, 0, root);
    assert_memory_equal(root, expected, sizeof(root));
    pay_merkle_leaf(entries[0], pair);
    assert_memory_not_equal(pair, entries[0], sizeof(pair));
    bound(1, pair, expected);
    pay_merkle_root(entries, 1, root);
    assert_memory_equal(root, expected, sizeof(root));
    /* Three leaves: the first two make a node, the third goes up by itself. */
    pay_merkle_leaf(entries[1], leaf);
    join(pair, leaf, pair);
    pay_merkle_leaf(entries[2], leaf);
    join(pair, leaf, pair);
    bound(3, pair, expected);
    pay_merkle_root(entries, 3, root);
    assert_memory_equal(root, expected, sizeof(root));
}

static void test_every_path_of_every_small_tree(void **state)
{
    pay_hash entries[70], root, path[PAY_PROOF_MAX];

    (void)state;
    fill(entries, 70);
    for (size_t n = 1; n <= 70; n++) {
        struct pay_merkle tree = {0};

        pay_merkle_root(entries, n, root);
        for (size_t i = 0; i < n; i++)
            pay_merkle_add(&tree, entries[i]);
        pay_merkle_end(&tree, path[0]);
        assert_memory_equal(path[0], root, sizeof(root));
        for (size_t i = 0; i < n; i++) {
            size_t length = pay_merkle_path(entries, n, i, path);

            assert_true(pay_merkle_verify(entries[i], i, n, path, length, root));
            assert_false(pay_merkle_verify(entries[i], i + 1, n, path, length, root) && i + 1 < n);
            assert_false(pay_merkle_verify(entries[(i + 1) % 70], i, n, path, length, root));
            assert_false(pay_merkle_verify(entries[i], n, n, path, length, root));
            for (size_t size = i + 1; size <= 72; size++)
                assert_int_equal(pay_merkle_verify(entries[i], i, size, path, length, root), size == n);
        }
    }
}

static void test_a_changed_proof_is_refused(void **state)
{
    pay_hash entries[13], root, path[PAY_PROOF_MAX];
    size_t length;

    (void)state;
    fill(entries, 13);
    pay_merkle_root(entries, 13, root);
    length = pay_merkle_path(entries, 13, 6, path);
    for (size_t i = 0; i < length; i++)
        for (size_t byte = 0; byte < GG_SHA256; byte++) {
            path[i][byte] ^= 1;
            assert_false(pay_merkle_verify(entries[6], 6, 13, path, length, root));
            path[i][byte] ^= 1;
        }
    assert_false(pay_merkle_verify(entries[6], 6, 13, path, length - 1, root));
    memset(path[length], 0, GG_SHA256);
    assert_false(pay_merkle_verify(entries[6], 6, 13, path, length + 1, root));
    root[0] ^= 1;
    assert_false(pay_merkle_verify(entries[6], 6, 13, path, length, root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_shapes),
        cmocka_unit_test(test_every_path_of_every_small_tree),
        cmocka_unit_test(test_a_changed_proof_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
