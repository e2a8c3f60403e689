/* services/auth/again.h
 * Showing again who one is, inside an open session, before something that matters is changed. */
#ifndef SERVICES_AUTH_AGAIN_H
#define SERVICES_AUTH_AGAIN_H

#include "flow.h"
#include "proto/auth_step_up.h"

/* What a handler leaves with gg_call_keep while it is found out; the first member of its own state. */
struct auth_again_state {
    struct auth_account account; /* as it was read */
    const struct auth_again *in;
    bool by_phone;
    int64_t tried_at; /* when a password was counted */
    gg_handler then;  /* DB pool: once it is proved */
};

/* Looks at `in` (NULL: nothing was shown, which is refused) for call->user and goes on with `then` when it proves the
 * owner. Wrong passwords are counted and bounded. `password_will_do` false: only the phone's code counts.
 * DB pool, no transaction. */
enum gg_status auth_again_ask(struct gg_call *call, struct auth_again_state *state, const struct auth_again *in,
                              bool password_will_do, gg_handler then) GG_MUSTCHECK;
/* (tx) In what `then` writes: uses the code up, when it was one. False, with the problem set, when it is used already.
 */
enum gg_status auth_again_spend(struct gg_call *call, const struct auth_again_state *state, bool *yes) GG_MUSTCHECK;

/* Whether the code of this request is right and was sent to `phone`; counts a try. */
enum gg_status auth_code_right(struct gg_call *call, struct gg_id request, const char *code, const char *phone,
                               bool *right) GG_MUSTCHECK;

#endif
