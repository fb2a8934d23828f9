/* test_idx.c - IDX files, and the datasets in them. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <sys/stat.h>

#ifdef WICK_HAVE_ZLIB
#include <zlib.h>
#endif

#include "data_help.h"

static bool run_idx(void)
{
    WICK_SCOPE;
    char path[128];
    snprintf(path, sizeof path, "%s/a", folder);
    return wick_data_read_idx(path) != NULL;
}

static bool run_mnist(void)
{
    WICK_SCOPE;
    wick_tensor *x, *y;
    wick_iterator *it = wick_data_iterate(wick_data_loader(wick_data_mnist(folder, true), .batch_size = 2));
    return wick_data_next(it, &x, &y);
}

/* ---- IDX files --------------------------------------------------------------------------------------------------- */

START_TEST(idx)
{
    WICK_SCOPE;
    wick_tensor *t = wick_data_read_idx(WRITE(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255));
    ck_assert(wick_equal(t, wick_from(((unsigned char[][3]){{1, 2, 3}, {4, 5, 255}}), 2, 3)));
    t = wick_data_read_idx(WRITE(0, 0, 8, 1, 0, 0, 0, 1, 7));
    ck_assert_int_eq(wick_ndim(t), 1);
    ck_assert_double_eq(wick_item(t), 7);
    ck_assert_ptr_null(wick_error());
}
END_TEST

START_TEST(idx_errors)
{
    WICK_SCOPE;
#define ck_idx_fails(path, ...) \
    ASSERT_FAILS(wick_data_read_idx(path), WICK_ERROR_FILE, "wick_data_read_idx", folder, __VA_ARGS__)
    char missing[128];
    snprintf(missing, sizeof missing, "%s/missing", folder);
    ASSERT_FAILS(wick_data_read_idx(NULL), WICK_ERROR_ARGUMENT, "wick_data_read_idx", "NULL");
    ck_idx_fails(missing, strerror(ENOENT));
    ck_idx_fails(folder, "directory");
    ck_idx_fails(write_file("a", "", 0), "ends in its header", "0 bytes of 4");
    ck_idx_fails(WRITE(0, 0, 8), "3 bytes of 4");
    ck_idx_fails(WRITE(0, 0, 8, 2, 0, 0, 0), "7 bytes of 12");
    ck_idx_fails(WRITE(1, 0, 8, 1, 0, 0, 0, 1, 5), "01 00 08 01", "00 00 08");
    ck_idx_fails(WRITE(0, 0, 0x0D, 1, 0, 0, 0, 1, 5, 0, 0, 0), "0x0d", "float32", "0x08");
    ck_idx_fails(WRITE(0, 0, 0x77, 1, 0, 0, 0, 1, 5), "0x77", "no type");
    ck_idx_fails(WRITE(0, 0, 8, 0), "0 dimensions");
    ck_idx_fails(WRITE(0, 0, 8, 9, 0, 0, 0, 1), "9 dimensions", "1 to 8");
    ck_idx_fails(WRITE(0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 3), "(0, 3)", "no elements");
    ck_idx_fails(WRITE(0, 0, 8, 1, 0, 0, 0, 3, 1, 2), "(3,)", "3 bytes", "holds 2");
    ck_idx_fails(WRITE(0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4), "(3,)", "holds more than 3");
    ck_idx_fails(WRITE(0, 0, 8, 1, 255, 255, 255, 255, 1), "4294967295 bytes", "a file of 9 bytes");
    ck_idx_fails(WRITE(0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255), "more elements");
#ifndef WICK_HAVE_ZLIB
    ASSERT_FAILS(wick_data_read_idx(WRITE(0x1F, 0x8B, 8, 0)), WICK_ERROR_BUILD, "zlib", folder);
#endif
}
END_TEST

