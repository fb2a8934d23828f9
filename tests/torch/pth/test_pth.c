/* test_pth.c - reading and writing .pth files: those that PyTorch wrote (pth.py), those that wick_save
 * wrote, and crafted and damaged ones. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check_wick.h"

#ifndef WICK_HAVE_LIBZIP
START_TEST(built_without_libzip)
{
    WICK_SCOPE;
    ASSERT_FAILS(wick_load(WICK_TESTS_DIR "/torch/pth/student_torch.pth"), WICK_ERROR_BUILD, "wick_load", "libzip");
    ASSERT_FAILS(wick_save(wick_nn_dict_new(), "/tmp/wick_no_libzip.pth"), WICK_ERROR_BUILD, "wick_save", "libzip");
}
END_TEST
#else

static char folder[64], path[96]; /* path: folder/model.pth */

static void make_folder(void)
{
    /* in memory, where waiting for the disk takes no time */
    strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/wick_pth_XXXXXX" : "/tmp/wick_pth_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/model.pth", folder);
}

static void remove_folder(void)
{
    wick_clear_error();
    remove(path);
    ck_assert_int_eq(rmdir(folder), 0); /* also: no temporary file is left */
}

/* Written over what is there and then cut: file systems flush a file that was emptied first to the disk, which takes
 * long. */
