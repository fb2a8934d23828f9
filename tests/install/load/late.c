/* late.c - loads a library when all but 64 bytes are used of the memory for thread-local objects that libraries have which
 * are loaded late. glibc has some two thousand bytes of it, for all of them together.
 *     load_late LIBRARY FILLER_64 FILLER_8 FOLDER       the fillers take so many bytes; copies of them go into the folder */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 2000 };

static void copy(const char *from, const char *to)
{
    char block[4096];
    size_t n;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (!in || !out) {
        perror(in ? to : from);
        exit(1);
    }
    while ((n = fread(block, 1, sizeof block, in)) > 0)
        fwrite(block, 1, n, out);
    fclose(in);
    if (fclose(out) != 0) {
        perror(to);
        exit(1);
    }
}

/* Loads up to `most` copies of a filler, each of which is a library of its own; returns how many had room. */
static int fill(const char *filler, int bytes, int most, const char *folder)
{
    char path[4096];
    for (int i = 0; i < most; i++) {
        snprintf(path, sizeof path, "%s/filler%d_%d.so", folder, bytes, i);
        copy(filler, path);
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        unlink(path);
        if (!library)
            return i;
    }
    return most;
}

/* What fits is tried in a child, because what is loaded cannot be trusted to give its room back. */
static int room_for(const char *filler, int bytes, int loaded_64, const char *filler_64, const char *folder)
{
    int ends[2], count = -1;
    if (pipe(ends) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        fill(filler_64, 64, loaded_64, folder);
        count = fill(filler, bytes, MOST, folder);
        _exit(write(ends[1], &count, sizeof count) == sizeof count ? 0 : 1);
    }
    close(ends[1]);
    if (child < 0 || read(ends[0], &count, sizeof count) != sizeof count)
        count = -1;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return count;
}

typedef void *make(const int64_t *shape, int ndim, int dtype);
typedef double item(const void *tensor);

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
#ifndef __GLIBC__
    puts("skipped: this is about glibc");
    return 77;
#endif
    const char *library = argv[1], *filler_64 = argv[2], *filler_8 = argv[3], *folder = argv[4];
    int large = room_for(filler_64, 64, 0, filler_64, folder);
    int small = room_for(filler_8, 8, large, filler_64, folder);
    printf("room for %d x 64 + %d x 8 bytes\n", large, small);
    if (large < 1 || large == MOST || small < 0 || small == MOST)
        return 1;
    if (fill(filler_64, 64, large - 1, folder) != large - 1 || fill(filler_8, 8, small, folder) != small)
        return 1;

    void *wick = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!wick) {
        printf("%s\n", dlerror());
        return 1;
    }
    void *ones = dlsym(wick, "wick_ones_n"), *get = dlsym(wick, "wick_item");
    make *wick_ones_n;
    item *wick_item;
    memcpy(&wick_ones_n, &ones, sizeof ones); /* ISO C converts no pointer to data to one to a function */
    memcpy(&wick_item, &get, sizeof get);
    double value = wick_item(wick_ones_n(NULL, 0, 0));
    printf("loaded; 1 is %g\n", value);
    return value == 1 ? 0 : 1;
}
