/* fuzz_table.c - wick_data_loadtxt of any bytes: the first four choose the options. */
#define _GNU_SOURCE
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const delimiters[] = {NULL, ",", ";", " "}, *const comments[] = {"#", NULL, "//", "%"};
    if (size < 4)
        return 0;
    {
        WICK_SCOPE;
        wick_dict *classes = wick_nn_dict_new();
        wick_loadtxt_options o = {.size_ = sizeof o, 0, WICK_LOADTXT_DEFAULTS};
        int64_t columns[] = {data[3] % 4, -1};
        wick_converter converter = {.column = -1, .classes = classes, .known_only = data[2] & 8};
        o.delimiter = delimiters[data[0] % 4];
        o.comments = comments[data[0] / 4 % 4];
        o.quotechar = data[0] & 16 ? "\"" : NULL;
        o.dtype = WICK_FLOAT32 + data[1] % 5;
        o.ndmin = data[1] / 8 % 3;
        o.skiprows = data[2] % 4;
        o.max_rows = data[2] & 16 ? data[2] / 32 : INT64_MAX;
        o.usecols = (wick_columns){columns, data[3] & 64 ? 2 : 0};
        o.converters = (wick_converters){&converter, data[3] & 128 ? 1 : 0};
        check_result(wick_data_loadtxt_opt(path_of(data + 4, size - 4), &o));
    }
    check_left_over();
    return 0;
}
