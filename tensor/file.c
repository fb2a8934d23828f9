/* file.c - how the library writes a file, of whatever format: whole or not at all.
 *
 * The bytes go into a new file in the folder of the old one, which takes the old one's place when all are on the disk:
 * who reads the path finds the old file or the new one, and two who write it at once leave the file of one of them.
 *
 *   - Where the system can, the new file has no name (O_TMPFILE), so that nothing is left of it if the process dies. It
 *     cannot be linked to a name that exists, so it gets one of its own for the moment before it is renamed. Elsewhere
 *     it has that name from the start. Both kinds of left-overs are removed by a later call: see sweep.
 *   - It gets the old file's mode, and its owner if that is permitted. Other names of the old file (hard links) keep it.
 *   - A symbolic link is followed, also one that leads to nothing yet; but not another user's in a folder such as /tmp,
 *     for the reason that Linux has fs.protected_symlinks: it may lead to where its owner could not write.
 *   - What is no regular file, a device or a pipe, is written to as it is; and so is what is open already as
 *     /dev/stdout, /dev/fd/<n>, even if that is a file. */
#define _GNU_SOURCE /* O_TMPFILE, O_PATH; without it, what POSIX has */
#include "file.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "tensor_struct.h"
#include "thread.h"

/* Keeps the errno of the first failure; false. */
static bool failed(wk_file *f)
{
    if (!f->why)
        f->why = errno ? errno : EIO;
    return false;
}

#ifdef WICK_POSIX
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

wk_file_way wk_file_how = WK_FILE_BEST;

static void close_file(int *file)
{
    if (*file >= 0)
        (void)close(*file);
    *file = -1;
}

static bool put(int file, const void *bytes, size_t size)
{
    for (const char *at = bytes; size > 0;) {
        ssize_t done = write(file, at, size < 1u << 30 ? size : 1u << 30);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

/* Copies the whole of one file to where the other stands. */
static bool copy(int from, int to)
{
    char bytes[1 << 14];
    ssize_t got;
    if (lseek(from, 0, SEEK_SET) < 0)
        return false;
    while ((got = read(from, bytes, sizeof bytes)) != 0)
        if ((got < 0 && errno != EINTR) || (got > 0 && !put(to, bytes, (size_t)got)))
            return false;
    return true;
}

/* Waits until a file is on the disk. Pipes, terminals and some network folders know no such thing. */
static bool flush(int file)
{
    return fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS || errno == EBADF ||
           errno == ENOSYS;
}

/* ---- The temporary name, and what is left of others ----------------------------------------------------------------- */

/* Who made a temporary file. A process number means something on one machine, between two starts of it and within one
 * PID namespace (container), and there until it is given to another process, which has another start time. */
typedef struct {
    unsigned long long host, boot, space;
    long long process, start;
} maker;

static unsigned long long hash(unsigned long long h, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) /* FNV-1a */
        h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
    return h;
}

/* The beginning of a small file; how many bytes. */
static size_t read_start(const char *path, char *text, size_t room)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? 0 : read(file, text, room - 1);
    close_file(&file);
    text[got > 0 ? got : 0] = '\0';
    return got > 0 ? (size_t)got : 0;
}

/* When a process started, in ticks since the machine did; 0: there is none, or it cannot be told. */
static long long start_of(long long process)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%lld/stat", process);
    read_start(path, text, sizeof text);
    const char *at = strrchr(text, ')'); /* the end of the name, field 2; the start is field 22 */
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoll(at, NULL, 10) : 0;
}

static maker this_maker(void)
{
    const unsigned long long basis = 14695981039346656037u;
    char text[256] = "";
    struct stat space;
    maker m = {0, 0, 0, getpid(), start_of(getpid())};
    (void)gethostname(text, sizeof text - 1);
    m.host = hash(basis, text, strlen(text));
    m.host = hash(m.host, text, read_start("/etc/machine-id", text, sizeof text));
    m.boot = hash(basis, text, read_start("/proc/sys/kernel/random/boot_id", text, sizeof text));
    m.space = stat("/proc/self/ns/pid", &space) == 0 ? (unsigned long long)space.st_ino : 0;
    return m;
}

#define TEMPORARY ".wick-%llx-%llx-%llx-%lld-%lld-%u.tmp"

