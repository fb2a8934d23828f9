/* plugin.c - a call that fails in a plugin; returns its line. */
#include <wick/wick.h>

WICK_BEGIN_DECLS
int fail_in_plugin(wick_tensor *x);
int fail_in_plugin(wick_tensor *x)
{
    wick_tensor *y = wick_matmul(x, x);
    return y ? 0 : __LINE__ - 1;
}
WICK_END_DECLS
