/* gradcheck.h - gradients against differences: whether backward computes what the function does.
 *
 *     if (!wick_gradcheck(f, inputs, 2))                          // as torch.autograd.gradcheck
 *         fprintf(stderr, "%s\n", wick_error());
 *
 *     wick_gradcheck_report r;                                    // what was seen, and where: a result, and no error
 *     wick_gradcheck(f, inputs, 2, .report = &r);
 *     wick_gradcheck_print(stdout, &r); */
#ifndef WICK_AUTOGRAD_GRADCHECK_H
#define WICK_AUTOGRAD_GRADCHECK_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "autograd.h"

WICK_BEGIN_DECLS

/* ---- The report ---------------------------------------------------------------------------------------------------- */

/* What a check found, and how it is called in messages. */
#define WICK_GRADCHECK_VERDICTS(X)                                                                                 \
    X(WICK_GRADCHECK_ERROR, "error")                        /* nothing: .message says what failed               */ \
    X(WICK_GRADCHECK_PASS, "pass")                          /* every element agrees                             */ \
    X(WICK_GRADCHECK_WRONG, "wrong gradient")               /* an element that differs without an excuse        */ \
    X(WICK_GRADCHECK_KINK, "kink")                          /* where elements differ, the function has a kink   */ \
    X(WICK_GRADCHECK_IMPRECISE, "not precise enough")       /* they differ by no more than the rounding errors  */ \
    X(WICK_GRADCHECK_VACUOUS, "vacuous")                    /* all gradients are zero: nothing has been checked */ \
    X(WICK_GRADCHECK_NONDETERMINISTIC, "not deterministic") /* a second call gave something else                */ \
    X(WICK_GRADCHECK_NO_VALUE, "no value within eps")       /* f is not finite, or fails, at x + eps or x - eps */

#define WICK_ENUMERATOR_(verdict, name) verdict,
typedef enum wick_gradcheck_verdict { WICK_GRADCHECK_VERDICTS(WICK_ENUMERATOR_) } wick_gradcheck_verdict;
#undef WICK_ENUMERATOR_

/* One element of the Jacobian that differs. */
typedef struct wick_gradcheck_element {
    wick_gradcheck_verdict verdict; /* WICK_GRADCHECK_WRONG, _KINK, _IMPRECISE or _NO_VALUE */
    int input;                      /* as those of the report */
    int ndim;
    int64_t index[WICK_MAX_DIMS];
    int gradient_of;
    int output_ndim;
    int64_t output_index[WICK_MAX_DIMS];
    double analytical, numerical, tolerance;
} wick_gradcheck_element;

/* Plain data: nothing in it is to be freed, and nothing dies. Fields that say nothing in a case are NaN, -1, 0, "" or
 * NULL. */
typedef struct wick_gradcheck_report {
    wick_gradcheck_verdict verdict;
    bool passed;        /* what the check returned */
    int order;          /* 1: wick_gradcheck, 2: wick_gradgradcheck */
    int inputs;         /* how many the function has */
    bool fast_mode;     /* the verdict is of the random projection */
    char operation[64]; /* grad_fn of the function's value: "SoftmaxBackward0"; "" for none */
    char through[128];  /* the nodes by which the gradient reaches the worst element's input: "MulBackward0, ..." */
    const char *note;   /* what else is to be said; text that is there forever, or NULL */
    char message[1024]; /* of a check that did not pass: what its error says, or would say, cut to fit */
    double eps, atol, rtol;

    /* The worst element: of the kind that the verdict names, that whose error is most tolerances large. Where the check is
     * not deterministic: the first that differs; analytical and numerical are then its values in two runs. */
    int input; /* its number; n for the gradient of the output, which wick_gradgradcheck appends; -1: none */
    int ndim;  /* which of its elements */
    int64_t index[WICK_MAX_DIMS];
    int gradient_of; /* wick_gradgradcheck: the output is the gradient of this input; -1: it is the function's value */
    int output_ndim; /* which element of the output */
    int64_t output_index[WICK_MAX_DIMS];
    double analytical, numerical; /* the derivative, by backward and by differences */
    double left, right; /* one-sided derivatives just outside [x - eps, x + eps]; NaN: not needed, or f has no value */
    double error, relative, tolerance; /* |analytical - numerical|, that over |numerical|, and what it may be */
    bool kink;                         /* the function is not smooth in [x - eps, x + eps] */
    bool subgradient;                  /* and analytical lies between left and right */

    int64_t compared, wrong, kinks, imprecise, no_value; /* elements of the Jacobian, and how they came out */
    const wick_gradcheck_element
        *elements;  /* the first of those that differ: options.elements, and how many it holds; */
    int64_t listed; /* in all they are wrong + kinks + imprecise + no_value */
    double
        usable_eps; /* with it, f has values all around the elements of no_value; 0: at one of them f itself is not finite */
    int64_t zero;                           /* elements that are exactly 0 analytically */
    double largest_error, largest_gradient; /* of |analytical - numerical|, and of |analytical| */
    double ratio; /* analytical / numerical where it is the same in all wrong elements, to 1 %; NaN where not */

    /* What differences can show: estimates that take |f'''| to be as large as |f|. */
    wick_dtype dtype;            /* the least precise among the checked inputs and the value */
    double rounding;             /* u |f| / eps for the largest |f|, u being the precision of dtype */
    double truncation;           /* eps^2 |f'''| / 6 */
    double best_eps, best_error; /* (3 u)^(1/3), where the sum of both is smallest, and that sum */
} wick_gradcheck_report;

