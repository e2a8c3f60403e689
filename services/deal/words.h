/* services/deal/words.h
 * What a title is found by. Korean, and whatever is written without spaces, by any two neighbouring syllables; words in
 * Latin letters and numbers by their beginning. Pure. */
#ifndef SERVICES_DEAL_WORDS_H
#define SERVICES_DEAL_WORDS_H

#include "libcommon/mem.h"

#define DEAL_WORDS_MAX      256 /* of one deal */
#define DEAL_ASKED_MAX      6   /* words of one question that count; more narrow it no further */
#define DEAL_WORD_BYTES     40
#define DEAL_PREFIX_LETTERS 12

struct deal_words {
    const char **items; /* distinct */
    size_t n;
};

/* Every word under which `text` (NFC) is found; more are added to what `words` holds (start with zeroes). */
void deal_words_of(struct gg_arena *arena, const char *text, struct deal_words *words);
/* The same for one tag: itself as a whole ("#tag"), and its words. */
void deal_words_of_tag(struct gg_arena *arena, const char *tag, struct deal_words *words);
/* The words that a deal must all have to be an answer to `text`; at most DEAL_ASKED_MAX. None: the text asks nothing.
 */
void deal_words_asked(struct gg_arena *arena, const char *text, struct deal_words *words);
/* The whole-tag word of a tag, as the index has it. */
const char *deal_word_of_tag(struct gg_arena *arena, const char *tag);

#endif