START_TEST(written_idx)
{
    WICK_SCOPE;
    char path[128];
    snprintf(path, sizeof path, "%s/a", folder);
    wick_tensor *t = wick_t(wick_from(((unsigned char[][3]){{1, 2, 3}, {4, 5, 255}}), 2, 3));
    ck_assert(wick_data_write_idx(path, t));
    ck_assert(wick_equal(wick_data_read_idx(path), t));
    wick_tensor *large = wick_to(wick_remainder(wick_arange(70000), 251), WICK_UINT8);
    ck_assert(wick_data_write_idx(path, large));
    ck_assert(wick_equal(wick_data_read_idx(path), large));
    ASSERT_FAILS(wick_data_write_idx(NULL, t), WICK_ERROR_ARGUMENT, "wick_data_write_idx", "NULL");
    ASSERT_FAILS(wick_data_write_idx(path, NULL), WICK_ERROR_ARGUMENT, "wick_data_write_idx", "NULL");
    ASSERT_FAILS(wick_data_write_idx(path, wick_zeros(2)), WICK_ERROR_DTYPE, "float32", "uint8");
    ASSERT_FAILS(wick_data_write_idx(path, wick_zeros(.dtype = WICK_UINT8)), WICK_ERROR_SHAPE, "()");
    ASSERT_FAILS(wick_data_write_idx(path, wick_zeros(2, 0, .dtype = WICK_UINT8)), WICK_ERROR_SHAPE, "(2, 0)");
    ASSERT_FAILS(wick_data_write_idx(folder, t), WICK_ERROR_FILE, folder);
    ck_assert(wick_equal(wick_data_read_idx(path), large)); /* as it was */
}
END_TEST

/* Each change of a small file gives a tensor or an error, and no crash. */
static void damage(unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        WICK_SCOPE;
        wick_data_read_idx(write_file("a", bytes, i));
        for (int k = 0; k < 3; k++) {
            unsigned char was = bytes[i];
            bytes[i] = (unsigned char)(was ^ (k == 0 ? 0xFF : k == 1 ? 0x01 : 0x80));
            wick_data_read_idx(write_file("a", bytes, size));
            bytes[i] = was;
        }
        wick_clear_error();
    }
}

START_TEST(damaged_idx)
{
    unsigned char bytes[] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6};
    damage(bytes, sizeof bytes);
}
END_TEST

#ifdef WICK_HAVE_ZLIB
static const char *write_gzipped(const char *name, const void *bytes, unsigned size)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    gzFile file = gzopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(gzwrite(file, bytes, size), (int)size);
    ck_assert_int_eq(gzclose(file), Z_OK);
    return path;
}

START_TEST(gzipped_idx)
{
    WICK_SCOPE;
    static unsigned char large[8 + 300000] = {0,           0, 8, 1, 300000 >> 24, 300000 >> 16 & 255, 300000 >> 8 & 255,
                                              300000 & 255};
    large[8 + 299999] = 9;
    wick_tensor *t = wick_data_read_idx(write_gzipped("a", large, sizeof large));
    ck_assert_int_eq(wick_numel(t), 300000);
    ck_assert_double_eq(wick_get(t, 299999), 9);
    large[4] = 1; /* 16 MiB more */
    ck_idx_fails(write_gzipped("a", large, sizeof large), "cannot hold");
    large[4] = 0;
    large[7]++;
    ck_idx_fails(write_gzipped("a", large, sizeof large), "300001 bytes", "holds 300000");

    unsigned char bytes[256];
    unsigned char small[] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6};
    FILE *file = fopen(write_gzipped("a", small, sizeof small), "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    bytes[size - 6] ^= 1; /* of the checksum */
    ck_idx_fails(write_file("a", bytes, size), "cannot be read");
    ck_idx_fails(write_file("a", bytes, size - 12), "end early");
    bytes[size - 6] ^= 1;
    damage(bytes, size);
}
END_TEST
#endif

/* ---- MNIST ------------------------------------------------------------------------------------------------------- */

enum { FILES = 3 };

/* An image file of so many 28 x 28 images, in which pixel j of image i is (i + j) mod 256. */
static void write_images(const char *name, int count)
{
    static unsigned char bytes[16 + FILES * 784];
    memcpy(bytes, (const unsigned char[]){0, 0, 8, 3, 0, 0, 0, (unsigned char)count, 0, 0, 0, 28, 0, 0, 0, 28}, 16);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < 784; j++)
            bytes[16 + 784 * i + j] = (unsigned char)(i + j);