static void write_bytes(const void *bytes, size_t size)
{
    FILE *file = fopen(path, access(path, F_OK) == 0 ? "r+b" : "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fflush(file), 0);
    ck_assert_int_eq(ftruncate(fileno(file), (off_t)size), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static size_t read_bytes(const char *from, unsigned char *bytes, size_t room)
{
    FILE *file = fopen(from, "rb");
    ck_assert_msg(file != NULL, "%s", from);
    size_t size = fread(bytes, 1, room, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_uint_lt(size, room);
    return size;
}

/* ---- A zip archive of stored entries, in memory: enough to make the files that no library would write ------------ */

static struct {
    unsigned char bytes[1 << 16], directory[1 << 12];
    size_t size, directory_size;
    int entries;
} zip;

static unsigned char *put(unsigned char *to, uint64_t value, int count)
{
    for (; count > 0; count--, value >>= 8)
        *to++ = (unsigned char)value;
    return to;
}

static uint32_t crc32_of(const unsigned char *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    return ~crc;
}

static void zip_entry(const char *name, const void *bytes, size_t size)
{
    unsigned char common[26], *end = common; /* what the local header and the directory share */
    size_t length = strlen(name);
    ck_assert_uint_lt(zip.size + length + size + 128, sizeof zip.bytes);
    end = put(end, 20, 2);
    end = put(end, 0, 2 + 2);      /* flags; stored */
    end = put(end, 0x00210000, 4); /* time and date */
    end = put(end, crc32_of(bytes, size), 4);
    end = put(end, (uint32_t)size, 4);
    end = put(end, (uint32_t)size, 4);
    end = put(end, (uint32_t)length, 2);
    put(end, 0, 2);

    unsigned char *d = zip.directory + zip.directory_size;
    d = put(d, 0x02014b50, 4);
    d = put(d, 20, 2);
    memcpy(d, common, sizeof common);
    d = put(d + sizeof common, 0, 4 + 4 + 2); /* comment, disk, attributes */
    d = put(d, (uint32_t)zip.size, 4);
    memcpy(d, name, length);
    zip.directory_size = (size_t)(d + length - zip.directory);

    unsigned char *to = put(zip.bytes + zip.size, 0x04034b50, 4);
    memcpy(to, common, sizeof common);
    memcpy(to + sizeof common, name, length);
    if (size)
        memcpy(to + sizeof common + length, bytes, size);
    zip.size += 4 + sizeof common + length + size;
    zip.entries++;
}

static void zip_begin(void) { zip.size = zip.directory_size = 0, zip.entries = 0; }

static const char *zip_end(void)
{
    memcpy(zip.bytes + zip.size, zip.directory, zip.directory_size);
    unsigned char *to = put(zip.bytes + zip.size + zip.directory_size, 0x06054b50, 4);
    to = put(to, 0, 4);
    to = put(to, (uint32_t)zip.entries, 2);
    to = put(to, (uint32_t)zip.entries, 2);
    to = put(to, (uint32_t)zip.directory_size, 4);
    to = put(to, (uint32_t)zip.size, 4);
    to = put(to, 0, 2);
    write_bytes(zip.bytes, (size_t)(to - zip.bytes));
    return path;
}

/* A .pth file with this pickle, and one storage, data/0, of two floats. */
static const char *write_pth(const void *pickle, size_t size)
{
    zip_begin();
    zip_entry("m/data.pkl", pickle, size);
    zip_entry("m/data/0", "\0\0\x80\x3f\0\0\0\x40", 8); /* 1 and 2, little-endian as files that do not say are */
    return zip_end();
}
#define PTH(text) write_pth(text, sizeof text - 1)

/* Pieces of pickles: a dict with a float tensor "w" on data/0 of the given count, offset, size and stride. */
#define STR(letter, text) "X" letter "\0\0\0" text
#define STORAGE(class, key, numel) \
    "((" STR("\7", "storage") "ctorch\n" class "\n" STR("\1", key) STR("\3", "cpu") numel "tQ"
#define TENSOR(storage, rest) "ctorch._utils\n_rebuild_tensor_v2\n" storage rest "\x89}tR"
#define DICT(value) "\x80\2}" STR("\1", "w") value "s."
#define TWO STORAGE("FloatStorage", "0", "K\2")
#define EVIL "J\xff\xff\xff\x7f"                        /* 2^31 - 1 */
#define VAST "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f" /* 2^63 - 1 */

/* ---- Files of PyTorch -------------------------------------------------------------------------------------------- */

/* The element of this row-major number. */
static double element(const wick_tensor *t, int64_t number)
{
    int64_t index[WICK_MAX_DIMS];
    for (int dim = wick_ndim(t) - 1; dim >= 0; dim--) {
        index[dim] = number % wick_shape(t)[dim];
        number /= wick_shape(t)[dim];
    }
    return wick_get_n(t, index, wick_ndim(t));
}

static void check_against(wick_dict *dict, const char *text)
{
    FILE *file = fopen(text, "r");
    ck_assert_ptr_nonnull(file);
    char name[32], dtype[32];
    int requires_grad, ndim;
    int64_t entries = 0;
    for (; fscanf(file, "%31s %31s %d %d", name, dtype, &requires_grad, &ndim) == 4; entries++) {
        wick_tensor *t = wick_nn_dict_get(dict, name);
        ck_assert_msg(t != NULL, "%s", name);
        ck_assert_str_eq(wick_nn_dict_name(dict, entries), name);
        ck_assert_str_eq(wick_dtype_name(wick_dtype_of(t)), dtype);
        ck_assert_int_eq(wick_requires_grad(t), requires_grad);
        ck_assert_int_eq(wick_ndim(t), ndim);
        for (int dim = 0; dim < ndim; dim++) {
            long long size;
            ck_assert_int_eq(fscanf(file, "%lld", &size), 1);
            ck_assert_int_eq(wick_size(t, dim), size);
        }
        for (int64_t i = 0; i < wick_numel(t); i++) {
            double value;
            ck_assert_int_eq(fscanf(file, "%lf", &value), 1);
            ck_assert_msg(element(t, i) == value, "%s[%d] is %g, not %g", name, (int)i, element(t, i), value);
        }
    }
    fclose(file);
    ck_assert_int_gt(entries, 0);
    ck_assert_int_eq(wick_nn_dict_count(dict), entries);
}

START_TEST(files_of_pytorch)
{
    WICK_SCOPE;
    check_against(wick_load(WICK_TESTS_DIR "/torch/pth/student_torch.pth"),
                  WICK_TESTS_DIR "/torch/pth/student_torch.txt");
    check_against(wick_load(WICK_TESTS_DIR "/torch/pth/types_big_endian_torch.pth"),
                  WICK_TESTS_DIR "/torch/pth/types_torch.txt");
    wick_dict *dict = wick_load(WICK_TESTS_DIR "/torch/pth/types_torch.pth");
    check_against(dict, WICK_TESTS_DIR "/torch/pth/types_torch.txt");
    ck_assert(wick_same_storage(wick_nn_dict_get(dict, "float64"), wick_nn_dict_get(dict, "transposed")));
    ck_assert_int_eq(wick_strides(wick_nn_dict_get(dict, "expanded"))[0], 0);
    ck_assert_int_eq(wick_storage_offset(wick_nn_dict_get(dict, "float64")), 5);
    ck_assert_int_eq(wick_data_int64(wick_nn_dict_get(dict, "int64"))[0], (int64_t)1 << 60);

    wick_module *model =
        wick_nn_sequential(wick_nn_linear(2, 4), wick_nn_relu(), wick_nn_linear(4, 1), wick_nn_sigmoid());
    ck_assert(wick_nn_load_state_dict(model, wick_load(WICK_TESTS_DIR "/torch/pth/student_torch.pth")));
    check_against(wick_nn_state_dict(model), WICK_TESTS_DIR "/torch/pth/student_torch.txt");
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* What a tensor's description says besides size and stride: signs, attributes; and files without checksums, of another
 * protocol, packed. */
START_TEST(descriptions)
{
    WICK_SCOPE;
    wick_dict *dict = wick_load(WICK_TESTS_DIR "/torch/pth/signs_torch.pth");
    check_against(dict, WICK_TESTS_DIR "/torch/pth/signs_torch.txt");
    check_against(wick_load(WICK_TESTS_DIR "/torch/pth/attributes_torch.pth"),
                  WICK_TESTS_DIR "/torch/pth/attributes_torch.txt");
    check_against(wick_load(WICK_TESTS_DIR "/torch/pth/crc_torch.pth"), WICK_TESTS_DIR "/torch/pth/crc_torch.txt");
    check_against(wick_load(WICK_TESTS_DIR "/torch/pth/protocol_torch.pth"), WICK_TESTS_DIR "/torch/pth/crc_torch.txt");
    ck_assert_int_eq(wick_nn_dict_count(wick_load(WICK_TESTS_DIR "/torch/pth/skip_torch.pth")), 2);
    ck_assert(wick_save(dict, path));
    check_against(wick_load(path), WICK_TESTS_DIR "/torch/pth/signs_torch.txt");
    dict = wick_load(WICK_TESTS_DIR "/torch/pth/packed_torch.pth");
    ck_assert_int_eq(wick_nn_dict_count(dict), 300);
    for (int i = 0; i < 300; i++) {
        ck_assert(wick_get(wick_nn_dict_tensor(dict, i), 0) == i);
        ck_assert(wick_get(wick_nn_dict_tensor(dict, i), 1) == -i);
    }
    ck_assert_ptr_null(wick_error());
}
END_TEST

static wick_module *bn_model(double count)
{
    wick_module *m = wick_nn_sequential(wick_nn_linear(2, 2), wick_nn_batch_norm1d(2));
    wick_fill_(wick_nn_get(m, "1.num_batches_tracked"), count);
    return m;
}

/* num_batches_tracked came to BatchNorm with version 2: a state dict of an older one, or of none that it says, leaves it as
 * it is, as in PyTorch. Saving keeps the versions. */
START_TEST(versions_of_batch_norm)
{
    static const struct {
        const char *file;
        double count; /* from 9; -1: a missing key */
    } cases[] = {{"bn", 5}, {"bn_missing", -1}, {"bn_version1", 9}, {"bn_bare", 9}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int saved = 0; saved < 2; saved++) {
            WICK_SCOPE;
            char file[256];
            snprintf(file, sizeof file, WICK_TESTS_DIR "/torch/pth/%s_torch.pth", cases[i].file);
            wick_dict *dict = wick_load(file);
            if (saved) {
                ck_assert(wick_save(dict, path));
                dict = wick_load(path);
            }
            ck_assert_msg(dict != NULL, "%s", wick_error());
            wick_module *m = bn_model(9);
            if (cases[i].count < 0) {
                ASSERT_FAILS(wick_nn_load_state_dict(m, dict), WICK_ERROR_SHAPE,
                             "Missing key(s) in state_dict: \"1.num_batches_tracked\". ");
                continue;
            }
            ck_assert_msg(wick_nn_load_state_dict(m, dict), "%s", wick_error());
            ck_assert(wick_item(wick_nn_get(m, "1.num_batches_tracked")) == cases[i].count);
            ck_assert(wick_equal(wick_nn_get(m, "1.running_var"), wick_nn_dict_get(dict, "1.running_var")));
        }
    WICK_SCOPE;
    wick_dict *bare = wick_nn_dict_new(), *own = wick_nn_state_dict(bn_model(3)); /* a converter's */
    for (int64_t i = 0; i < wick_nn_dict_count(own) - 1; i++)
        wick_nn_dict_set(bare, wick_nn_dict_name(own, i), wick_nn_dict_tensor(own, i));
    wick_module *m = bn_model(0);
    ck_assert_msg(wick_nn_load_state_dict(m, bare), "%s", wick_error());
    ck_assert(wick_item(wick_nn_get(m, "1.num_batches_tracked")) == 0);
    bare = wick_nn_dict_new();
    ASSERT_FAILS(wick_nn_load_state_dict(m, bare), WICK_ERROR_SHAPE, "\"1.running_var\". ");
}
END_TEST

/* Files of a few bytes that describe much. */
START_TEST(bombs)
{
    WICK_SCOPE;
#define ck_load_fails(file, ...) ASSERT_FAILS(wick_load(file), WICK_ERROR_FILE, "wick_load", file, __VA_ARGS__)
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/bomb.pth", "unpacks from", "to 4194308");
    enum { SIZE = 33000 };
    static unsigned char pickle[SIZE];
    static const struct {
        const char *begin, *repeated, *error;
    } cases[] = {
        {"\x80\2)", "\x85", "nests values more than 100 deep"},
        {"\x80\2(", "]a", "nothing to put items into"},
        {"\x80\2]", "]", "32 times as much memory"},
        {"\x80\2", "}", "32 times as much memory"},
        {"\x80\2]q\1", "h\1\x85", "ends within an instruction"},
        {"\x80\2Nr\xe7\x80\0\0", "N", "no value"}, /* one memo number as large as it may be */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t begin = i == 5 ? 8 : strlen(cases[i].begin), length = strlen(cases[i].repeated);
        memcpy(pickle, cases[i].begin, begin);
        for (size_t k = begin; k < SIZE; k++)
            pickle[k] = (unsigned char)cases[i].repeated[(k - begin) % length];
        zip_begin();
        zip_entry("m/data.pkl", pickle, SIZE);
        (void)zip_end();
        wick_clear_error();
        ck_assert_ptr_null(wick_load(path));
        ck_assert_msg(wick_error_kind() == WICK_ERROR_FILE, "%s", wick_error());
        bool small = sizeof(void *) < 8 && (i == 2 || i == 3); /* values of 32 bits stay below the bound */
        if (i != 1 && i != 5 && !small)
            ck_assert_msg(strstr(wick_error(), cases[i].error) != NULL, "%d: %s", (int)i, wick_error());
        wick_clear_error();
    }
}
END_TEST

START_TEST(other_contents)
{
    WICK_SCOPE;
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/checkpoint_torch.pth", "a dict under 'model'", "state_dict()");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/epoch_torch.pth", "an int under 'epoch'", "dicts of tensors");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/module_torch.pth", "an object of torch.nn.modules.container.Sequential");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/tensor_torch.pth", "it holds a tensor");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/half_torch.pth", "torch.HalfStorage",
                  "float32, float64, int64, uint8 and bool");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/complex_torch.pth", "torch.ComplexFloatStorage");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/uint16_torch.pth", "torch.uint16",
                  "float32, float64, int64, uint8 and bool");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/sparse_torch.pth", "a sparse tensor", "to_dense()");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/meta_torch.pth", "the device meta");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/legacy_torch.pth", "_use_new_zipfile_serialization=True");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/pth.py", "no zip archive");
    ck_load_fails(WICK_TESTS_DIR "/torch/pth/nothing.pth", "cannot be opened");
    ck_load_fails(WICK_TESTS_DIR, "cannot be opened");
    ASSERT_FAILS(wick_load(NULL), WICK_ERROR_ARGUMENT, "wick_load", "NULL");
}
END_TEST

