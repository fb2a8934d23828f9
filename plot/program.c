/* program.c - running gnuplot and dot: without a shell, and with an ear for what they say. */
#define _POSIX_C_SOURCE 200809L

#include "picture.h"

#ifdef WICK_POSIX

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Reads all that comes, so that the program never waits for us, and keeps the last line that is not empty: gnuplot shows
 * where in the script it stands before it says what is wrong. */
static void listen_to(int from, char *said, size_t size)
{
    char bytes[512];
    size_t used = 0;
    bool ended = false;
    for (;;) {
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got; i++) {
            if (bytes[i] == '\n') {
                ended = true;
                continue;
            }
            if (ended)
                used = 0;
            ended = false;
            if (used + 1 < size && (used > 0 || bytes[i] != ' '))
                said[used++] = bytes[i] ? bytes[i] : '?';
        }
    }
    said[used] = '\0';
}

/* Where in PATH the program is, in the innermost scope; NULL if it is not there, and, with an error, if there is no memory.
 * Looked for here, as not every system's posix_spawnp says that it has found nothing. */
static const char *find(const char *program)
{
    const char *folders = getenv("PATH");
    if (!folders)
        folders = "/usr/local/bin:/usr/bin:/bin";
    wk_text path = {0};
    const char *found = NULL;
    while (*folders && !found && !path.failed) {
        size_t length = strcspn(folders, ":");
        wk_text_add(&path, "%.*s/%s", (int)length, folders, program);
        struct stat file;
        if (length > 0 && path.s && stat(path.s, &file) == 0 && S_ISREG(file.st_mode) && access(path.s, X_OK) == 0)
            found = wk_string(path.s, path.length);
        wk_text_cut(&path, 0);
        folders += length + (folders[length] == ':');
    }
    wk_text_free(&path);
    return found;
}

wk_outcome wk_run_program(const char *const *argv, char *said, size_t size)
{
    WICK_SCOPE;
    said[0] = '\0';
    const char *program = find(argv[0]);
    if (!program)
        return WK_NOT_INSTALLED;
    int ends[2];
    if (pipe(ends) != 0) {
        snprintf(said, size, "no pipe: %s", strerror(errno));
        return WK_FAILED;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);

    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    int status = posix_spawn_file_actions_init(&files);
    if (status == 0 && (status = posix_spawnattr_init(&attributes)) != 0)
        posix_spawn_file_actions_destroy(&files);
    pid_t child = 0;
    if (status == 0) {
        /* It reads nothing, and what the program of the user blocks or ignores is none of its business. */
        sigemptyset(&none);
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);
        sigaddset(&defaults, SIGCHLD);
        (void)posix_spawnattr_setsigmask(&attributes, &none);
        (void)posix_spawnattr_setsigdefault(&attributes, &defaults);
        (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        status = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        for (int out = STDOUT_FILENO; status == 0 && out <= STDERR_FILENO; out++)
            status = posix_spawn_file_actions_adddup2(&files, ends[1], out);
        if (status == 0)
            status = posix_spawn(&child, program, &files, &attributes, (char *const *)argv, environ);
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    close(ends[1]);
    if (status != 0) {
        close(ends[0]);
        snprintf(said, size, "%s", strerror(status));
        return WK_FAILED;
    }
    listen_to(ends[0], said, size);
    close(ends[0]);

    int ended = 0;
    pid_t waited;
    do
        waited = waitpid(child, &ended, 0);
    while (waited < 0 && errno == EINTR);
    if (waited < 0) /* who ignores SIGCHLD does not learn how a child ended: the picture will show it */
        return WK_RAN;
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        return WK_RAN;
    if (!said[0] && WIFSIGNALED(ended))
        snprintf(said, size, "killed by signal %d", WTERMSIG(ended));
    else if (!said[0])
        snprintf(said, size, "exit status %d", WEXITSTATUS(ended));
    return WK_FAILED;
}

#else

wk_outcome wk_run_program(const char *const *argv, char *said, size_t size)
{
    (void)argv, (void)size;
    said[0] = '\0';
    return WK_NO_PROCESSES;
}

#endif
