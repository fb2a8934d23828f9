/* fuzz_format.c - wick_data_savetxt with any .fmt, a printf conversion, up to the first zero byte, and any delimiter behind it. */
#define _GNU_SOURCE
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char fmt[64] = "", delimiter[16] = "";
    size_t length = size < sizeof fmt - 1 ? size : sizeof fmt - 1;
    memcpy(fmt, data, length);
    if (strlen(fmt) + 1 < length)
        snprintf(delimiter, sizeof delimiter, "%.15s", fmt + strlen(fmt) + 1);
    {
        WICK_SCOPE;
        wick_tensor *reals = wick_from(((double[]){0, -1.5, 1e300, 2.0 / 3, -0.0}), 5);
        wick_tensor *whole = wick_from(((int64_t[]){0, INT64_MAX, INT64_MIN, 7}), 2, 2);
        check(wick_data_savetxt("/dev/null", reals, .fmt = fmt, .delimiter = delimiter));
        check(wick_data_savetxt("/dev/null", whole, .fmt = fmt, .delimiter = delimiter));
    }
    check_left_over();
    return 0;
}
