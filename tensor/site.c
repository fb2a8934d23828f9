/* site.c - from the address that a call returns to, to its line.
 *
 * libdw is loaded when the first line is asked for, so that programs that do not fail neither load nor need it. It is given
 * the object's own file and looks nowhere else: not for separate debug information, and not over a network. */
#if !defined(_GNU_SOURCE) && defined(__linux__)
#define _GNU_SOURCE /* dl_iterate_phdr */
#endif
#include "site.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"

#if defined(__linux__) && defined(__GNUC__)
#include <link.h>
#include <unistd.h>

/* ---- The object that an address lies in ------------------------------------------------------------------------------------ */

typedef struct object {
    uintptr_t address; /* in: the one that is looked for */
    uintptr_t bias;    /* what the loader added to the object's own addresses */
    char path[1024];
    bool main;     /* it is the program itself */
    bool readable; /* libdw is there */
    bool found, went_on;
    unsigned long long loads, unloads; /* of the process so far */
} object;

static int visit_object(struct dl_phdr_info *info, size_t size, void *context)
{
    object *o = context;
    const bool first = !o->went_on;
    o->went_on = true;
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof info->dlpi_subs) {
        o->loads = info->dlpi_adds;
        o->unloads = info->dlpi_subs;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        if (info->dlpi_phdr[i].p_type != PT_LOAD || o->address - begin >= info->dlpi_phdr[i].p_memsz)
            continue;
        o->main = first; /* the program itself, by whatever name */
        o->bias = info->dlpi_addr;
        snprintf(o->path, sizeof o->path, "%s", o->main ? "/proc/self/exe" : info->dlpi_name);
        o->found = true;
        return 1;
    }
    return 0;
}

/* ---- Lines ------------------------------------------------------------------------------------------------------------------- */

/* OTHER_CALL: of a call of another function, or in code without lines in a program that has some, such as the library's own
 * where it is linked statically: what called it went by a jump. */
typedef enum verdict { NO_LINES, OTHER_CALL, THIS_CALL } verdict;

#ifdef WICK_HAVE_LIBDW
#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <setjmp.h>

/* clang-format off */
#define DW_FUNCTIONS(X)                                                                                                 \
    X(dwarf_begin) X(dwarf_end) X(dwarf_new_oom_handler) X(dwarf_nextcu) X(dwarf_offdie) X(dwarf_haspc) X(dwarf_child)  \
    X(dwarf_siblingof) X(dwarf_tag) X(dwarf_attr) X(dwarf_attr_integrate) X(dwarf_formaddr) X(dwarf_formref_die)        \
    X(dwarf_formstring) X(dwarf_hasattr) X(dwarf_getsrc_die) X(dwarf_linesrc) X(dwarf_lineno)
/* clang-format on */

static struct {
#define POINTER(name) __typeof__(&name) name;
    DW_FUNCTIONS(POINTER)
#undef POINTER
} dw;

/* Where there is hardly any memory, libdw is let alone: what it keeps for each thread is allocated by the dynamic linker, which
 * ends the process if it cannot. */
static bool has_room(void)
{
    void *volatile room =
        malloc((size_t)1 << 20); /* volatile: a compiler may take it that malloc has room, and drop the call */
    bool is = room != NULL;
    free(room);
    return is;
}

/* Not with the lock held: what the loader runs may fail, too, in another thread. */
static bool load_libdw(void)
{
    static atomic_int state; /* LOADED, or how often it was tried: there may have been no memory for it */
    enum { LOADED = -1, TRIES = 3 };
    int before = atomic_load(&state);
    if (before == LOADED || before == TRIES)
        return before == LOADED;
    void *library = has_room() ? dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL) : NULL;
    bool loaded = library != NULL;
#define FIND(name) loaded = loaded && (*(void **)&dw.name = dlsym(library, #name)) != NULL;
    DW_FUNCTIONS(FIND)
#undef FIND
    atomic_store(&state, loaded ? LOADED : before + 1);
    return loaded;
}

/* libdw ends the process when it gets no memory; this leaves it instead, and what it had stays as it is. One thread at a time
 * reads lines. */
static jmp_buf without_memory;
static _Noreturn void leave_libdw(void) { longjmp(without_memory, 1); }

