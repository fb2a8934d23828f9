/* idx.c - the IDX file format of MNIST, read and written: http://yann.lecun.com/exdb/mnist/
 *
 *     0, 0, type, n        type 0x08: unsigned bytes
 *     size 1 ... size n    four bytes each, most significant first
 *     elements             row-major
 *
 * No header is believed: memory is taken for the elements only if a file of this length can hold so many. */
#include "idx.h"

#include "../tensor/file.h"
#include "data.h"
#include "source.h"

/* deflate packs 258 bytes into two bits at best (RFC 1951), so a file unpacks to less than 1040 times its length. */
static bool can_hold(const wk_source *s, uint64_t bytes) { return bytes / 1040 <= s->bytes; }

/* ---- The format -------------------------------------------------------------------------------------------------- */

static const char *type_name(unsigned type)
{
    static const struct {
        unsigned type;
        const char *name;
    } types[] = {{0x09, "signed bytes"},
                 {0x0B, "16-bit integers"},
                 {0x0C, "32-bit integers"},
                 {0x0D, "float32"},
                 {0x0E, "float64"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return types[i].name;
    return "no type of IDX";
}

static wick_tensor *truncated_header(const wk_source *s, int64_t got, size_t wanted)
{
    return wick_fail(WICK_ERROR_FILE, "%s: '%s' ends in its header, after %lld bytes of %zu", s->function, s->path,
                     (long long)got, wanted);
}

static wick_tensor *read_idx(wk_source *s)
{
    unsigned char head[4 + 4 * WICK_MAX_DIMS];
    int64_t got = wk_source_read(s, head, 4);
    if (got < 0)
        return NULL;
    if (wk_source_is_packed(s, head, got))
        return NULL;
    if (got < 4)
        return truncated_header(s, got, 4);
    if (head[0] != 0 || head[1] != 0)
        return wick_fail(WICK_ERROR_FILE,
                         "%s: '%s' begins with the bytes %02x %02x %02x %02x; an IDX file of bytes begins "
                         "with 00 00 08 and its number of dimensions",
                         s->function, s->path, head[0], head[1], head[2], head[3]);
    if (head[2] != 0x08)
        return wick_fail(WICK_ERROR_FILE, "%s: '%s' has element type 0x%02x (%s); 0x08 (unsigned bytes) is read",
                         s->function, s->path, head[2], type_name(head[2]));
    int ndim = head[3];
    if (ndim < 1 || ndim > WICK_MAX_DIMS)
        return wick_fail(WICK_ERROR_FILE, "%s: '%s' has %d dimensions; 1 to %d are read", s->function, s->path, ndim,
                         WICK_MAX_DIMS);
    got = wk_source_read(s, head + 4, 4 * (size_t)ndim);
    if (got < 0)
        return NULL;
    if (got < 4 * ndim)
        return truncated_header(s, 4 + got, 4 + 4 * (size_t)ndim);

    int64_t shape[WICK_MAX_DIMS];
    uint64_t count = 1;
    bool fits = true;
    for (int dim = 0; dim < ndim; dim++) {
        const unsigned char *b = head + 4 + 4 * dim;
        uint32_t size = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
        shape[dim] = size;
        fits = fits && (size == 0 || count <= INT64_MAX / size);
        count = fits ? count * size : 0;
    }
    char text[WK_SHAPE_TEXT];
    wk_shape_text(shape, ndim, text);
    if (!fits)
        return wick_fail(WICK_ERROR_FILE, "%s: '%s' says its shape is %s, more elements than can be counted",
                         s->function, s->path, text);
    if (count == 0)
        return wick_fail(WICK_ERROR_FILE, "%s: '%s' says its shape is %s, which holds no elements", s->function,
                         s->path, text);
    if (!can_hold(s, count))
        return wick_fail(WICK_ERROR_FILE,
                         "%s: '%s' says its shape is %s, which is %llu bytes; a file of %llu bytes cannot "
                         "hold them",
                         s->function, s->path, text, (unsigned long long)count, (unsigned long long)s->bytes);

    wick_tensor *t = wk_new(shape, ndim, WICK_UINT8);
    if (!t)
        return NULL;
    unsigned char more;
    int64_t extra = 0;
    got = wk_source_read(s, wk_data(t), (size_t)count);
    if (got == (int64_t)count) /* reading on also has zlib compare the checksum at the end */
        extra = wk_source_read(s, &more, 1);
    if (got < 0 || extra < 0) {
        wk_unref(t);
        return NULL;
    }
    if (got < (int64_t)count || extra > 0) {
        wk_unref(t);
        return wick_fail(WICK_ERROR_FILE, "%s: '%s' says its shape is %s, which is %llu bytes; it holds %s%lld",
                         s->function, s->path, text, (unsigned long long)count, extra ? "more than " : "",
                         (long long)got);
    }
    return t;
}

wick_tensor *wk_read_idx(const char *function, const char *path)
{
    wk_source s;
    if (!wk_source_open(&s, function, path, "an IDX file"))
        return NULL;
    wick_tensor *t = read_idx(&s);
    wk_source_close(&s);
    return t;
}

wick_tensor *wick_data_read_idx(const char *path)
{
    WK_ENTER;
    return wk_own(wk_read_idx("wick_data_read_idx", path));
}

bool wick_data_write_idx(const char *path, wick_tensor *t)
{
    WK_ENTER;
    const char *function = "wick_data_write_idx";
    if (!WK_TENSOR(t, function, "t"))
        return false;
    if (!path)
        return wick_fail(WICK_ERROR_ARGUMENT, "%s: the path is NULL", function) != NULL;
    if (t->dtype != WICK_UINT8)
        return wick_fail(WICK_ERROR_DTYPE, "%s: t is %s; it must be uint8: wick_to(t, WICK_UINT8)", function,
                         wick_dtype_name(t->dtype)) != NULL;
    unsigned char head[4 + 4 * WICK_MAX_DIMS] = {0, 0, 0x08, t->ndim};
    for (int dim = 0; dim < t->ndim; dim++)
        for (int k = 0; k < 4; k++)
            head[4 + 4 * dim + k] = (unsigned char)(t->shape[dim] >> (24 - 8 * k));
    bool fits = t->ndim > 0 && t->numel > 0;
    for (int dim = 0; dim < t->ndim; dim++)
        fits = fits && t->shape[dim] <= UINT32_MAX;
    if (!fits)
        return wick_fail(
                   WICK_ERROR_SHAPE,
                   "%s: t has shape %s; an IDX file holds at least one element, in 1 to %d dimensions of less than "
                   "2^32 each",
                   function, WK_SHAPE(t), WICK_MAX_DIMS) != NULL;
    wick_tensor *whole = wk_contiguous(t);
    bool good = whole && wk_write_file(function, path, head, 4 + 4 * (size_t)t->ndim, wk_data(whole), (size_t)t->numel);
    wk_unref(whole);
    return good;
}
