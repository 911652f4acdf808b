#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

int ochenta_memfd_create(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

int ochenta_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int ochenta_rename_no_replace(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

ssize_t ochenta_getxattr(const char *path, const char *name, void *value, size_t size) {
    return getxattr(path, name, value, size);
}

ssize_t ochenta_lgetxattr(const char *path, const char *name, void *value, size_t size) {
    return lgetxattr(path, name, value, size);
}

ssize_t ochenta_getxattrat(int directory, const char *path, const char *name, void *value, size_t size) {
    // The C library and its headers may be older than the kernel: number and layout are those of linux/xattr.h.
    struct {
        uint64_t value __attribute__((aligned(8)));
        uint32_t size;
        uint32_t flags;
    } arguments = {.value = (uint64_t)(uintptr_t)value, .size = (uint32_t)size, .flags = 0};
    return syscall(464, directory, path, AT_SYMLINK_NOFOLLOW, name, &arguments, sizeof arguments);
}

ssize_t ochenta_fgetxattr(int file, const char *name, void *value, size_t size) {
    return fgetxattr(file, name, value, size);
}

int ochenta_setxattr(const char *path, const char *name, const void *value, size_t size) {
    return setxattr(path, name, value, size, 0);
}

int ochenta_fsetxattr(int file, const char *name, const void *value, size_t size) {
    return fsetxattr(file, name, value, size, 0);
}

int ochenta_removexattr(const char *path, const char *name) {
    return removexattr(path, name);
}

int ochenta_poll(struct pollfd *descriptors, unsigned count, int64_t nanoseconds) {
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return ppoll(descriptors, count, nanoseconds < 0 ? NULL : &time, NULL);
}

const int ochenta_o_path = O_PATH;
