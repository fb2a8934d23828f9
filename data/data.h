/* data.h - the public header of the data layer: datasets, samplers, the loader, and files. */
#pragma once

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"
#include "dataset.h"
#include "files.h"
#include "loader.h"
#include "sampler.h"
#include "table.h"
