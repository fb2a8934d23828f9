/* fuzz_idx.c - wick_data_read_idx of any bytes. */
#define _GNU_SOURCE
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    {
        WICK_SCOPE;
        check_result(wick_data_read_idx(path_of(data, size)));
    }
    if (wick_scope_count() != 0)
        abort();
    return 0;
}
