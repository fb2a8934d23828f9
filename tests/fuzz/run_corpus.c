/* run_corpus.c - what runs a fuzz target without libFuzzer, with any compiler: on every file of the folders, and on the files,
 * that it is given, and on MUTATIONS changes of each, the same at every run.
 *     corpus_pth [-mutations=200] FOLDER_OR_FILE ... */
#define _GNU_SOURCE
#include <dirent.h>

#include "fuzz.h"

enum { MOST = 1 << 18 };

static uint64_t state;

/* A number below count. https://prng.di.unimi.it/splitmix64.c */
static size_t draw(size_t count)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (size_t)((z ^ z >> 31) % count);
}

/* Runs the target on a copy of exactly that size, so that a checker sees what is read behind it. */
static void run(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Changes some bytes, cuts the end off, or doubles a part. */
static size_t mutate(uint8_t *bytes, size_t size)
{
    for (size_t n = 1 + draw(4); n > 0 && size > 0; n--) {
        size_t at = draw(size), count = draw(size - at < 64 ? size - at : 64);
        switch (draw(6)) {
        case 0: bytes[at] ^= (uint8_t)(1u << draw(8)); break;
        case 1: bytes[at] = (uint8_t)draw(256); break;
        case 2: bytes[at] = (uint8_t)(draw(2) ? 0xFF : 0); break;
        case 3: memmove(bytes + draw(size - count), bytes + at, count); break;
        case 4: size = at; break;
        default:
            if (size + count <= MOST) {
                memmove(bytes + at + count, bytes + at, size - at);
                size += count;
            }
        }
    }
    return size;
}

static int run_file(const char *path, int mutations)
{
    static uint8_t bytes[MOST], changed[MOST];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    run(bytes, size);
    state = size;
    for (int i = 0; i < mutations; i++) {
        memcpy(changed, bytes, size);
        run(changed, mutate(changed, size));
    }
    return 1 + mutations;
}

int main(int count, char **arguments)
{
    int mutations = 0, runs = 0;
    for (int i = 1; i < count; i++) {
        char path[4096];
        if (sscanf(arguments[i], "-mutations=%d", &mutations) == 1)
            continue;
        DIR *folder = opendir(arguments[i]);
        if (!folder) {
            runs += run_file(arguments[i], mutations);
            continue;
        }
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
            if (entry->d_name[0] != '.') {
                snprintf(path, sizeof path, "%s/%s", arguments[i], entry->d_name);
                runs += run_file(path, mutations);
            }
        closedir(folder);
    }
    printf("%d inputs\n", runs);
    return runs == 0;
}
