/* anomaly.c - anomaly mode, and the place of the call that made a node. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "anomaly.h"
#include "node.h"

enum { OFF, ON, CHECKS_NAN };

static atomic_int mode;

int wick_set_detect_anomaly_opt(bool on, const wick_anomaly_options *given)
{
    wick_anomaly_options options = WK_OPTIONS(wick_anomaly_options, true, given);
    return atomic_exchange(&mode, !on ? OFF : options.check_nan ? CHECKS_NAN : ON);
}

bool wick_is_anomaly_enabled(void) { return atomic_load(&mode) != OFF; }
void wick_anomaly_restore(int before) { atomic_store(&mode, before); }
int wick_anomaly_enter_(void)
{
    WK_ENTER_AS("WICK_DETECT_ANOMALY");
    const bool on =
        wick_warn("WICK_DETECT_ANOMALY: Anomaly Detection has been enabled. This mode will increase the runtime "
                  "and should only be enabled for debugging.");
    return on ? wick_set_detect_anomaly(true) : atomic_load(&mode);
}
void wick_anomaly_leave_(int *before) { wick_anomaly_restore(*before); }

bool wk_anomaly_checks_nan(void) { return atomic_load_explicit(&mode, memory_order_relaxed) == CHECKS_NAN; }

/* ---- Places ------------------------------------------------------------------------------------------------------------------- */

char *wk_place_text(const char *what, wk_site site, char text[WK_PLACE_TEXT])
{
    char place[WK_SITE_TEXT];
    text[0] = '\0';
    if (wk_site_text(site, place))
        snprintf(text, WK_PLACE_TEXT, "%s at %s", what, place);
    return text;
}

const char *wick_place_of(wick_tensor *t)
{
    WK_ENTER;
    char text[WK_SITE_TEXT];
    if (!WK_TENSOR(t, "wick_place_of", "t") || !wk_refresh_view(t) || !t->grad_fn ||
        !wk_site_text(t->grad_fn->site, text))
        return NULL;
    return wk_string(text, strlen(text));
}

/* ---- NaN ---------------------------------------------------------------------------------------------------------------------- */

bool wk_has_nan(const wick_tensor *t)
{
    if (!wick_dtype_is_floating(t->dtype))
        return false;
    int64_t index[WICK_MAX_DIMS] = {0}, at = t->offset;
    const int64_t *const strides[1] = {t->strides};
    for (int64_t i = 0; i < t->numel; i++) {
        if (isnan(wk_load(t, at)))
            return true;
        wk_next(t->shape, t->ndim, index, 1, strides, &at);
    }
    return false;
}
