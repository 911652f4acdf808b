#include <dlfcn.h>

#include "CSound.h"
#include "load.h"

#define PLACE(name) offsetof(struct ochenta_fluidsynth, name)

static void say_nothing(int level, char *message, void *data) { (void)level, (void)message, (void)data; }

const struct ochenta_fluidsynth *ochenta_fluidsynth_load(const char **reason) {
    static struct ochenta_fluidsynth table;
    static int is_loaded;
    static const struct ochenta_function functions[] = {
        {"new_fluid_settings", PLACE(new_settings)},
        {"delete_fluid_settings", PLACE(delete_settings)},
        {"fluid_settings_setnum", PLACE(settings_setnum)},
        {"fluid_settings_setint", PLACE(settings_setint)},
        {"new_fluid_synth", PLACE(new_synth)},
        {"delete_fluid_synth", PLACE(delete_synth)},
#define ROW(name) {"fluid_" #name, PLACE(name)}
        ROW(synth_sfload),
        ROW(synth_noteon),
        ROW(synth_noteoff),
        ROW(synth_key_pressure),
        ROW(synth_cc),
        ROW(synth_program_change),
        ROW(synth_channel_pressure),
        ROW(synth_pitch_bend),
        ROW(synth_sysex),
        ROW(synth_system_reset),
        ROW(synth_write_s16),
    };
    static const char *const names[] = {"libfluidsynth.so.3", "libfluidsynth.so.2"};
    for (size_t i = 0; i < 2 && !is_loaded; i++) {
        is_loaded = ochenta_load(names[i], functions, sizeof functions / sizeof *functions, &table, reason);
        if (!is_loaded) continue;
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        typedef void log_function(int level, char *message, void *data);
        log_function *(*set_log)(int level, log_function *function, void *data);
        *(void **)&set_log = dlsym(library, "fluid_set_log_function");
        // All five levels, from panic to debug.
        for (int level = 0; set_log && level < 5; level++) set_log(level, say_nothing, NULL);
    }
    return is_loaded ? &table : NULL;
}