/* ---- What wick_save writes --------------------------------------------------------------------------------------- */

START_TEST(round_trip)
{
    WICK_SCOPE;
    wick_dict *saved = wick_load(WICK_TESTS_DIR "/torch/pth/types_torch.pth");
    ck_assert(wick_save(saved, path));
    wick_dict *loaded = wick_load(path);
    check_against(loaded, WICK_TESTS_DIR "/torch/pth/types_torch.txt");
    ck_assert(wick_same_storage(wick_nn_dict_get(loaded, "float64"), wick_nn_dict_get(loaded, "transposed")));
    ck_assert(wick_save(wick_nn_dict_new(), path));
    ck_assert_int_eq(wick_nn_dict_count(wick_load(path)), 0);

    wick_dict *many = wick_nn_dict_new(); /* names and sizes that need the longer instructions */
    for (int i = 0; i < 300; i++) {
        char name[301] = "";
        memset(name, 'n', (size_t)i + 1);
        wick_nn_dict_set(many, name,
                         wick_full(i % 256, 70000 / (1 + 300 * (i > 0)), .dtype = i % 2 ? WICK_FLOAT64 : WICK_UINT8));
    }
    ck_assert(wick_save(many, path));
    loaded = wick_load(path);
    ck_assert_int_eq(wick_nn_dict_count(loaded), 300);
    for (int64_t i = 0; i < 300; i++) {
        ck_assert_str_eq(wick_nn_dict_name(loaded, i), wick_nn_dict_name(many, i));
        ck_assert(wick_equal(wick_nn_dict_tensor(loaded, i), wick_nn_dict_tensor(many, i)));
    }
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* As torch.save: one root folder named after the file, entries stored, and data at multiples of 64. */
START_TEST(layout_of_the_archive)
{
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    wick_nn_dict_set(dict, "w", wick_full(0.5, 3));
    wick_nn_dict_set(dict, "b", wick_full(0.25, 2));
    ck_assert(wick_save(dict, path));
    static unsigned char bytes[1 << 14], again[1 << 14];
    size_t size = read_bytes(path, bytes, sizeof bytes), at = 0;
    static const char *const names[] = {"model/data.pkl", "model/byteorder", "model/data/0", "model/data/1",
                                        "model/version"};
    for (size_t i = 0; i < 5; i++) {
        ck_assert_mem_eq(bytes + at, "PK\3\4", 4);
        size_t compression = bytes[at + 8], length = bytes[at + 26], extra = bytes[at + 28], count = bytes[at + 18];
        count += (size_t)bytes[at + 19] << 8;
        ck_assert_uint_eq(compression, 0);
        ck_assert_uint_eq(length, strlen(names[i]));
        ck_assert_mem_eq(bytes + at + 30, names[i], length);
        at += 30 + length + extra;
        ck_assert_uint_eq(at % 64, 0);
        if (i == 2)
            ck_assert_float_eq(*(float *)(void *)(bytes + at), 0.5f);
        at += count;
    }
    ck_assert_mem_eq(bytes + at, "PK\1\2", 4);
    ck_assert(wick_save(dict, path)); /* over the one that is there; equal dicts make equal files */
    ck_assert_uint_eq(read_bytes(path, again, sizeof again), size);
    ck_assert_mem_eq(bytes, again, size);
}
END_TEST

START_TEST(save_errors)
{
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    wick_nn_dict_set(dict, "w", wick_ones(2));
    ASSERT_FAILS(wick_save(NULL, path), WICK_ERROR_ARGUMENT, "wick_save", "dict");
    ASSERT_FAILS(wick_save(dict, NULL), WICK_ERROR_ARGUMENT, "wick_save", "path");
    ASSERT_FAILS(wick_save(dict, folder), WICK_ERROR_FILE, "wick_save", folder, "cannot be written");
    ASSERT_FAILS(wick_save(dict, "/nowhere/model.pth"), WICK_ERROR_FILE, "'/nowhere/model.pth' cannot be written",
                 "No such file");
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

/* Keys are text. A path may be any bytes: the folder in the archive is then "archive", as in PyTorch's files. */
START_TEST(names_and_paths)
{
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    static const char *const good[] = {"", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x94\xA5", "\xED\xA0\x80", "a b\n"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        wick_nn_dict_set(dict, good[i], wick_full((double)i, 2));
    static const char *const stems[] = {"model", "\xC3\xBC", "\xFF\xFE", ".", "a.b"};
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        char other[128];
        snprintf(other, sizeof other, "%s/%s.pth", folder, stems[i]);
        ck_assert(wick_save(dict, other));
        wick_dict *loaded = wick_load(other);
        ck_assert_msg(loaded != NULL, "%s", wick_error());
        for (size_t k = 0; k < sizeof good / sizeof *good; k++)
            ck_assert(wick_equal(wick_nn_dict_get(loaded, good[k]), wick_full((double)k, 2)));
        static unsigned char bytes[1 << 14];
        read_bytes(other, bytes, sizeof bytes);
        const char *root = i == 0   ? "model/data.pkl"
                           : i < 3  ? "archive/data.pkl"
                           : i == 3 ? "./data.pkl"
                                    : "a.b/data.pkl";
        ck_assert_mem_eq(bytes + 30, root, strlen(root));
        remove(other);
    }
    static const char *const bad[] = {"\xFF",     "a\x80",        "\xC3",
                                      "\xC0\x80", "\xE0\x80\x80", "\xF4\x90\x80\x80",
                                      "\xE2\x82", "\xF8\x88",     "\xF0\x80\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dict = wick_nn_dict_new();
        wick_nn_dict_set(dict, "w", wick_ones(2));
        wick_nn_dict_set(dict, bad[i], wick_ones(2));
        ASSERT_FAILS(wick_save(dict, path), WICK_ERROR_ARGUMENT, "wick_save", "entry 1", "not UTF-8");
        ck_assert_int_ne(access(path, F_OK), 0);
    }
}
END_TEST

/* Time and memory grow with the number of tensors, not with its square. */
START_TEST(many_storages)
{
    enum { MANY = 70000 };
    int64_t count = is_slow() ? MANY / 50 : MANY;
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    char name[16];
    for (int64_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "w%lld", (long long)i);
        wick_nn_dict_set(dict, name, wick_scalar_int(i));
    }
    clock_t begin = clock();
    ck_assert(wick_save(dict, path));
    wick_dict *loaded = wick_load(path);
    ck_assert_msg(loaded != NULL, "%s", wick_error());
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    ck_assert_int_eq(wick_nn_dict_count(loaded), count);
    for (int64_t i = 0; i < count; i += 997)
        ck_assert(wick_equal(wick_nn_dict_tensor(loaded, i), wick_nn_dict_tensor(dict, i)));
    ck_assert_msg(is_slow() || seconds < 3, "%g s of the processor's time", seconds);
}
END_TEST

/* What comes after an entry of 4 GiB, whose header is longer, lies at multiples of 64 as well. Only where WICK_HUGE is set in
 * the environment: the file needs the room, and some seconds. */
START_TEST(huge_entry)
{
    if (!getenv("WICK_HUGE"))
        return;
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    ck_assert(wick_nn_dict_set(dict, "huge", wick_empty(((int64_t)1 << 32) + 8, .dtype = WICK_UINT8)));
    ck_assert(wick_nn_dict_set(dict, "small", wick_from(((float[]){1, 2, 3}), 3)));
    ck_assert_msg(wick_save(dict, path), "%s", wick_error());
    static unsigned char tail[2048]; /* the entries data/1 and version, and the directory */
    FILE *file = fopen(path, "rb");
    ck_assert_int_eq(fseeko(file, -(off_t)sizeof tail, SEEK_END), 0);
    int64_t at = (int64_t)ftello(file);
    ck_assert_uint_eq(fread(tail, 1, sizeof tail, file), sizeof tail);
    fclose(file);
    int entries = 0;
    for (size_t i = 0; i + 30 < sizeof tail; i++)
        if (memcmp(tail + i, "PK\3\4", 4) == 0) {
            int64_t begin = at + (int64_t)i + 30 + tail[i + 26] + tail[i + 28];
            ck_assert_int_eq(begin % 64, 0);
            entries++;
        }
    ck_assert_int_eq(entries, 2);
    ck_assert(wick_equal(wick_nn_dict_get(wick_load(path), "small"), wick_from(((float[]){1, 2, 3}), 3)));
}
END_TEST

static bool run_save(void)
{
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    if (!wick_nn_dict_set(dict, "w", wick_ones(2)) ||
        !wick_nn_dict_set(dict, "v", wick_full(2, 3, .dtype = WICK_INT64)))
        return false;
    return wick_save(dict, path);
}

static bool run_load(void)
{
    WICK_SCOPE;
    return wick_load(WICK_TESTS_DIR "/torch/pth/types_torch.pth") != NULL;
}

/* Fails each allocation in turn: no crash, an error of memory, nothing left behind, and the file as it was. */
START_TEST(failed_allocations)
{
    static bool (*const runs[])(void) = {run_save, run_load};
    for (int r = 0; r < 2; r++) {
        ck_assert(runs[r]());
        write_bytes("before", 6);
        size_t before = wick_memory_allocated();
        bool good = false;
        for (long n = 1; !good; n++) {
            wick_fail_allocation(n);
            good = runs[r]();
            wick_fail_allocation(0);
            ck_assert_msg(wick_memory_allocated() == before, "run %d: allocation %ld leaks", r, n);
            if (good)
                break;
            ck_assert_msg(wick_error_kind() == WICK_ERROR_MEMORY, "run %d: allocation %ld: %s", r, n,
                          wick_error() ? wick_error() : "no error");
            wick_clear_error();
            unsigned char bytes[8];
            ck_assert_uint_eq(read_bytes(path, bytes, sizeof bytes), 6);
            ck_assert_mem_eq(bytes, "before", 6);
            ck_assert_int_lt(n, 10000);
        }
    }
}
END_TEST

/* ---- Crafted files ----------------------------------------------------------------------------------------------- */

START_TEST(crafted)
{
    WICK_SCOPE;
    wick_dict *dict = wick_load(PTH(DICT(TENSOR(TWO, "K\0K\2\x85K\1\x85"))));
    ck_assert_msg(dict != NULL, "%s", wick_error());
    ck_assert(wick_equal(wick_nn_dict_get(dict, "w"), wick_from(((float[]){1, 2}), 2)));
    dict = wick_load(PTH(DICT(TENSOR(TWO, "K\2K\0\x85K\1\x85")))); /* no elements, behind the last one */
    ck_assert_int_eq(wick_numel(wick_nn_dict_get(dict, "w")), 0);
    ck_assert_ptr_null(wick_error());

#define ck_pth_fails(text, ...) ASSERT_FAILS(wick_load(PTH(text)), WICK_ERROR_FILE, "wick_load", path, __VA_ARGS__)
    /* tensors that lie outside their storage */
    ck_pth_fails(DICT(TENSOR(TWO, "K\0K\3\x85K\1\x85")), "(3,)", "beyond its storage of 2");
    ck_pth_fails(DICT(TENSOR(TWO, "K\1K\2\x85K\1\x85")), "from element 1", "beyond");
    ck_pth_fails(DICT(TENSOR(TWO, "K\2)"
                                  ")")),
                 "beyond");
    ck_pth_fails(DICT(TENSOR(TWO, "K\3K\0\x85K\1\x85")), "beyond");
    ck_pth_fails(DICT(TENSOR(TWO, VAST "K\1\x85K\1\x85")), "beyond");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0K\2\x85" VAST "\x85")), "beyond");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0K\2K\2\x86" VAST VAST "\x86")), "beyond");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0" EVIL "\x85" EVIL "\x85")), "beyond");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0" VAST "\x85K\0\x85")), "more elements than can be addressed");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0" EVIL EVIL EVIL "\x87K\0K\0K\0\x87")), "more elements than can be addressed");
    /* sizes, strides and offsets that are none */
    ck_pth_fails(DICT(TENSOR(TWO, "K\0J\xff\xff\xff\xff\x85K\1\x85")), "size, stride or offset");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0K\2\x85J\xff\xff\xff\xff\x85")), "size, stride or offset");
    ck_pth_fails(DICT(TENSOR(TWO, "J\xff\xff\xff\xffK\2\x85K\1\x85")), "size, stride or offset");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0K\2\x85)")), "size, stride or offset");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0(K\1K\1K\1K\1K\1K\1K\1K\1K\1t(K\1K\1K\1K\1K\1K\1K\1K\1K\1t")),
                 "at most 8 dimensions");
    ck_pth_fails(DICT(TENSOR(TWO, "K\0NK\1\x85")), "size, stride or offset");
    ck_pth_fails(DICT(TENSOR(TWO, "NK\2\x85K\1\x85")), "not described");
    ck_pth_fails(DICT(TENSOR("(K\1", "K\0K\2\x85K\1\x85")), "not described");
    ck_pth_fails(DICT(TENSOR("(K\1Q", "K\0K\2\x85K\1\x85")), "not described");
    ck_pth_fails(DICT("ctorch._utils\n_rebuild_tensor_v2\n)R"), "not described");
    ck_pth_fails(DICT("ctorch._utils\n_rebuild_parameter\n)R"), "not described");
    ck_pth_fails(DICT("ctorch._utils\n_rebuild_parameter\n(ctorch._utils\n_rebuild_parameter\n)R\x88}tR"),
                 "not described");
    /* storages */
