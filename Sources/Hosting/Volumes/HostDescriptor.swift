import CLinux
import Glibc
import Storage

/// A file descriptor that is closed with its last reference.
final class HostDescriptor {
    let number: Int32

    /// - Parameter number: an open descriptor, which this object owns from now on.
    init(owning number: Int32) { self.number = number }

    deinit { close(number) }
}

/// Repeats a system call that a signal interrupted.
func retryingInterrupts<Value: SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

extension VolumeError {
    /// What DOS says for a host error. Whatever has no better answer is a general failure.
    init(errno code: Int32) {
        switch code {
        case ENOENT: self = .fileNotFound
        case ENOTDIR, ENAMETOOLONG, ESTALE: self = .pathNotFound
        case EMFILE, ENFILE, ENOMEM: self = .tooManyOpenFiles
        // EXDEV is openat2's answer to a path that leaves the drive.
        case EACCES, EPERM, EXDEV, ELOOP, EISDIR, ENOTEMPTY, EBUSY, ETXTBSY, ENXIO, EINVAL: self = .accessDenied
        case EROFS: self = .writeProtected
        case EAGAIN: self = .sharingViolation
        case EEXIST: self = .fileExists
        case ENOSPC, EDQUOT, EFBIG: self = .diskFull
        case ENODEV, ENOTCONN: self = .notReady
        default: self = .generalFailure
        }
    }

    /// The error of the system call that has just failed.
    static var last: VolumeError { VolumeError(errno: errno) }
}

/// The host directory that a drive shows. Every path goes through `open`, which the kernel keeps beneath the directory:
/// neither `..` nor a symbolic link nor a directory that is exchanged meanwhile leads out of it.
struct HostRoot {
    let descriptor: HostDescriptor

    /// Opens a path relative to the root; the empty path is the root itself.
    /// Source: openat2(2), RESOLVE_BENEATH.
    func open(_ path: [UInt8], _ flags: Int32, mode: UInt64 = 0) throws(VolumeError) -> HostDescriptor {
        // A signed literal path ends at its first zero byte; host names and short names have none.
        let name: [CChar] = (path.isEmpty ? [UInt8(ascii: ".")] : path).map { CChar(bitPattern: $0) } + [0]
        let allFlags = UInt64(UInt32(bitPattern: flags | O_CLOEXEC))
        let resolve = UInt64(OCHENTA_RESOLVE_BENEATH | OCHENTA_RESOLVE_NO_MAGICLINKS)
        // The kernel gives EAGAIN when something was renamed while it looked.
        for _ in 0..<64 {
            let number = retryingInterrupts {
                ochenta_openat2(descriptor.number, name, allFlags, mode, resolve)
            }
            if number >= 0 { return HostDescriptor(owning: number) }
            if errno != EAGAIN { throw .last }
        }
        throw .sharingViolation
    }

    /// Opens a regular file and nothing else: a pipe or a device is not even touched, so that it can neither hang the
    /// machine nor notice.
    func openRegular(_ path: [UInt8], _ flags: Int32) throws(VolumeError) -> HostDescriptor {
        let named = try open(path, ochenta_o_path)
        guard try HostStatus(of: named).kind == .file else { throw .accessDenied }
        // The name may mean something else by now; the second look is at what was really opened.
        let file = try open(path, flags | O_NONBLOCK | O_NOCTTY)
        guard try HostStatus(of: file).kind == .file else { throw .accessDenied }
        return file
    }
}

/// What stat(2) says of a file.
struct HostStatus {
    enum Kind { case file, directory, link, other }

    let kind: Kind
    /// Permission bits.
    let mode: mode_t
    let owner: uid_t
    let size: Int64
    let modifiedSeconds: Int64
    let modifiedNanoseconds: Int64

    private init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        mode = status.st_mode & 0o7777
        owner = status.st_uid
        size = Int64(status.st_size)
        modifiedSeconds = Int64(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
    }

    init(of file: HostDescriptor) throws(VolumeError) {
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw .last }
        self.init(status)
    }

    /// The file called `name` in a directory; a symbolic link is not followed. Nil if there is none.
    init?(_ name: [UInt8], in directory: HostDescriptor) throws(VolumeError) {
        var status = stat()
        let path = cString(name)
        if fstatat(directory.number, path, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            self.init(status)
        } else if errno == ENOENT || errno == ENAMETOOLONG {
            return nil
        } else {
            throw .last
        }
    }

    /// The size as DOS can say it: 4 GB - 1 at most.
    var shownSize: UInt32 { kind == .directory ? 0 : UInt32(clamping: size) }
}

/// `name` with a zero byte at its end.
func cString(_ name: [UInt8]) -> [CChar] { name.map { CChar(bitPattern: $0) } + [0] }
