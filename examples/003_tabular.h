/* 003_tabular.h - document 003, "Multi-Layer Perceptron Neural Networks": its data, split and standardised. Public tables
 * take the place of the author's train.csv and test.csv:
 *
 *     optdigits          optdigits.tra and optdigits.tes; 3520 rows to train, the other 303 to validate
 *     winequality-red    rows 0 to 1279 to train, to 1439 to validate, the rest to test; quality 3 is class 0
 *
 * The class stands in the last column, and not in the first. */
#ifndef WICK_EXAMPLES_003_TABULAR_H
#define WICK_EXAMPLES_003_TABULAR_H

#include <wick/wick.h>

#include "cli.h"

/* X (rows, features) float64, standardised; y (rows) int64 */
typedef struct {
    wick_tensor *X_train_std, *y_train, *X_val_std, *y_val, *X_test_std, *y_test;
    int64_t num_classes;
} tabular;

/* "Load data and create train/validation/test splits" */
static inline tabular load_data(const cli *args)
{
    wick_tensor *train_data, *test_data;
    int64_t train_cutoff, num_classes;
    if (strcmp(args->set, "optdigits") == 0) {
        train_data = wick_data_loadtxt(cli_data_path(args, "optdigits.tra"), .delimiter = ",");
        test_data = wick_data_loadtxt(cli_data_path(args, "optdigits.tes"), .delimiter = ",");
        train_cutoff = 3520, num_classes = 10;
    } else {
        wick_tensor *data = wick_data_loadtxt(cli_data_path(args, "winequality-red.csv"), .delimiter = ",");
        wick_sub_(wick_select(data, 1, -1), 3); /* data[:, -1] -= 3 */
        train_data = wick_slice(data, 0, .end = 1440), test_data = wick_slice(data, 0, .start = 1440);
        train_cutoff = 1280, num_classes = 6;
    }

    wick_tensor *y_train_full = wick_to(wick_select(train_data, 1, -1), WICK_INT64); /* [:, -1].astype(int) */
    wick_tensor *X_train_full = wick_slice(train_data, 1, .end = -1);                /* [:, :-1] */

    wick_tensor *y_test = wick_to(wick_select(test_data, 1, -1), WICK_INT64);
    wick_tensor *X_test = wick_slice(test_data, 1, .end = -1);

    wick_tensor *X_train_raw = wick_slice(X_train_full, 0, .end = train_cutoff); /* [:train_cutoff] */
    wick_tensor *y_train = wick_slice(y_train_full, 0, .end = train_cutoff);
    wick_tensor *X_val_raw = wick_slice(X_train_full, 0, .start = train_cutoff); /* [train_cutoff:] */
    wick_tensor *y_val = wick_slice(y_train_full, 0, .start = train_cutoff);

    /* NumPy's std divides by n: .correction = 0 */
    wick_tensor *mean = wick_mean(X_train_raw, .dim = 0, .keepdim = true);
    wick_tensor *std = wick_add(wick_std(X_train_raw, .dim = 0, .correction = 0, .keepdim = true), 1e-8);

    return (tabular){.X_train_std = wick_div(wick_sub(X_train_raw, mean), std),
                     .y_train = y_train,
                     .X_val_std = wick_div(wick_sub(X_val_raw, mean), std),
                     .y_val = y_val,
                     .X_test_std = wick_div(wick_sub(X_test, mean), std),
                     .y_test = y_test,
                     .num_classes = num_classes};
}

#endif
