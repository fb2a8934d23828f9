/* tensor.h - the public header of the tensor layer: making tensors, asking about them, reading and writing elements.
 *
 * A wick_tensor is a view on a storage: up to 8 dimensions, each with a stride, and an offset. Operations on tensors are
 * in <wick/autograd/ops.h>. Every function that makes a tensor here returns a new one, which the innermost open scope owns, or
 * NULL after an error (see error.h). */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include <math.h>
#include <stdio.h>

#include "dtype.h"
#include "error.h"
#include "number.h"
#include "platform.h"
#include "scope.h"
#include "threads.h"

WICK_BEGIN_DECLS

#define WICK_MAX_DIMS 8

typedef struct wick_tensor wick_tensor;

/* A sequence of tensors: what Python passes as a list or tuple of tensors. It keeps them alive. */
typedef struct wick_list wick_list;

/* A source of random words: random.h. */
typedef struct wick_generator wick_generator;

/* "Not given" for an integer option. */
#define WICK_UNSET INT64_MIN

/* The sizes of a new tensor, one per argument, and its keyword arguments: wick_zeros(2, 3, .dtype = WICK_FLOAT64). */
typedef struct wick_tensor_options {
    size_t size_;
    char start_;
    int64_t size0, size1, size2, size3, size4, size5, size6, size7; /* the shape ends before the first WICK_UNSET */
    int64_t too_many_;                                              /* a ninth size lands here, and is an error */
    wick_dtype dtype;          /* default: the default dtype, or that of the data */
    bool requires_grad;        /* default false */
    wick_generator *generator; /* for rand, randn, randint and normal; default: the default generator (random.h) */
} wick_tensor_options;

#define WICK_TENSOR_DEFAULTS                                                                                    \
    WICK_UNSET, WICK_UNSET, WICK_UNSET, WICK_UNSET, WICK_UNSET, WICK_UNSET, WICK_UNSET, WICK_UNSET, WICK_UNSET, \
        WICK_DTYPE_AUTO, false, NULL

/* ---- Making tensors -------------------------------------------------------------------------------------------- */

/* The functions of this group take their sizes one by one (no size: a 0-dimensional tensor), then .dtype and .requires_grad.
 * The _opt function behind each takes the struct, and the _n function takes the sizes from an array. A negative size, or a
 * shape of more bytes than can be addressed, is an error. */

/* Uninitialised elements: torch.empty. */
WICK_API wick_tensor *wick_empty_opt(const wick_tensor_options *options);
WICK_API wick_tensor *wick_empty_n(const int64_t *shape, int ndim, wick_dtype dtype);
#define wick_empty(...) wick_empty_opt(WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Every element is 0: torch.zeros. wick_zeros(2, 3) has the shape (2, 3). */
WICK_API wick_tensor *wick_zeros_opt(const wick_tensor_options *options);
WICK_API wick_tensor *wick_zeros_n(const int64_t *shape, int ndim, wick_dtype dtype);
#define wick_zeros(...) wick_zeros_opt(WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Every element is 1: torch.ones. */
WICK_API wick_tensor *wick_ones_opt(const wick_tensor_options *options);
WICK_API wick_tensor *wick_ones_n(const int64_t *shape, int ndim, wick_dtype dtype);
#define wick_ones(...) wick_ones_opt(WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Uniform on [0, 1), drawn from .generator as torch.rand does on the CPU. The dtype must be floating point. */
WICK_API wick_tensor *wick_rand_opt(const wick_tensor_options *options);
WICK_API wick_tensor *wick_rand_n(const int64_t *shape, int ndim, wick_dtype dtype);
#define wick_rand(...) wick_rand_opt(WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Normal with mean 0 and standard deviation 1, drawn from .generator as torch.randn does on the CPU. The dtype must be floating
 * point. */
WICK_API wick_tensor *wick_randn_opt(const wick_tensor_options *options);
WICK_API wick_tensor *wick_randn_n(const int64_t *shape, int ndim, wick_dtype dtype);
#define wick_randn(...) wick_randn_opt(WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Every element is value, a number (number.h): torch.full. wick_full(0.5, 2, 3) has the shape (2, 3). The dtype is the
 * default dtype for a floating-point number, int64 for an integer and bool for a bool, as in PyTorch. A value that the dtype
 * cannot hold is an error. */
