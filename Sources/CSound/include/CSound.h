// ALSA, libsndfile and FluidSynth, each loaded when it is asked for and called through a table, so that a run without
// them needs none. Only what is used is declared, as each library's documentation says; their headers are not needed.
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
/// time, as all functions here that load.
const struct ochenta_sndfile *_Nullable ochenta_sndfile_load(const char *_Nullable *_Nonnull reason);

#endif
