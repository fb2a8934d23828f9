/* args.c - prints what wick_parse_args has read, for check_args.py. */
#include <stdio.h>
#include <wick/wick.h>

int main(int argc, char **argv)
{
    int epochs = 10;
    long long count = -1;
    unsigned seed32 = 7;
    unsigned long long seed = 7;
    int64_t wide = 0;
    uint64_t wide_seed = 0;
    double lr = 0.1, eps = 1e-6;
    float decay = 0.5f;
    bool verbose = false, seeded = true;
    const char *data = NULL, *out = ".", *file = NULL, *second = NULL;
    wick_parse_args(argc, argv, "Prints what it has read.", WICK_ARG("--data DIR", &data, "folder", .required = true),
                    WICK_ARG("--epochs N", &epochs, "how long", .least = 1), WICK_ARG("--count N", &count),
                    WICK_ARG("--seed32 N", &seed32, "a seed of NumPy's"),
                    WICK_ARG("--seed N", &seed, "a seed", .given = &seeded), WICK_ARG("--wide N", &wide, "wide"),
                    WICK_ARG("--wide-seed N", &wide_seed, "wide"), WICK_ARG("--lr X", &lr, "learning rate"),
                    WICK_ARG("--eps X", &eps, "step", .above = 0), WICK_ARG("--decay X", &decay, "decay", .least = 0),
                    WICK_ARG("--verbose", &verbose), WICK_ARG("--out DIR", &out, "results"),
                    WICK_ARG("FILE", &file, "a file"), WICK_ARG("SECOND", &second, "another"));
    printf("%s %d %lld %u %llu %lld %llu %s %s %s %d %s %s %s %d\n", data, epochs, count, seed32, seed, (long long)wide,
           (unsigned long long)wide_seed, wick_repr(lr), wick_repr(eps), wick_repr((double)decay), verbose, out,
           file ? file : "-", second ? second : "-", seeded);
    return 0;
}