#ifdef WICK_HAVE_ZLIB
    if (strstr(name, ".gz")) {
        write_gzipped(name, bytes, (unsigned)(16 + 784 * count));
        return;
    }
#endif
    write_file(name, bytes, (size_t)(16 + 784 * count));
}

#define LABELS(...)                                                                                  \
    write_file("train-labels-idx1-ubyte", (const unsigned char[]){0, 0, 8, 1, 0, 0, 0, __VA_ARGS__}, \
               sizeof((const unsigned char[]){0, 0, 8, 1, 0, 0, 0, __VA_ARGS__}))

START_TEST(mnist)
{
    WICK_SCOPE;
    write_images("train-images-idx3-ubyte", 3);
    LABELS(3, 7, 0, 9);
    wick_dataset *d = wick_data_mnist(folder, true);
    ck_assert_int_eq(wick_data_count(d), 3);
    wick_list *item = wick_data_item(d, 1);
    ck_assert_int_eq(wick_ndim(wick_list_get(item, 0)), 3);
    ck_assert_int_eq(wick_ndim(wick_list_get(item, 1)), 0);
    wick_tensor *x, *y;
    wick_tensor *order = wick_from(((int64_t[]){2, 0}), 2);
    wick_iterator *it =
        wick_data_iterate(wick_data_loader(d, .batch_size = 2, .sampler = wick_data_index_sampler(order)));
    ck_assert(wick_data_next(it, &x, &y));
    ck_assert_int_eq(wick_ndim(x), 4);
    ck_assert_int_eq(wick_size(x, 0), 2);
    ck_assert_int_eq(wick_size(x, 1), 1);
    ck_assert_int_eq(wick_size(x, 3), 28);
    ck_assert_int_eq(wick_dtype_of(y), WICK_INT64);
    ck_assert_int_eq(wick_data_int64(y)[0], 9);
    ck_assert_int_eq(wick_data_int64(y)[1], 7);
    for (int j = 0; j < 784; j++) {
        ck_assert_float_eq(wick_data_float32(x)[j], (float)((j + 2) % 256) / 255.0f);
        ck_assert_float_eq(wick_data_float32(x)[784 + j], (float)(j % 256) / 255.0f);
    }
    ck_assert_ptr_null(wick_error());
    check_allocations(run_mnist, "mnist");
    write_file("a", (const unsigned char[]){0, 0, 8, 1, 0, 0, 0, 1, 7}, 9);
    check_allocations(run_idx, "idx");
}
END_TEST

START_TEST(mnist_errors)
{
    WICK_SCOPE;
    char huge[128];
    ASSERT_FAILS(wick_data_mnist(NULL, true), WICK_ERROR_ARGUMENT, "wick_data_mnist", "NULL");
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "wick_data_mnist", folder, "train-images-idx3-ubyte'",
                 "train-images-idx3-ubyte.gz'");
    ASSERT_FAILS(wick_data_fashion_mnist(folder, false), WICK_ERROR_FILE, "wick_data_fashion_mnist",
                 "t10k-images-idx3-ubyte");
    write_images("train-images-idx3-ubyte", 3);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "wick_data_mnist", "train-labels-idx1-ubyte");
    LABELS(2, 7, 0);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "train-labels", "2 labels", "3");
    LABELS(3, 7, 0, 10);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "label 10", "index 2", "0 to 9");
    write_images("train-labels-idx1-ubyte", 3);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "train-labels", "(3, 28, 28)", "(N)");
    /* Beyond 2 GiB, which takes a 64-bit off_t to open. */
    write_file("train-labels-idx1-ubyte", (const unsigned char[]){0, 0, 8, 1, 0, 0, 0, 1, 7}, 9);
    snprintf(huge, sizeof huge, "%s/train-labels-idx1-ubyte", folder);
    ck_assert_int_eq(truncate(huge, (off_t)INT32_MAX + 2), 0);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "train-labels", "it holds");
    write_file("train-images-idx3-ubyte", (const unsigned char[]){0, 0, 8, 1, 0, 0, 0, 1, 7}, 9);
    ASSERT_FAILS(wick_data_mnist(folder, true), WICK_ERROR_FILE, "train-images", "(1,)", "(N, 28, 28)");
}
END_TEST

