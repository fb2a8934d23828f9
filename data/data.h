/* data.h - the public header of the data layer: datasets, samplers, the loader, and files. */
#ifndef WICK_DATA_DATA_H
#define WICK_DATA_DATA_H

#if defined(__GNUC__) && !defined(WICK_CHECK_HEADERS)
#pragma GCC system_header
#endif

#include "../nn/nn.h"
#include "dataset.h"
#include "files.h"
#include "loader.h"
#include "sampler.h"
#include "table.h"

#endif
