/* pickle.c - a reader of pickles that executes nothing.
 *
 * A pickle is a program for a small stack machine (Python's Lib/pickletools.py describes its instructions). In Python
 * it can call any function. Here a call is only noted: the result is a tree of plain values in which wick_load finds
 * the tensors. Of the instructions, the ones that torch.save writes are known. Nothing recurses.
 *
 * One byte can describe a value, in a file whose packed form is a thousandth of that. So all memory is counted, and may
 * be ALLOWED times the bytes that were read, three times what the state dicts of PyTorch take; and values nest LEVELS deep
 * (in a state dict: 6). */
#include "pickle.h"

#include <stdio.h>
#include <string.h>

#include "../tensor/text.h"

enum { ALLOWED = 32, LEVELS = 100, BLOCK = 1 << 12 };

/* Memory from which values and their items are cut. */
typedef struct block {
    struct block *next;
    size_t size, used; /* of bytes */
    _Alignas(wk_value) unsigned char bytes[];
} block;

struct wk_pickle {
    const char *where;
    const unsigned char *bytes;
    size_t size, at;
    size_t allowed; /* bytes of memory that may still be taken */

    block *blocks;
    wk_value **stack;
    size_t depth, stack_capacity;
    wk_value **memo; /* by number; NULL where nothing was put */
    size_t memo_capacity;
    wk_value *root;
};

static wk_value none = {.kind = WK_NONE}, mark = {.kind = WK_MARK}, empty_tuple = {.kind = WK_TUPLE};
static wk_value yes = {.kind = WK_TRUE_OR_FALSE, .number = 1}, no = {.kind = WK_TRUE_OR_FALSE, .number = 0};
static wk_value attributes = {.kind = WK_ATTRIBUTES};

/* ---- Values and the stack ---------------------------------------------------------------------------------------- */

static bool malformed(const wk_pickle *p, const char *what)
{
    wick_fail(WICK_ERROR_FILE, "%s: its pickle is malformed: %s, before byte %zu of %zu", p->where, what, p->at,
              p->size);
    return false;
}

bool wk_pickle_spend(wk_pickle *p, size_t bytes)
{
    if (bytes <= p->allowed) {
        p->allowed -= bytes;
        return true;
    }
    wick_fail(WICK_ERROR_FILE,
              "%s: its pickle of %zu bytes would take more than %d times as much memory, as no state dict does",
              p->where, p->size, ALLOWED);
    return false;
}

/* Memory that lives as long as the pickle, aligned for values and pointers. */
static void *cut(wk_pickle *p, size_t bytes)
{
    block *b = p->blocks;
    if (!b || bytes > b->size - b->used) {
        size_t size = bytes > BLOCK ? bytes : BLOCK;
        if (!wk_pickle_spend(p, sizeof *b + size) || !(b = wk_alloc(sizeof *b + size)))
            return NULL;
        *b = (block){.next = p->blocks, .size = size, .used = 0};
        p->blocks = b;
    }
    void *memory = b->bytes + b->used;
    b->used += bytes;
    return memory;
}

static wk_value *new_value(wk_pickle *p, wk_value_kind kind)
{
    wk_value *v = cut(p, sizeof *v);
    if (v) {
        memset(v, 0, sizeof *v);
        v->kind = (uint8_t)kind;
    }
    return v;
}

static bool push(wk_pickle *p, wk_value *v)
{
    size_t before = p->stack_capacity;
    if (!v || !WK_GROW(p->stack, p->depth, p->stack_capacity) ||
        !wk_pickle_spend(p, (p->stack_capacity - before) * sizeof v))
        return false;
    p->stack[p->depth++] = v;
    return true;
}

static bool push_number(wk_pickle *p, wk_value_kind kind, int64_t number)
{
    wk_value *v = new_value(p, kind);
    if (v)
        v->number = number;
    return push(p, v);
}

static bool push_text(wk_pickle *p, wk_value_kind kind, const unsigned char *text, size_t length)
{
    wk_value *v = new_value(p, kind);
    if (v) {
        v->text = (const char *)text;
        v->length = length;
    }
    return push(p, v);
}

