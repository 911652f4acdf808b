#define _GNU_SOURCE
#include "HostSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t caught[NSIG];
static volatile sig_atomic_t requests_to_end;
static int pipe_ends[2] = {-1, -1};

static volatile sig_atomic_t guarded;
static int terminal_input = -1;
static int terminal_output = -1;
static struct termios settings;
static char undo_bytes[256];
static int undo_length;

static int asks_to_end(int number) {
    return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

static void catch(int number) {
    int saved = errno;
    if (asks_to_end(number) && ++requests_to_end > 2) {
        ochenta_terminal_release();
        _exit(128 + number);
    }
    caught[number] = 1;
    (void)!write(pipe_ends[1], "", 1);
    errno = saved;
}

// A crash: give the terminal back, then let the signal do what it does.
static void crash(int number) {
    ochenta_terminal_release();
    signal(number, SIG_DFL);
    raise(number);
}

int ochenta_signals_catch(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
    if (pipe_ends[0] < 0 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) < 0) return -1;
    struct sigaction action = {.sa_handler = catch, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old;
        if (sigaction(numbers[i], NULL, &old) < 0) return -1;
        // What the caller ignores (nohup, a background job) stays ignored.
        if (old.sa_handler == SIG_IGN && asks_to_end(numbers[i])) continue;
        if (sigaction(numbers[i], &action, NULL) < 0) return -1;
    }
    signal(SIGPIPE, SIG_IGN);
    return pipe_ends[0];
}

int ochenta_signals_take(void) {
    char bytes[16];
    while (read(pipe_ends[0], bytes, sizeof bytes) > 0) {}
    for (int number = 1; number < NSIG; number++) {
        if (!caught[number]) continue;
        caught[number] = 0;
        if (asks_to_end(number)) requests_to_end = 0;
        return number;
    }
    return 0;
}

int ochenta_terminal_guard(int input, int output, const void *undo, int length) {
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    if (length < 0 || length > (int)sizeof undo_bytes) {
        errno = EINVAL;
        return -1;
    }
    if (tcgetattr(input, &settings) < 0) return -1;
    terminal_input = input;
    terminal_output = output;
    memcpy(undo_bytes, undo, length);
    undo_length = length;
    guarded = 1;
    struct sigaction action = {.sa_handler = crash, .sa_flags = SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &action, NULL);
    return 0;
}

void ochenta_terminal_release(void) {
    if (!guarded) return;
    guarded = 0;
    int done = 0;
    while (done < undo_length) {
        ssize_t count = write(terminal_output, undo_bytes + done, undo_length - done);
        if (count <= 0) break;
        done += count;
    }
    tcsetattr(terminal_input, TCSADRAIN, &settings);
}
