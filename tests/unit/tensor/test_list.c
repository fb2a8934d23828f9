/* test_list.c - lists of tensors, lists of numbers that grow, and dicts made in one call. */
#include "check_wick.h"

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

static wick_tensor *number(int i) { return wick_full((double)i, 1); }

static void assert_numbers(wick_list *list, int first, int count)
{
    ck_assert_int_eq(wick_list_count(list), count);
    for (int i = 0; i < count; i++)
        ck_assert_double_eq(wick_item(wick_list_get(list, i)), first + i);
}

START_TEST(empty_lists)
{
    ck_assert_int_eq(wick_list_count(wick_list_of()), 0);
    ck_assert_int_eq(wick_list_count(wick_list_of(number(0))), 1);
    ck_assert_int_eq(wick_nn_child_count(wick_nn_sequential()), 0);
    ck_assert_int_eq(wick_nn_child_count(wick_nn_module_list()), 0);
    ck_assert_int_eq(wick_nn_child_count(wick_nn_module_dict()), 0);
    ck_assert_int_eq(wick_nn_dict_count(wick_nn_dict_of()), 0);
    wick_tensor *x = number(7);
    ck_assert_double_eq(wick_item(wick_nn_forward(wick_nn_sequential(), x)), 7);
    wick_module *m = wick_nn_append(wick_nn_sequential(), wick_nn_tanh());
    ck_assert_str_eq(wick_nn_to_string(m), "Sequential(\n  (0): Tanh()\n)");
}
END_TEST

START_TEST(append_grows)
{
    wick_list *list = wick_list_of(number(0), number(1));
    for (int i = 2; i < 1000; i++) {
        WICK_SCOPE; /* the list is the outer scope's, and so is what it holds */
        ck_assert(wick_list_append(list, number(i)));
    }
    assert_numbers(list, 0, 1000);
    ck_assert_double_eq(wick_item(wick_list_get(list, -1)), 999);
    ck_assert_double_eq(wick_item(wick_list_get(list, -1000)), 0);
    ck_assert_double_eq(wick_item(wick_sum(wick_cat(list, 0))), 999 * 1000 / 2);
    ASSERT_FAILS(wick_list_get(list, 1000), WICK_ERROR_INDEX, "wick_list_get", "1000");
    ASSERT_FAILS(wick_list_get(list, -1001), WICK_ERROR_INDEX, "wick_list_get", "-1001");
    ASSERT_FAILS(wick_list_append(list, NULL), WICK_ERROR_ARGUMENT, "wick_list_append", "tensor");
    ASSERT_FAILS(wick_list_append(NULL, number(0)), WICK_ERROR_ARGUMENT, "wick_list_append", "list");
    ck_assert_int_eq(wick_list_count(list), 1000);
}
END_TEST

START_TEST(extend_and_join)
{
    wick_list *a = wick_list_of(number(0), number(1)), *b = wick_list_of(number(2));
    wick_list *both = wick_list_join(a, b);
    assert_numbers(both, 0, 3);
    assert_numbers(a, 0, 2); /* as they were */
    assert_numbers(b, 2, 1);
    ck_assert(wick_list_extend(a, b));
    assert_numbers(a, 0, 3);
    ck_assert(wick_list_extend(a, wick_list_of()));
    ck_assert(wick_list_extend(a, a)); /* with itself, once */
    ck_assert_int_eq(wick_list_count(a), 6);
    ck_assert_double_eq(wick_item(wick_list_get(a, 5)), 2);
    ck_assert_int_eq(wick_list_count(wick_list_join(wick_list_of(), wick_list_of())), 0);
    ASSERT_FAILS(wick_list_extend(a, NULL), WICK_ERROR_ARGUMENT, "wick_list_extend", "other");
    ASSERT_FAILS(wick_list_join(NULL, a), WICK_ERROR_ARGUMENT, "wick_list_join", "a");
    /* A gradient that is not there stays so. */
    wick_list *holes = wick_list_join(wick_list_of(), wick_grads(NULL, number(1)));
    ck_assert_ptr_null(wick_list_get(holes, 0));
    ASSERT_FAILS(wick_cat(holes, 0), WICK_ERROR_ARGUMENT, "item 0");

    wick_module *one = wick_nn_linear(2, 3), *two = wick_nn_linear(3, 1);
    wick_optim *opt = wick_optim_sgd(wick_list_join(wick_nn_parameters(one), wick_nn_parameters(two)), .lr = 0.1);
    ck_assert_ptr_nonnull(opt);
}
END_TEST

