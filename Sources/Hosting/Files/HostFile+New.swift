import Glibc

extension HostFile {
    /// Makes a directory and those above it, if they are not there. Returns what was wrong, or nil.
    public static func makeDirectories(_ path: String) -> String? {
        if kind(path) == .directory { return nil }
        let parent = ProgramLocator.split(path).directory
        if !parent.isEmpty, parent != path, let message = makeDirectories(parent) { return message }
        return mkdir(path, 0o777) == 0 || errno == EEXIST ? nil : "\(path): \(errorText())"
    }

    /// The path of a file that does not exist yet, with the first free number from 001 on between `prefix` and `suffix`;
    /// nil if there are too many.
    public static func firstFree(in directory: String, prefix: String, suffix: String) -> String? {
        for number in 1...9_999 {
            let digits = String(number)
            let name = prefix + String(repeating: "0", count: max(3 - digits.count, 0)) + digits + suffix
            let path = directory + "/" + name
            if kind(path) == nil { return path }
        }
        return nil
    }
}