#define VIEW "K\0K\2\x85K\1\x85"
    ck_pth_fails(DICT(TENSOR(STORAGE("FloatStorage", "1", "K\2"), VIEW)), "data/1");
    ck_pth_fails(DICT(TENSOR(STORAGE("FloatStorage", "0", "K\3"), VIEW)), "data/0", "3 elements of 4 bytes", "8 bytes");
    ck_pth_fails(DICT(TENSOR(STORAGE("FloatStorage", "0", VAST), VIEW)), "data/0");
    ck_pth_fails(DICT(TENSOR(STORAGE("FloatStorage", "0", "J\xff\xff\xff\xff"), VIEW)), "not described");
    ck_pth_fails(DICT(TENSOR(STORAGE("FloatStorage", "0", "N"), VIEW)), "not described");
    ck_pth_fails(DICT(TENSOR(STORAGE("IntStorage", "0", "K\2"), VIEW)), "torch.IntStorage");
    ck_pth_fails("\x80\2}(" STR("\1", "w") TENSOR(TWO, VIEW) STR("\1", "v")
                     TENSOR(STORAGE("LongStorage", "0", "K\1"), VIEW) "u.",
                 "share differently");
    /* what is asked for besides */
#define V2(rest) "ctorch._utils\n_rebuild_tensor_v2\n" TWO "K\0K\2\x85K\1\x85\x89" rest "tR"
    ck_assert(wick_load(PTH(DICT(V2("N")))) != NULL); /* no hooks; and no metadata */
    ck_assert(wick_load(PTH(DICT(V2("}}")))) != NULL);
    ck_assert(wick_load(PTH(DICT(V2("}N")))) != NULL);
    ck_assert_ptr_null(wick_error());
    ck_pth_fails(DICT(V2("}K\1K\2s")), "backward hooks");
    ck_pth_fails(DICT(V2("}K\2")), "not described");
    ck_pth_fails(DICT(V2("}}NN")), "not described");
    ck_pth_fails(DICT(V2("}}" STR("\4", "conj") "\x88s")), "something else than 'neg'");
    ck_pth_fails(DICT(V2("}}K\1K\2s")), "something else than 'neg'");
    dict = wick_load(PTH(DICT(V2("}}" STR("\3", "neg") "\x89s")))); /* the key is what counts, in PyTorch too */
    ck_assert(wick_equal(wick_nn_dict_get(dict, "w"), wick_from(((float[]){-1, -2}), 2)));
    ck_pth_fails(DICT(V2("}") "K\0K\1s"), "changed after it was made");
    ck_pth_fails(DICT(V2("}") "}b"), "changed after it was made");
    ck_pth_fails(DICT(V2("}") "K\1a"), "changed after it was made");
