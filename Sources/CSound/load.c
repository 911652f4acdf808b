#include "load.h"

#include <dlfcn.h>

int ochenta_load(const char *library, const struct ochenta_function *functions, size_t count, void *table,
                 const char **reason) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        *reason = dlerror();
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        void *function = dlsym(handle, functions[i].name);
        if (!function) {
            *reason = dlerror();
            return 0;
        }
        *(void **)((char *)table + functions[i].place) = function;
    }
    return 1;
}