/* Takes the topmost value, which must not be a mark. */
static wk_value *pop(wk_pickle *p)
{
    if (p->depth == 0 || p->stack[p->depth - 1] == &mark) {
        malformed(p, "an instruction finds no value on the stack");
        return NULL;
    }
    return p->stack[--p->depth];
}

/* Whether an item may be put into v; v nests one deeper than its items. */
static bool nest(wk_pickle *p, wk_value *v, const wk_value *item)
{
    if (item->levels >= LEVELS) {
        wick_fail(WICK_ERROR_FILE, "%s: its pickle nests values more than %d deep, as no state dict does", p->where,
                  LEVELS);
        return false;
    }
    if (item->levels >= v->levels)
        v->levels = (uint16_t)(item->levels + 1);
    return true;
}

static bool append(wk_pickle *p, wk_value *v, wk_value *item)
{
    if (v->count == v->capacity) {
        uint32_t capacity = v->capacity ? v->capacity * 2 : 4;
        wk_value **items = cut(p, capacity * sizeof *items);
        if (!items)
            return false;
        if (v->count)
            memcpy(items, v->items, v->count * sizeof *items);
        v->items = items;
        v->capacity = capacity;
    }
    v->items[v->count++] = item;
    return nest(p, v, item);
}

/* The height of the stack above its topmost mark; SIZE_MAX, with an error, if there is none. */
static size_t above_mark(const wk_pickle *p)
{
    for (size_t i = p->depth; i > 0; i--)
        if (p->stack[i - 1] == &mark)
            return i;
    malformed(p, "an instruction finds no mark on the stack");
    return SIZE_MAX;
}

/* A value with exactly these items. */
static wk_value *new_with_items(wk_pickle *p, wk_value_kind kind, wk_value *const *items, size_t count)
{
    wk_value *v = new_value(p, kind);
    if (!v || !(v->items = cut(p, count * sizeof *items)))
        return NULL;
    memcpy(v->items, items, count * sizeof *items);
    v->count = v->capacity = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        if (!nest(p, v, items[i]))
            return NULL;
    return v;
}

/* Moves the values from height first on into a new tuple, then drops the stack to depth and pushes the tuple. */
static bool make_tuple(wk_pickle *p, size_t first, size_t depth)
{
    size_t count = p->depth - first;
    wk_value *v = count ? new_with_items(p, WK_TUPLE, p->stack + first, count) : &empty_tuple;
    p->depth = depth;
    return push(p, v);
}

static bool make_marked_tuple(wk_pickle *p)
{
    size_t first = above_mark(p);
    return first != SIZE_MAX && make_tuple(p, first, first - 1);
}

static bool make_tuple_of(wk_pickle *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (i >= p->depth || p->stack[p->depth - 1 - i] == &mark)
            return malformed(p, "a tuple has too few values on the stack");
    return make_tuple(p, p->depth - count, p->depth - count);
}

/* Adds the values from height first on to the list or dict below the height depth, and drops the stack to depth. What
 * is put into an object of some other class is dropped, and that something was is noted. */
static bool add_items(wk_pickle *p, size_t first, size_t depth, wk_value_kind kind)
{
    if (depth == 0)
        return malformed(p, "there is nothing to put items into");
    wk_value *v = p->stack[depth - 1];
    if (v->kind != kind && v->kind != WK_CALL)
        return malformed(p, "items are put into what is no list or dict");
    if (kind == WK_MAPPING && (p->depth - first) % 2 != 0)
        return malformed(p, "a key of a dict has no value");
    for (size_t i = first; v->kind == kind && i < p->depth; i++)
        if (!append(p, v, p->stack[i]))
            return false;
    v->changed = v->kind == WK_CALL;
    p->depth = depth;
    return true;
}

static bool add_last(wk_pickle *p, size_t count, wk_value_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (i >= p->depth || p->stack[p->depth - 1 - i] == &mark)
            return malformed(p, "an item is missing on the stack");
    return add_items(p, p->depth - count, p->depth - count, kind);
}

