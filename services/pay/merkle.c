/* services/pay/merkle.c
 * Merkle trees over entry hashes, as in RFC 6962, and the size bound into the root. */
#include "merkle.h"

#include <string.h>

void pay_merkle_leaf(const pay_hash entry, pay_hash out)
{
    uint8_t bytes[1 + GG_SHA256] = {0};

    memcpy(bytes + 1, entry, GG_SHA256);
    gg_sha256((struct gg_str){(const char *)bytes, sizeof(bytes)}, out);
}

static void node(const pay_hash left, const pay_hash right, pay_hash out)
{
    uint8_t bytes[1 + 2 * GG_SHA256] = {1};

    memcpy(bytes + 1, left, GG_SHA256);
    memcpy(bytes + 1 + GG_SHA256, right, GG_SHA256);
    gg_sha256((struct gg_str){(const char *)bytes, sizeof(bytes)}, out);
}

/* The size is part of the root: 0x02, the number of leaves, the root of the tree. */
static void bind(uint64_t n, const pay_hash tree, pay_hash out)
{
    uint8_t bytes[1 + 8 + GG_SHA256] = {2};

    for (size_t i = 0; i < 8; i++)
        bytes[1 + i] = (uint8_t)(n >> (56 - 8 * i));
    memcpy(bytes + 9, tree, GG_SHA256);
    gg_sha256((struct gg_str){(const char *)bytes, sizeof(bytes)}, out);
}

/* The largest power of two below n (n > 1): where a tree is cut. */
static size_t cut(size_t n)
{
    size_t k = 1;

    while (2 * k < n)
        k *= 2;
    return k;
}

static void subtree(pay_hash *entries, size_t n, pay_hash out)
{
    pay_hash left, right;

    if (n == 0) {
        gg_sha256(GG_STR(""), out);
        return;
    }
    if (n == 1) {
        pay_merkle_leaf(entries[0], out);
        return;
    }
    subtree(entries, cut(n), left);
    subtree(entries + cut(n), n - cut(n), right);
    node(left, right, out);
}

void pay_merkle_root(pay_hash *entries, size_t n, pay_hash out)
{
    subtree(entries, n, out);
    bind(n, out, out);
}

void pay_merkle_add(struct pay_merkle *tree, const pay_hash entry)
{
    pay_hash hash;
    size_t k = 0;

    pay_merkle_leaf(entry, hash);
    for (; (tree->n >> k) & 1; k++)
        node(tree->level[k], hash, hash);
    memcpy(tree->level[k], hash, GG_SHA256);
    tree->n++;
}

void pay_merkle_end(const struct pay_merkle *tree, pay_hash out)
{
    bool any = false;

    subtree(NULL, 0, out);
    for (size_t k = 0; k < PAY_PROOF_MAX; k++) {
        if (!((tree->n >> k) & 1))
            continue;
        if (any)
            node(tree->level[k], out, out);
        else
            memcpy(out, tree->level[k], GG_SHA256);
        any = true;
    }
    bind(tree->n, out, out);
}

size_t pay_merkle_path(pay_hash *entries, size_t n, size_t index, pay_hash path[PAY_PROOF_MAX])
{
    size_t k, length;

    if (n <= 1)
        return 0;
    k = cut(n);
    if (index < k) {
        length = pay_merkle_path(entries, k, index, path);
        subtree(entries + k, n - k, path[length]);
    } else {
        length = pay_merkle_path(entries + k, n - k, index - k, path);
        subtree(entries, k, path[length]);
    }
    return length + 1;
}

bool pay_merkle_verify(const pay_hash entry, size_t index, size_t n, pay_hash *path, size_t length, const pay_hash root)
{
    size_t last, size = n;
    pay_hash hash;

    if (index >= n || length > PAY_PROOF_MAX)
        return false;
    last = n - 1;
    pay_merkle_leaf(entry, hash);
    for (size_t i = 0; i < length; i++) {
        if (last == 0)
            return false;
        if ((index & 1) || index == last) {
            node(path[i], hash, hash);
            while (!(index & 1) && index != 0) {
                index >>= 1;
                last >>= 1;
            }
        } else {
            node(hash, path[i], hash);
        }
        index >>= 1;
        last >>= 1;
    }
    if (last != 0)
        return false;
    bind(size, hash, hash);
    return memcmp(hash, root, GG_SHA256) == 0;
}
