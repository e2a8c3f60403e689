/* services/pay/merkle.h
 * Merkle trees over entry hashes as in RFC 6962, section 2.1: SHA-256, leaves (0x00) and nodes (0x01) in separate
 * domains. What we call root is SHA-256 of 0x02, the number of leaves (8 bytes) and the tree's root, so that a proof
 * cannot claim another size. Pure; also
 * linked into gonggu-verify, so that who checks a proof runs the code that made it. */
#ifndef PAY_MERKLE_H
#define PAY_MERKLE_H

#include "libcommon/crypto.h"

typedef uint8_t pay_hash[GG_SHA256];

#define PAY_PROOF_MAX 64 /* hashes of a path: enough for any tree */

/* SHA-256 of 0x00 and the entry's hash. */
void pay_merkle_leaf(const pay_hash entry, pay_hash out);
/* The root over n entry hashes; the tree of none is SHA-256 of nothing. 2n hashes, no memory. */
void pay_merkle_root(pay_hash *entries, size_t n, pay_hash out);
/* The same over entries that come one by one, in a few hundred bytes. Zero it to begin. */
struct pay_merkle {
    pay_hash level[PAY_PROOF_MAX]; /* level[k]: root of 2^k entries, where bit k of n is set */
    uint64_t n;
};
void pay_merkle_add(struct pay_merkle *tree, const pay_hash entry);
void pay_merkle_end(const struct pay_merkle *tree, pay_hash out);
/* The audit path of entry `index` (< n) from the leaf up; the number of hashes. */
size_t pay_merkle_path(pay_hash *entries, size_t n, size_t index, pay_hash path[PAY_PROOF_MAX]);
/* True when `path` leads from entry `index` of a tree of `n` to `root` (RFC 9162, section 2.1.3.2). */
bool pay_merkle_verify(const pay_hash entry, size_t index, size_t n, pay_hash *path, size_t length,
                       const pay_hash root) GG_MUSTCHECK;

#endif
