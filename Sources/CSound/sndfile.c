#include "CSound.h"
#include "load.h"

#define ROW(name) {"sf_" #name, offsetof(struct ochenta_sndfile, name)}

const struct ochenta_sndfile *ochenta_sndfile_load(const char **reason) {
    static struct ochenta_sndfile table;
    static int is_loaded;
    static const struct ochenta_function functions[] = {ROW(open), ROW(writef_short), ROW(close), ROW(strerror)};
    if (!is_loaded)
        is_loaded = ochenta_load("libsndfile.so.1", functions, sizeof functions / sizeof *functions, &table, reason);
    return is_loaded ? &table : NULL;
}