#define FROM_TYPE(function, class, arguments, state) \
    "ctorch._tensor\n_rebuild_from_type_v2\n(" function "c" class "\n" arguments state "tR"
#define REBUILD "ctorch._utils\n_rebuild_tensor_v2\n"
#define ARGUMENTS "(" TWO_INSIDE "K\0K\2\x85K\1\x85\x89}t"
#define TWO_INSIDE "(" STR("\7", "storage") "ctorch\nFloatStorage\n" STR("\1", "0") STR("\3", "cpu") "K\2tQ"
    ck_assert(wick_load(PTH(DICT(FROM_TYPE(REBUILD, "torch\nTensor", ARGUMENTS, "N")))) != NULL);
    ck_assert(wick_load(PTH(DICT(FROM_TYPE(REBUILD, "torch\nTensor", ARGUMENTS, "}N\x86")))) != NULL);
    ck_assert_ptr_null(wick_error());
    ck_pth_fails(DICT(FROM_TYPE(REBUILD, "a\nB", ARGUMENTS, "N")), "of the class a.B");
    ck_pth_fails(DICT(FROM_TYPE(REBUILD, "torch\nTensor", ARGUMENTS, "K\1")), "attributes");
    ck_pth_fails(DICT(FROM_TYPE(REBUILD, "torch\nTensor", ARGUMENTS, "}" STR("\4", "data") "Ns")), ".data is set");
    ck_pth_fails(DICT(FROM_TYPE(REBUILD, "torch\nTensor", ARGUMENTS, "N}" STR("\4", "grad") "Ns\x86")), ".grad is set");
    ck_pth_fails(DICT(FROM_TYPE("cos\nsystem\n", "torch\nTensor", ARGUMENTS, "N")), "not described");
    ck_pth_fails(DICT(FROM_TYPE("ctorch._tensor\n_rebuild_from_type_v2\n", "torch\nTensor", ARGUMENTS, "N")),
                 "not described");
    ck_pth_fails(DICT("ctorch._utils\n_rebuild_parameter_with_state\n(" V2("}") "\x88}}" STR("\4", "data") "NstR"),
                 ".data is set");
    ck_pth_fails(DICT("ctorch._utils\n_rebuild_parameter\n(" V2("}") "\x88}K\1K\2stR"), "backward hooks");
    ck_pth_fails(DICT("ctorch._utils\n_rebuild_tensor_v3\n)R"), "not described");
    /* versions of modules */
