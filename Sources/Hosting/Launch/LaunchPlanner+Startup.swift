import Core
import Machine

extension LaunchPlanner {
    /// Most characters of a command tail in DOS.
    private static let tailLimit = 126
    /// Most characters of a line that COMMAND.COM takes.
    private static let lineLimit = 127

    /// The steps after the drives are there: variables, the user's commands, the program.
    func addStartup(_ target: ProgramLocator.Target?, _ mounts: [Mount], _ machine: inout MachineConfiguration)
        throws(HostingError)
    {
        for (key, value, origin) in configuration.all(in: "environment") {
            let line = try dosText("\(key.uppercased())=\(value)", origin: origin)
            guard !key.isEmpty, !key.contains("="), !line.contains(where: { $0 < 0x20 }) else {
                throw HostingError("\(origin): '\(key)=\(value)' cannot be a variable of DOS")
            }
            machine.environment.append(line)
        }
        for command in options.commands {
            let line = try dosText(command, origin: "--command")
            guard line.count <= LaunchPlanner.lineLimit else {
                throw HostingError("--command '\(command)': longer than DOS's \(LaunchPlanner.lineLimit) characters")
            }
            machine.startup.append(.line(line))
        }
        let path: [UInt8]
        switch target {
        case nil, .directory:
            if let first = options.arguments.first {
                throw HostingError("'\(first)' follows a directory; options go before it")
            }
            machine.isInteractive = true
            return
        case .dosPath(let text): path = try dosText(text, origin: text)
        case .file(let file): path = try dosPath(of: file, mounts, machine)
        }
        machine.startup.append(.program(path: path, tail: try commandTail()))
    }

    /// The DOS path of a host file, on the drive whose directory is nearest.
    private func dosPath(of file: String, _ mounts: [Mount], _ machine: MachineConfiguration) throws(HostingError)
        -> [UInt8]
    {
        let places = zip(machine.drives, mounts).compactMap { drive, mount in
            ProgramLocator.names(of: file, beneath: mount.directory).map { (drive, $0) }
        }
        guard let (drive, names) = places.min(by: { $0.1.count < $1.1.count }),
            let path = ProgramLocator.dosPath(of: names, on: drive.volume)
        else { throw HostingError("\(file): cannot be reached from DOS", status: ExitStatus.notFound) }
        return [drive.letter + 0x41, UInt8(ascii: ":")] + path.names.flatMap { [UInt8(ascii: "\\")] + $0.dottedBytes }
    }

    /// The arguments as a command tail: each after a blank, nothing in them interpreted.
    private func commandTail() throws(HostingError) -> [UInt8] {
        let text = options.arguments.map { " " + $0 }.joined()
        let tail = try dosText(text, origin: "the program's arguments")
        guard tail.count <= LaunchPlanner.tailLimit else {
            throw HostingError("the program's arguments are longer than DOS's \(LaunchPlanner.tailLimit) characters")
        }
        return tail
    }

    private func dosText(_ text: String, origin: String) throws(HostingError) -> [UInt8] {
        guard let bytes = codePage.bytes(text, replacement: nil), !bytes.contains(0) else {
            throw HostingError("\(origin): '\(text)' has characters that code page \(codePage.number) lacks")
        }
        return bytes
    }
}
