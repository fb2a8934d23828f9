/* object.c - reference counts, and destruction without recursion. */
#define _POSIX_C_SOURCE 200809L
#include "object.h"

#include <pthread.h>
#include <string.h>

#include "call.h"

/* What a destroyed object says it is, until its memory is used again. */
static const wk_class freed_class = {"freed object", NULL};

/* How deep destroying may recurse before objects are put on a list. Short chains go the quick way. */
#define MAX_DEPTH 8

static void destroy(wick_object *object)
{
    const wk_class *cls = object->cls;
    object->cls = &freed_class;
    cls->destroy(object);
}

void wk_destroy(wick_object *object)
{
    wk_thread *self = &wk_this_thread;
    if (self->destroying == MAX_DEPTH) {
        object->next = self->dying;
        self->dying = object;
        return;
    }
    self->destroying++;
    destroy(object);
    while (self->destroying == 1 && self->dying) {
        wick_object *next = self->dying;
        self->dying = next->next;
        destroy(next);
    }
    self->destroying--;
}

void wk_end_hold(void **object) { wk_unref(*object); }

void wk_revive(wick_object *object, const wk_class *cls) { object->cls = cls; }

bool wk_lives_on(wick_object *object)
{
    if (atomic_fetch_sub_explicit(&object->refs, 1, memory_order_acq_rel) != 1)
        return true;
    object->cls = &freed_class;
    return false;
}

bool wk_refuse(const void *object, const wk_class *cls, const char *function, const char *name)
{
    const wick_object *o = object;
    const char *article = strchr("aeiou", cls->name[0]) ? "an" : "a";
    if (!o) {
        if (!wick_error_kind())
            wick_fail(WICK_ERROR_ARGUMENT, "%s: %s is NULL; it must be %s %s", function, name, article, cls->name);
    } else if ((uintptr_t)o + WK_NO_POINTERS < 2 * WK_NO_POINTERS) {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %s is the number %lld; it must be %s %s%s", function, name,
                  (long long)(intptr_t)o, article, cls->name,
                  strcmp(cls->name, "tensor") == 0 ? "; wick_scalar makes one of a number" : "");
    } else if (o->cls == &freed_class) {
        wick_fail(
            WICK_ERROR_ARGUMENT,
            "%s: %s was freed already; the scope that owned it has ended: keep it (wick_keep) or hand it out (wick_out)",
            function, name);
    } else if (o->cls == &wk_uninitialized_class) {
        wick_fail(WICK_ERROR_ARGUMENT,
                  "%s: %s is an uninitialized parameter: its shape is known after the first forward of its lazy module",
                  function, name);
    } else {
        wick_fail(WICK_ERROR_ARGUMENT, "%s: %s is not %s %s", function, name, article, cls->name);
    }
    return false;
}

/* ---- What is kept ------------------------------------------------------------------------------------------------ */

/* The objects that a wick_keep holds, by address. wick_release looks a pointer up here before it touches what is there: a
 * pointer that nobody kept, or that was released already, may lead anywhere. An object that is kept does not wait to be
 * destroyed, so that its link serves the chains, and keeping needs no memory and cannot fail for want of it. */
static wick_object *kept[1 << 14];
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

/* The link in kept's chain that leads to the object; to NULL, at the chain's end, if it is not there. */
static wick_object **find_kept(const void *object)
{
    uint64_t mixed = (uint64_t)((uintptr_t)object >> 6) * 0x9E3779B97F4A7C15u;
    wick_object **link = &kept[mixed >> 50];
    while (*link && *link != object)
        link = &(*link)->next;
    return link;
}

#undef wick_keep
void *wick_keep(void *object)
{
    WK_ENTER;
    wick_object *o = object;
    if (!o)
        return NULL;
    if (o->cls == &freed_class)
        return wick_fail(WICK_ERROR_ARGUMENT,
                         "wick_keep: object was freed already; the scope that owned it has ended: keep it before that");
    wk_ref(o);
    pthread_mutex_lock(&kept_lock);
    if (o->keeps++ == 0) {
        wick_object **link = find_kept(o);
        o->next = *link; /* NULL */
        *link = o;
    }
    pthread_mutex_unlock(&kept_lock);
    return object;
}

void wick_release(void *object)
{
    WK_ENTER;
    if (!object)
        return;
    pthread_mutex_lock(&kept_lock);
    wick_object **link = find_kept(object), *o = *link;
    if (o && --o->keeps == 0) {
        *link = o->next;
        o->next = NULL;
    }
    pthread_mutex_unlock(&kept_lock);
    if (o)
        wk_unref(o);
    else
        wick_fail(WICK_ERROR_ARGUMENT,
                  "wick_release: no wick_keep holds this object; scopes, modules and other holders give back what they "
                  "hold themselves: release what you kept, once for each wick_keep");
}

/* ---- Strings --------------------------------------------------------------------------------------------------------------- */

typedef struct string {
    wick_object base;
    size_t size;
    char text[];
} string;

static void string_destroy(wick_object *object) { wk_free(object, ((string *)object)->size); }

static const wk_class string_class = {"string", string_destroy};

char *wk_string(const char *text, size_t length)
{
    size_t size = sizeof(string) + length + 1;
    string *s = wk_alloc(size);
    if (!s)
        return NULL;
    wk_object_init(&s->base, &string_class);
    s->size = size;
    memcpy(s->text, text, length);
    s->text[length] = '\0';
    s = wk_own(s);
    return s ? s->text : NULL;
}
