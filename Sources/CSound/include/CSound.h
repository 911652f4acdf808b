// ALSA, libsndfile and FluidSynth, each loaded when it is asked for, so that a run without them needs none. ALSA's own
// header is needed to build; of the others what is used is declared here, as their documentation says.
#ifndef OCHENTA_CSOUND_H
#define OCHENTA_CSOUND_H

#include <stdint.h>

// MARK: libsndfile 1

/// SF_INFO.
struct ochenta_sf_info {
    int64_t frames;
    int samplerate;
    int channels;
    int format;
    int sections;
    int seekable;
};

enum { OCHENTA_SFM_WRITE = 0x20, OCHENTA_SF_FORMAT_FLAC = 0x170000, OCHENTA_SF_FORMAT_PCM_16 = 0x0002 };

struct ochenta_sf_file;

/// The functions, without their prefix.
struct ochenta_sndfile {
    struct ochenta_sf_file *_Nullable (*_Nonnull open)(const char *_Nonnull path, int mode,
                                                       struct ochenta_sf_info *_Nonnull info);
    int64_t (*_Nonnull writef_short)(struct ochenta_sf_file *_Nonnull file, const short *_Nonnull samples,
                                     int64_t frames);
    int (*_Nonnull close)(struct ochenta_sf_file *_Nonnull file);
    const char *_Nonnull (*_Nonnull strerror)(struct ochenta_sf_file *_Nullable file);
};

/// Loads libsndfile. NULL if that fails; `*reason` is then why, a string that stays. To be called by one thread at a
/// time, as all functions here that load or open.
const struct ochenta_sndfile *_Nullable ochenta_sndfile_load(const char *_Nullable *_Nonnull reason);

// MARK: ALSA

/// What a negative result means.
const char *_Nonnull ochenta_alsa_error(long error);

/// Keeps ALSA, also inside of SDL, from writing to standard error. Does nothing where it is not installed.
void ochenta_alsa_silence(void);

struct ochenta_pcm;

/// Opens a device for 16 bit stereo frames. NULL if that fails; `*reason` is then why.
struct ochenta_pcm *_Nullable ochenta_pcm_open(const char *_Nonnull device, unsigned rate, unsigned latency_microseconds,
                                               const char *_Nullable *_Nonnull reason);

/// Plays frames; waits as long as the device's buffer is full. The frames taken, or a negative error from which the
/// device does not recover.
long ochenta_pcm_write(struct ochenta_pcm *_Nonnull pcm, const int16_t *_Nonnull frames, long count);

/// Plays what is in the buffer and closes the device.
void ochenta_pcm_close(struct ochenta_pcm *_Nonnull pcm);

struct ochenta_midi;

/// Opens a port of ALSA's sequencer, and connects it to `client` (a name or number, with `:PORT` if it has more than one)
/// unless that is NULL. NULL if that fails; `*reason` is then why.
struct ochenta_midi *_Nullable ochenta_midi_open(const char *_Nonnull name, const char *_Nullable client,
                                                 const char *_Nullable *_Nonnull reason);

/// Sends one whole message, to be played so many nanoseconds from now. 0, or a negative error.
int ochenta_midi_send(struct ochenta_midi *_Nonnull midi, const uint8_t *_Nonnull bytes, long count, int64_t delay);

void ochenta_midi_close(struct ochenta_midi *_Nonnull midi);

// MARK: FluidSynth 2 or 3

struct ochenta_fluid_settings;
struct ochenta_fluid_synth;

/// The functions, without their prefix `fluid_`.
struct ochenta_fluidsynth {
    struct ochenta_fluid_settings *_Nullable (*_Nonnull new_settings)(void);
    void (*_Nonnull delete_settings)(struct ochenta_fluid_settings *_Nonnull settings);
    int (*_Nonnull settings_setnum)(struct ochenta_fluid_settings *_Nonnull settings, const char *_Nonnull name,
                                    double value);
    int (*_Nonnull settings_setint)(struct ochenta_fluid_settings *_Nonnull settings, const char *_Nonnull name,
                                    int value);
    struct ochenta_fluid_synth *_Nullable (*_Nonnull new_synth)(struct ochenta_fluid_settings *_Nonnull settings);
    void (*_Nonnull delete_synth)(struct ochenta_fluid_synth *_Nonnull synth);
    int (*_Nonnull synth_sfload)(struct ochenta_fluid_synth *_Nonnull synth, const char *_Nonnull file, int reset);
    int (*_Nonnull synth_noteon)(struct ochenta_fluid_synth *_Nonnull synth, int channel, int key, int velocity);
    int (*_Nonnull synth_noteoff)(struct ochenta_fluid_synth *_Nonnull synth, int channel, int key);
    int (*_Nonnull synth_key_pressure)(struct ochenta_fluid_synth *_Nonnull synth, int channel, int key, int value);
    int (*_Nonnull synth_cc)(struct ochenta_fluid_synth *_Nonnull synth, int channel, int number, int value);
    int (*_Nonnull synth_program_change)(struct ochenta_fluid_synth *_Nonnull synth, int channel, int program);
    int (*_Nonnull synth_channel_pressure)(struct ochenta_fluid_synth *_Nonnull synth, int channel, int value);
    int (*_Nonnull synth_pitch_bend)(struct ochenta_fluid_synth *_Nonnull synth, int channel, int value);
    int (*_Nonnull synth_sysex)(struct ochenta_fluid_synth *_Nonnull synth, const char *_Nonnull data, int length,
                                char *_Nullable response, int *_Nullable response_length, int *_Nullable handled,
                                int dry_run);
    int (*_Nonnull synth_system_reset)(struct ochenta_fluid_synth *_Nonnull synth);
    int (*_Nonnull synth_write_s16)(struct ochenta_fluid_synth *_Nonnull synth, int frames, void *_Nonnull left,
                                    int left_offset, int left_step, void *_Nonnull right, int right_offset,
                                    int right_step);
};

/// Loads FluidSynth and keeps it from writing to standard error. NULL if that fails; `*reason` is then why.
const struct ochenta_fluidsynth *_Nullable ochenta_fluidsynth_load(const char *_Nullable *_Nonnull reason);

#endif
