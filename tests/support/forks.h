/* forks.h - whether a test may fork while there are threads. */
#pragma once

/* ThreadSanitizer lets no child of a process with threads start threads. */
#if defined(__SANITIZE_THREAD__)
#define FORKS false
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FORKS false
#endif
#endif
#ifndef FORKS
#define FORKS true
#endif
