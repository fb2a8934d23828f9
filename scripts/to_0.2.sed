# Programs of version 0.1 to 0.2, where options have other names: sed -i -f scripts/to_0.2.sed *.c
s/\.betas = {\([^,{}]*\), *\([^,{}]*\)}/.beta1 = \1, .beta2 = \2/g
s/\.etas = {\([^,{}]*\), *\([^,{}]*\)}/.etaminus = \1, .etaplus = \2/g
s/\.step_sizes = {\([^,{}]*\), *\([^,{}]*\)}/.step_size_min = \1, .step_size_max = \2/g
s/\.ns_coefficients = {\([^,{}]*\), *\([^,{}]*\), *\([^,{}]*\)}/.ns_a = \1, .ns_b = \2, .ns_c = \3/g
# C++ and others: structs of options begin with their size, and go by pointer
s/\(wick_[a-z0-9_]*_options\) \([a-z_]*\) = {\(WICK_[A-Z0-9_]*_DEFAULTS\)}/\1 \2 = {sizeof \2, 0, \3}/g
s/, {WICK_[A-Z0-9_]*_DEFAULTS})/, NULL)/g
s/#include <wick\/autograd\/here\.h>/#include <wick\/autograd\/anomaly.h>/
s/#include <wick\/autograd\/random\.h>/#include <wick\/autograd\/draws.h>/
s/#include <wick\/nn\/hooks\.h>/#include <wick\/nn\/module_hooks.h>/
s/\(wick_[a-z0-9_]*[a-z0-9]\)__opt\>/\1_opt_/g
