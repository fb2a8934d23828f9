/* host.c - a program that knows nothing of Wick and loads a plugin that does: twice, and once more while a thread that used
 * it is alive, which then ends after the plugin is gone.
 *     load_host PLUGIN */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "student.h"

static train_function *train;
static pthread_barrier_t barrier;

static void *load(const char *path)
{
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL), *symbol;
    if (!plugin || !(symbol = dlsym(plugin, "plugin_train"))) {
        printf("%s\n", dlerror());
        exit(1);
    }
    memcpy(&train, &symbol, sizeof train); /* ISO C converts no pointer to data to one to a function */
    return plugin;
}

static void unload(void *plugin)
{
    if (dlclose(plugin) != 0) {
        printf("%s\n", dlerror());
        exit(1);
    }
    train = NULL;
}

/* Trains, and lives until the plugin is gone. */
static void *use(void *loss)
{
    *(double *)loss = train();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    double loss[5];
    int count = 0;
    for (int time = 0; time < 2; time++) {
        void *plugin = load(argv[1]);
        loss[count++] = train();
        unload(plugin);
    }
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    void *plugin = load(argv[1]);
    if (pthread_create(&thread, NULL, use, &loss[count]) != 0)
        return 1;
    count++;
    pthread_barrier_wait(&barrier);
    loss[count++] = train();
    unload(plugin);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL); /* the end of a thread runs what the library left to be run there */
    plugin = load(argv[1]);
    loss[count++] = train();
    unload(plugin);
    for (int i = 0; i < count; i++)
        printf("%.9f\n", loss[i]);
    for (int i = 0; i < count; i++)
        if (!(loss[i] > 0) || memcmp(&loss[i], &loss[0], sizeof *loss) != 0)
            return 1;
    return 0;
}
