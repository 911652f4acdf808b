import CLinux
import Glibc
import Storage

/// DOS attributes of host files.
///
/// Read-only is the host's permission to write. Hidden, system and archive (and read-only of a directory, which must
/// not lose its write permission) are in the extended attribute `user.DOSATTRIB` as text such as `0x22`. Without it a
/// file has archive set, and a name with a leading dot is hidden.
/// Source: the same attribute in Samba (`SAMBA_XATTR_DOS_ATTRIB`), Wine, dosemu2 and DOSBox Staging.
enum HostAttributes {
    private static let name = "user.DOSATTRIB"
    /// The attributes that a file has if nothing is stored.
    private static func unstored(isDirectory: Bool, hostName: [UInt8]) -> FileAttributes {
        let kind: FileAttributes = isDirectory ? [] : .archive
        return hostName.first == UInt8(ascii: ".") ? kind.union(.hidden) : kind
    }

    /// The attributes of `hostName` in `directory`, which is a regular file or a directory of this status.
    /// - Parameter target: where the name is a symbolic link, what it leads to.
    static func read(
        _ hostName: [UInt8], in directory: HostDescriptor, target: HostDescriptor?, status: HostStatus
    ) -> FileAttributes {
        let isDirectory = status.kind == .directory
        var buffer = [UInt8](repeating: 0, count: 64)
        let count: Int
        if let target {
            count = ochenta_getxattr(procPath(target), name, &buffer, buffer.count)
        } else {
            // One short call where the kernel has it; the way round by /proc is four times slower.
            let direct = ochenta_getxattrat(directory.number, cString(hostName), name, &buffer, buffer.count)
            let isMissing = direct < 0 && (errno == ENOSYS || errno == EPERM)
            count =
                isMissing
                ? ochenta_lgetxattr(procPath(directory, hostName), name, &buffer, buffer.count) : direct
        }
        let stored = count > 0 ? parse(buffer.prefix(count)) : nil
        var attributes = stored ?? unstored(isDirectory: isDirectory, hostName: hostName)
        if isDirectory {
            attributes.insert(.directory)
        } else {
            attributes.remove(.readOnly)
            if !isWritable(status, hostName, directory) { attributes.insert(.readOnly) }
        }
        return attributes
    }

    /// Whether the host lets this user write. The superuser may always; for it the owner's bit decides, too.
    static func isWritable(_ status: HostStatus, _ hostName: [UInt8], _ directory: HostDescriptor) -> Bool {
        let user = geteuid()
        if user == 0 { return status.mode & 0o222 != 0 }
        if status.owner == user { return status.mode & 0o200 != 0 }
        return faccessat(directory.number, cString(hostName), W_OK, AT_EACCESS) == 0
    }

    /// Sets the attributes of an opened (also by O_PATH only) file or directory. Where the file system has no extended
    /// attributes, hidden, system and archive cannot be kept; that is no error, as programs set them in passing.
    static func write(_ attributes: FileAttributes, to file: HostDescriptor, hostName: [UInt8], status: HostStatus)
        throws(VolumeError)
    {
        let isDirectory = status.kind == .directory
        let path = procPath(file)
        let kept: FileAttributes = isDirectory ? .changeable : [.hidden, .system, .archive]
        let stored = attributes.intersection(kept)
        let mode = attributes.contains(.readOnly) ? status.mode & ~0o222 : status.mode | 0o200
        let changesMode = !isDirectory && mode != status.mode
        if changesMode, !attributes.contains(.readOnly), chmod(path, mode) != 0 { throw .last }
        let isDefault = stored == unstored(isDirectory: isDirectory, hostName: hostName)
        let text = isDefault ? nil : Array("0x\(String(stored.rawValue, radix: 16))".utf8)
        var isStored = store(text, path)
        // An extended attribute needs the permission to write. A read-only file gets it for this moment.
        var isUnlocked = false
        if !isStored, errno == EACCES, !isDirectory, chmod(path, status.mode | 0o200) == 0 {
            isUnlocked = true
            isStored = store(text, path)
        }
        let failure = isStored ? nil : VolumeError.last
        if isUnlocked || changesMode && attributes.contains(.readOnly), chmod(path, mode) != 0 { throw .last }
        if let failure { throw failure }
    }

    /// Stores an extended attribute, or removes it. A file system that has none is no failure.
    private static func store(_ text: [UInt8]?, _ path: [CChar]) -> Bool {
        if let text { return ochenta_setxattr(path, name, text, text.count) == 0 || errno == ENOTSUP }
        return ochenta_removexattr(path, name) == 0 || errno == ENODATA || errno == ENOTSUP
    }

    /// Sets archive on a file that is written, if it was cleared.
    static func markChanged(_ file: HostDescriptor) {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = ochenta_fgetxattr(file.number, name, &buffer, buffer.count)
        guard count > 0, let stored = parse(buffer.prefix(count)), !stored.contains(.archive) else { return }
        let text = Array("0x\(String(stored.union(.archive).rawValue, radix: 16))".utf8)
        // If this fails the file is written all the same; a backup program may miss it.
        if ochenta_fsetxattr(file.number, name, text, text.count) != 0, errno == EACCES,
            let status = try? HostStatus(of: file), fchmod(file.number, status.mode | 0o200) == 0
        {
            _ = ochenta_fsetxattr(file.number, name, text, text.count)
            _ = fchmod(file.number, status.mode)
        }
    }

    /// Calls `body` while the owner may write the file, and takes the permission back if it was not there.
    static func unlocking<Value>(
        _ file: HostDescriptor, unless isNeedless: Bool, _ body: () throws(VolumeError) -> Value
    ) throws(VolumeError) -> Value {
        let status = try HostStatus(of: file)
        guard !isNeedless, status.kind == .file, status.mode & 0o222 == 0 else { return try body() }
        let path = procPath(file)
        guard chmod(path, status.mode | 0o200) == 0 else { throw .last }
        defer { _ = chmod(path, status.mode) }
        return try body()
    }

    /// Reads `0x22`. Samba writes more after a zero byte, which is not for us.
    private static func parse(_ bytes: ArraySlice<UInt8>) -> FileAttributes? {
        let text = bytes.prefix { $0 != 0 }
        guard text.starts(with: "0x".utf8),
            let value = UInt32(String(decoding: text.dropFirst(2), as: UTF8.self), radix: 16)
        else { return nil }
        return FileAttributes(rawValue: UInt8(truncatingIfNeeded: value)).intersection(.changeable)
    }

    /// A path by which calls that take no descriptor reach what an O_PATH descriptor names.
    private static func procPath(_ file: HostDescriptor, _ name: [UInt8] = []) -> [CChar] {
        let suffix = name.isEmpty ? [] : [UInt8(ascii: "/")] + name
        return cString(Array("/proc/self/fd/\(file.number)".utf8) + suffix)
    }
}
