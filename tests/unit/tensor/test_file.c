/* test_file.c - how files of every format are written: whole or not at all, and only in place of what may be replaced. */
#define _GNU_SOURCE

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <wick/tensor/file.h>

#include "check_wick.h"

static char folder[64];

static void make_folder(void)
{
    /* in memory, where waiting for the disk takes no time */
    strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/wick_file_XXXXXX" : "/tmp/wick_file_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

/* The path of a file in the folder. */
static const char *in(const char *name)
{
    static char paths[4][256];
    static int turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof *paths, "%s/%s", folder, name);
    return path;
}

/* How many entries the folder has whose names begin so. */
static int count(const char *begin)
{
    DIR *d = opendir(folder);
    int n = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
             strncmp(e->d_name, begin, strlen(begin)) == 0;
    closedir(d);
    return n;
}

static void remove_folder(void)
{
    wick_clear_error();
    wk_file_how = WK_FILE_BEST;
    ck_assert_int_eq(count(".wick-"), 0);
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (unlinkat(dirfd(d), e->d_name, 0) != 0)
            unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    closedir(d);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    ck_assert_int_eq(fclose(f), 0);
}

static void check_text(const char *path, const char *text)
{
    char got[64] = "";
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s", path);
    (void)!fread(got, 1, sizeof got - 1, f);
    fclose(f);
    ck_assert_str_eq(got, text);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    ck_assert_int_eq(lstat(path, &status), 0);
    return status.st_mode;
}

/* ---- What writes ------------------------------------------------------------------------------------------------------ */

/* Each writes count elements of a value, and reads them. */
static bool write_text(const char *path, int64_t size, int value)
{
    WICK_SCOPE;
    return wick_data_savetxt(path, wick_full(value, size));
}

static bool read_text(const char *path, int64_t size)
{
    WICK_SCOPE;
    wick_tensor *t = wick_data_loadtxt(path);
    return t && wick_numel(t) == size && wick_item(wick_amax(t)) == wick_item(wick_amin(t));
}

static bool write_idx(const char *path, int64_t size, int value)
{
    WICK_SCOPE;
    return wick_data_write_idx(path, wick_full(value, size, .dtype = WICK_UINT8));
}

static bool read_idx(const char *path, int64_t size)
{
    WICK_SCOPE;
    wick_tensor *t = wick_data_read_idx(path);
    return t && wick_numel(t) == size && wick_get(t, 0) == wick_get(t, size - 1);
}

#ifdef WICK_HAVE_LIBZIP
static bool write_pth(const char *path, int64_t size, int value)
{
    WICK_SCOPE;
    wick_dict *dict = wick_nn_dict_new();
    wick_nn_dict_set(dict, "w", wick_full(value, size));
    return wick_save(dict, path);
}

static bool read_pth(const char *path, int64_t size)
{
    WICK_SCOPE;
    wick_tensor *t = wick_nn_dict_get(wick_load(path), "w");
    return t && wick_numel(t) == size && wick_item(wick_amax(t)) == wick_item(wick_amin(t));
}
#endif

static const struct {
    const char *function;
    bool (*write)(const char *path, int64_t size, int value);
    bool (*read)(const char *path, int64_t size);
} formats[] = {
    {"wick_data_savetxt", write_text, read_text},
    {"wick_data_write_idx", write_idx, read_idx},
#ifdef WICK_HAVE_LIBZIP
    {"wick_save", write_pth, read_pth},
#endif
};
enum { FORMATS = sizeof formats / sizeof *formats, WAYS = 3 };