static const char *text_of(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    return dw.dwarf_attr_integrate(die, name, &attribute) ? dw.dwarf_formstring(&attribute) : NULL;
}

/* Whether the call that returns to pc is one of those below die, and goes to the function. *any: whether there are calls. */
static verdict find_call(Dwarf_Die *die, Dwarf_Addr pc, const char *function, int depth, bool *any)
{
    Dwarf_Die child, callee;
    Dwarf_Attribute attribute;
    Dwarf_Addr returns;
    verdict found = NO_LINES;
    if (depth > 100 || dw.dwarf_child(die, &child) != 0)
        return NO_LINES;
    do {
        int tag = dw.dwarf_tag(&child);
        bool old = tag == DW_TAG_GNU_call_site;
        if (tag == DW_TAG_call_site || old) {
            *any = true;
            if (dw.dwarf_hasattr(&child, DW_AT_call_tail_call) || dw.dwarf_hasattr(&child, DW_AT_GNU_tail_call) ||
                !dw.dwarf_attr(&child, old ? DW_AT_low_pc : DW_AT_call_return_pc, &attribute) ||
                dw.dwarf_formaddr(&attribute, &returns) != 0 || returns != pc)
                continue;
            if (!dw.dwarf_attr(&child, old ? DW_AT_abstract_origin : DW_AT_call_origin, &attribute) ||
                !dw.dwarf_formref_die(&attribute, &callee))
                return OTHER_CALL;
            const char *linkage = text_of(&callee, DW_AT_linkage_name);
            const char *name = linkage ? linkage : text_of(&callee, DW_AT_name);
            return name && strcmp(name, function) == 0 ? THIS_CALL : OTHER_CALL;
        }
        if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine)
            found = find_call(&child, pc, function, depth + 1, any);
    } while (found == NO_LINES && dw.dwarf_siblingof(&child, &child) == 0);
    return found;
}

/* Whether what the compiler did in this unit may have been a tail call, without a word in the debug information: gcc says how
 * it was called. */
static bool may_hide_tail_calls(Dwarf_Die *unit)
{
    static const char *const flags[] = {" -O2", " -O3", " -Os", " -Ofast", " -foptimize-sibling-calls"};
    const char *producer = text_of(unit, DW_AT_producer);
    for (size_t i = 0; producer && i < sizeof flags / sizeof *flags; i++)
        if (strstr(producer, flags[i]))
            return true;
    return false;
}

static verdict judge(Dwarf_Die *unit, Dwarf_Addr pc, const char *function)
{
    Dwarf_Die child;
    if (dw.dwarf_child(unit, &child) != 0)
        return NO_LINES;
    do {
        if (dw.dwarf_tag(&child) != DW_TAG_subprogram || dw.dwarf_haspc(&child, pc - 1) != 1)
            continue;
        bool any = false;
        verdict found = find_call(&child, pc, function, 0, &any);
        return found != NO_LINES ? found : any || may_hide_tail_calls(unit) ? OTHER_CALL : THIS_CALL;
    } while (dw.dwarf_siblingof(&child, &child) == 0);
    return NO_LINES;
}

/* "train.c:17": the file as the compiler was given it. */
static size_t write_line(Dwarf_Die *unit, Dwarf_Addr pc, char text[WK_SITE_TEXT])
{
    Dwarf_Line *line = dw.dwarf_getsrc_die(unit, pc - 1);
    const char *file = line ? dw.dwarf_linesrc(line, NULL, NULL) : NULL, *folder = text_of(unit, DW_AT_comp_dir);
    int number;
    if (!file || dw.dwarf_lineno(line, &number) != 0 || number == 0)
        return 0;
    size_t length = folder ? strlen(folder) : 0;
    if (length && strncmp(file, folder, length) == 0 && file[length] == '/')
        for (file += length; *file == '/' || strncmp(file, "./", 2) == 0; file++) {}
    while (strlen(file) > WK_SITE_TEXT - 16 && strchr(file + 1, '/'))
        file = strchr(file + 1, '/');
    snprintf(text, WK_SITE_TEXT, "%.*s:%d", WK_SITE_TEXT - 16, file, number);
    return strlen(text);
}

