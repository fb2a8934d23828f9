/* gradcheck.h - compares gradients with difference quotients, to check that backward is right.
 *
 *     if (!wick_gradcheck(f, inputs, 2))                          // as torch.autograd.gradcheck
 *         fprintf(stderr, "%s\n", wick_error());
 *
 *     wick_gradcheck_report r;                                    // what was found, and where; then it is not an error
 *     wick_gradcheck(f, inputs, 2, .report = &r);
 *     wick_gradcheck_print(stdout, &r); */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "autograd.h"

WICK_BEGIN_DECLS

/* ---- The report ---------------------------------------------------------------------------------------------------- */

/* What a check found, and its name in messages. */
#define WICK_GRADCHECK_VERDICTS(X)                                                                                 \
    X(WICK_GRADCHECK_ERROR, "error")                        /* no result: .message says what failed             */ \
    X(WICK_GRADCHECK_PASS, "pass")                          /* every element agrees                             */ \
    X(WICK_GRADCHECK_WRONG, "wrong gradient")               /* an element differs, and no rule below excuses it */ \
    X(WICK_GRADCHECK_KINK, "kink")                          /* where elements differ, the function has a kink   */ \
    X(WICK_GRADCHECK_IMPRECISE, "not precise enough")       /* they differ by no more than the rounding errors  */ \
    X(WICK_GRADCHECK_VACUOUS, "vacuous")                    /* all gradients are zero: nothing has been checked */ \
    X(WICK_GRADCHECK_NONDETERMINISTIC, "not deterministic") /* a second call gave something else                */ \
    X(WICK_GRADCHECK_NO_VALUE, "no value within eps")       /* f is not finite, or fails, at x + eps or x - eps */

#define WICK_ENUMERATOR_(verdict, name) verdict,
typedef enum wick_gradcheck_verdict { WICK_GRADCHECK_VERDICTS(WICK_ENUMERATOR_) } wick_gradcheck_verdict;
#undef WICK_ENUMERATOR_

/* One element of the Jacobian that differs; the members are as in the report. */
typedef struct wick_gradcheck_element {
    wick_gradcheck_verdict verdict; /* WICK_GRADCHECK_WRONG, _KINK, _IMPRECISE or _NO_VALUE */
    int input;
    int ndim;
    int64_t index[WICK_MAX_DIMS];
    int gradient_of;
    int output_ndim;
    int64_t output_index[WICK_MAX_DIMS];
    double analytical, numerical, tolerance;
} wick_gradcheck_element;

/* Plain data: nothing in it has to be freed or becomes invalid. A member that does not apply is NaN, -1, 0, "" or NULL. */
typedef struct wick_gradcheck_report {
    wick_gradcheck_verdict verdict;
    bool passed;        /* what the check returned */
    int order;          /* 1: wick_gradcheck, 2: wick_gradgradcheck */
    int inputs;         /* the number of inputs of the function */
    bool fast_mode;     /* whether the verdict is about the random projection */
    char operation[64]; /* grad_fn of the function's value: "SoftmaxBackward0"; "" for none */
    char through[128]; /* the nodes through which the gradient reaches the worst element's input: "MulBackward0, ..." */
    const char *note;  /* a further remark, a string literal, or NULL */
    char message[1024]; /* if the check did not pass: the text of its error, shortened to fit */
    double eps, atol, rtol;

    /* The worst element: the one of the verdict's kind with the largest error relative to its tolerance. If the function is not
     * deterministic: the first that differs; analytical and numerical are then its values in two runs. */
    int input; /* the input's index; n for the gradient of the output, which wick_gradgradcheck appends; -1: none */
    int ndim;  /* which element of the input */
    int64_t index[WICK_MAX_DIMS];
    int gradient_of; /* wick_gradgradcheck: the output is the gradient of this input; -1: it is the function's value */
    int output_ndim; /* which element of the output */
    int64_t output_index[WICK_MAX_DIMS];
    double analytical, numerical; /* the derivative, by backward and by differences */
    double left, right; /* one-sided derivatives just outside [x - eps, x + eps]; NaN: not computed, or no value */
    double error, relative, tolerance; /* |analytical - numerical|; that over |numerical|; the largest error allowed */
    bool kink;                         /* the function is not smooth in [x - eps, x + eps] */
    bool subgradient;                  /* ... and analytical lies between left and right */

    int64_t compared, wrong, kinks, imprecise, no_value; /* elements of the Jacobian: all, and by what was found */
    const wick_gradcheck_element *elements;              /* the first elements that differ: options.elements, */
    int64_t listed;    /* and how many it has. In all, wrong + kinks + imprecise + no_value elements differ */
    double usable_eps; /* f has values this far around all elements of no_value; 0: at one, f(x) itself is not finite */
    int64_t zero;      /* elements whose analytical value is exactly 0 */
    double largest_error, largest_gradient; /* the largest |analytical - numerical| and |analytical| */
    double ratio; /* analytical / numerical if it is the same in all wrong elements, to 1 %; else NaN */

    /* How precise the differences are: estimates that assume that |f'''| is as large as |f|. */
    wick_dtype dtype;            /* the least precise among the checked inputs and the value */
    double rounding;             /* u |f| / eps for the largest |f|, where u is the precision of dtype */
    double truncation;           /* eps^2 |f'''| / 6 */
    double best_eps, best_error; /* (3 u)^(1/3), for which the sum of the two is smallest, and that sum */
} wick_gradcheck_report;