static bool add_marked(wk_pickle *p, wk_value_kind kind)
{
    size_t first = above_mark(p);
    return first != SIZE_MAX && add_items(p, first, first - 1, kind);
}

/* function(arguments): noted, and only an empty OrderedDict made. */
static bool call(wk_pickle *p)
{
    wk_value *arguments = pop(p), *function = arguments ? pop(p) : NULL;
    if (!function)
        return false;
    if (function->kind != WK_GLOBAL || arguments->kind != WK_TUPLE)
        return malformed(p, "a call is not of a named function with a tuple of arguments");
    if (arguments->count == 0 && wk_value_is(function, WK_GLOBAL, "collections.OrderedDict"))
        return push(p, new_value(p, WK_MAPPING));
    return push(p, new_with_items(p, WK_CALL, (wk_value *[]){function, arguments}, 2));
}

static bool put(wk_pickle *p, size_t number)
{
    if (p->depth == 0 || p->stack[p->depth - 1] == &mark)
        return malformed(p, "there is nothing to remember");
    if (number >= p->size)
        return malformed(p, "a memo number is larger than the pickle");
    if (number >= p->memo_capacity) {
        size_t capacity = p->memo_capacity ? p->memo_capacity : 64;
        while (capacity <= number)
            capacity *= 2;
        wk_value **memo = NULL;
        if (!wk_pickle_spend(p, (capacity - p->memo_capacity) * sizeof *memo) ||
            !(memo = wk_alloc_zero(capacity * sizeof *memo)))
            return false;
        if (p->memo)
            memcpy(memo, p->memo, p->memo_capacity * sizeof *memo);
        wk_free(p->memo, p->memo_capacity * sizeof *memo);
        p->memo = memo;
        p->memo_capacity = capacity;
    }
    p->memo[number] = p->stack[p->depth - 1];
    return true;
}

static bool get(wk_pickle *p, size_t number)
{
    if (number >= p->memo_capacity || !p->memo[number])
        return malformed(p, "a value is asked for that was not remembered");
    return push(p, p->memo[number]);
}

/* ---- Instructions ------------------------------------------------------------------------------------------------ */

/* The next count bytes; NULL, with an error, if there are fewer. */
static const unsigned char *take(wk_pickle *p, size_t count)
{
    if (count > p->size - p->at) {
        malformed(p, "it ends within an instruction");
        return NULL;
    }
    p->at += count;
    return p->bytes + p->at - count;
}

/* A little-endian integer of count <= 8 bytes in *number; its top bit is its sign if it has one. */
static bool take_int(wk_pickle *p, size_t count, bool has_sign, int64_t *number)
{
    const unsigned char *b = take(p, count);
    if (!b)
        return false;
    uint64_t value = has_sign && count > 0 && b[count - 1] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = count; i > 0; i--)
        value = value << 8 | b[i - 1];
    memcpy(number, &value, sizeof value);
    return true;
}

/* The instructions, by their names in pickletools. */
enum {
    PROTO = 0x80,
    STOP = '.',
    MARK = '(',
    NONE = 'N',
    NEWTRUE = 0x88,
    NEWFALSE = 0x89,
    BININT1 = 'K',
    BININT2 = 'M',
    BININT = 'J',
    LONG1 = 0x8a,
    BINFLOAT = 'G',
    BINUNICODE = 'X',
    SHORT_BINSTRING = 'U',
    EMPTY_TUPLE = ')',
    TUPLE = 't',
    TUPLE1 = 0x85,
    TUPLE2 = 0x86,
    TUPLE3 = 0x87,
    EMPTY_LIST = ']',
    EMPTY_SET = 0x8f,
    APPEND = 'a',
    APPENDS = 'e',
    EMPTY_DICT = '}',
    SETITEM = 's',
    SETITEMS = 'u',
    BINPUT = 'q',
    LONG_BINPUT = 'r',
    BINGET = 'h',
    LONG_BINGET = 'j',
    GLOBAL = 'c',
    REDUCE = 'R',
    NEWOBJ = 0x81,
    BUILD = 'b',
    BINPERSID = 'Q',
};

