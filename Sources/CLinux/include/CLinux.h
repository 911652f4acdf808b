// Linux system calls that the Swift overlay does not export.
// Each wrapper returns what the system call returns: -1 with errno set on failure.
#ifndef OCHENTA_CLINUX_H
#define OCHENTA_CLINUX_H

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>

#include "HostSignals.h"

/// An anonymous file in memory (memfd_create(2)), so that one page can be mapped at two addresses.
int ochenta_memfd_create(const char *name);

/// openat2(2). `resolve` is a mask of RESOLVE_* values; `mode` must be 0 unless `flags` creates.
int ochenta_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

/// renameat2(2) with RENAME_NOREPLACE: fails with EEXIST instead of replacing the target.
int ochenta_rename_no_replace(int from_directory, const char *from, int to_directory, const char *to);

/// getxattr(2) and its kin; the `l` form does not follow a symbolic link at the end of `path`.
ssize_t ochenta_getxattr(const char *path, const char *name, void *value, size_t size);
ssize_t ochenta_lgetxattr(const char *path, const char *name, void *value, size_t size);
/// getxattrat(2) without following links: -1 and ENOSYS before Linux 6.13.
ssize_t ochenta_getxattrat(int directory, const char *path, const char *name, void *value, size_t size);
ssize_t ochenta_fgetxattr(int file, const char *name, void *value, size_t size);
int ochenta_setxattr(const char *path, const char *name, const void *value, size_t size);
int ochenta_fsetxattr(int file, const char *name, const void *value, size_t size);
int ochenta_removexattr(const char *path, const char *name);

/// ppoll(2) with a time in nanoseconds; a negative one is for ever.
int ochenta_poll(struct pollfd *descriptors, unsigned count, int64_t nanoseconds);

/// O_PATH: a descriptor that names a file without opening it.
extern const int ochenta_o_path;

#define OCHENTA_RESOLVE_NO_XDEV 0x01
#define OCHENTA_RESOLVE_NO_MAGICLINKS 0x02
#define OCHENTA_RESOLVE_NO_SYMLINKS 0x04
#define OCHENTA_RESOLVE_BENEATH 0x08

#endif