/* The name of a verdict: "pass", "wrong gradient", ... */
WICK_API const char *wick_gradcheck_verdict_name(wick_gradcheck_verdict verdict);

/* Writes the report to file, in a few lines. */
WICK_API void wick_gradcheck_print(FILE *file, const wick_gradcheck_report *report);

/* ---- The checks ---------------------------------------------------------------------------------------------------- */

typedef struct wick_gradcheck_options {
    size_t size_;
    char start_;
    double eps;        /* half the step of the central difference; 1e-6 */
    double atol;       /* absolute tolerance; 1e-5 */
    double rtol;       /* relative tolerance; 1e-3 */
    void *context;     /* passed to the function; NULL */
    double nondet_tol; /* the largest allowed difference between two runs on the same inputs; 0 */
    bool fast_mode;    /* compare v^T J u for random u, v instead of J: two calls and two passes per input; false */
    bool allow_kinks;  /* pass if all elements that differ are at kinks and between the one-sided derivatives; false */
    wick_tensor *grad_outputs;        /* wick_gradgradcheck: the gradient of the output; default: random in [-1, 1), the
                                        same each time, from a separate generator */
    bool gen_non_contig_grad_outputs; /* wick_gradgradcheck: makes the random gradient not contiguous; false */
    wick_gradcheck_report *report;    /* filled in, in any case; a verdict is then not an error; NULL */
    wick_gradcheck_element *elements; /* an array for the elements that differ: report->elements; NULL */
    int64_t element_room;             /* the length of that array; 0 */
} wick_gradcheck_options;
#define WICK_GRADCHECK_DEFAULTS 1e-6, 1e-5, 1e-3, NULL, 0, false, false, NULL, false, NULL, NULL, 0

/* Whether |analytical - numerical| <= atol + rtol |numerical| for every element of the Jacobian of f:
 * torch.autograd.gradcheck. numerical is (f(x + eps) - f(x - eps)) / (2 eps), one element of the inputs at a time; analytical
 * comes from one backward pass for each element of the output. It also checks that
 *     - f and backward, run twice, give the same, within nondet_tol;
 *     - backward turns a gradient of zeros into zeros.
 * The inputs that require grad are checked. They should be float64: with float32, which has 7 digits, a step of 1e-6 cannot
 * work, and each such input gives a warning; the report says which eps is best. Inputs may have any strides, and one may be
 * given twice; an input whose own elements overlap, as those of wick_expand, is an error.
 *
 * .elements gets all elements that differ, not only the worst, as far as the array is long enough:
 *     wick_gradcheck_element e[100];
 *     wick_gradcheck(f, inputs, 2, .report = &r, .elements = e, .element_room = 100);
 *     for (int64_t i = 0; i < r.listed; i++)                          // ... e[i].input, e[i].index[0], e[i].analytical
 *
 * If the check does not pass, the result is false, with an error that names the input, the elements, both values and the
 * tolerance. With .report, that text is the report's message and not an error: the program asked for the verdict, and
 * wick_print_and_exit must not end it before it has looked. Only if there is no verdict, because the arguments are wrong or f
 * or backward fails at the inputs, there is an error in any case (WICK_GRADCHECK_ERROR). The result is that of PyTorch's
 * check, with these exceptions, on purpose:
 *     - if every gradient is zero, PyTorch passes; such a check shows nothing, and fails here as vacuous;
 *     - an f whose value differs from call to call by more than nondet_tol fails here even if its derivatives agree;
 *     - with .allow_kinks, what PyTorch calls wrong may pass.
 * The verdict says more than the result. Where an element differs, f is also evaluated at x +- 2 eps and x +- 3 eps, which
 * gives the one-sided derivatives beyond any kink within eps of x. If those differ by more than the rounding errors, and the
 * analytical value equals one of them or lies between them, the element is at a kink: move the input away from it. A value
 * outside the two is wrong, at a kink as well. If f is not finite at x + eps or x - eps, or fails there with
 * WICK_ERROR_ARGUMENT, as asin(x + eps) does for an x just below 1, differences show nothing: the element has no value within
 * eps, and the report says which smaller eps works. (At the very edge of a domain none does; that is a kink.) No handler is
 * called for failures at points that the check chose. An element that agrees with the differences as far as their rounding
 * and truncation errors allow is not precise enough.
 *
 * Not here, but in PyTorch: check_forward_ad and check_backward_ad, since there is only backward mode; check_batched_grad,
 * since there is no vmap; check_undefined_grad and check_grad_dtypes, since the engine never calls a rule without a gradient,
 * and converts what rules return to the input's dtype and shape; masked, for sparse tensors. */
WICK_API bool wick_gradcheck_opt(wick_function f, wick_tensor *const *inputs, int n,
                                 const wick_gradcheck_options *options);
#define wick_gradcheck(f, inputs, n, ...) \
    wick_gradcheck_opt(f, inputs, n, WICK_OPTIONS(wick_gradcheck_options, WICK_GRADCHECK_DEFAULTS, __VA_ARGS__))

/* The same check for the gradients of f, as functions of the inputs and of a gradient of the output:
 * torch.autograd.gradgradcheck. */
WICK_API bool wick_gradgradcheck_opt(wick_function f, wick_tensor *const *inputs, int n,
                                     const wick_gradcheck_options *options);
#define wick_gradgradcheck(f, inputs, n, ...) \
    wick_gradgradcheck_opt(f, inputs, n, WICK_OPTIONS(wick_gradcheck_options, WICK_GRADCHECK_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