static verdict find_line(const object *o, const char *function, char text[WK_SITE_TEXT])
{
    Dwarf_Addr pc = o->address + 1 - o->bias;
    volatile verdict found = NO_LINES;
    int file = o->readable && has_room() ? open(o->path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return NO_LINES;
    if (setjmp(without_memory) == 0) {
        Dwarf *dwarf = dw.dwarf_begin(file, DWARF_C_READ);
        if (dwarf) {
            dw.dwarf_new_oom_handler(dwarf, (Dwarf_OOM)leave_libdw);
            Dwarf_Off at = 0, next;
            size_t header;
            Dwarf_Die unit;
            for (; dw.dwarf_nextcu(dwarf, at, &next, &header, NULL, NULL, NULL) == 0; at = next) {
                if (!dw.dwarf_offdie(dwarf, at + header, &unit))
                    continue;
                found = OTHER_CALL;
                if (dw.dwarf_haspc(&unit, pc - 1) != 1)
                    continue;
                found = judge(&unit, pc, function);
                if (found == THIS_CALL && !write_line(&unit, pc, text))
                    found = NO_LINES;
                break;
            }
            dw.dwarf_end(dwarf);
        }
    }
    close(file);
    return found;
}
#else
static bool load_libdw(void) { return false; }
static verdict find_line(const object *o, const char *function, char text[WK_SITE_TEXT])
{
    (void)o, (void)function, (void)text;
    return NO_LINES;
}
#endif

/* ---- Texts ------------------------------------------------------------------------------------------------------------------- */

/* "train+0x12ab" */
static void write_address(const object *o, char text[WK_SITE_TEXT])
{
    char name[WK_SITE_TEXT - 32], path[1024];
    snprintf(path, sizeof path, "%s", o->path);
    ssize_t length = o->main ? readlink("/proc/self/exe", path, sizeof path - 1) : -1;
    if (length > 0)
        path[length] = '\0';
    const char *slash = strrchr(path, '/');
    snprintf(name, sizeof name, "%.200s", slash ? slash + 1 : path);
    snprintf(text, WK_SITE_TEXT, "%s+0x%llx", name, (unsigned long long)(o->address + 1 - o->bias));
}

/* The texts of the last sites, so that a loop that fails in one place reads its line once, and one that was read once is
 * there when memory is not. They hold until an object is loaded or unloaded. */
enum { KNOWN = 64 };
static struct {
    wk_site site;
    char text[WK_SITE_TEXT];
} known[KNOWN];
static unsigned long long known_loads, known_unloads;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A child that another thread's reading would leave locked out waits for its end. */
static void take(void) { pthread_mutex_lock(&lock); }
static void give(void) { pthread_mutex_unlock(&lock); }
static void at_fork(void) { (void)pthread_atfork(take, give, give); }

size_t wk_site_text(wk_site site, char text[WK_SITE_TEXT])
{
    text[0] = '\0';
    if (!site.address)
        return 0;
    object o = {.address = (uintptr_t)site.address - 1}; /* the call's last byte; what follows may be another line */
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, at_fork);
    o.readable = load_libdw();
    dl_iterate_phdr(visit_object, &o);
    object own = {.address = (uintptr_t)wk_site_text};
    dl_iterate_phdr(visit_object, &own);
    if (!o.found || (o.bias == own.bias && !o.main)) /* the library does not call itself: it was a jump */
        return 0;
    pthread_mutex_lock(&lock);
    if (o.loads != known_loads || o.unloads != known_unloads)
        memset(known, 0, sizeof known);
    known_loads = o.loads;
    known_unloads = o.unloads;
    size_t slot = ((uintptr_t)site.address >> 2) % KNOWN;
    if (known[slot].site.address != site.address || known[slot].site.function != site.function) {
        char *to = known[slot].text;
        to[0] = '\0';
        verdict found = find_line(&o, site.function, to);
        /* Where objects have gone, another may lie now where the call was: only its own call says that it is the one. */
        if (found == NO_LINES && (o.main || o.unloads == 0))
            write_address(&o, to);
        known[slot].site = site;
    }
    memcpy(text, known[slot].text, WK_SITE_TEXT);
    pthread_mutex_unlock(&lock);
    return strlen(text);
}
#else
size_t wk_site_text(wk_site site, char text[WK_SITE_TEXT])
{
    (void)site;
    text[0] = '\0';
    return 0;
}
#endif