WICK_API wick_tensor *wick_full_opt(wick_number value, const wick_tensor_options *options);
WICK_API wick_tensor *wick_full_n(wick_number value, const int64_t *shape, int ndim, wick_dtype dtype);
#define wick_full(value, ...) \
    wick_full_opt(WICK_NUMBER(value), WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Integers, uniform on [low, high), int64 by default: torch.randint(low, high, size). high <= low is an error. */
WICK_API wick_tensor *wick_randint_opt(int64_t low, int64_t high, const wick_tensor_options *options);
WICK_API wick_tensor *wick_randint_n(int64_t low, int64_t high, const int64_t *shape, int ndim, wick_dtype dtype);
#define wick_randint(low, high, ...) \
    wick_randint_opt(low, high, WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* Normal with the given mean and standard deviation: torch.normal(mean, std, size). std < 0 is an error. */
WICK_API wick_tensor *wick_normal_opt(double mean, double std, const wick_tensor_options *options);
#define wick_normal(mean, std, ...) \
    wick_normal_opt(mean, std, WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* A copy of C data, row-major: torch.tensor(data). float, double, unsigned char and bool keep their type, long double becomes
 * float64, and the other integers become int64 (an unsigned number above INT64_MAX is an error), unless .dtype asks for
 * another dtype. Data of any other type do not compile, text included: char is not a number here. data is an array of up to
 * three dimensions or a pointer:
 *     wick_from(((float[][2]){{5, 7}, {1, 2}}), 2, 2)      wick_from(pointer, n, .requires_grad = true)
 * An array whose size does not match the shape is an error. What a pointer points to cannot be checked, and neither can an
 * array that is as large as a pointer. */
typedef enum wick_element {
    WICK_ELEMENT_FLOAT,
    WICK_ELEMENT_DOUBLE,
    WICK_ELEMENT_LONG_DOUBLE,
    WICK_ELEMENT_BOOL,
    WICK_ELEMENT_SCHAR,
    WICK_ELEMENT_UCHAR,
    WICK_ELEMENT_SHORT,
    WICK_ELEMENT_USHORT,
    WICK_ELEMENT_INT,
    WICK_ELEMENT_UINT,
    WICK_ELEMENT_LONG,
    WICK_ELEMENT_ULONG,
    WICK_ELEMENT_LLONG,
    WICK_ELEMENT_ULLONG
} wick_element;
WICK_API wick_tensor *wick_from_opt(const void *data, wick_element element, size_t bytes,
                                    const wick_tensor_options *options);
#ifndef __cplusplus
/* clang-format off */
/* Arrays of one and two dimensions, told from pointers to pointers by the address of the first row; then those of three. The
 * numbers are those of wick_element, whose names would be too long for an assertion that spells them out. */
#define WICK_ROWS_(T, value) T(*)[]:value, const T(*)[]:value
#define WICK_SAME_(T, value) T*:value, const T*:value, WICK_ROWS_(T, value)
#define WICK_ELEMENTS_(X)                                                                                          \
    X(float, 0), X(double, 1), X(long double, 2), X(bool, 3), X(signed char, 4), X(unsigned char, 5), X(short, 6),    \
    X(unsigned short, 7), X(int, 8), X(unsigned, 9), X(long, 10), X(unsigned long, 11), X(long long, 12),             \
    X(unsigned long long, 13)
#define WICK_ELEMENT_OF_(data)                                                                                     \
    _Generic(&*(data), WICK_ELEMENTS_(WICK_SAME_),                                                                   \
             default:_Generic(*(data), WICK_ELEMENTS_(WICK_ROWS_), default:wick_no_data_))
extern const struct wick_no_data_ { char nothing; } wick_no_data_; /* is no wick_element: such a call does not compile */
/* clang-format on */

/* Numbers written where they are used: wick_from(WICK_FLOATS(5, 7, 1, 2), 2, 2), wick_from(WICK_INT64S(1, 0, 2), 3). An array
 * literal with commas, (float[]){5, 7}, has to stand in parentheses of its own in a macro's argument; these do. */
#define WICK_FLOATS(...) ((const float[]){__VA_ARGS__})
#define WICK_DOUBLES(...) ((const double[]){__VA_ARGS__})
#define WICK_INT64S(...) ((const int64_t[]){__VA_ARGS__})
#define WICK_UINT8S(...) ((const uint8_t[]){__VA_ARGS__})
#define WICK_BOOLS(...) ((const bool[]){__VA_ARGS__})
#endif

/* The same for data of the given dtype behind a pointer; the sizes come from an array: (shape[0], ..., shape[ndim - 1]). */
WICK_API wick_tensor *wick_from_n(const void *data, wick_dtype dtype, const int64_t *shape, int ndim);
#define wick_from(data, ...)                                    \
    wick_from_opt((data), WICK_ELEMENT_OF_(data), sizeof(data), \
                  WICK_OPTIONS(wick_tensor_options, WICK_TENSOR_DEFAULTS, __VA_ARGS__))

/* A 0-dimensional tensor that takes part in type promotion as a Python number does: it does not widen a tensor of the
 * same category (float32 tensor + 2.0 stays float32; int64 tensor + 2.0 becomes the default dtype). Operations with a
 * number make one of these: wick_add(x, 2.0) is wick_add(x, wick_scalar(2.0)). */
WICK_API wick_tensor *wick_scalar_float(double value);  /* a floating-point number, float64 */
WICK_API wick_tensor *wick_scalar_int(int64_t value);   /* a whole number, int64 */
WICK_API wick_tensor *wick_scalar_uint(uint64_t value); /* a whole number, int64; above INT64_MAX it is an error */
WICK_API wick_tensor *wick_scalar_bool(bool value);     /* true or false, bool */

/* start, start + step, ... below end: torch.arange. ceil((end - start) / step) elements; int64 if all three are whole numbers,
 * else the default dtype.
 *     wick_arange(5) is 0 to 4      wick_arange(2, 10) is 2 to 9      wick_arange(10, 2, -2)      wick_arange(5, .step = 2)
 * A step of 0 or of the wrong sign is an error. So are whole numbers of 2^53 and beyond, because a double does not hold all of
 * them; wick_arange_int takes those. */
typedef struct wick_arange_options {
    size_t size_;
    char start_;
    double end;       /* exclusive; without it, the first argument is the end, and the start is 0 */
    double step;      /* default 1 */
    wick_dtype dtype; /* default: as above */
} wick_arange_options;
#define WICK_ARANGE_DEFAULTS (double)NAN, 1, WICK_DTYPE_AUTO
WICK_API wick_tensor *wick_arange_opt(double first, const wick_arange_options *options);
#define wick_arange(first, ...) \
    wick_arange_opt((double)(first), WICK_OPTIONS(wick_arange_options, WICK_ARANGE_DEFAULTS, __VA_ARGS__))

/* wick_arange for int64 numbers of any size; all three are given, and the result is int64. */
WICK_API wick_tensor *wick_arange_int(int64_t start, int64_t end, int64_t step);

/* Evenly spaced numbers from start to end, both included, in the default dtype; the shape is (steps): torch.linspace. */
WICK_API wick_tensor *wick_linspace(double start, double end, int64_t steps);

/* 1 on the diagonal, 0 elsewhere, (n, n) or (n, m): torch.eye. wick_eye(3), wick_eye(3, 4, .dtype = WICK_FLOAT64). */
typedef struct wick_eye_options {
    size_t size_;
    char start_;
    int64_t m;        /* default n */
    wick_dtype dtype; /* default: the default dtype */
} wick_eye_options;
WICK_API wick_tensor *wick_eye_opt(int64_t n, const wick_eye_options *options);
#define wick_eye(n, ...) wick_eye_opt(n, WICK_OPTIONS(wick_eye_options, WICK_UNSET, __VA_ARGS__))

/* New tensors with the shape and dtype of t: torch.zeros_like and so on. They do not require grad. */
WICK_API wick_tensor *wick_empty_like(wick_tensor *t); /* uninitialised elements */
WICK_API wick_tensor *wick_zeros_like(wick_tensor *t); /* every element is 0 */
WICK_API wick_tensor *wick_ones_like(wick_tensor *t);  /* every element is 1 */
WICK_API wick_tensor *wick_rand_like(
    wick_tensor *t); /* uniform on [0, 1), from the default generator; floating point only */
WICK_API wick_tensor *wick_randn_like(
    wick_tensor *t); /* standard normal, from the default generator; floating point only */

/* Every element is value, a number that t's dtype can hold: torch.full_like. */
WICK_API wick_tensor *wick_full_like(wick_tensor *t, wick_number value);
#define wick_full_like(t, value) wick_full_like(t, WICK_NUMBER(value))

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

/* A list of tensors: wick_list_of(a, b, c); wick_list_of() is empty. With a NULL among them it is NULL. */
WICK_API wick_list *wick_list_n(wick_tensor *const *tensors, int64_t count);
#define wick_list_of(...) wick_list_n(WICK_POINTERS_(int64_t, wick_tensor *const, __VA_ARGS__))

/* The number of tensors in the list; 0 for NULL. */
WICK_API long long wick_list_count(const wick_list *list);

/* The i-th tensor, which the list keeps alive; a negative i counts from the end. If there is none, it is an error, and the
 * result NULL. A list of gradients holds NULL, PyTorch's None, where there is no gradient; functions that need tensors refuse
 * such a list. */
WICK_API wick_tensor *wick_list_get(const wick_list *list, int64_t i);

/* list.append(tensor), in any scope: the list stays with its owner. False on an error; then the list is as before. */
WICK_API bool wick_list_append(wick_list *list, wick_tensor *tensor);

/* list.extend(other): appends the tensors of other, which may be list itself. False on an error; then the list is as before. */
WICK_API bool wick_list_extend(wick_list *list, const wick_list *other);

/* a + b: a new list with the tensors of both.
 *     wick_optim_adam(wick_list_join(wick_nn_parameters(encoder), wick_nn_parameters(decoder))) */
WICK_API wick_list *wick_list_join(const wick_list *a, const wick_list *b);

/* mu, log_var = list: wick_list_unpack(list, &mu, &log_var). If the list has more or fewer tensors than there are variables,
 * that is an error: the result is false, and the variables are NULL. */
WICK_API bool wick_list_unpack_n(const wick_list *list, wick_tensor **const *tensors, int count);
#define wick_list_unpack(list, ...)                                 \
    wick_list_unpack_n(list, (wick_tensor * *const[]){__VA_ARGS__}, \
                       (int)(sizeof((wick_tensor **const[]){__VA_ARGS__}) / sizeof(wick_tensor **)))

/* for p in list: declares p, and list is evaluated once.
 *     WICK_FOR_EACH (p, wick_nn_parameters(model))
 *         printf("%lld\n", wick_numel(p));
 * break, continue and return mean what they always mean. The loop also visits tensors that its body appends to the list. */
typedef struct wick_list_each {
    const wick_list *list_;
    int64_t next_;
    wick_tensor *item_;
    bool open_; /* the body has begun, and not ended */
} wick_list_each;
WICK_API wick_list_each wick_list_each_(const wick_list *list); /* before the first tensor */
WICK_API bool wick_list_next_(wick_list_each *each); /* goes to the next; false at the end and after a break */
#define WICK_FOR_EACH(item, list) WICK_FOR_EACH_(item, list, WICK_PASTE(wick_each_, __LINE__))
#define WICK_FOR_EACH_(item, list, each)                                       \
    for (wick_list_each each = wick_list_each_(list); wick_list_next_(&each);) \
        for (wick_tensor *item WICK_UNUSED = each.item_; each.open_; each.open_ = false)

/* ---- Asking about a tensor ----------------------------------------------------------------------------------------- */

/* For a NULL tensor these return 0, NULL or false. Pointers stay valid as long as the tensor. A number that may be large is
 * a long long, here and everywhere: printf("%lld", wick_numel(t)) is right on every system, whereas the format of an int64_t
 * differs between systems. */
WICK_API int wick_ndim(const wick_tensor *t);                /* number of dimensions */
WICK_API long long wick_numel(const wick_tensor *t);         /* number of elements; 1 for 0 dimensions */
WICK_API long long wick_size(const wick_tensor *t, int dim); /* size of a dimension; -1 is the last. Error: -1 */
WICK_API const int64_t *wick_shape(const wick_tensor *t);    /* the sizes, wick_ndim(t) of them */
WICK_API const int64_t *wick_strides(const wick_tensor *t);  /* the stride of each dimension, in elements */
WICK_API long long wick_storage_offset(
    const wick_tensor *t);                                 /* where the first element is in the storage, in elements */
WICK_API wick_dtype wick_dtype_of(const wick_tensor *t);   /* t.dtype; WICK_DTYPE_AUTO for NULL */
WICK_API wick_device wick_device_of(const wick_tensor *t); /* t.device: always the CPU */
WICK_API bool wick_is_contiguous(const wick_tensor *t);    /* row-major without gaps */
WICK_API unsigned wick_version(const wick_tensor *t);      /* how often the storage was written in place (_version) */

/* Whether a and b share their storage, so that a write to one may show in the other. */
WICK_API bool wick_same_storage(const wick_tensor *a, const wick_tensor *b);

/* Whether a and b have the same shape, dtype and values: torch.equal. NaN equals nothing. */
WICK_API bool wick_equal(const wick_tensor *a, const wick_tensor *b);

/* ---- Reading and writing elements --------------------------------------------------------------------------------- */

/* The value of a tensor with one element: t.item(). Any other number of elements is an error, and the result NaN. An int64
 * beyond 2^53 loses digits here, but not in wick_item_int. */
WICK_API double wick_item(const wick_tensor *t);

/* The same as an integer, with every digit of an int64. Error: 0. */
WICK_API long long wick_item_int(const wick_tensor *t);

/* One element by its indices: wick_get(t, i, j); negative indices count from the end. Error: NaN. An int64 beyond 2^53 loses
 * digits here, but not in wick_get_int. */
WICK_API double wick_get_n(const wick_tensor *t, const int64_t *index, int count);
#define wick_get(t, ...) wick_get_n(t, WICK_INTS(__VA_ARGS__))

/* The same as an integer, with every digit of an int64. Error: 0. */
WICK_API long long wick_get_int_n(const wick_tensor *t, const int64_t *index, int count);
#define wick_get_int(t, ...) wick_get_int_n(t, WICK_INTS(__VA_ARGS__))

/* Writes value, a number (number.h) that t's dtype can hold, to one element: wick_set(t, value, i, j). Autograd does not see
 * it, as it does not see t.data[i, j] = value. False on error. */
WICK_API bool wick_set_n(wick_tensor *t, wick_number value, const int64_t *index, int count);
#define wick_set(t, value, ...) wick_set_n(t, WICK_NUMBER(value), WICK_INTS(__VA_ARGS__))

/* The address of the first element: t.data_ptr(). The elements lie at the strides of the tensor; where that matters, use
 * wick_contiguous(t). Neither autograd nor the version counter sees what is written there. The storage lives as long as any
 * tensor on it. */
WICK_API void *wick_data_ptr(wick_tensor *t);

/* The same, for a tensor of the dtype in the name; another dtype is an error, and the result NULL. */
WICK_API float *wick_data_float32(wick_tensor *t);  /* t.data_ptr() of a float32 tensor */
WICK_API double *wick_data_float64(wick_tensor *t); /* t.data_ptr() of a float64 tensor */
WICK_API int64_t *wick_data_int64(wick_tensor *t);  /* t.data_ptr() of an int64 tensor */
WICK_API uint8_t *wick_data_uint8(wick_tensor *t);  /* t.data_ptr() of a uint8 tensor */
WICK_API bool *wick_data_bool(wick_tensor *t);      /* t.data_ptr() of a bool tensor */

/* ---- Printing ------------------------------------------------------------------------------------------------------- */

/* The text of print(t) in Python, to the letter: "tensor([[1., 2.],\n        [3., 4.]], requires_grad=True)", with
 * "Parameter containing:\n" before it for a parameter of a module. The string belongs to the innermost scope. */
WICK_API const char *wick_to_string(const wick_tensor *t);

/* The text of print(t.shape): "torch.Size([1, 28, 28])". The string belongs to the innermost scope. */
WICK_API const char *wick_shape_string(const wick_tensor *t);

/* Writes wick_to_string(t) and a newline to stdout: print(t). False on error. */
WICK_API bool wick_print(const wick_tensor *t);

/* The same to a file: print(t, file=file). */
WICK_API bool wick_fprint(FILE *file, const wick_tensor *t);

/* The text of print(list): "[tensor([1., 2.]), tensor(3.)]"; a gradient that does not exist is None. With .notebook it is
 * what a notebook shows for an expression: a list that does not fit in 79 characters has one item per line, indented by one.
 * The string belongs to the innermost scope. */
typedef struct wick_list_print_options {
    size_t size_;
    char start_;
    bool notebook; /* default false */
} wick_list_print_options;
WICK_API const char *wick_list_to_string_opt(const wick_list *list, const wick_list_print_options *options);
#define wick_list_to_string(list, ...) \
    wick_list_to_string_opt(list, WICK_OPTIONS(wick_list_print_options, 0, __VA_ARGS__))

/* Writes wick_list_to_string(list) and a newline to stdout: print(list). False on error. */
WICK_API bool wick_list_print_opt(const wick_list *list, const wick_list_print_options *options);
#define wick_list_print(list, ...) wick_list_print_opt(list, WICK_OPTIONS(wick_list_print_options, 0, __VA_ARGS__))

/* A number as Python's print(x) shows a float, with the fewest digits that read back as x: "0.1", "1e-05", "3.0". The string
 * belongs to the innermost scope. */
WICK_API const char *wick_repr(double x);

/* The text that printf would write, with a decimal point in every locale: wick_format("%s.png", name) is f"{name}.png". The
 * string belongs to the innermost scope. */
WICK_API const char *wick_format(const char *format, ...) WICK_PRINTF(1, 2);

/* How this thread prints tensors: torch.set_printoptions. An option that is not given keeps its value. */
typedef struct wick_print_options {
    size_t size_;
    char start_;
    int precision; /* digits after the point; 4 */
    int threshold; /* more elements than this are summarised; 1000 */
    int edgeitems; /* items shown at each end of a summarised dimension; 3 */
    int linewidth; /* characters per line; 80 */
    int sci_mode;  /* scientific notation: 1 always, 0 never, 2 where the numbers need it; 2 */
} wick_print_options;
#define WICK_PRINT_DEFAULTS -1, -1, -1, -1, -1
WICK_API void wick_set_printoptions_opt(const wick_print_options *options);
#define wick_set_printoptions(...) \
    wick_set_printoptions_opt(WICK_OPTIONS(wick_print_options, WICK_PRINT_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS

/* An operand that may be a tensor or a number of any type that number.h lists: wick_mul(3, z), wick_sub(1.0, y). Anything
 * else does not compile, and neither does a NULL without a type. */
#ifndef __cplusplus
/* Short names, for an assertion that spells out a call of several operands has no more than 4095 characters. */
static inline wick_tensor *wick_same_(wick_tensor *t) { return t; }
static inline wick_tensor *wick_i_(int64_t value) { return wick_scalar_int(value); }
static inline wick_tensor *wick_u_(uint64_t value) { return wick_scalar_uint(value); }
static inline wick_tensor *wick_f_(double value) { return wick_scalar_float(value); }
static inline wick_tensor *wick_l_(long double value) { return wick_scalar_float((double)value); }
static inline wick_tensor *wick_b_(bool value) { return wick_scalar_bool(value); }
/* clang-format off */
#define WICK_OPERAND_OF_(x) _Generic((x), wick_tensor *:wick_same_, WICK_REALS_(wick_i_, wick_u_, wick_f_, wick_l_, wick_b_))(x)
#if defined(__GNUC__) /* x once: calls that nest ten deep would else be written out 2^10 times */
#define WICK_OPERAND(x) __extension__({ __auto_type wick_x_ = ((void)0, (x)); WICK_OPERAND_OF_(wick_x_); })
#else
#define WICK_OPERAND(x) WICK_OPERAND_OF_(x)
#endif
#define wick_scalar(x) _Generic((x), WICK_REALS_(wick_i_, wick_u_, wick_f_, wick_l_, wick_b_))(x)
/* clang-format on */
#else
#define WICK_OPERAND(x) x
#endif