static bool check_protocol(wk_pickle *p)
{
    int64_t protocol;
    if (!take_int(p, 1, false, &protocol))
        return false;
    if (protocol == 2 || protocol == 3)
        return true;
    wick_fail(WICK_ERROR_FILE,
              "%s: its pickle has protocol %lld; 2, which torch.save writes by default, and 3 are read", p->where,
              (long long)protocol);
    return false;
}

/* An integer of so many bytes, with a sign or without. */
static bool push_int(wk_pickle *p, size_t count, bool has_sign)
{
    int64_t number;
    if (count > 8)
        return malformed(p, "an integer has more than 64 bits");
    return take_int(p, count, has_sign, &number) && push_number(p, WK_INT, number);
}

static bool push_string(wk_pickle *p, size_t length)
{
    const unsigned char *text = take(p, length);
    return text && push_text(p, WK_STRING, text, length);
}

static bool push_global(wk_pickle *p)
{
    /* "module\nname\n": the newline between them stands for the dot of module.name. */
    const unsigned char *module = p->bytes + p->at, *end = p->bytes + p->size;
    const unsigned char *middle = memchr(module, '\n', (size_t)(end - module));
    const unsigned char *last = middle ? memchr(middle + 1, '\n', (size_t)(end - middle - 1)) : NULL;
    if (!last)
        return malformed(p, "the name of a global does not end");
    p->at = (size_t)(last + 1 - p->bytes);
    return push_text(p, WK_GLOBAL, module, (size_t)(last - module));
}

static bool push_persistent(wk_pickle *p)
{
    wk_value *id = pop(p);
    return id && push(p, new_with_items(p, WK_PERSISTENT, &id, 1));
}

/* Attributes of a dict become an entry of it; of an object of some other class it is noted that it has some. */
static bool set_attributes(wk_pickle *p)
{
    wk_value *state = pop(p);
    if (!state)
        return false;
    wk_value *v = p->depth > 0 ? p->stack[p->depth - 1] : &mark;
    if (v->kind == WK_MAPPING)
        return append(p, v, &attributes) && append(p, v, state);
    if (v->kind != WK_CALL)
        return malformed(p, "there is nothing to set attributes of");
    v->changed = true;
    return true;
}

/* An integer of one byte; they are not made each time. */
static bool push_small_int(wk_pickle *p)
{
#define INT(n)                      \
    {                               \
        .kind = WK_INT, .number = n \
    }
#define INT4(n) INT(n), INT(n + 1), INT(n + 2), INT(n + 3)
#define INT16(n) INT4(n), INT4(n + 4), INT4(n + 8), INT4(n + 12)
#define INT64(n) INT16(n), INT16(n + 16), INT16(n + 32), INT16(n + 48)
    static wk_value small[256] = {INT64(0), INT64(64), INT64(128), INT64(192)};
    const unsigned char *b = take(p, 1);
    return b && push(p, &small[*b]);
}

