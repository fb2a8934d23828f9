/* compare_parameters.c - compares a .pth file with elements that PyTorch computed.
 *
 *     compare_parameters FILE.pth REFERENCE
 *
 * REFERENCE has lines "name index value". The largest difference of a tensor must be at most 1e-5 of its largest
 * element. Prints the largest such ratio; exits with 1 if it is larger, or if the tensors are others. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <wick/wick.h>

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    wick_on_error(wick_print_and_exit);
    WICK_SCOPE;
    wick_dict *dict = wick_load(argv[1]);
    FILE *reference = fopen(argv[2], "r");
    if (!reference) {
        fprintf(stderr, "cannot open %s\n", argv[2]);
        return 2;
    }
    char name[200], before[200] = "";
    long long index;
    double value, difference = 0, largest = 0, worst = 0;
    int64_t tensors = 0;
    for (;;) {
        bool more = fscanf(reference, "%199s %lld %lf", name, &index, &value) == 3;
        if (tensors > 0 && (!more || strcmp(name, before) != 0)) {
            double ratio = difference / largest;
            printf("%-24s %.1e\n", before, ratio);
            if (!(ratio <= worst))
                worst = ratio;
        }
        if (!more)
            break;
        if (strcmp(name, before) != 0) {
            (void)snprintf(before, sizeof before, "%s", name);
            tensors++;
            difference = largest = 0;
        }
        WICK_SCOPE;
        double own = wick_get(wick_reshape(wick_nn_dict_get(dict, name), -1), index);
        difference = fmax(difference, isnan(own) ? INFINITY : fabs(own - value));
        largest = fmax(largest, fabs(value));
    }
    fclose(reference);
    printf("%lld tensors, largest difference %.1e of the largest element\n", (long long)tensors, worst);
    return tensors == wick_nn_dict_count(dict) && worst <= 1e-5 ? 0 : 1;
}