static void name_temporary(wk_file *f)
{
    static _Atomic unsigned count;
    maker m = this_maker();
    snprintf(f->temporary, sizeof f->temporary, TEMPORARY, m.host, m.boot, m.space, m.process, m.start, count++);
}

/* Whether a file of this name was made by a process of this machine that has ended. */
static bool is_orphan(const char *name, const maker *self)
{
    maker m;
    unsigned count;
    int length = 0;
    if (sscanf(name, TEMPORARY "%n", &m.host, &m.boot, &m.space, &m.process, &m.start, &count, &length) != 6 ||
        length == 0 || name[length] || m.host != self->host || m.process <= 0)
        return false;
    if (m.boot != self->boot)
        return true;
    if (m.space != self->space)
        return false; /* nobody here can say */
    if (kill((pid_t)m.process, 0) != 0 && errno == ESRCH)
        return true;
    long long start = start_of(m.process);
    return m.start && start && start != m.start;
}

/* Removes from a folder the temporary files of this user that no process will finish: made on this machine by a process
 * that has ended, and not written to for an hour. Each folder is looked through once an hour, unless others come between. */
static void sweep(int folder)
{
    static _Atomic unsigned long long last;
    struct stat status;
    time_t now = time(NULL);
    if (fstat(folder, &status) != 0)
        return;
    unsigned long long this = hash((unsigned long long)status.st_dev, (char *)&status.st_ino, sizeof status.st_ino);
    this = hash(this, (char *)&(long long){now / 3600}, sizeof(long long));
    if (atomic_exchange(&last, this) == this)
        return;
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = again < 0 ? NULL : fdopendir(again);
    if (!listing) {
        close_file(&again);
        return;
    }
    maker self = this_maker();
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (strncmp(entry->d_name, ".wick-", 6) == 0 && is_orphan(entry->d_name, &self) &&
            fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
            status.st_uid == geteuid() && status.st_mtime < now - 3600)
            (void)unlinkat(folder, entry->d_name, 0);
    (void)closedir(listing);
}

/* ---- Where the file goes -------------------------------------------------------------------------------------------- */