#define VERSIONS(modules) "\x80\2ccollections\nOrderedDict\n)R}" STR("\11", "_metadata") modules "sb."
    ck_assert(wick_load(PTH(VERSIONS("N"))) != NULL);
    ck_assert(wick_load(PTH(VERSIONS("}" STR("\1", "a") "}s"))) != NULL);
    ck_assert(wick_load(PTH(VERSIONS("}" STR("\1", "a") "}" STR("\7", "version") "Nss"))) != NULL);
    ck_assert_ptr_null(wick_error());
    ck_pth_fails(VERSIONS("K\1"), "_metadata");
    ck_pth_fails(VERSIONS("}" STR("\1", "a") "K\1s"), "_metadata");
    ck_pth_fails(VERSIONS("}" STR("\1", "a") "}" STR("\7", "version") ")ss"), "_metadata");
    ck_pth_fails(VERSIONS("}K\1}" STR("\7", "version") "K\1ss"), "an int as a key");
    ck_pth_fails("\x80\2}K\1b.", "attributes of its dict");
    ck_pth_fails("\x80\2}" STR("\1", "\xFF") V2("}") "s.", "not UTF-8");
    dict = wick_load(PTH("\x80\2}(" STR("\1", "w") V2("}") "q\1" STR("\1", "v") "h\1u.")); /* one tensor, two names */
    ck_assert_ptr_eq(wick_nn_dict_get(dict, "v"), wick_nn_dict_get(dict, "w"));
    /* other values */
    ck_pth_fails("\x80\2.", "malformed");
    ck_pth_fails("\x80\2N.", "holds None");
    ck_pth_fails("\x80\2K\5.", "an int");
    ck_pth_fails("\x80\2].", "a list");
    ck_pth_fails("\x80\2G\0\0\0\0\0\0\0\0.", "a float");
    ck_pth_fails("\x80\2\x88.", "a bool");
    ck_pth_fails("\x80\2U\3abc.", "a string");
    ck_pth_fails("\x80\2)Q.", "a storage");
    ck_pth_fails("\x80\2}K\1K\2s.", "an int as a key");
    ck_pth_fails("\x80\2}" STR("\2", "a\0") "K\2s.", "zero byte");
    ck_pth_fails("\x80\2}" STR("\1", "w") "]K\1as.", "a list under 'w'");
    ck_pth_fails("\x80\2}" STR("\1", "w") "cos\nsystem\nX\2\0\0\0ls\x85Rs.", "an object of os.system");
    ck_pth_fails("\x80\2cos\nsystem\n.", "it holds os.system");
    /* pickles that are none */
    ck_pth_fails("", "malformed", "ends within");
    ck_pth_fails("\x80\4.", "protocol 4");
    ck_pth_fails("\x80\2\x95", "instruction 0x95", "byte 2");
    ck_pth_fails("\x80\2(.", "no value");
    ck_pth_fails("\x80\2t.", "no mark");
    ck_pth_fails("\x80\2u.", "no mark");
    ck_pth_fails("\x80\2(u.", "nothing to put items into");
    ck_pth_fails("\x80\2(K\1\x86.", "too few");
    ck_pth_fails("\x80\2K\1K\1K\1s.", "no list or dict");
    ck_pth_fails("\x80\2K\1K\1s.", "nothing to put items into");
    ck_pth_fails("\x80\2}(K\1u.", "no value");

    ck_pth_fails("\x80\2K\1(K\1K\2u.", "no list or dict");
    ck_pth_fails("\x80\2]s.", "missing");
    ck_pth_fails("\x80\2h\1.", "not remembered");
    ck_pth_fails("\x80\2j\xff\xff\xff\xff.", "not remembered");
    ck_pth_fails("\x80\2Nr\xff\xff\xff\xff.", "memo number");
    ck_pth_fails("\x80\2q\1.", "nothing to remember");
    ck_pth_fails("\x80\2b.", "no value");
    ck_pth_fails("\x80\2Nb.", "set attributes");
    ck_pth_fails("\x80\2NNR.", "not of a named function");
    ck_pth_fails("\x80\2X\xff\xff\xff\xff"
                 "abc.",
                 "ends within");
    ck_pth_fails("\x80\2\x8a\x09"
                 "123456789.",
                 "64 bits");
    ck_pth_fails("\x80\2cabc\ndef", "does not end");
}
END_TEST

