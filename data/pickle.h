/* pickle.h - internal: the tree of values that a pickle describes. */
#pragma once

#include "../tensor/object.h"

typedef enum wk_value_kind {
    WK_NONE,
    WK_TRUE_OR_FALSE, /* number */
    WK_INT,           /* number */
    WK_FLOAT,
    WK_STRING,     /* text, length */
    WK_TUPLE,      /* items */
    WK_SEQUENCE,   /* a list or a set: items */
    WK_MAPPING,    /* items: key, value, key, value, ...; the key of its attributes is a WK_ATTRIBUTES */
    WK_GLOBAL,     /* text, length: "torch._utils._rebuild_tensor_v2"; a name, and nothing behind it */
    WK_CALL,       /* items: a global, its arguments as a tuple. What it would make is not made. */
    WK_PERSISTENT, /* items: the id, of an object outside the pickle */
    WK_ATTRIBUTES, /* the key of a dict's attributes */
    WK_MARK        /* never within a tree */
} wk_value_kind;

typedef struct wk_value wk_value;
struct wk_value {
    uint8_t kind;    /* a wk_value_kind */
    bool changed;    /* of a call: something was put into what it made, or its attributes were set */
    uint16_t levels; /* how deep values nest in it */
    uint32_t note;   /* for who reads the tree; 0 at first */
    union {
        int64_t number;
        struct {
            const char *text; /* length bytes, within the pickle, or constant */
            size_t length;
        };
        struct {
            wk_value **items;
            uint32_t count, capacity;
        };
    };
};

typedef struct wk_pickle wk_pickle;

/* Reads the pickle of so many bytes, which must live as long as the result. NULL, with an error that begins with where,
 * if it is malformed, holds an instruction that state dicts do not need, or would take many times its own memory. */
wk_pickle *wk_pickle_read(const char *where, const unsigned char *bytes, size_t size);
void wk_pickle_free(wk_pickle *pickle);
wk_value *wk_pickle_root(const wk_pickle *pickle);

/* Counts memory that is taken for what the pickle describes; false, with an error, if it becomes too much. */
bool wk_pickle_spend(wk_pickle *pickle, size_t bytes);

/* Whether value is the string, or the global, of this text. */
bool wk_value_is(const wk_value *value, wk_value_kind kind, const char *text);

/* "an int", "a dict", "an object of torch.nn.modules.linear.Linear": for messages. */
#define WK_VALUE_TEXT 160
const char *wk_value_describe(const wk_value *value, char *text);
