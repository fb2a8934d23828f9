/* source.c - the bytes of a file, unpacked if it is gzipped. zlib reads gzipped files and plain ones alike; without zlib, plain ones are read. */
#define _POSIX_C_SOURCE 200809L
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#ifdef WICK_HAVE_ZLIB
#include <zlib.h>

static void *open_file(const char *path)
{
    gzFile file = gzopen(path, "rb");
    if (file)
        (void)gzbuffer(file, 1 << 17);
    return file;
}

void wk_source_close(wk_source *s) { (void)gzclose_r(s->file); }

int64_t wk_source_read(wk_source *s, void *to, size_t size)
{
    size_t done = 0;
    while (done < size) {
        size_t left = size - done;
        int got = gzread(s->file, (char *)to + done, left < (1u << 30) ? (unsigned)left : 1u << 30), code;
        const char *text = gzerror(s->file, &code);
        if (got < 0 || (got == 0 && code == Z_BUF_ERROR)) {
            wick_fail(code == Z_MEM_ERROR ? WICK_ERROR_MEMORY : WICK_ERROR_FILE, "%s: '%s' cannot be read: %s",
                      s->function, s->path,
                      code == Z_ERRNO       ? strerror(errno)
                      : code == Z_BUF_ERROR ? "its gzipped contents end early"
                      : code == Z_MEM_ERROR ? "zlib got no memory"
                                            : text);
            return -1;
        }
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (int64_t)done;
}

bool wk_source_is_packed(const wk_source *s, const void *begin, int64_t count)
{
    (void)s, (void)begin, (void)count;
    return false;
}
#else
static void *open_file(const char *path) { return fopen(path, "rb"); }

void wk_source_close(wk_source *s) { (void)fclose(s->file); }

int64_t wk_source_read(wk_source *s, void *to, size_t size)
{
    size_t done = fread(to, 1, size, s->file);
    if (done == size || !ferror((FILE *)s->file))
        return (int64_t)done;
    wick_fail(WICK_ERROR_FILE, "%s: '%s' cannot be read: %s", s->function, s->path, strerror(errno));
    return -1;
}

bool wk_source_is_packed(const wk_source *s, const void *begin, int64_t count)
{
    if (count < 2 || memcmp(begin, "\x1F\x8B", 2) != 0)
        return false;
    wick_fail(WICK_ERROR_BUILD,
              "%s: '%s' is gzipped, and the library was built without zlib; unpack it with gunzip, or build with zlib",
              s->function, s->path);
    return true;
}
#endif

bool wk_source_open(wk_source *s, const char *function, const char *path, const char *what)
{
    if (!path) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: the path is NULL", function);
        return false;
    }
    errno = 0;
    struct stat status;
    *s = (wk_source){function, path, NULL, 0};
    if (stat(path, &status) != 0 || (!S_ISDIR(status.st_mode) && !(s->file = open_file(path))))
        wick_fail(errno && errno != ENOMEM ? WICK_ERROR_FILE : WICK_ERROR_MEMORY, "%s: '%s' cannot be opened: %s",
                  function, path, errno ? strerror(errno) : "zlib got no memory");
    else if (!s->file)
        wick_fail(WICK_ERROR_FILE, "%s: '%s' is a directory; the path of %s is needed", function, path, what);
    else
        s->bytes = (uint64_t)status.st_size;
    return s->file;
}
