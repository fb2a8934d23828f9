/* pth.c - the .pth files of torch.save: a zip archive whose entries are stored without compression,
 *
 *     root/data.pkl     a pickle, protocol 2: an OrderedDict from names to calls
 *                           torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)
 *                       where storage is a persistent id ('storage', torch.FloatStorage, '0', 'cpu', elements)
 *     root/byteorder    "little"
 *     root/data/0 ...   the elements of each storage; tensors that share a storage share its entry
 *     root/version      "3\n"
 *
 * under one root folder named after the file. pth_save.c writes them, and pth_load.c reads them. */
#include "pth.h"

#include <errno.h>

#include "../tensor/error.h"
#ifdef WICK_HAVE_LIBZIP
#include <zip.h>

/* The C library and zlib say it to libzip, too; and zip_close of libzip 1.7.3 says "no error" then. */
bool wk_zip_got_no_memory(zip_error_t *error)
{
    enum { Z_NO_MEMORY = -4 }; /* zlib.h, which libzip has and Wick may be built without */
    int code = zip_error_code_zip(error), type = zip_error_system_type(error), cause = zip_error_code_system(error);
    return code == ZIP_ER_MEMORY || code == ZIP_ER_OK || (type == ZIP_ET_SYS && cause == ENOMEM) ||
           (type == ZIP_ET_ZLIB && cause == Z_NO_MEMORY);
}
#endif

const char *const wk_storage_class[WK_DTYPE_COUNT] = {
    [WK_DTYPE_INDEX(WICK_FLOAT32)] = "FloatStorage", [WK_DTYPE_INDEX(WICK_FLOAT64)] = "DoubleStorage",
    [WK_DTYPE_INDEX(WICK_INT64)] = "LongStorage",    [WK_DTYPE_INDEX(WICK_UINT8)] = "ByteStorage",
    [WK_DTYPE_INDEX(WICK_BOOL)] = "BoolStorage",
};

const char *wk_byteorder(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one ? "little" : "big";
}

void *wk_no_libzip(const char *function)
{
    return wick_fail(WICK_ERROR_BUILD,
                     "%s: the library was built without libzip, which .pth files need; install libzip's "
                     "development package and build again",
                     function);
}
