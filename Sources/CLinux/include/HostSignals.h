// Signals and the terminal's settings, handled where only async-signal-safe calls are allowed.
#ifndef OCHENTA_HOST_SIGNALS_H
#define OCHENTA_HOST_SIGNALS_H

/// Catches SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP and SIGCONT, and ignores SIGPIPE. Returns the descriptor
/// of a pipe that becomes readable when a signal has come, or -1 with errno set. A third request to end that
/// nobody has taken ends the process at once.
int ochenta_signals_catch(void);

/// Takes one caught signal: its number, or 0 if there is none.
int ochenta_signals_take(void);

/// Remembers the settings of the terminal at `input` and the `length` bytes (at most 256) that, written to `output`, undo
/// what a front end told it; both are restored when the process ends by a fatal signal. Returns 0, or -1 with errno.
int ochenta_terminal_guard(int input, int output, const void *undo, int length);

/// Restores the terminal as remembered, if it is guarded, and forgets it. Safe in a signal handler.
void ochenta_terminal_release(void);

#endif
