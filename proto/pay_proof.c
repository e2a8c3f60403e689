/* proto/pay_proof.c
 * The tables behind proto/pay_proof.h. */
#include "proto/pay_proof.h"

#define HASH(s, f, doc) GG_TEXT(s, f, GG_REQUIRED, 64, 64, doc)

static const struct gg_field proof_fields[] = {
    GG_ID(struct pay_proof, account, GG_REQUIRED, "whose entry"),
    GG_ID(struct pay_proof, transfer, GG_REQUIRED, "of which transfer"),
    GG_ENUM(struct pay_proof, kind, GG_REQUIRED, pay_entry_kind_names, "why"),
    GG_INT(struct pay_proof, version, GG_REQUIRED, 1, GG_WIRE_MAX, "place in the account's chain"),
    GG_WON(struct pay_proof, amount_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "+ came in, - went out"),
    GG_WON(struct pay_proof, balance_won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "posted, after it"),
    GG_ID(struct pay_proof, deal, GG_OPTIONAL, "for which deal"),
    GG_ID(struct pay_proof, share, GG_OPTIONAL, "for which share"),
    GG_TIME(struct pay_proof, at, GG_REQUIRED, "when"),
    HASH(struct pay_proof, previous_hash, "of the entry before"),
    HASH(struct pay_proof, hash, "SHA-256 of all above"),
    GG_INT(struct pay_proof, entry_index, GG_REQUIRED, 0, GG_WIRE_MAX, "leaf in the account's tree"),
    GG_INT(struct pay_proof, entry_count, GG_REQUIRED, 1, GG_WIRE_MAX, "leaves of that tree"),
    GG_TEXTS(struct pay_proof, entry_path, GG_REQUIRED, 64, 64, 64, "hashes from the leaf up"),
    HASH(struct pay_proof, account_root, "root of the account's tree"),
    GG_INT(struct pay_proof, account_index, GG_REQUIRED, 0, GG_WIRE_MAX, "leaf in the seal's tree"),
    GG_INT(struct pay_proof, account_count, GG_REQUIRED, 1, GG_WIRE_MAX, "leaves of that tree"),
    GG_TEXTS(struct pay_proof, account_path, GG_REQUIRED, 64, 64, 64, "hashes from the leaf up"),
    GG_INT(struct pay_proof, seal, GG_REQUIRED, 1, GG_WIRE_MAX, "number of the seal"),
    HASH(struct pay_proof, root, "of the seal"),
};
const struct gg_msg pay_proof_msg =
    GG_MSG("EntryProof", struct pay_proof, proof_fields, "That an entry is part of a seal.");

static const struct gg_field seal_fields[] = {
    GG_INT(struct pay_seal, number, GG_REQUIRED, 1, GG_WIRE_MAX, "1, 2, 3 ..."),
    GG_TEXT(struct pay_seal, day, GG_REQUIRED, 10, 10, "of Seoul"),
    GG_INT(struct pay_seal, accounts, GG_REQUIRED, 0, GG_WIRE_MAX, "that gained entries"),
    GG_INT(struct pay_seal, entries, GG_REQUIRED, 0, GG_WIRE_MAX, "under this root"),
    HASH(struct pay_seal, root, "Merkle root"),
    GG_TIME(struct pay_seal, made_at, GG_REQUIRED, "when"),
};
const struct gg_msg pay_seal_msg = GG_MSG("Seal", struct pay_seal, seal_fields, "One day's seal over the ledger.");
static const struct gg_field seal_list_fields[] = {
    GG_LIST(struct pay_seal_list, items, GG_REQUIRED, 0, 100, &pay_seal_msg, "newest first"),
    GG_TEXT(struct pay_seal_list, next, GG_OPTIONAL, 1, 200, "cursor of the next page"),
};
const struct gg_msg pay_seal_list_msg = GG_MSG("SealList", struct pay_seal_list, seal_list_fields, "Seals.");

static const struct gg_field orphan_fields[] = {
    GG_TEXT(struct pay_orphan_won, what, GG_REQUIRED, 1, 20, "hold, escrow, withdrawal or account"),
    GG_ID(struct pay_orphan_won, id, GG_REQUIRED, "of that"),
    GG_ID(struct pay_orphan_won, account, GG_REQUIRED, "where it lies"),
    GG_WON(struct pay_orphan_won, won, GG_REQUIRED, -GG_WIRE_MAX, GG_WIRE_MAX, "how much"),
    GG_TEXT(struct pay_orphan_won, reason, GG_OPTIONAL, 1, 60, "why, as far as is known"),
};
static const struct gg_msg orphan_msg =
    GG_MSG("OrphanWon", struct pay_orphan_won, orphan_fields, "Held won without owner, reason, deadline or way out.");
static const struct gg_field orphan_list_fields[] = {
    GG_LIST(struct pay_orphan_list, items, GG_REQUIRED, 0, 100, &orphan_msg, "none"),
};
const struct gg_msg pay_orphan_list_msg =
    GG_MSG("OrphanWonList", struct pay_orphan_list, orphan_list_fields, "Always empty.");

#define PROBLEM(constant, code, status, retryable, title, title_ko)                                                    \
    const struct gg_problem constant = {code, status, retryable, title, title_ko}
PROBLEM(PAY_NOT_SEALED, "not_sealed", 409, true, "This entry is sealed at the end of the day.",
        "아직 봉인되지 않은 내역이에요. 내일 다시 확인해 주세요.");
PROBLEM(PAY_ACCOUNT_STOPPED, "account_stopped", 409, false,
        "The auditor has stopped this wallet: something does not add up. Somebody is looking at it.",
        "지갑에 확인이 필요한 점이 있어 잠시 멈췄어요. 담당자가 확인하고 있어요.");