/* Executes one instruction that is not STOP. */
static bool execute(wk_pickle *p, unsigned char opcode)
{
    int64_t n; /* the instruction's argument, of one or four bytes */
    switch (opcode) {
    case PROTO: return check_protocol(p);
    case MARK: return push(p, &mark);
    case NONE: return push(p, &none);
    case NEWTRUE: return push(p, &yes);
    case NEWFALSE: return push(p, &no);
    case BININT1: return push_small_int(p);
    case BININT2: return push_int(p, 2, false);
    case BININT: return push_int(p, 4, true);
    case LONG1: return take_int(p, 1, false, &n) && push_int(p, (size_t)n, true);
    case BINFLOAT: return take(p, 8) && push(p, new_value(p, WK_FLOAT));
    case BINUNICODE: return take_int(p, 4, false, &n) && push_string(p, (size_t)n);
    case SHORT_BINSTRING: return take_int(p, 1, false, &n) && push_string(p, (size_t)n);
    case EMPTY_TUPLE: return push(p, &empty_tuple);
    case TUPLE: return make_marked_tuple(p);
    case TUPLE1: return make_tuple_of(p, 1);
    case TUPLE2: return make_tuple_of(p, 2);
    case TUPLE3: return make_tuple_of(p, 3);
    case EMPTY_LIST:
    case EMPTY_SET: return push(p, new_value(p, WK_SEQUENCE));
    case APPEND: return add_last(p, 1, WK_SEQUENCE);
    case APPENDS: return add_marked(p, WK_SEQUENCE);
    case EMPTY_DICT: return push(p, new_value(p, WK_MAPPING));
    case SETITEM: return add_last(p, 2, WK_MAPPING);
    case SETITEMS: return add_marked(p, WK_MAPPING);
    case BINPUT: return take_int(p, 1, false, &n) && put(p, (size_t)n);
    case LONG_BINPUT: return take_int(p, 4, false, &n) && put(p, (size_t)n);
    case BINGET: return take_int(p, 1, false, &n) && get(p, (size_t)n);
    case LONG_BINGET: return take_int(p, 4, false, &n) && get(p, (size_t)n);
    case GLOBAL: return push_global(p);
    case REDUCE:
    case NEWOBJ: return call(p);
    case BUILD: return set_attributes(p);
    case BINPERSID: return push_persistent(p);
    default:
        wick_fail(WICK_ERROR_FILE,
                  "%s: its pickle has instruction 0x%02x at byte %zu, which no state dict of torch.save needs",
                  p->where, opcode, p->at - 1);
        return false;
    }
}

wk_pickle *wk_pickle_read(const char *where, const unsigned char *bytes, size_t size)
{
    wk_pickle *p = wk_alloc_zero(sizeof *p);
    if (!p)
        return NULL;
    p->where = where;
    p->bytes = bytes;
    p->size = size;
    p->allowed = 1 << 16;
    if (size <= (SIZE_MAX - p->allowed) / ALLOWED)
        p->allowed += ALLOWED * size;
    const unsigned char *opcode;
    while ((opcode = take(p, 1)) && *opcode != STOP)
        if (!execute(p, *opcode)) {
            wk_pickle_free(p);
            return NULL;
        }
    if (!opcode || !(p->root = pop(p))) {
        wk_pickle_free(p);
        return NULL;
    }
    return p;
}

void wk_pickle_free(wk_pickle *p)
{
    if (!p)
        return;
    for (block *b = p->blocks, *next; b; b = next) {
        next = b->next;
        wk_free(b, sizeof *b + b->size);
    }
    wk_free(p->stack, p->stack_capacity * sizeof *p->stack);
    wk_free(p->memo, p->memo_capacity * sizeof *p->memo);
    wk_free(p, sizeof *p);
}

wk_value *wk_pickle_root(const wk_pickle *p) { return p->root; }

/* ---- Asking ------------------------------------------------------------------------------------------------------ */

bool wk_value_is(const wk_value *v, wk_value_kind kind, const char *text)
{
    if (v->kind != kind || v->length != strlen(text))
        return false;
    for (size_t i = 0; i < v->length; i++)
        if (v->text[i] != text[i] && !(kind == WK_GLOBAL && v->text[i] == '\n' && text[i] == '.'))
            return false;
    return true;
}

const char *wk_value_describe(const wk_value *v, char *text)
{
    static const char *const names[] = {
        [WK_NONE] = "None",       [WK_TRUE_OR_FALSE] = "a bool", [WK_INT] = "an int",
        [WK_FLOAT] = "a float",   [WK_STRING] = "a string",      [WK_TUPLE] = "a tuple",
        [WK_SEQUENCE] = "a list", [WK_MAPPING] = "a dict",       [WK_PERSISTENT] = "a storage",
    };
    const char *before = v->kind == WK_CALL ? "an object of " : "";
    if (v->kind == WK_CALL)
        v = v->items[0];
    if (v->kind != WK_GLOBAL)
        return names[v->kind];
    char name[WK_SHOWN_TEXT]; /* "module\nname" */
    size_t length = v->length < sizeof name ? v->length : sizeof name;
    for (size_t i = 0; i < length; i++)
        name[i] = (char)(v->text[i] == '\n' ? '.' : v->text[i]);
    snprintf(text, WK_VALUE_TEXT, "%s%s", before, WK_SHOWN(name, length));
    return text;
}
