// Loads a library and fills a table of its functions.
#ifndef OCHENTA_CSOUND_LOAD_H
#define OCHENTA_CSOUND_LOAD_H

#include <stddef.h>

struct ochenta_function {
    const char *name;
    size_t place;
};

/// Nonzero if the library and all `count` functions are there; otherwise `*reason` says what is missing.
int ochenta_load(const char *library, const struct ochenta_function *functions, size_t count, void *table,
                 const char **reason);

#endif
