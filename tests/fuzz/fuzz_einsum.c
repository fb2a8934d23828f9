/* fuzz_einsum.c - wick_einsum of any equation: the first byte is how many operands there are, the next ones their shapes. */
#define _GNU_SOURCE
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {data, size};
    wick_tensor *t[3];
    {
        WICK_SCOPE;
        int count = 1 + next_byte(&in) % 3;
        for (int i = 0; i < count; i++) {
            uint8_t what = next_byte(&in);
            int64_t shape[4];
            for (int d = 0; d < 4; d++)
                shape[d] = what >> d & 8 ? 1 : 2 + d;
            t[i] = wick_ones_n(shape, what % 5, WICK_FLOAT32);
        }
        char equation[256];
        size_t length = in.size < sizeof equation - 1 ? in.size : sizeof equation - 1;
        memcpy(equation, in.data, length);
        equation[length] = '\0';
        wick_tensor *y = wick_einsum_from(equation, wick_list_n(t, count));
        check_result(y);
        touch(y);
    }
    check_left_over();
    return 0;
}
