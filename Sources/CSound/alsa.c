#include <alsa/asoundlib.h>
#include <stdlib.h>

#include "CSound.h"
#include "load.h"

#define FUNCTIONS(F)                                                                                                   \
    F(lib_error_set_handler)                                                                                           \
    F(strerror)                                                                                                        \
    F(pcm_open)                                                                                                        \
    F(pcm_set_params)                                                                                                  \
    F(pcm_writei)                                                                                                      \
    F(pcm_recover)                                                                                                     \
    F(pcm_drain)                                                                                                       \
    F(pcm_close)                                                                                                       \
    F(seq_open)                                                                                                        \
    F(seq_close)                                                                                                       \
    F(seq_set_client_name)                                                                                             \
    F(seq_create_simple_port)                                                                                          \
    F(seq_parse_address)                                                                                               \
    F(seq_connect_to)                                                                                                  \
    F(seq_alloc_queue)                                                                                                 \
    F(seq_control_queue)                                                                                               \
    F(seq_drain_output)                                                                                                \
    F(seq_event_output_direct)                                                                                         \
    F(midi_event_new)                                                                                                  \
    F(midi_event_free)                                                                                                 \
    F(midi_event_no_status)                                                                                            \
    F(midi_event_encode)                                                                                               \
    F(midi_event_reset_encode)

static struct {
#define MEMBER(name) __typeof__(snd_##name) *name;
    FUNCTIONS(MEMBER)
} alsa;

static void say_nothing(const char *file, int line, const char *function, int error, const char *format, ...) {
    (void)file, (void)line, (void)function, (void)error, (void)format;
}

static int load(const char **reason) {
    static int is_loaded;
    static const struct ochenta_function functions[] = {
#define ROW(name) {"snd_" #name, offsetof(__typeof__(alsa), name)},
        FUNCTIONS(ROW)};
    if (is_loaded) return 1;
    is_loaded = ochenta_load("libasound.so.2", functions, sizeof functions / sizeof *functions, &alsa, reason);
    if (is_loaded) alsa.lib_error_set_handler(say_nothing);
    return is_loaded;
}

void ochenta_alsa_silence(void) {
    const char *reason;
    load(&reason);
}

const char *ochenta_alsa_error(long error) {
    const char *reason;
    return load(&reason) ? alsa.strerror((int)error) : reason;
}

// MARK: Sound

// The two types are one: a handle is all that is needed.
struct ochenta_pcm *ochenta_pcm_open(const char *device, unsigned rate, unsigned latency_microseconds,
                                     const char **reason) {
    if (!load(reason)) return NULL;
    snd_pcm_t *pcm;
    int error = alsa.pcm_open(&pcm, device, SND_PCM_STREAM_PLAYBACK, 0);
    if (error >= 0) {
        error = alsa.pcm_set_params(pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 2, rate, 1,
                                    latency_microseconds);
        if (error >= 0) return (struct ochenta_pcm *)pcm;
        alsa.pcm_close(pcm);
    }
    *reason = alsa.strerror(error);
    return NULL;
}

long ochenta_pcm_write(struct ochenta_pcm *pcm, const int16_t *frames, long count) {
    long done = 0;
    while (done < count) {
        long result = alsa.pcm_writei((snd_pcm_t *)pcm, frames + done * 2, (snd_pcm_uframes_t)(count - done));
        // After an empty buffer or a suspended machine it can go on; otherwise the device is gone.
        if (result < 0) result = alsa.pcm_recover((snd_pcm_t *)pcm, (int)result, 1);
        if (result < 0) return result;
        done += result;
    }
    return done;
}

void ochenta_pcm_close(struct ochenta_pcm *pcm) {
    alsa.pcm_drain((snd_pcm_t *)pcm);
    alsa.pcm_close((snd_pcm_t *)pcm);
}

// MARK: MIDI

struct ochenta_midi {
    snd_seq_t *sequencer;
    snd_midi_event_t *encoder;
    int port;
    int queue;
};

// The longest message; longer ones are refused by the encoder.
enum { LONGEST_MESSAGE = 1 << 17 };

struct ochenta_midi *ochenta_midi_open(const char *name, const char *client, const char **reason) {
    if (!load(reason)) return NULL;
    struct ochenta_midi *midi = calloc(1, sizeof *midi);
    if (!midi) {
        *reason = "no memory";
        return NULL;
    }
    int error = alsa.seq_open(&midi->sequencer, "default", SND_SEQ_OPEN_OUTPUT, SND_SEQ_NONBLOCK);
    if (error < 0) midi->sequencer = NULL;
    if (error >= 0) error = alsa.seq_set_client_name(midi->sequencer, name);
    if (error >= 0)
        error = midi->port = alsa.seq_create_simple_port(midi->sequencer, name,
                                                         SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ,
                                                         SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
    if (error >= 0) error = midi->queue = alsa.seq_alloc_queue(midi->sequencer);
    if (error >= 0)
        error = alsa.seq_control_queue(midi->sequencer, midi->queue, SND_SEQ_EVENT_START, 0, NULL);
    if (error >= 0) error = alsa.seq_drain_output(midi->sequencer);
    if (error >= 0) error = alsa.midi_event_new(LONGEST_MESSAGE, &midi->encoder);
    if (error >= 0) {
        alsa.midi_event_no_status(midi->encoder, 1);
        snd_seq_addr_t address;
        if (client) error = alsa.seq_parse_address(midi->sequencer, &address, client);
        if (client && error >= 0)
            error = alsa.seq_connect_to(midi->sequencer, midi->port, address.client, address.port);
    }
    if (error >= 0) return midi;
    *reason = alsa.strerror(error);
    ochenta_midi_close(midi);
    return NULL;
}

int ochenta_midi_send(struct ochenta_midi *midi, const uint8_t *bytes, long count, int64_t delay) {
    snd_seq_event_t event;
    snd_seq_ev_clear(&event);
    alsa.midi_event_reset_encode(midi->encoder);
    long used = alsa.midi_event_encode(midi->encoder, bytes, count, &event);
    if (used < 0 || event.type == SND_SEQ_EVENT_NONE) return used < 0 ? (int)used : 0;
    snd_seq_real_time_t time = {(unsigned)(delay / 1000000000), (unsigned)(delay % 1000000000)};
    snd_seq_ev_set_source(&event, midi->port);
    snd_seq_ev_set_subs(&event);
    snd_seq_ev_schedule_real(&event, midi->queue, 1, &time);
    return alsa.seq_event_output_direct(midi->sequencer, &event);
}

void ochenta_midi_close(struct ochenta_midi *midi) {
    if (midi->encoder) alsa.midi_event_free(midi->encoder);
    if (midi->sequencer) alsa.seq_close(midi->sequencer);
    free(midi);
}
