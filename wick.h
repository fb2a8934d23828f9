/* wick.h - the whole library: #include <wick/wick.h> */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#define WICK_VERSION "0.2.0"
#define WICK_VERSION_MAJOR 0
#define WICK_VERSION_MINOR 2
#define WICK_VERSION_PATCH 0

#include "tensor/args.h"
#include "tensor/numpy_random.h"
#include "tensor/random.h"
#include "tensor/series.h"
#include "tensor/tensor.h"

#include "autograd/autograd.h"
#include "autograd/draws.h"

#include "nn/clip.h"
#include "nn/init.h"
#include "nn/nn.h"

#include "data/data.h"
#include "optim/optim.h"
#include "plot/plot.h"
