/* fuzz_idx.c - wick_data_read_idx of any bytes, gzipped or not. */
#define _GNU_SOURCE
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    {
        WICK_SCOPE;
        wick_tensor *t = wick_data_read_idx(path_of(data, size));
        check_result(t);
        touch(t);
    }
    check_left_over();
    return 0;
}
