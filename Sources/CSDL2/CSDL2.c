#include "CSDL2.h"

#include <dlfcn.h>
#include <stddef.h>

static struct ochenta_sdl table;
static int is_loaded;

const struct ochenta_sdl *ochenta_sdl_load(const char **reason) {
    if (is_loaded) return &table;
    // The name of the first version that is binary compatible; every later SDL 2 has kept it.
    void *library = dlopen("libSDL2-2.0.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
    static const struct {
        const char *name;
        size_t place;
    } functions[] = {
#define OCHENTA_SDL_ROW(name) {"SDL_" #name, offsetof(struct ochenta_sdl, name)},
        OCHENTA_SDL_FUNCTIONS(OCHENTA_SDL_ROW)
#undef OCHENTA_SDL_ROW
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function) {
            *reason = dlerror();
            return NULL;
        }
        *(void **)((char *)&table + functions[i].place) = function;
    }
    is_loaded = 1;
    return &table;
}
