/* transcript.h - the text that a test writes line by line, held against a case of modules.txt. */
#pragma once

#include <stdarg.h>

#include "check_wick.h"

static char out[1 << 15];
static size_t out_length;

static inline void put(const char *format, ...) WICK_PRINTF(1, 2);
static inline void put(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    out_length += (size_t)vsnprintf(out + out_length, sizeof out - out_length, format, list);
    va_end(list);
    ck_assert_uint_lt(out_length, sizeof out);
}

static inline bool is_real(wick_tensor *t) { return wick_dtype_is_floating(wick_dtype_of(t)); }

static inline void put_tensor(wick_tensor *t)
{
    if (!t)
        put("none");
    for (int64_t i = 0; t && i < wick_numel(t); i++)
        put("%s%.9g", i ? " " : "", is_real(t) ? tensor_real(t, i) : (double)tensor_whole(t, i));
}

/* Words of a line: %t a tensor or none, %l the tensors of a list, %s a text, %d a number. */
static inline void say(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    for (const char *c = format; *c; c++) {
        if (*c != '%') {
            put("%c", *c);
            continue;
        }
        switch (*++c) {
        case 't': put_tensor(va_arg(list, wick_tensor *)); break;
        case 'l': {
            wick_list *tensors = va_arg(list, wick_list *);
            for (int64_t i = 0; i < wick_list_count(tensors); i++) {
                put("%s", i ? " " : "");
                put_tensor(wick_list_get(tensors, i));
            }
            break;
        }
        case 's': put("%s", va_arg(list, const char *)); break;
        default: put("%d", va_arg(list, int));
        }
    }
    va_end(list);
    put("\n");
}

/* The text of a case in the file, which is as long as the next case is away; false if there is none. */
static inline bool read_case(const char *name, char *text, size_t size)
{
    FILE *file = fopen(WICK_TESTS_DIR "/torch/nn/modules.txt", "r");
    ck_assert_msg(file != NULL, "modules.txt is missing");
    static char line[1 << 13];
    bool found = false;
    size_t length = 0;
    *text = '\0';
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "== ", 3) == 0) {
            if (found)
                break;
            line[strcspn(line, "\n")] = '\0';
            found = strcmp(line + 3, name) == 0;
        } else if (found) {
            ck_assert_uint_lt(length + strlen(line), size);
            memcpy(text + length, line, strlen(line) + 1);
            length += strlen(line);
        }
    }
    fclose(file);
    return found;
}

static inline void compare(const char *name)
{
    static char expected[sizeof out];
    ck_assert_msg(read_case(name, expected, sizeof expected), "no case %s", name);
    ASSERT_NO_ERROR();
    ck_assert_msg(strcmp(out, expected) == 0, "%s: Wick:\n%s\nPyTorch:\n%s", name, out, expected);
    out[out_length = 0] = '\0';
}
