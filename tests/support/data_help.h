/* data_help.h - what the suites of the data layer share: a folder for files, a dataset, and what the references say. */
#pragma once

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check_wick.h"

#ifndef WICK_TESTS_DIR
#define WICK_TESTS_DIR "tests"
#endif

/* ---- A folder for files ------------------------------------------------------------------------------------------ */

static char folder[64];

static inline void make_folder(void)
{
    strcpy(folder, "/tmp/wick_data_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void remove_folder(void)
{
    static const char *const names[] = {"a", "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"};
    wick_clear_error();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

/* The path of a file in the folder, which holds these bytes. */
static inline const char *write_file(const char *name, const void *bytes, size_t size)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, access(path, F_OK) == 0 ? "r+b" : "wb"); /* emptying it first would flush it to the disk */
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fflush(file), 0);
    ck_assert_int_eq(ftruncate(fileno(file), (off_t)size), 0);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

#define WRITE(...) write_file("a", (const unsigned char[]){__VA_ARGS__}, sizeof((const unsigned char[]){__VA_ARGS__}))

/* ---- A dataset --------------------------------------------------------------------------------------------------- */

/* Sample i is (i, i + 1) as float32, and 10 i as int64. */
static int destroyed;
static inline int64_t ten_length(wick_dataset *d) { return *(int64_t *)wick_data_fields(d); }
static inline void ten_destroy(wick_dataset *d) { (void)d, destroyed++; }
static inline wick_list *ten_item(wick_dataset *d, int64_t i)
{
    (void)d;
    WICK_SCOPE;
    return wick_out(wick_list_of(wick_from(((float[]){(float)i, (float)i + 1}), 2), wick_from(((int64_t[]){10 * i}))));
}

static inline wick_dataset *ten(int64_t length)
{
    wick_dataset *d =
        wick_data_dataset(.length = ten_length, .item = ten_item, .size = sizeof(int64_t), .destroy = ten_destroy);
    *(int64_t *)wick_data_fields(d) = length;
    return d;
}

/* ---- Failing allocations ----------------------------------------------------------------------------------------- */

/* Fails each allocation in turn: no crash, an error of memory, and nothing left behind. */
static inline void check_allocations(bool (*run)(void), const char *name)
{
    ck_assert_msg(run(), "%s: %s", name, wick_error() ? wick_error() : "false");
    size_t before = wick_memory_allocated();
    for (long n = 1;; n++) {
        wick_fail_allocation(n);
        bool good = run();
        wick_fail_allocation(0);
        ck_assert_msg(wick_memory_allocated() == before, "%s: allocation %ld leaks", name, n);
        if (good)
            return;
        ck_assert_msg(wick_error_kind() == WICK_ERROR_MEMORY, "%s: allocation %ld: %s", name, n,
                      wick_error() ? wick_error() : "no error");
        wick_clear_error();
        ck_assert_int_lt(n, 10000);
    }
}

/* ---- References -------------------------------------------------------------------------------------------------- */

enum { MOST_NUMBERS = 400 };

static long long noted[MOST_NUMBERS];
static int noted_count;

static inline void note_whole(long long x)
{
    ck_assert_int_lt(noted_count, MOST_NUMBERS);
    noted[noted_count++] = x;
}

static inline void note_indices(wick_tensor *t)
{
    ck_assert_msg(t != NULL, "%s", wick_error());
    for (int64_t i = 0; i < wick_numel(t); i++)
        note_whole(tensor_whole(t, i));
}

/* What was noted, with two numbers below 1000 of the default generator, and two of g if there is one, is the line of this
 * name in data.txt. Forgets it. */
static inline void check_noted(const char *name, wick_generator *g)
{
    static char line[8192];
    char start[128];
    note_indices(wick_randint(0, 1000, 2));
    if (g)
        note_indices(wick_randint(0, 1000, 2, .generator = g));
    snprintf(start, sizeof start, "%s %s: ", name, g ? "own" : "default");
    FILE *file = fopen(WICK_TESTS_DIR "/torch/data/data.txt", "r");
    ck_assert_ptr_nonnull(file);
    bool found = false;
    while (!found && fgets(line, sizeof line, file))
        found = strncmp(line, start, strlen(start)) == 0;
    fclose(file);
    ck_assert_msg(found, "no line %s in data.txt", start);
    int count = 0;
    for (char *word = strtok(line + strlen(start), " \n"); word; word = strtok(NULL, " \n"), count++) {
        ck_assert_msg(count < noted_count, "%sonly %d numbers", start, noted_count);
        ck_assert_msg(atoll(word) == noted[count], "%snumber %d is %lld, and %s in PyTorch", start, count, noted[count],
                      word);
    }
    ck_assert_msg(count == noted_count, "%s%d numbers, and %d in PyTorch", start, noted_count, count);
    noted_count = 0;
}

/* Seeds as data.py does; a generator of one's own, or NULL for the default one. */
static inline wick_generator *seeded(bool own)
{
    wick_manual_seed(7);
    return own ? wick_generator_manual_seed(wick_generator_new(), 11) : NULL;
}