static int open_folder(int from, const char *path)
{
    int folder = openat(from, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
#ifdef O_PATH
    if (folder < 0 && errno == EACCES) /* files may be made in a folder that cannot be listed */
        folder = openat(from, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
#endif
    return folder;
}

/* Whether links in a folder stand for what a process has open, and their text for nothing that could be opened. */
static bool holds_open_files(int folder)
{
#ifdef __linux__
    struct statfs system;
    return fstatfs(folder, &system) == 0 && system.f_type == 0x9FA0; /* procfs */
#else
    (void)folder;
    return false;
#endif
}

/* Opens what is not replaced: a device, a pipe, an open file of this or another process. */
static int open_through(int folder, const char *name, bool is_link)
{
    struct stat mine, here;
    if (is_link && stat("/proc/self/fd", &mine) == 0 && fstat(folder, &here) == 0 && mine.st_ino == here.st_ino &&
        mine.st_dev == here.st_dev)
        return fcntl((int)strtol(name, NULL, 10), F_DUPFD_CLOEXEC, 0); /* so that stdout goes on behind it */
    return openat(folder, name, O_WRONLY | O_NOCTTY | O_CLOEXEC | (is_link ? O_APPEND : 0));
}

/* Whether this link is not to be followed: another user's, in a folder in which everybody makes files. */
static bool is_suspect(int folder, const struct stat *link)
{
    struct stat status;
    if (fstat(folder, &status) != 0)
        return true;
    return status.st_mode & S_ISVTX && status.st_mode & S_IWOTH && link->st_uid != geteuid() &&
           link->st_uid != status.st_uid;
}

static char *copy_text(const char *text, size_t length)
{
    char *copy = wk_alloc(length + 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

static void free_text(char *text)
{
    if (text)
        wk_free(text, strlen(text) + 1);
}

/* Goes one step from the folder (AT_FDCWD at first) along path: opens the folder that it leads to as f->folder, and sets
 * f->name. */
static bool step(wk_file *f, int from, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (!*name) {
        errno = slash ? EISDIR : ENOENT;
        return false;
    }
    char *folder = slash ? copy_text(path, (size_t)(name - path)) : NULL;
    f->name = copy_text(name, strlen(name));
    errno = ENOMEM;
    if (f->name && (folder || !slash))
        f->folder = open_folder(from, folder ? folder : ".");
    int why = errno;
    free_text(folder);
    errno = why;
    return f->folder >= 0;
}

/* Finds f->folder and f->name; *status is of what is there, with the mode 0 if nothing is. Or sets f->to, to what is written
 * through. */
static bool find(wk_file *f, struct stat *status)
{
    char link[4097];
    if (!step(f, AT_FDCWD, f->path))
        return false;
    for (int links = 0;; links++) {
        if (fstatat(f->folder, f->name, status, AT_SYMLINK_NOFOLLOW) != 0) {
            status->st_mode = 0;
            return errno == ENOENT;
        }
        bool is_link = S_ISLNK(status->st_mode);
        if (S_ISREG(status->st_mode))
            return faccessat(f->folder, f->name, W_OK, AT_EACCESS) == 0; /* a file that is protected stays */
        if (S_ISDIR(status->st_mode) || links == 40 || (is_link && is_suspect(f->folder, status))) {
            errno = !is_link ? EISDIR : links == 40 ? ELOOP : EACCES;
            return false;
        }
        if (!is_link || holds_open_files(f->folder))
            return (f->to = open_through(f->folder, f->name, is_link)) >= 0;
        ssize_t length = readlinkat(f->folder, f->name, link, sizeof link - 1);
        if (length < 0)
            return false;
        link[length] = '\0';
        int from = f->folder;
        free_text(f->name);
        f->name = NULL;
        f->folder = -1;
        bool good = step(f, from, link);
        int why = errno;
        close_file(&from);
        errno = why;
        if (!good)
            return false;
    }
}

/* ---- The new file ------------------------------------------------------------------------------------------------------ */

static int open_named(wk_file *f, mode_t mode)
{
    int file = -1;
    for (int i = 0; i < 100 && file < 0; i++) {
        name_temporary(f);
        file = openat(f->folder, f->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (file < 0 && errno != EEXIST)
            break;
    }
    if (file < 0)
        f->temporary[0] = '\0';
    return file;
}

/* Opens a file without a name, or with a temporary one. Until its owner is right, nobody else may read what replaces a file
 * that perhaps only its owner may read. */
static bool open_new(wk_file *f, const struct stat *old)
{
    mode_t mode = old->st_mode ? 0600 : 0666; /* less the umask */
#ifdef O_TMPFILE
    if (wk_file_how != WK_FILE_NAMED && access("/proc/self/fd", X_OK) == 0)
        f->to = openat(f->folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
#endif
    if (f->to < 0 && (f->to = open_named(f, mode)) < 0)
        return false;
    if (!old->st_mode)
        return true;
    mode = old->st_mode & 07777;
    if (fchown(f->to, old->st_uid, old->st_gid) != 0) {
        mode &= ~(mode_t)(S_ISUID | S_ISGID);
        if (fchown(f->to, (uid_t)-1, old->st_gid) != 0)
            mode &= ~(mode_t)070; /* it was meant for another group */
    }
    (void)fchmod(f->to, mode); /* some file systems have no modes */
    return true;
}

/* Gives the new file its temporary name, if it has none. */
static bool name_new(wk_file *f)
{
    if (f->temporary[0])
        return true;
    char path[48];
    snprintf(path, sizeof path, "/proc/self/fd/%d", f->to);
    name_temporary(f);
    if (wk_file_how != WK_FILE_UNLINKABLE && linkat(AT_FDCWD, path, f->folder, f->temporary, AT_SYMLINK_FOLLOW) == 0)
        return true;
    struct stat status; /* a file system that cannot do this after all */
    f->temporary[0] = '\0';
    int named = fstat(f->to, &status) == 0 ? open_named(f, 0600) : -1;
    bool good = named >= 0 && copy(f->to, named);
    good = good && (fchown(named, status.st_uid, status.st_gid) == 0 || errno == EPERM) &&
           fchmod(named, status.st_mode & 07777) == 0;
    int why = errno;
    if (named >= 0) {
        close_file(&f->to);
        f->to = named;
    }
    errno = why;
    return good;
}

static bool replace(wk_file *f)
{
    if (!name_new(f) || !flush(f->to))
        return false;
    int file = f->to;
    f->to = -1;
    if (close(file) != 0 || renameat(f->folder, f->temporary, f->folder, f->name) != 0)
        return false;
    f->temporary[0] = '\0';
    return flush(f->folder);
}

/* A file that stands for a device in which one cannot go back. */
static int open_spool(void)
{
    FILE *spool = tmpfile();
    if (!spool)
        return -1;
    int file = fcntl(fileno(spool), F_DUPFD_CLOEXEC, 0), why = errno;
    (void)fclose(spool);
    errno = why;
    return file;
}

static bool begin(wk_file *f, bool seeks)
{
    struct stat status;
    f->to = f->device = f->folder = -1;
    if (!find(f, &status))
        return false;
    if (f->to < 0) {
        sweep(f->folder);
        return open_new(f, &status);
    }
    close_file(&f->folder);
    if (seeks) {
        f->device = f->to;
        return (f->to = open_spool()) >= 0;
    }
    return true;
}

static bool end(wk_file *f)
{
    if (f->folder >= 0)
        return replace(f);
    if (f->device >= 0)
        return copy(f->to, f->device) && flush(f->device);
    return flush(f->to);
}

static void forget(wk_file *f)
{
    close_file(&f->to);
    close_file(&f->device);
    if (f->temporary[0])
        (void)unlinkat(f->folder, f->temporary, 0);
    close_file(&f->folder);
    free_text(f->name);
    f->name = NULL;
}

bool wk_file_put(wk_file *f, const void *bytes, size_t size) { return put(f->to, bytes, size) || failed(f); }

bool wk_file_seek(wk_file *f, int64_t at) { return lseek(f->to, (off_t)at, SEEK_SET) >= 0 || failed(f); }

#else
/* In C11 alone: a file beside the old one, which is renamed. Devices and links are what the system's fopen makes of them. */
static bool begin(wk_file *f, bool seeks)
{
    static _Atomic unsigned count;
    size_t room = strlen(f->path) + 32;
    (void)seeks;
    if (!(f->temporary = wk_alloc(room)))
        return false;
    for (int i = 0; i < 100 && !f->to; i++) {
        snprintf(f->temporary, room, "%s.wick-%u.tmp", f->path, count++);
        f->to = fopen(f->temporary, "wbx");
    }
    return f->to;
}

static bool end(wk_file *f)
{
    FILE *file = f->to;
    f->to = NULL;
    if (fclose(file) != 0)
        return false;
    if (rename(f->temporary, f->path) == 0)
        return true;
    return remove(f->path) == 0 && rename(f->temporary, f->path) == 0; /* where rename replaces nothing */
}

static void forget(wk_file *f)
{
    if (f->to)
        (void)fclose(f->to);
    if (f->temporary) {
        (void)remove(f->temporary);
        wk_free(f->temporary, strlen(f->path) + 32);
    }
    f->to = NULL;
    f->temporary = NULL;
}

bool wk_file_put(wk_file *f, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, f->to) == size || failed(f);
}

bool wk_file_seek(wk_file *f, int64_t at)
{
    if (at > LONG_MAX) {
        errno = EFBIG;
        return failed(f);
    }
    return fseek(f->to, (long)at, SEEK_SET) == 0 || failed(f);
}
#endif

bool wk_file_fail(wk_file *f, const char *why)
{
    forget(f);
    if (wk_this_thread.failures == f->failures)
        wk_fail_besides(f->why == ENOMEM ? WICK_ERROR_MEMORY : WICK_ERROR_FILE, "%s: '%s' cannot be written: %s",
                        f->function, f->path, why);
    return false;
}

bool wk_file_begin(wk_file *f, const char *function, const char *path, bool seeks)
{
    *f = (wk_file){.function = function, .path = path, .failures = wk_this_thread.failures};
    errno = 0;
    if (begin(f, seeks))
        return true;
    failed(f);
    return wk_file_fail(f, strerror(f->why));
}

bool wk_file_end(wk_file *f)
{
    errno = 0;
    if (!f->why && !end(f))
        failed(f);
    if (f->why)
        return wk_file_fail(f, strerror(f->why));
    forget(f);
    return true;
}

bool wk_write_file(const char *function, const char *path, const void *head, size_t head_size, const void *bytes,
                   size_t size)
{
    wk_file f;
    if (!wk_file_begin(&f, function, path, false))
        return false;
    (void)(wk_file_put(&f, head, head_size) && wk_file_put(&f, bytes, size));
    return wk_file_end(&f);
}