START_TEST(unpack)
{
    wick_tensor *a = number(1), *b = number(2), *x, *y;
    ck_assert(wick_list_unpack(wick_list_of(a, b), &x, &y));
    ck_assert(x == a && y == b);
    ASSERT_FAILS(wick_list_unpack(wick_list_of(a), &x, &y), WICK_ERROR_ARGUMENT,
                 "not enough values to unpack (expected 2, got 1)");
    ck_assert(!x && !y);
    x = a;
    ASSERT_FAILS(wick_list_unpack(wick_list_of(a, b), &x), WICK_ERROR_ARGUMENT,
                 "too many values to unpack (expected 1, got 2)");
    ck_assert(!x);
    y = a;
    ASSERT_FAILS(wick_list_unpack(NULL, &y), WICK_ERROR_ARGUMENT, "wick_list_unpack", "list");
    ck_assert(!y);
    y = a;
    ASSERT_FAILS(wick_list_unpack(wick_list_of(a, b), &y, NULL), WICK_ERROR_ARGUMENT, "place 1 is NULL");
    ck_assert(y == a);
}
END_TEST

static int calls;
static wick_list *three(void)
{
    calls++;
    return wick_list_of(number(1), number(2), number(3));
}

static double first_above(wick_list *list, double limit)
{
    WICK_FOR_EACH (t, list)
        if (wick_item(t) > limit)
            return wick_item(t);
    return -1;
}

START_TEST(for_each)
{
    double sum = 0;
    calls = 0;
    WICK_FOR_EACH (t, three())
        sum += wick_item(t);
    ck_assert_double_eq(sum, 6);
    ck_assert_int_eq(calls, 1); /* the list is made once */

    int count = 0; /* break and continue are those of the loop */
    WICK_FOR_EACH (t, three()) {
        WICK_SCOPE;
        if (wick_item(t) == 1)
            continue;
        count++;
        if (wick_item(t) == 2)
            break;
    }
    ck_assert_int_eq(count, 1);
    ck_assert_double_eq(first_above(three(), 1.5), 2);
    ck_assert_double_eq(first_above(three(), 3), -1);

    count = 0;
    WICK_FOR_EACH (a, three())
        WICK_FOR_EACH (b, three())
            count += wick_item(a) < wick_item(b);
    ck_assert_int_eq(count, 3);

    wick_list *growing = wick_list_of(number(0));
    WICK_FOR_EACH (t, growing)
        if (wick_item(t) < 20) /* past the list's first blocks */
            wick_list_append(growing, number((int)wick_item(t) + 1));
    assert_numbers(growing, 0, 21);

    WICK_FOR_EACH (t, wick_list_of())
        ck_abort();
    WICK_FOR_EACH (t, NULL)
        ck_abort();
    ASSERT_NO_ERROR();
}
END_TEST

