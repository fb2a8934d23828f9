/* failing_mallocs.c - fails each allocation of the process in turn, those of libzip, zlib and the C library too, while files are
 * read and written: what fails for it must say that memory ran out, and not that the file is damaged.
 *     failing_mallocs FOLDER      the folder of the tests; what is written goes into the present one */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

/* ---- malloc and its like, in place of the C library's for all that is loaded -------------------------------------------- */

static long until; /* the allocation that fails; 0: none */

static bool fails(void)
{
    if (until == 0 || --until > 0)
        return false;
    errno = ENOMEM;
    return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
WICK_API void *malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }
WICK_API void *calloc(size_t count, size_t size) { return fails() ? NULL : __libc_calloc(count, size); }
WICK_API void *realloc(void *block, size_t size) { return fails() ? NULL : __libc_realloc(block, size); }

/* ---- What is tried -------------------------------------------------------------------------------------------------------- */

static const char *folder;

static const char *in(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool load_stored(void) { return wick_load(in("torch/pth/student_torch.pth")); }
static bool load_packed(void) { return wick_load(in("fuzz/corpus/pth/packed")); }
static bool save(void) { return wick_save(wick_load(in("torch/pth/student_torch.pth")), "failing_mallocs.pth"); }
static bool savetxt(void) { return wick_data_savetxt("failing_mallocs.txt", wick_ones(3)); }
static bool read_text(void) { return wick_data_loadtxt("failing_mallocs.txt"); }
static bool read_packed_idx(void) { return wick_data_read_idx(in("fuzz/corpus/idx/images_gz")); }
static bool read_packed_text(void) { return wick_data_loadtxt(in("fuzz/corpus/table_gz"), .delimiter = ","); }

int main(int count, char **arguments)
{
    static bool (*const runs[])(void) = {load_stored,     load_packed,     save, savetxt, read_text,
                                         read_packed_idx, read_packed_text};
    folder = count > 1 ? arguments[1] : "tests";
    long failures = 0, wrong = 0;
    for (size_t r = 0; r < sizeof runs / sizeof *runs; r++)
        for (long n = 1;; n++) {
            WICK_SCOPE;
            until = n;
            bool good = runs[r](), reached = until == 0;
            until = 0;
            bool said = wick_error_kind() == WICK_ERROR_MEMORY;
            if (good ? wick_error() != NULL : !reached || !said) {
                printf("run %d, allocation %ld: %s\n", (int)r, n, wick_error() ? wick_error() : "no error");
                wrong++;
            }
            failures += !good;
            wick_clear_error();
            if (!reached)
                break;
        }
    remove("failing_mallocs.pth"), remove("failing_mallocs.txt");
    printf("%ld calls failed for want of memory, %ld said something else\n", failures - wrong, wrong);
    return wrong != 0 || failures == 0;
}
