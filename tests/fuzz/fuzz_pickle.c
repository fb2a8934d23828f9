/* fuzz_pickle.c - wick_load of an archive whose data.pkl is any bytes, beside storages of 8, 64 and 0 bytes; what it gives is
 * loaded into a model, and saved. */
#define _GNU_SOURCE
#include "fuzz.h"

static uint8_t zip[1 << 20], directory[1 << 10];
static size_t zip_size, directory_size;
static int entries;

static void put(uint8_t *bytes, size_t *at, uint64_t value, int count)
{
    for (; count > 0; count--, value >>= 8)
        bytes[(*at)++] = (uint8_t)value;
}

/* A stored entry without a checksum. */
static void add(const char *name, const void *bytes, size_t size)
{
    uint8_t common[26];
    size_t n = 0, length = strlen(name), begin = zip_size;
    put(common, &n, 20, 2);
    put(common, &n, 0, 2 + 2); /* flags; stored */
    put(common, &n, 0x00210000, 4);
    put(common, &n, 0, 4);
    put(common, &n, size, 4);
    put(common, &n, size, 4);
    put(common, &n, length, 4); /* and no extra field */
    put(zip, &zip_size, 0x04034b50, 4);
    memcpy(zip + zip_size, common, n);
    memcpy(zip + zip_size + n, name, length);
    if (size)
        memcpy(zip + zip_size + n + length, bytes, size);
    zip_size += n + length + size;
    put(directory, &directory_size, 0x02014b50, 4);
    put(directory, &directory_size, 20, 2);
    memcpy(directory + directory_size, common, n);
    directory_size += n;
    put(directory, &directory_size, 0, 4 + 4 + 2);
    put(directory, &directory_size, begin, 4);
    memcpy(directory + directory_size, name, length);
    directory_size += length;
    entries++;
}

static void end(void)
{
    size_t begin = zip_size;
    memcpy(zip + zip_size, directory, directory_size);
    zip_size += directory_size;
    put(zip, &zip_size, 0x06054b50, 4);
    put(zip, &zip_size, 0, 4);
    put(zip, &zip_size, (uint64_t)entries, 2);
    put(zip, &zip_size, (uint64_t)entries, 2);
    put(zip, &zip_size, directory_size, 4);
    put(zip, &zip_size, begin, 4);
    put(zip, &zip_size, 0, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const double numbers[8] = {1, -2, 0.5, 4, -0.0, 6, 7, 8};
    if (size > 1 << 16)
        return 0;
    zip_size = directory_size = 0, entries = 0;
    add("m/data.pkl", data, size);
    add("m/data/0", numbers, 8);
    add("m/data/1", numbers, sizeof numbers);
    add("m/data/2", numbers, 0);
    end();
    {
        WICK_SCOPE;
        wick_dict *dict = wick_load(path_of(zip, zip_size));
        check(dict != NULL);
        for (int64_t i = 0; i < wick_nn_dict_count(dict); i++)
            touch(wick_nn_dict_tensor(dict, i));
        if (dict) {
            wick_module *model = wick_nn_sequential(wick_nn_linear(2, 1), wick_nn_batch_norm1d(1));
            check(wick_nn_load_state_dict(model, dict, .strict = false));
            check(wick_nn_load_state_dict(model, dict));
            check(wick_save(dict, "/dev/null"));
        }
    }
    check_left_over();
    return 0;
}