START_TEST(list_text)
{
    wick_tensor *a = wick_from(((float[]){1.5f, 2}), 2);
    wick_tensor *b = wick_nn_get(wick_nn_linear(2, 2), "weight");
    wick_fill_(wick_detach(b), 1);
    ck_assert_str_eq(wick_list_to_string(wick_list_of()), "[]");
    ck_assert_str_eq(wick_list_to_string(wick_list_of(a)), "[tensor([1.5000, 2.0000])]");
    ck_assert_str_eq(wick_list_to_string(wick_list_of(a, b)),
                     "[tensor([1.5000, 2.0000]), Parameter containing:\ntensor([[1., 1.],\n        [1., 1.]], "
                     "requires_grad=True)]");
    ck_assert_str_eq(wick_list_to_string(wick_grads(a, NULL)), "[tensor([1.5000, 2.0000]), None]");
    /* As IPython 9.18 shows them */
    ck_assert_str_eq(wick_list_to_string(wick_list_of(a, a), .notebook = true),
                     "[tensor([1.5000, 2.0000]), tensor([1.5000, 2.0000])]");
    ck_assert_str_eq(wick_list_to_string(wick_list_of(b, a), .notebook = true),
                     "[Parameter containing:\n tensor([[1., 1.],\n         [1., 1.]], requires_grad=True),\n "
                     "tensor([1.5000, 2.0000])]");
    wick_tensor *c = wick_from(((float[]){1.5f, 2, 3}), 3); /* with it, a line would be too long */
    ck_assert_str_eq(wick_list_to_string(wick_list_of(a, a, a), .notebook = true),
                     wick_list_to_string(wick_list_of(a, a, a)));
    ck_assert_str_eq(wick_list_to_string(wick_list_of(a, a, c), .notebook = true),
                     "[tensor([1.5000, 2.0000]),\n tensor([1.5000, 2.0000]),\n tensor([1.5000, 2.0000, 3.0000])]");
    ASSERT_FAILS(wick_list_to_string(NULL), WICK_ERROR_ARGUMENT, "wick_list_to_string");
    ASSERT_FAILS(wick_list_print(NULL), WICK_ERROR_ARGUMENT, "wick_list_print");
}
END_TEST

START_TEST(dict_of)
{
    wick_dict *dict = wick_nn_dict_of({"W", number(1)}, {"b", number(2)});
    ck_assert_int_eq(wick_nn_dict_count(dict), 2);
    ck_assert_str_eq(wick_nn_dict_name(dict, 0), "W");
    ck_assert_double_eq(wick_item(wick_nn_dict_get(dict, "b")), 2);
    ASSERT_FAILS(wick_nn_dict_of({"W", NULL}), WICK_ERROR_ARGUMENT, "tensor");
    ASSERT_FAILS(wick_nn_dict_of({NULL, number(1)}), WICK_ERROR_ARGUMENT, "name");
    ASSERT_FAILS(wick_nn_dict_n(NULL, 1), WICK_ERROR_ARGUMENT, "wick_nn_dict");
}
END_TEST

/* ---- Series ------------------------------------------------------------------------------------------------------ */

START_TEST(series_of_numbers)
{
    wick_series *s = wick_series_new();
    ck_assert_int_eq(wick_series_count(s), 0);
    ck_assert_int_eq(wick_series_width(s), 0);
    ck_assert_str_eq(wick_series_to_string(s), "[]");
    ASSERT_SHAPE(wick_series_tensor(s), 0);
    ASSERT_FAILS(isnan(wick_series_get(s, 0)) ? 0 : 1, WICK_ERROR_INDEX, "wick_series_get");
    for (int i = 0; i < 1000; i++) {
        WICK_SCOPE;
        ck_assert(wick_series_append(s, i / 4.0));
    }
    ck_assert_int_eq(wick_series_count(s), 1000);
    ck_assert_int_eq(wick_series_width(s), 1);
    ck_assert_double_eq(wick_series_get(s, 3), 0.75);
    ck_assert_double_eq(wick_series_get(s, -1), 249.75);
    wick_tensor *t = wick_series_tensor(s);
    ASSERT_SHAPE(t, 1000);
    ck_assert_int_eq(wick_dtype_of(t), WICK_FLOAT64);
    ck_assert_double_eq(wick_get(t, 999), 249.75);
    wick_series_append(s, 5); /* what was made before does not change */
    ASSERT_SHAPE(t, 1000);
    ck_assert_int_eq(wick_series_count(s), 1001);
}
END_TEST

