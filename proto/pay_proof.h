/* proto/pay_proof.h
 * What crosses the border of pay about its honesty: daily seals, proofs of own entries, held won that nobody owns. */
#ifndef PROTO_PAY_PROOF_H
#define PROTO_PAY_PROOF_H

#include "proto/pay.h"

/* GET /v1/pay/entries/:id/proof: that an entry is part of a seal. Everything gonggu-verify needs; hashes are hex. Two
 * Merkle trees (RFC 6962): the entries an account gained make account_root, such roots make the seal's root. */
struct pay_proof {
    struct gg_id account, transfer;
    int kind;
    int64_t version, amount_won, balance_won;
    struct gg_id deal, share;
    int64_t at;
    const char *previous_hash, *hash;
    int64_t entry_index, entry_count; /* the entry's leaf in the account's tree */
    struct gg_list entry_path;        /* texts, from the leaf up */
    const char *account_root;
    int64_t account_index, account_count; /* the account's leaf in the seal's tree */
    struct gg_list account_path;          /* texts */
    int64_t seal;                         /* its number */
    const char *root;
};
struct pay_seal {
    int64_t number;
    const char *day; /* of Seoul */
    int64_t accounts, entries;
    const char *root;
    int64_t made_at;
};
struct pay_seal_list { /* GET /v1/pay/seals, newest first; anybody may keep and publish them */
    struct gg_list items;
    const char *next;
};
struct pay_orphan_won {
    const char *what;
    struct gg_id id, account;
    int64_t won;
    const char *reason;
};
struct pay_orphan_list { /* GET /v1/pay/orphan-won, for admins: always empty */
    struct gg_list items;
};
extern const struct gg_msg pay_proof_msg, pay_seal_msg, pay_seal_list_msg, pay_orphan_list_msg;

extern const struct gg_problem PAY_NOT_SEALED, PAY_ACCOUNT_STOPPED;

#endif
