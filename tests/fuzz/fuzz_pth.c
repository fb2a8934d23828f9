/* fuzz_pth.c - wick_load of any bytes. Seeds without checksums let the search change what is in the entries, too. */
#define _GNU_SOURCE
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    {
        WICK_SCOPE;
        wick_dict *dict = wick_load(path_of(data, size));
        check(dict != NULL);
        for (int64_t i = 0; i < wick_nn_dict_count(dict); i++)
            touch(wick_nn_dict_tensor(dict, i));
    }
    check_left_over();
    return 0;
}