START_TEST(series_of_rows)
{
    wick_series *history = wick_series_new();
    for (int epoch = 1; epoch <= 2; epoch++)
        ck_assert(wick_series_append(history, epoch, 0.5 / epoch));
    ck_assert_int_eq(wick_series_count(history), 2);
    ck_assert_int_eq(wick_series_width(history), 2);
    ck_assert_double_eq(wick_series_get(history, -1), 2);
    ck_assert_double_eq(wick_series_get_at(history, 1, 1), 0.25);
    ck_assert_str_eq(wick_series_to_string(history), "[(1.0, 0.5), (2.0, 0.25)]");
    wick_tensor *t = wick_series_tensor(history);
    ASSERT_SHAPE(t, 2, 2);
    ASSERT_VALUES(wick_select(t, 1, 1), 0.5, 0.25);
    ASSERT_FAILS(wick_series_append(history, 3), WICK_ERROR_ARGUMENT, "a row of 1", "have 2");
    ASSERT_FAILS(wick_series_append_n(history, NULL, 2), WICK_ERROR_ARGUMENT, "wick_series_append");
    ASSERT_FAILS(wick_series_append_n(history, (double[]){1}, 0), WICK_ERROR_ARGUMENT, "a row of 0");
    ASSERT_FAILS(isnan(wick_series_get_at(history, 0, 2)) ? 0 : 1, WICK_ERROR_INDEX, "number 2 of row 0");
    ASSERT_FAILS(isnan(wick_series_get_at(history, -3, 0)) ? 0 : 1, WICK_ERROR_INDEX, "row -3");
    ck_assert_int_eq(wick_series_count(history), 2);
    wick_series *wide = wick_series_new(); /* a row longer than the first block */
    const double row[100] = {[99] = 7};
    ck_assert(wick_series_append_n(wide, row, 100));
    ck_assert_double_eq(wick_series_get_at(wide, 0, 99), 7);
}
END_TEST

START_TEST(series_that_are_none)
{
    ck_assert_int_eq(wick_series_count(NULL), 0);
    ck_assert_int_eq(wick_series_width(NULL), 0);
    ASSERT_FAILS(wick_series_append(NULL, 1), WICK_ERROR_ARGUMENT, "wick_series_append");
    ASSERT_FAILS(wick_series_tensor(NULL), WICK_ERROR_ARGUMENT, "wick_series_tensor");
    ASSERT_FAILS(wick_series_to_string(NULL), WICK_ERROR_ARGUMENT, "wick_series_to_string");
    ASSERT_FAILS(wick_series_print(NULL), WICK_ERROR_ARGUMENT, "wick_series_print");
    ASSERT_FAILS(wick_series_append((wick_series *)wick_list_of(), 1), WICK_ERROR_ARGUMENT, "wick_series_append",
                 "s is not a series");
}
END_TEST

/* ---- Without memory ---------------------------------------------------------------------------------------------- */

START_TEST(no_memory)
{
    wick_list *list = wick_list_of(number(0), number(1));
    wick_tensor *t = number(2);
    for (int i = 0; i < 300; i++) { /* whatever fails, nothing is changed, and a second attempt works */
        long long before = wick_list_count(list);
        wick_fail_allocation(1);
        bool done = wick_list_append(list, t);
        wick_fail_allocation(0);
        ck_assert_int_eq(wick_list_count(list), before + done);
        if (!done)
            ASSERT_ERROR(WICK_ERROR_MEMORY, "");
    }
    wick_series *s = wick_series_new();
    for (int i = 0; i < 300; i++) {
        long long before = wick_series_count(s);
        wick_fail_allocation(1);
        bool done = wick_series_append(s, 1, 2);
        wick_fail_allocation(0);
        ck_assert_int_eq(wick_series_count(s), before + done);
        if (!done) {
            ASSERT_ERROR(WICK_ERROR_MEMORY, "");
            ck_assert(wick_series_append(s, 1, 2));
        }
    }
#define X(call)                                  \
    for (long n = 1, done = 0; !done; n++) {     \
        WICK_SCOPE;                              \
        wick_fail_allocation(n);                 \
        done = (call) != NULL;                   \
        wick_fail_allocation(0);                 \
        if (!done)                               \
            ASSERT_ERROR(WICK_ERROR_MEMORY, ""); \
    }
    X(wick_list_to_string(list, .notebook = true))
    X(wick_list_join(list, list))
    X(wick_series_new())
    X(wick_series_tensor(s))
    X(wick_series_to_string(s))
    X(wick_nn_dict_of({"a", t}, {"b", t}))
    X(wick_repr(0.5))
    X(wick_format("%300d", 1))
#undef X
}
END_TEST

Suite *list_suite(void);
Suite *list_suite(void)
{
    const TTest *const tests[] = {
        empty_lists,       append_grows,   extend_and_join,      unpack,    for_each, list_text, dict_of,
        series_of_numbers, series_of_rows, series_that_are_none, no_memory,
    };
    return MAKE_SUITE("list", tests);
}