#define EACH_FORMAT(f)                                                            \
    for (int f##_n = 0, f = 0; f##_n < FORMATS * WAYS; f##_n++, f = f##_n / WAYS) \
        if (wk_file_how = (wk_file_way)(f##_n % WAYS), true)

static pid_t start(void)
{
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    return child;
}

/* Ends a child, as another program does: a checker would look for what this one has not freed. */
static void leave(bool good)
{
    execlp(good ? "true" : "false", "", (char *)NULL);
    _exit(100);
}

/* What a child ended with: 0, or something else; 101: it was killed. */
static int status_of(pid_t child)
{
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

/* ---- Tests -------------------------------------------------------------------------------------------------------------- */

/* Two write one path at once, and who reads it sees what one of them wrote, whole. */
START_TEST(two_writers)
{
    for (int f = 0; f < FORMATS; f++) {
        const char *path = in("x");
        int rounds = is_slow() ? 4 : 40;
        ck_assert(formats[f].write(path, 5000, 0));
        pid_t writers[2];
        for (int w = 0; w < 2; w++)
            if ((writers[w] = start()) == 0) {
                wk_file_how = w ? WK_FILE_NAMED : WK_FILE_BEST;
                for (int i = 0; i < rounds; i++)
                    if (!formats[f].write(path, 5000, 100 * w + i))
                        leave(false);
                leave(true);
            }
        for (int i = 0; i < rounds; i++)
            ck_assert_msg(formats[f].read(path, 5000), "%s: %s", formats[f].function, wick_error());
        for (int w = 0; w < 2; w++)
            ck_assert_int_eq(status_of(writers[w]), 0);
        ck_assert(formats[f].read(path, 5000));
    }
    ck_assert_int_eq(count(""), 1);
}
END_TEST

START_TEST(files_of_others_stay)
{
    put_file(in("x.tmp"), "mine");
    EACH_FORMAT(f)
    {
        ck_assert(formats[f].write(in("x"), 3, 1));
        ck_assert(formats[f].read(in("x"), 3));
    }
    check_text(in("x.tmp"), "mine");
    ck_assert_int_eq(count(""), 2);
}
END_TEST

START_TEST(modes_and_owners)
{
    mode_t mask = umask(027);
    EACH_FORMAT(f)
    {
        ck_assert(formats[f].write(in("new"), 3, 1));
        ck_assert_int_eq(mode_of(in("new")), S_IFREG | 0640);
        for (int mode = 0; mode < 3; mode++) {
            static const mode_t modes[] = {0600, 0755, 0666};
            struct stat status;
            ck_assert_int_eq(chmod(in("new"), modes[mode]), 0);
            if (geteuid() == 0)
                ck_assert_int_eq(chown(in("new"), 12, 34), 0);
            ck_assert(formats[f].write(in("new"), 3, 2));
            ck_assert_int_eq(mode_of(in("new")), S_IFREG | modes[mode]);
            ck_assert_int_eq(stat(in("new"), &status), 0);
            if (geteuid() == 0)
                ck_assert(status.st_uid == 12 && status.st_gid == 34);
        }
        ck_assert_int_eq(remove(in("new")), 0);
    }
    umask(mask);
}
END_TEST

START_TEST(devices)
{
    if (access("/dev/full", W_OK) != 0)
        return;
    for (int f = 0; f < FORMATS; f++) {
        ASSERT_FAILS(formats[f].write("/dev/full", 3, 1), WICK_ERROR_FILE, formats[f].function,
                     "'/dev/full' cannot be written: No space left on device");
        ck_assert(S_ISCHR(mode_of("/dev/full")));
        ck_assert(formats[f].write("/dev/null", 3, 1));
        ck_assert(S_ISCHR(mode_of("/dev/null")));
    }
}
END_TEST

START_TEST(pipes)
{
    ck_assert_int_eq(mkfifo(in("pipe"), 0600), 0);
    for (int f = 0; f < FORMATS; f++) {
        pid_t child = start();
        if (child == 0)
            leave(formats[f].write(in("pipe"), 300, 7));
        FILE *from = fopen(in("pipe"), "rb"), *to = fopen(in("x"), "wb");
        for (int c; (c = fgetc(from)) != EOF;)
            fputc(c, to);
        fclose(from), fclose(to);
        ck_assert_int_eq(status_of(child), 0);
        ck_assert(formats[f].read(in("x"), 300));
    }
    ck_assert(S_ISFIFO(mode_of(in("pipe"))));
}
END_TEST

/* What is open already is written to, where it stands: the shell's file for the output is not replaced. */
START_TEST(open_files)
{
    if (access("/dev/stdout", F_OK) != 0)
        return;
    for (int f = 0; f < FORMATS; f++) {
        pid_t child = start();
        if (child == 0) {
            if (!freopen(in("out"), "wb", stdout) || printf("before\n") != 7 || fflush(stdout) != 0 ||
                !formats[f].write("/dev/stdout", 3, 1) || printf("after\n") != 6 || fflush(stdout) != 0)
                leave(false);
            leave(true);
        }
        ck_assert_int_eq(status_of(child), 0);
        static char text[1 << 12];
        FILE *out = fopen(in("out"), "rb");
        size_t size = fread(text, 1, sizeof text, out);
        fclose(out);
        ck_assert_mem_eq(text, "before\n", 7);
        ck_assert_mem_eq(text + size - 6, "after\n", 6);
        FILE *x = fopen(in("x"), "wb");
        fwrite(text + 7, 1, size - 13, x);
        fclose(x);
        ck_assert(formats[f].read(in("x"), 3));
    }
    ck_assert(S_ISLNK(mode_of("/dev/stdout")));
}
END_TEST

START_TEST(links)
{
    ck_assert_int_eq(mkdir(in("runs"), 0700), 0);
    EACH_FORMAT(f)
    {
        /* latest -> runs/../best -> <absolute> runs/1, which is not there at first */
        ck_assert_int_eq(symlink("runs/../best", in("latest")), 0);
        ck_assert_int_eq(symlink(in("runs/1"), in("best")), 0);
        for (int round = 0; round < 2; round++) {
            ck_assert(formats[f].write(in("latest"), 3 + round, 1));
            ck_assert(S_ISLNK(mode_of(in("latest"))) && S_ISLNK(mode_of(in("best"))));
            ck_assert(S_ISREG(mode_of(in("runs/1"))));
            ck_assert(formats[f].read(in("runs/1"), 3 + round));
        }
        remove(in("latest")), remove(in("best")), remove(in("runs/1"));

        ck_assert_int_eq(symlink("b", in("a")), 0);
        ck_assert_int_eq(symlink("a", in("b")), 0);
        ASSERT_FAILS(formats[f].write(in("a"), 3, 1), WICK_ERROR_FILE, formats[f].function, strerror(ELOOP));
        ck_assert(S_ISLNK(mode_of(in("a"))) && S_ISLNK(mode_of(in("b"))));
        remove(in("a")), remove(in("b"));

        ck_assert_int_eq(symlink("nowhere/x", in("c")), 0);
        ASSERT_FAILS(formats[f].write(in("c"), 3, 1), WICK_ERROR_FILE, "No such file");
        ASSERT_FAILS(formats[f].write(in("runs"), 3, 1), WICK_ERROR_FILE, "directory");
        ASSERT_FAILS(formats[f].write(in("runs/"), 3, 1), WICK_ERROR_FILE, "directory");
        ASSERT_FAILS(formats[f].write(in("runs/."), 3, 1), WICK_ERROR_FILE, "directory");
        ASSERT_FAILS(formats[f].write("", 3, 1), WICK_ERROR_FILE, "No such file");
        remove(in("c"));
    }
    ck_assert_int_eq(chmod(folder, 01777), 0); /* like /tmp */
    if (geteuid() == 0) {
        ck_assert_int_eq(symlink("secret", in("a")), 0);
        ck_assert_int_eq(lchown(in("a"), 12, 34), 0);
        put_file(in("secret"), "root's");
        for (int f = 0; f < FORMATS; f++)
            ASSERT_FAILS(formats[f].write(in("a"), 3, 1), WICK_ERROR_FILE, "Permission denied");
        check_text(in("secret"), "root's");
        ck_assert_int_eq(lchown(in("a"), 0, 0), 0);
        ck_assert(formats[0].write(in("a"), 3, 1));
        ck_assert(formats[0].read(in("secret"), 3));
    }
    rmdir(in("runs"));
}
END_TEST

/* As a user who is not root, for whom permissions count. */
static bool become_user(void) { return geteuid() != 0 || (setegid(65534) == 0 && seteuid(65534) == 0); }

static bool is_refused(int f)
{
    return become_user() && !formats[f].write(in("x"), 3, 1) && wick_error() &&
           strstr(wick_error(), "Permission denied");
}

START_TEST(protected_places)
{
    for (int f = 0; f < FORMATS; f++) {
        put_file(in("x"), "before");
        ck_assert_int_eq(chmod(folder, 0555), 0); /* a folder in which nothing can be made */
        pid_t child = start();
        if (child == 0)
            leave(is_refused(f));
        ck_assert_int_eq(status_of(child), 0);
        ck_assert_int_eq(chmod(folder, 0777), 0);
        ck_assert_int_eq(chmod(in("x"), 0444), 0); /* and a file that is not to be written */
        if ((child = start()) == 0)
            leave(is_refused(f));
        ck_assert_int_eq(status_of(child), 0);
        check_text(in("x"), "before");
        ck_assert_int_eq(chmod(in("x"), 0644), 0);
    }
    ck_assert_int_eq(count(""), 1);
    if (geteuid() == 0) { /* a folder that cannot be listed */
        ck_assert_int_eq(chmod(folder, 0333), 0);
        pid_t child = start();
        if (child == 0)
            leave(become_user() && formats[0].write(in("y"), 3, 1));
        ck_assert_int_eq(status_of(child), 0);
        ck_assert(formats[0].read(in("y"), 3));
        ck_assert_int_eq(chmod(folder, 0777), 0);
    }
}
END_TEST

/* Killed at any moment, a writer leaves the file whole, and at most temporary files, which a later call removes, but not
 * before an hour has passed. WICK_KILLS in the environment is how often. */
START_TEST(killed)
{
    const char *asked = getenv("WICK_KILLS");
    int kills = asked ? atoi(asked) : 12, size = is_slow() ? 1000 : 20000;
    struct timespec old[2];
    for (int i = 0; i < kills; i++) {
        int f = i % FORMATS;
        ck_assert(formats[f].write(in("x"), size, 1));
        pid_t child = start();
        if (child == 0) {
            wk_file_how = i % 2 ? WK_FILE_NAMED : WK_FILE_BEST;
            for (int value = 0;; value++)
                formats[f].write(in("x"), size, value % 200);
        }
        usleep((useconds_t)(5000 + 997 * i % 20000));
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(status_of(child), 101);
        ck_assert_msg(formats[f].read(in("x"), size), "%s: %s", formats[f].function, wick_error());
    }
    int left = count(".wick-");
    ck_assert_int_eq(count(""), 1 + left);
    pid_t child = start(); /* a process that has not looked through the folder yet */
    if (child == 0)
        leave(formats[0].write(in("y"), 3, 1));
    ck_assert_int_eq(status_of(child), 0);
    ck_assert_int_eq(count(".wick-"), left);

    clock_gettime(CLOCK_REALTIME, &old[0]);
    old[0].tv_sec -= 3700;
    old[1] = old[0];
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        ck_assert_int_eq(utimensat(dirfd(d), e->d_name, old, 0), 0);
    closedir(d);
    ck_assert_int_eq(mkdir(in("other"), 0700), 0);
    ck_assert(formats[0].write(in("other/y"), 3, 1)); /* as if an hour had passed: another folder was seen since */
    ck_assert(formats[0].write(in("y"), 3, 1));
    ck_assert_int_eq(count(".wick-"), 0);
    remove(in("other/y"));
}
END_TEST

/* What a later call removes, and what not. */
START_TEST(left_overs)
{
    wk_file f;
    char name[128], other[128];
    wk_file_how = WK_FILE_NAMED;
    ck_assert(wk_file_begin(&f, "wick_test", in("x"), false));
    strcpy(name, f.temporary); /* .wick-<host>-<boot>-<space>-<process>-<start>-<count>.tmp */
    ck_assert(wk_file_end(&f));

    pid_t gone = start();
    if (gone == 0)
        leave(true);
    status_of(gone);
    unsigned long long host, boot, space;
    long long process, started;
    ck_assert_int_eq(sscanf(name, ".wick-%llx-%llx-%llx-%lld-%lld", &host, &boot, &space, &process, &started), 5);
    ck_assert_int_eq(process, getpid());
    const struct {
        unsigned long long host, boot, space;
        long long process, started;
        bool fresh, foreign, goes;
        const char *ending;
    } cases[] = {
        {host, boot, space, gone, started, false, false, true, ".tmp"},
        {host, boot + 1, space, process, started, false, false, true, ".tmp"}, /* before the machine was started */
        {host, boot, space, process, started + 1, false, false, started != 0, ".tmp"}, /* the number was given again */
        {host, boot, space, process, started, false, false, false, ".tmp"},            /* still at it */
        {host, boot, space, gone, started, true, false, false, ".tmp"},                /* not an hour old */
        {host, boot, space + 1, gone, started, false, false, false, ".tmp"},           /* in another container */
        {host + 1, boot, space, gone, started, false, false, false, ".tmp"},           /* on another machine */
        {host, boot, space, gone, started, false, false, false, ".tmp~"},
        {host, boot, space, gone, started, false, true, geteuid() != 0, ".tmp"}, /* another user's */
    };
    struct timespec old[2];
    clock_gettime(CLOCK_REALTIME, &old[0]);
    old[0].tv_sec -= 3700;
    old[1] = old[0];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(other, sizeof other, ".wick-%llx-%llx-%llx-%lld-%lld-%d%s", cases[i].host, cases[i].boot,
                 cases[i].space, cases[i].process, cases[i].started, (int)i, cases[i].ending);
        put_file(in(other), "left");
        if (!cases[i].fresh)
            ck_assert_int_eq(utimensat(AT_FDCWD, in(other), old, 0), 0);
        if (cases[i].foreign && geteuid() == 0)
            ck_assert_int_eq(chown(in(other), 12, 34), 0);
    }
    ck_assert_int_eq(symlink("x", in(".wick-link.tmp")), 0);
    ck_assert_int_eq(mkdir(in("other"), 0700), 0);
    ck_assert(wk_write_file("wick_test", in("other/y"), NULL, 0, "y", 1));
    ck_assert(wk_write_file("wick_test", in("x"), NULL, 0, "y", 1));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(other, sizeof other, ".wick-%llx-%llx-%llx-%lld-%lld-%d%s", cases[i].host, cases[i].boot,
                 cases[i].space, cases[i].process, cases[i].started, (int)i, cases[i].ending);
        ck_assert_msg((access(in(other), F_OK) != 0) == cases[i].goes, "left-over %d", (int)i);
        remove(in(other));
    }
    ck_assert_int_eq(remove(in(".wick-link.tmp")), 0);
    remove(in("other/y"));
}
END_TEST

static int told;
static void tell(wick_error_code code, const char *message)
{
    (void)code;
    told += strncmp(without_place(message), "FileError: wick_", 16) == 0;
}

/* A file that is not written while an old error stands is not passed over. */
START_TEST(besides_an_old_error)
{
    for (int length = 10; length <= 3000; length += 990)
        for (int f = 0; f < FORMATS; f++) {
            char *cause = malloc((size_t)length + 1), want[128];
            memset(cause, 'c', (size_t)length);
            cause[length] = '\0';
            wick_fail(WICK_ERROR_SHAPE, "%s", cause);
            const char *before = wick_error();
            char first = before[0];
            told = 0;
            wick_on_error(tell);
            ck_assert(!formats[f].write(in("no/x"), 3, 1));
            ck_assert_int_eq(told, 1);
            ck_assert(!formats[f].write(in("no/y"), 3, 1)); /* one more line is enough */
            wick_on_error(NULL);
            ck_assert_int_eq(told, 2);
            ck_assert_int_eq(before[0], first); /* still there */
            ck_assert_int_eq(wick_error_kind(), WICK_ERROR_SHAPE);
            snprintf(want, sizeof want, "c\nFileError: %s: '%s' cannot be written: No such file or directory",
                     formats[f].function, in("no/x"));
            const char *end = strstr(wick_error(), "\n");
            ck_assert_msg(end && strcmp(end - 1, want) == 0, "%s", wick_error());
            ck_assert_mem_eq(wick_error_message() + strlen("ShapeError: "), cause, (size_t)length);
            wick_clear_error();
            free(cause);
        }
}
END_TEST

static bool write_through_link(void) { return wk_write_file("wick_test", in("link"), "a", 1, "b", 1); }

START_TEST(failed_allocations)
{
    ck_assert_int_eq(symlink("./x", in("link")), 0);
    put_file(in("x"), "before");
    size_t before = wick_memory_allocated();
    for (long n = 1;; n++) {
        wick_fail_allocation(n);
        bool good = write_through_link();
        wick_fail_allocation(0);
        ck_assert_uint_eq(wick_memory_allocated(), before);
        if (good)
            break;
        ASSERT_ERROR(WICK_ERROR_MEMORY, "");
        check_text(in("x"), "before");
    }
    check_text(in("x"), "ab");
}
END_TEST

Suite *file_suite(void);
Suite *file_suite(void)
{
    Suite *s = suite_create("file");
    TCase *c = tcase_create("file");
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_add_test(c, two_writers);
    tcase_add_test(c, files_of_others_stay);
    tcase_add_test(c, modes_and_owners);
    tcase_add_test(c, devices);
    tcase_add_test(c, pipes);
    tcase_add_test(c, open_files);
    tcase_add_test(c, links);
    tcase_add_test(c, protected_places);
    tcase_add_test(c, killed);
    tcase_add_test(c, left_overs);
    tcase_add_test(c, besides_an_old_error);
    tcase_add_test(c, failed_allocations);
    suite_add_tcase(s, c);
    return s;
}