#ifdef WICK_HAVE_ZLIB
START_TEST(gzipped_mnist)
{
    WICK_SCOPE;
    write_images("train-images-idx3-ubyte.gz", 2);
    LABELS(2, 1, 2);
    ck_assert_int_eq(wick_data_count(wick_data_fashion_mnist(folder, true)), 2);
}
END_TEST

/* The files themselves, where they are at hand. */
START_TEST(real_files)
{
    const char *parent = getenv("WICK_DATA_DIR");
    if (!parent || !*parent) {
        printf("skipped: the real MNIST files (WICK_DATA_DIR is not set)\n");
        return;
    }
    /* The first labels, and the sums of the pixels, computed with numpy. */
    static const struct {
        const char *name;
        wick_dataset *(*open)(const char *, bool);
        bool train;
        int64_t length, labels[5];
        long long sum;
    } rows[] = {
        {"mnist", wick_data_mnist, true, 60000, {5, 0, 4, 1, 9}, 1567298545},
        {"mnist", wick_data_mnist, false, 10000, {7, 2, 1, 0, 4}, 264923200},
        {"fashion-mnist", wick_data_fashion_mnist, true, 60000, {9, 0, 0, 3, 0}, 3431114169},
        {"fashion-mnist", wick_data_fashion_mnist, false, 10000, {9, 2, 1, 1, 6}, 573469082},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        if (is_slow() && rows[r].length > 10000)
            continue;
        WICK_SCOPE;
        char path[512];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", parent, rows[r].name);
        if (stat(path, &status) != 0) {
            printf("skipped: %s (it is not there)\n", path);
            continue;
        }
        wick_dataset *d = rows[r].open(path, rows[r].train);
        ck_assert_msg(d != NULL, "%s", wick_error());
        ck_assert_int_eq(wick_data_count(d), rows[r].length);
        long long sum = 0;
        int64_t seen = 0;
        wick_tensor *x, *y;
        WICK_FOR_EACH_BATCH (wick_data_loader(d, .batch_size = 256), &x, &y) {
            for (int64_t i = 0; i < wick_numel(x); i++)
                sum += (long long)(wick_data_float32(x)[i] * 255.0f + 0.5f);
            for (int64_t i = 0; seen == 0 && i < 5; i++)
                ck_assert_int_eq(wick_data_int64(y)[i], rows[r].labels[i]);
            seen += wick_numel(y);
        }
        ck_assert_int_eq(seen, rows[r].length);
        ck_assert_int_eq(sum, rows[r].sum);
    }
}
END_TEST
#endif

START_TEST(class_names)
{
    ck_assert_str_eq(wick_data_fashion_mnist_class(0), "T-shirt/top");
    ck_assert_str_eq(wick_data_fashion_mnist_class(9), "Ankle boot");
    ck_assert_ptr_null(wick_data_fashion_mnist_class(10));
    ck_assert_ptr_null(wick_data_fashion_mnist_class(-1));
    ck_assert_ptr_null(wick_error());
}
END_TEST

Suite *idx_suite(void);
Suite *idx_suite(void)
{
    Suite *s = suite_create("idx");
    TCase *c = tcase_create("files");
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_add_test(c, idx);
    tcase_add_test(c, idx_errors);
    tcase_add_test(c, written_idx);
    tcase_add_test(c, damaged_idx);
    tcase_add_test(c, mnist);
    tcase_add_test(c, mnist_errors);
    tcase_add_test(c, class_names);
#ifdef WICK_HAVE_ZLIB
    tcase_add_test(c, gzipped_idx);
    tcase_add_test(c, gzipped_mnist);
    tcase_add_test(c, real_files);
#endif
    suite_add_tcase(s, c);
    return s;
}
