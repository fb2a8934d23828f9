/* scenario.h - what a test notes on its way, held against a line of torch/autograd/autograd.txt, where PyTorch noted the same. */
#pragma once

#include "check_wick.h"

#ifndef WICK_TESTS_DIR
#define WICK_TESTS_DIR "tests"
#endif

enum { MOST_NOTES = 64 };

static double notes[MOST_NOTES]; /* NaN: none */
static int note_count;

static inline void note_number(double x)
{
    ck_assert_int_lt(note_count, MOST_NOTES);
    notes[note_count++] = x;
}

/* The elements of t, or that there is none. */
static inline void note(wick_tensor *t)
{
    if (!t)
        note_number((double)NAN);
    for (int64_t i = 0; t && i < wick_numel(t); i++)
        note_number(wick_dtype_is_floating(wick_dtype_of(t)) ? tensor_real(t, i) : (double)tensor_whole(t, i));
}

static inline void note_list(wick_list *list)
{
    for (int64_t i = 0; i < wick_list_count(list); i++)
        note(wick_list_get(list, i));
}

/* The notes are those of the scenario; forgets them. */
static inline void check_scenario(const char *name)
{
    static char line[4096];
    FILE *file = fopen(WICK_TESTS_DIR "/torch/autograd/autograd.txt", "r");
    ck_assert_msg(file != NULL, "torch/autograd/autograd.txt is missing");
    size_t length = strlen(name);
    bool found = false;
    while (!found && fgets(line, sizeof line, file))
        found = strncmp(line, name, length) == 0 && (line[length] == ' ' || line[length] == '\n');
    fclose(file);
    ck_assert_msg(found, "no scenario %s", name);
    int count = 0;
    for (char *word = strtok(line + length, " \n"); word; word = strtok(NULL, " \n"), count++) {
        double want = strcmp(word, "none") == 0 ? (double)NAN : strtod(word, NULL), got = notes[count];
        ck_assert_msg(count < note_count, "%s: nothing was noted where PyTorch has %s, at %d", name, word, count);
        ck_assert_msg(isnan(want) ? isnan(got) : fabs(got - want) <= 1e-13 * fmax(1, fabs(want)),
                      "%s: note %d is %.17g, and %s in PyTorch", name, count, got, word);
    }
    ck_assert_msg(count == note_count, "%s: %d notes, and %d in PyTorch", name, note_count, count);
    note_count = 0;
}

/* float64 leaves of one and two elements. */
static inline wick_tensor *leaf1(double a) { return wick_full(a, 1, .dtype = WICK_FLOAT64, .requires_grad = true); }
static inline wick_tensor *leaf2(double a, double b)
{
    return wick_from(((double[]){a, b}), 2, .dtype = WICK_FLOAT64, .requires_grad = true);
}

/* Every allocation of f fails in turn: f returns false then, and leaves no memory behind and its counts as they were. */
static inline void check_failing_allocations(bool (*f)(void))
{
    ck_assert(f());
    ASSERT_NO_ERROR();
    size_t before = memory_in_use();
    for (long n = 1; n < 3000; n++) {
        wick_fail_allocation(n);
        bool done = f();
        wick_fail_allocation(0);
        if (done && !wick_error())
            return;
        ck_assert_msg(!done && wick_error_kind() == WICK_ERROR_MEMORY, "allocation %ld: %s", n,
                      wick_error() ? wick_error() : "no error");
        wick_clear_error();
        ck_assert_msg(memory_in_use() == before, "allocation %ld leaves %zu bytes for %zu", n, memory_in_use(), before);
    }
    ck_abort_msg("it allocates without end");
}
