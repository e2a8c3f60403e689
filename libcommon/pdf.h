/* libcommon/pdf.h
 * Pages of text and lines as PDF, in one embedded TrueType font (libharu). The same calls give the same bytes. Slow
 * work: OUT or CPU pool. A document belongs to one thread at a time. */
#ifndef LIBCOMMON_PDF_H
#define LIBCOMMON_PDF_H

#include "libcommon/mem.h"

struct gg_pdf;

/* An empty A4 document. `font` is the path of a TrueType file; `at` (ms) stands in it as its date. NULL, logged, when
 * the font cannot be read. */
struct gg_pdf *gg_pdf_create(const char *font, const char *title, int64_t at) GG_MUSTCHECK;
void gg_pdf_destroy(struct gg_pdf *pdf);

/* Points from the left and from the top. */
#define GG_PDF_WIDTH  595
#define GG_PDF_HEIGHT 842
/* A new page; the calls below draw on the newest one. */
void gg_pdf_page(struct gg_pdf *pdf);
/* Valid UTF-8 in `size` points, its base line at y; `right`: it ends at x instead of beginning there. What is wider
 * than `width` (0: no bound) is cut at a character. */
void gg_pdf_text(struct gg_pdf *pdf, double x, double y, double size, double width, bool right, const char *text);
void gg_pdf_line(struct gg_pdf *pdf, double x1, double y1, double x2, double y2);
/* The whole document in the arena. GG_ERROR, logged, when the library failed anywhere. */
enum gg_status gg_pdf_finish(struct gg_pdf *pdf, struct gg_arena *arena, struct gg_str *bytes) GG_MUSTCHECK;

#endif
