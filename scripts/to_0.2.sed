# Programs of version 0.1 to 0.2, where options and some functions have other names: sed -i -f scripts/to_0.2.sed *.c
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
# A form of a function ends in what it is of: _n an array and a count, _from a list, _tuple a tuple; _ (last): in place. _list gives a list.
s/\bwick_\([a-z0-9_]*[a-z0-9]\)__opt\b/wick_\1_opt_/g
s/\bwick_backward_n\b/wick_backward_from/g
s/\bwick_einsum_n\b/wick_einsum_from/g
s/\bwick_data_tensor_dataset_n\b/wick_data_tensor_dataset_from/g
s/\bwick_apply_n\b/wick_apply_list/g
s/\bwick_apply_n_opt\b/wick_apply_list_opt/g
s/\bwick_roll_n\b/wick_roll_tuple/g
s/\bwick_split_n\b/wick_split_tuple/g
s/\bwick_tensor_split_n\b/wick_tensor_split_tuple/g
# How many there are is _count, a long long; dictionaries and lists of modules belong to nn.
s/\bwick_list_size\b/wick_list_count/g
s/\bwick_series_size\b/wick_series_count/g
s/\bwick_dict_size\b/wick_nn_dict_count/g
s/\bwick_modules_size\b/wick_nn_modules_count/g
s/\bwick_data_length\b/wick_data_count/g
s/\bwick_data_sampler_length\b/wick_data_sampler_count/g
s/\bwick_dict_\(new\|of\|n\|set\|get\|name\|tensor\|tensors\)\b/wick_nn_dict_\1/g
s/\bwick_modules_\(get\|name\)\b/wick_nn_modules_\1/g