/* "pass", "wrong gradient", ... */
WICK_API const char *wick_gradcheck_verdict_name(wick_gradcheck_verdict verdict);

/* The report in a few lines. */
WICK_API void wick_gradcheck_print(FILE *file, const wick_gradcheck_report *report);

/* ---- The checks ---------------------------------------------------------------------------------------------------- */

typedef struct wick_gradcheck_options {
    size_t size_;
    char start_;
    double eps;        /* half the step of the central difference; 1e-6 */
    double atol;       /* absolute tolerance; 1e-5 */
    double rtol;       /* relative tolerance; 1e-3 */
    void *context;     /* passed to the function; NULL */
    double nondet_tol; /* by how much two runs on the same inputs may differ; 0 */
    bool fast_mode;    /* compare v^T J u for random u, v instead of J: two calls and two passes an input; false */
    bool allow_kinks;  /* pass where all that differs lies at kinks and is between the one-sided derivatives; false */
    wick_tensor *grad_outputs; /* wick_gradgradcheck: the gradient of the output; default: random in [-1, 1), from
                                        a generator of its own, the same each time */
    bool gen_non_contig_grad_outputs; /* wick_gradgradcheck: that random gradient is not contiguous; false */
    wick_gradcheck_report *report;    /* filled in, whatever comes of the check; verdicts are no errors then; NULL */
    wick_gradcheck_element *elements; /* room for the elements that differ, for report->elements; NULL */
    int64_t element_room;             /* for how many; 0 */
} wick_gradcheck_options;
#define WICK_GRADCHECK_DEFAULTS 0, 1e-6, 1e-5, 1e-3, NULL, 0, false, false, NULL, false, NULL, NULL, 0

/* Whether |analytical - numerical| <= atol + rtol |numerical| for every element of the Jacobian of f:
 * torch.autograd.gradcheck. numerical is (f(x + eps) - f(x - eps)) / (2 eps), one element of the inputs at a time;
 * analytical comes from one backward pass for each element of the output. Also
 *     - f and backward, run twice, give the same, within nondet_tol;
 *     - backward makes zeros of a gradient that is zero.
 * Inputs that require grad are checked. They should be float64: with float32, which has 7 digits, a step of 1e-6 cannot
 * work, and each such input gives a warning; the report says which eps is best. Inputs may have any strides, and one may be given twice; one whose
 * own elements overlap, as those of wick_expand, is an error.
 *
 * Every element that differs, and not the worst alone, goes into .elements, as many as there is room for:
 *     wick_gradcheck_element e[100];
 *     wick_gradcheck(f, inputs, 2, .report = &r, .elements = e, .element_room = 100);
 *     for (int64_t i = 0; i < r.listed; i++)                          // ... e[i].input, e[i].index[0], e[i].analytical
 *
 * False where a check does not pass, with an error that names the input, the elements, both values and the tolerance. With
 * .report that text is the report's message, and no error: the verdict is the result that was asked for, and
 * wick_print_and_exit does not end the program before it is looked at. Only where the check comes to no verdict, since its
 * arguments are not right, or f or backward fails at the inputs, is there an error all the same (WICK_GRADCHECK_ERROR). The
 * result is what PyTorch's check says, but for these, on purpose:
 *     - where every gradient is zero PyTorch passes; such a check shows nothing, and fails here as vacuous;
 *     - an f whose value differs from call to call by more than nondet_tol fails here even if its derivatives agree;
 *     - with .allow_kinks, what PyTorch calls wrong may pass.
 * The verdict tells more than the result. Where an element disagrees, f is evaluated at x +- 2 eps and x +- 3 eps too, which
 * gives the one-sided derivatives beyond any kink within eps of x. If those disagree by more than the rounding errors,
 * and the analytical value equals one of them or lies between, the element is at a kink: move the input off it. A value
 * outside of both is wrong at a kink as well. Where f is not finite at x + eps or x - eps, or fails there with
 * WICK_ERROR_ARGUMENT, as asin(x + eps) for an x just below 1, differences show nothing: the element has no value within
 * eps, and the report says which smaller eps will do. (At the very edge of a domain none does; that is a kink.) What fails at
 * points that the check chose, no handler is told of. An element that agrees with the differences as far as their rounding
 * and truncation errors let one see is not precise enough.
 *
 * What PyTorch has and is not here: check_forward_ad and check_backward_ad, since there is backward mode alone;
 * check_batched_grad, since there is no vmap; check_undefined_grad and check_grad_dtypes, since the engine never
 * calls a rule without a gradient, and brings what rules return to the input's dtype and shape; masked, for sparse. */
WICK_API bool wick_gradcheck_opt(wick_function f, wick_tensor *const *inputs, int n,
                                 const wick_gradcheck_options *options);
#define wick_gradcheck(f, inputs, n, ...) \
    wick_gradcheck_opt(f, inputs, n, WICK_OPTIONS(wick_gradcheck_options, WICK_GRADCHECK_DEFAULTS, __VA_ARGS__))

/* The same for the gradients of f, as functions of the inputs and of a gradient of the output:
 * torch.autograd.gradgradcheck. */
WICK_API bool wick_gradgradcheck_opt(wick_function f, wick_tensor *const *inputs, int n,
                                     const wick_gradcheck_options *options);
#define wick_gradgradcheck(f, inputs, n, ...) \
    wick_gradgradcheck_opt(f, inputs, n, WICK_OPTIONS(wick_gradcheck_options, WICK_GRADCHECK_DEFAULTS, __VA_ARGS__))

WICK_END_DECLS
#endif
