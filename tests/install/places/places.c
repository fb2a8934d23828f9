/* places.c - calls that fail, and what their errors should say of where they stand: each prints what it says, and what it
 * should, as lines "name|said|should". check_places.sh compiles it in many ways. C and C++. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wick/wick.h>

#if defined(__GNUC__)
#define NOT_INLINED __attribute__((noinline))
#else
#define NOT_INLINED
#endif

/* What stands before the kind: "places.c:17", or "-" if nothing does. */
static void say_of(const char *name, const char *file, int line)
{
    const char *message = wick_error(), *rest = wick_error_message();
    if (message == rest)
        printf("%s|-|%s:%d\n", name, file, line);
    else
        printf("%s|%.*s|%s:%d\n", name, (int)(rest - message) - 2, message, file, line);
    wick_clear_error();
}

static void say(const char *name, int line) { say_of(name, "places.c", line); }

#define HERE(call) ((void)(call), line = __LINE__)

static inline wick_tensor *inlined(wick_tensor *x, int *line)
{
    *line = __LINE__ + 1;
    wick_tensor *y = wick_matmul(x, x);
    return y;
}

/* With optimisation, a jump: main is where the call returns to. */
enum { TAIL_LINE = __LINE__ + 1 };
NOT_INLINED wick_tensor *tail(wick_tensor *x) { return wick_matmul(x, x); }

static int closure_line, closed;
static wick_tensor *closure(void *x)
{
    closure_line = __LINE__ + 1;
    wick_tensor *y = wick_matmul((wick_tensor *)x, (wick_tensor *)x);
    closed++; /* so that the call is not the last thing here */
    return y;
}

/* A plugin's error, read while it is loaded and after it has gone. */
static void load(const char *path, wick_tensor *x)
{
    for (int gone = 0; gone < 2; gone++) {
        void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL), *symbol = plugin ? dlsym(plugin, "fail_in_plugin") : NULL;
        if (!symbol) {
            printf("no plugin: %s\n", dlerror());
            exit(1);
        }
        int (*fail_in_plugin)(wick_tensor *);
        memcpy(&fail_in_plugin, &symbol, sizeof symbol);
        int line = fail_in_plugin(x);
        if (gone)
            dlclose(plugin);
        say_of(gone ? "closed plugin" : "plugin", "plugin.c", line);
        if (!gone)
            dlclose(plugin);
    }
}

#ifdef __GLIBC__
#ifdef __cplusplus
extern "C" {
#endif
static int without_memory;
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *malloc(size_t size) { return without_memory ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return without_memory ? NULL : __libc_calloc(count, size); }
#ifdef __cplusplus
}
#endif

static NOT_INLINED void fail_here(wick_tensor *x)
{
    wick_tensor *y = wick_matmul(x, x);
    closed += y != NULL;
}

/* A line that was read once is known when memory is not there; and what was never read does no harm. */
static void fail_without_memory(wick_tensor *x)
{
    char said[3][300];
    for (int i = 0; i < 2; i++) {
        fail_here(x);
        without_memory = i;
        snprintf(said[i], sizeof said[i], "%s", wick_error());
        wick_clear_error();
    }
    wick_matmul(x, x);
    snprintf(said[2], sizeof said[2], "%s", wick_error());
    wick_clear_error();
    without_memory = 0;
    int same = strcmp(said[0], said[1]) == 0 && strstr(said[2], "ShapeError: ") != NULL;
    printf("without memory|%s|same\n", same ? "same" : said[1]);
}
#endif

int main(int argc, char **argv)
{
    int line = 0;
    const int64_t shape[2] = {2, 3};
    wick_tensor *x = wick_ones_n(shape, 2, WICK_FLOAT32);
    HERE(wick_matmul(x, x));
    say("call", line);
    inlined(x, &line);
    say("inlined", line);
    HERE(wick_fail(WICK_ERROR_FILE, "my_reader: nothing there"));
    say("fail", line);
    tail(x);
    say("tail", TAIL_LINE);

    wick_module *linear = wick_nn_sigmoid();
    wick_tensor *inputs[2] = {x, x};
    HERE(wick_nn_forward_n(linear, inputs, 2));
    say("module", line);
    wick_tensor *w = wick_ones_n(shape, 2, WICK_FLOAT32);
    wick_requires_grad_(w, true);
    wick_optim_step_closure(wick_optim_sgd_opt(wick_list_n(&w, 1), NULL), closure, x);
    say("closure", closure_line);
#ifdef __GLIBC__
    fail_without_memory(x);
#endif
    if (argc > 1)
        load(argv[1], x);
    return 0;
}