START_TEST(crafted_archives)
{
    WICK_SCOPE;
    zip_begin();
    zip_entry("data.pkl", "\x80\2}.", 4);
    ck_load_fails(zip_end(), "without data.pkl in its root folder");
    zip_begin();
    zip_entry("m/data.pkl", "\x80\2}.", 4);
    zip_entry("m/byteorder", "no such thing", 13);
    ck_load_fails(zip_end(), "neither little nor big");
    zip_begin();
    zip_entry("m/data.pkl", "\x80\2}.", 4);
    zip_entry("m/byteorder", "large", 5);
    ck_load_fails(zip_end(), "neither little nor big");
    /* a pickle whose checksum is wrong */
    zip_begin();
    zip_entry("m/data.pkl", "\x80\2}.", 4);
    zip.bytes[30 + 10 + 2] = ']';
    ck_load_fails(zip_end(), "data.pkl", "damaged");
    /* an entry of 4 GiB in a small file: sizes in the directory */
    zip_begin();
    zip_entry("m/data.pkl", "\x80\2}.", 4);
    memset(zip.directory + 20, 0xF0, 8);
    ASSERT_FAILS(wick_load(zip_end()), WICK_ERROR_FILE, "wick_load", path);
    ck_assert_ptr_null(wick_error());
}
END_TEST

