/* libcommon/pdf.c
 * libharu behind six calls. Its errors are remembered and told once, by gg_pdf_finish. */
#include "libcommon/pdf.h"

#include "libcommon/clock.h"
#include "libcommon/log.h"

#include <hpdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gg_pdf {
    HPDF_Doc doc;
    HPDF_Page page;
    HPDF_Font font;
    unsigned long error; /* the first one; 0: none */
};

static void on_error(HPDF_STATUS error, HPDF_STATUS detail, void *arg)
{
    struct gg_pdf *pdf = arg;

    (void)detail;
    if (pdf->error == 0)
        pdf->error = error;
}

static void set_date(struct gg_pdf *pdf, int64_t at)
{
    char text[GG_TIME_TEXT];
    HPDF_Date date = {.ind = 'Z'};

    gg_time_format(at, text); /* 2026-11-21T09:00:00.000Z */
    (void)sscanf(text, "%d-%d-%dT%d:%d:%d", &date.year, &date.month, &date.day, &date.hour, &date.minutes,
                 &date.seconds);
    (void)HPDF_SetInfoDateAttr(pdf->doc, HPDF_INFO_CREATION_DATE, date);
    (void)HPDF_SetInfoDateAttr(pdf->doc, HPDF_INFO_MOD_DATE, date);
}

struct gg_pdf *gg_pdf_create(const char *font, const char *title, int64_t at)
{
    struct gg_pdf *pdf = gg_xcalloc(1, sizeof(*pdf));
    const char *name;

    pdf->doc = HPDF_New(on_error, pdf);
    if (!pdf->doc)
        abort(); /* memory is out */
    (void)HPDF_SetCompressionMode(pdf->doc, HPDF_COMP_ALL);
    (void)HPDF_UseUTFEncodings(pdf->doc);
    (void)HPDF_SetCurrentEncoder(pdf->doc, "UTF-8");
    name = HPDF_LoadTTFontFromFile(pdf->doc, font, HPDF_TRUE);
    pdf->font = name ? HPDF_GetFont(pdf->doc, name, "UTF-8") : NULL;
    if (!pdf->font) {
        gg_error("pdf_font", "the font %s cannot be used: libharu error 0x%04lx", font, pdf->error);
        gg_pdf_destroy(pdf);
        return NULL;
    }
    (void)HPDF_SetInfoAttr(pdf->doc, HPDF_INFO_TITLE, title);
    set_date(pdf, at);
    return pdf;
}

void gg_pdf_destroy(struct gg_pdf *pdf)
{
    if (!pdf)
        return;
    HPDF_Free(pdf->doc);
    free(pdf);
}

void gg_pdf_page(struct gg_pdf *pdf)
{
    pdf->page = HPDF_AddPage(pdf->doc);
    (void)HPDF_Page_SetSize(pdf->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
    (void)HPDF_Page_SetLineWidth(pdf->page, 0.5F);
}

/* Cuts the text at a character so that it is at most `width` wide. */
static char *fit(struct gg_pdf *pdf, const char *text, double width)
{
    char *cut = gg_xstrdup(text);
    size_t n = strlen(cut);

    while (width > 0 && n > 0 && (double)HPDF_Page_TextWidth(pdf->page, cut) > width) {
        do
            n--;
        while (n > 0 && ((unsigned char)cut[n] & 0xC0) == 0x80);
        cut[n] = '\0';
    }
    return cut;
}

void gg_pdf_text(struct gg_pdf *pdf, double x, double y, double size, double width, bool right, const char *text)
{
    char *cut;

    (void)HPDF_Page_SetFontAndSize(pdf->page, pdf->font, (HPDF_REAL)size);
    cut = fit(pdf, text, width);
    if (right)
        x -= (double)HPDF_Page_TextWidth(pdf->page, cut);
    (void)HPDF_Page_BeginText(pdf->page);
    (void)HPDF_Page_TextOut(pdf->page, (HPDF_REAL)x, (HPDF_REAL)(GG_PDF_HEIGHT - y), cut);
    (void)HPDF_Page_EndText(pdf->page);
    free(cut);
}

void gg_pdf_line(struct gg_pdf *pdf, double x1, double y1, double x2, double y2)
{
    (void)HPDF_Page_MoveTo(pdf->page, (HPDF_REAL)x1, (HPDF_REAL)(GG_PDF_HEIGHT - y1));
    (void)HPDF_Page_LineTo(pdf->page, (HPDF_REAL)x2, (HPDF_REAL)(GG_PDF_HEIGHT - y2));
    (void)HPDF_Page_Stroke(pdf->page);
}

enum gg_status gg_pdf_finish(struct gg_pdf *pdf, struct gg_arena *arena, struct gg_str *bytes)
{
    HPDF_UINT32 n;
    char *copy;

    (void)HPDF_SaveToStream(pdf->doc);
    n = HPDF_GetStreamSize(pdf->doc);
    copy = gg_alloc(arena, n + 1);
    (void)HPDF_ResetStream(pdf->doc);
    if (HPDF_ReadFromStream(pdf->doc, (HPDF_BYTE *)copy, &n) == HPDF_OK || pdf->error == HPDF_STREAM_EOF)
        pdf->error = pdf->error == HPDF_STREAM_EOF ? 0 : pdf->error;
    if (pdf->error != 0) {
        gg_error("pdf_failed", "libharu error 0x%04lx", pdf->error);
        return GG_ERROR;
    }
    *bytes = (struct gg_str){copy, n};
    return GG_OK;
}
