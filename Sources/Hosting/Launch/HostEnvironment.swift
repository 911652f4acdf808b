import Core
import Glibc
import Machine
import Storage

/// What the process finds around it.
public enum HostEnvironment {
    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// /etc/ochenta, then the user's own directory.
    public static var configurationDirectories: [String] {
        let user = variable("XDG_CONFIG_HOME") ?? variable("HOME").map { $0 + "/.config" }
        return ["/etc/ochenta"] + (user.map { [$0 + "/ochenta"] } ?? [])
    }

    public static func situation() throws(HostingError) -> HostSituation {
        guard let directory = HostFile.resolved(".") else {
            throw HostingError("the current directory cannot be used: \(HostFile.errorText())")
        }
        return HostSituation(
            isInputTerminal: isatty(STDIN_FILENO) == 1, isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            hasDisplay: variable("DISPLAY") != nil || variable("WAYLAND_DISPLAY") != nil,
            currentDirectory: directory, configurationDirectories: configurationDirectories,
            pictureDirectory: pictureDirectory, localTime: localTime)
    }

    /// The user's pictures, or a place among Ochenta's own files: programs' directories are left alone.
    private static var pictureDirectory: String {
        let home = variable("HOME") ?? "."
        if HostFile.kind(home + "/Pictures") == .directory { return home + "/Pictures" }
        return (variable("XDG_DATA_HOME") ?? home + "/.local/share") + "/ochenta/screenshots"
    }

    private static var localTime: StartTime {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return StartTime(
            year: min(max(Int(parts.tm_year) + 1900, 1980), 2099), month: Int(parts.tm_mon) + 1,
            day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: min(Int(parts.tm_sec), 59))
    }

    /// Opens a host directory as a drive.
    /// - Parameter clock: stamps the files that DOS writes; nil leaves that to the host.
    public static func volume(_ mount: Mount, clock: (any FileClock)?) throws(HostingError) -> any Volume {
        // "VOLC" and so on.
        let code = ChunkID("VOL@").code + (UInt32(mount.letter) + 1) << 24
        do {
            return try HostVolume(
                directory: mount.directory, isReadOnly: mount.isReadOnly, clock: clock, chunkID: ChunkID(code: code))
        } catch {
            throw HostingError("drive \(Unicode.Scalar(mount.letter + 0x41)): \(error)")
        }
    }
}