/* ---- Damaged files: each gives a dict or an error, and no crash -------------------------------------------------- */

static void try_load(void)
{
    WICK_SCOPE;
    wick_dict *dict = wick_load(path);
    ck_assert((dict != NULL) == (wick_error() == NULL));
    for (int64_t i = 0; i < wick_nn_dict_count(dict); i++) {
        wick_tensor *t = wick_nn_dict_tensor(dict, i); /* touches the ends of what it says it has */
        if (wick_numel(t) > 0)
            element(t, 0), element(t, wick_numel(t) - 1);
    }
    wick_clear_error();
}

START_TEST(damaged_archive)
{
    static unsigned char bytes[1 << 12];
    size_t size = read_bytes(WICK_TESTS_DIR "/torch/pth/student_torch.pth", bytes, sizeof bytes);
    for (size_t i = 0; i < size; i++) {
        write_bytes(bytes, i);
        try_load();
        bytes[i] ^= 0xFF;
        write_bytes(bytes, size);
        try_load();
        bytes[i] ^= 0xFF;
    }
}
END_TEST

/* The checksum of the archive would hide the pickle from such damage, so the archive is made anew. */
START_TEST(damaged_pickle)
{
    static unsigned char bytes[1 << 12];
    read_bytes(WICK_TESTS_DIR "/torch/pth/student_torch.pth", bytes, sizeof bytes);
    unsigned char *pickle = bytes;
    while (memcmp(pickle, "\x80\2ccoll", 7) != 0)
        pickle++;
    size_t size = (size_t)bytes[18] + ((size_t)bytes[19] << 8);
    static const size_t counts[] = {32, 16, 16, 4};
    if (size == 0 || size > 1000) /* sizes stand behind the entry, in a data descriptor */
        for (size = 1; memcmp(pickle + size, "PK\7\x8", 4) != 0; size++)
            continue;
    for (size_t i = 0; i < size; i++)
        for (int k = 0; k < 4; k++) {
            unsigned char was = pickle[i];
            pickle[i] = (unsigned char)(k == 1   ? was ^ 0xFF
                                        : k == 2 ? was + 1
                                        : k == 3 ? "(])}tRsuQbaNK."[i % 14]
                                                 : was);
            zip_begin();
            zip_entry("m/data.pkl", pickle, k == 0 ? i : size);
            for (int n = 0; n < 4; n++)
                zip_entry((const char *[]){"m/data/0", "m/data/1", "m/data/2", "m/data/3"}[n], zip.directory,
                          counts[n]);
            zip_end();
            try_load();
            pickle[i] = was;
        }
    zip_begin(); /* and whole, it is read */
    zip_entry("m/data.pkl", pickle, size);
    for (int n = 0; n < 4; n++)
        zip_entry((const char *[]){"m/data/0", "m/data/1", "m/data/2", "m/data/3"}[n], zip.directory, counts[n]);
    WICK_SCOPE;
    ck_assert_int_eq(wick_nn_dict_count(wick_load(zip_end())), 4);
}
END_TEST
#endif

Suite *pth_suite(void);
Suite *pth_suite(void)
{
    Suite *s = suite_create("pth");
    TCase *c = tcase_create("pth");
#ifdef WICK_HAVE_LIBZIP
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, files_of_pytorch);
    tcase_add_test(c, descriptions);
    tcase_add_test(c, versions_of_batch_norm);
    tcase_add_test(c, bombs);
    tcase_add_test(c, other_contents);
    tcase_add_test(c, round_trip);
    tcase_add_test(c, layout_of_the_archive);
    tcase_add_test(c, save_errors);
    tcase_add_test(c, names_and_paths);
    tcase_add_test(c, many_storages);
    tcase_add_test(c, huge_entry);
    tcase_add_test(c, failed_allocations);
    tcase_add_test(c, crafted);
    tcase_add_test(c, crafted_archives);
    tcase_add_test(c, damaged_archive);
    tcase_add_test(c, damaged_pickle);
#else
    tcase_add_test(c, built_without_libzip);
#endif
    suite_add_tcase(s, c);
    return s;
}
