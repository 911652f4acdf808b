import Core
import X86

@testable import DOS

/// INT 21h for tests of the shell alone: files in a dictionary, a console that is a string, lines typed in advance.
/// Programs are names with an exit code and an output.
final class DOSDouble {
    struct OpenFile {
        /// Empty for the console, `NUL` for the null device.
        var path: String
        var position = 0
        var uses = 1
    }

    struct Program {
        var output = ""
        var exitCode: UInt8 = 0
        /// 1: ended by Ctrl-C.
        var exitType: UInt8 = 0
        /// Copies standard input to standard output.
        var isFilter = false
        /// The DOS error of the EXEC itself.
        var loadError: UInt16?
    }

    let memory: GuestMemory
    var files: [String: [UInt8]] = [:]
    var attributes: [String: UInt8] = [:]
    var directories: Set<String> = ["C:\\", "D:\\"]
    var programs: [String: Program] = [:]
    /// What was executed: path, tail.
    var executed: [String] = []
    var current: [UInt8: String] = [2: "", 3: ""]
    var drive: UInt8 = 2
    var console = ""
    /// Lines for AH=0Ah. `^C` is a Ctrl-C.
    var typed: [String] = []
    var keys: [UInt8] = []
    var open: [OpenFile] = [OpenFile(path: "", uses: 5)]
    var psp: UInt16 = 0
    private var lastProgram = Program()
    private var nextBlock: UInt16 = 0x3000
    private var temporary = 0
    var searches: [[(String, UInt8, Int)]] = []
    var calls: [UInt8] = []
    var freed: [UInt16] = []

    init(memory: GuestMemory) { self.memory = memory }

    // MARK: Names

    func whole(_ path: String) -> String {
        var path = path.uppercased().replacingSlashes
        var drive = drive
        if path.utf8.dropFirst().first == 0x3A, let letter = path.utf8.first {
            drive = letter - 0x41
            path = String(path.dropFirst(2))
        }
        let isAbsolute = path.hasPrefix("\\")
        var parts = isAbsolute ? [] : (current[drive] ?? "").split(separator: "\\").map(String.init)
        for part in path.split(separator: "\\") {
            if part == "." { continue }
            if part == ".." {
                _ = parts.popLast()
            } else {
                parts.append(part.hasSuffix(".") ? String(part.dropLast()) : String(part))
            }
        }
        return letter(drive) + ":\\" + parts.joined(separator: "\\")
    }

    private func letter(_ drive: UInt8) -> String { String(decoding: [0x41 + drive], as: UTF8.self) }

    private func device(_ path: String) -> String? {
        let name = path.split(separator: "\\").last.map { $0.split(separator: ".").first.map(String.init) ?? "" } ?? ""
        switch name {
        case "CON": return ""
        case "NUL": return "NUL"
        default: return nil
        }
    }

    private func parent(_ path: String) -> String {
        let end = path.lastIndex(of: "\\") ?? path.startIndex
        let parent = String(path[..<end])
        return parent.count == 2 ? parent + "\\" : parent
    }

    // MARK: Handles, in the PSP's table as DOS has them

    private func slot(_ handle: UInt16) -> FarPointer { FarPointer(psp, 0x18 + handle) }

    private func file(_ handle: UInt16) -> Int? {
        guard handle < 20 else { return nil }
        let index = memory.read8(slot(handle))
        return index == 0xFF ? nil : Int(index)
    }

    private func newHandle(_ file: OpenFile) -> UInt16? {
        guard let handle = (0..<UInt16(20)).first(where: { memory.read8(slot($0)) == 0xFF }) else { return nil }
        var index = open.count
        if let unused = open.firstIndex(where: { $0.uses == 0 }) {
            index = unused
            open[index] = file
        } else {
            open.append(file)
        }
        memory.write8(slot(handle), UInt8(truncatingIfNeeded: index))
        return handle
    }

    var openHandles: [UInt16] { (0..<20).filter { memory.read8(slot($0)) != 0xFF } }

    // MARK: INT 21h

    enum Result { case answered, ended(UInt8), breakKey }

    func interrupt(_ cpu: Registers) -> Result {
        calls.append(cpu.ah)
        cpu.flags &= ~Flag.carry
        func fail(_ code: UInt16) {
            cpu.ax = code
            cpu.flags |= Flag.carry
        }
        let path = { self.whole(String(decoding: self.memory.readString(FarPointer(cpu.ds, cpu.dx)), as: UTF8.self)) }
        switch cpu.ah {
        case 0x02: console += String(decoding: [cpu.dl], as: UTF8.self)
        case 0x06:
            if keys.isEmpty { cpu.flags |= 0x40 } else { (cpu.al, cpu.flags) = (keys.removeFirst(), cpu.flags & ~0x40) }
        case 0x07, 0x08:
            guard !keys.isEmpty else { return .ended(250) }
            let key = keys.removeFirst()
            if key == 3, cpu.ah == 8 { return .breakKey }
            cpu.al = key
        case 0x0A:
            guard !typed.isEmpty else {
                memory.writeBytes(FarPointer(cpu.ds, cpu.dx + 1), [1, 0x1A, 0x0D])
                break
            }
            let line = typed.removeFirst()
            if line == "^C" {
                console += "^C\r\n"
                return .breakKey
            }
            console += line + "\r"
            memory.writeBytes(FarPointer(cpu.ds, cpu.dx + 1), [UInt8(line.utf8.count)] + Array(line.utf8) + [0x0D])
        case 0x0E: if current[cpu.dl] != nil { drive = cpu.dl }
        case 0x19: cpu.al = drive
        case 0x1A, 0x25, 0x2E, 0x33, 0x50: if cpu.ah == 0x50 { psp = cpu.bx }
        case 0x29: cpu.al = 0
        case 0x2A: (cpu.cx, cpu.dx, cpu.al) = (1990, 0x0102, 2)
        case 0x2B: cpu.al = cpu.cx >= 1980 && cpu.dh <= 12 ? 0 : 0xFF
        case 0x2C: (cpu.cx, cpu.dx) = (0x0D05, 0x0709)
        case 0x2D: cpu.al = cpu.ch < 24 ? 0 : 0xFF
        case 0x30: cpu.ax = 0x0005
        case 0x36:
            if current[cpu.dl == 0 ? drive : cpu.dl - 1] == nil {
                cpu.ax = 0xFFFF
            } else {
                (cpu.ax, cpu.bx, cpu.cx, cpu.dx) = (8, 1000, 512, 2000)
            }
        case 0x39:
            if directories.contains(path()) || !directories.contains(parent(path())) {
                fail(3)
            } else {
                directories.insert(path())
            }
        case 0x3A: if directories.remove(path()) == nil { fail(3) }
        case 0x3B:
            let name = path()
            guard directories.contains(name) else { fail(3); break }
            current[name.utf8.first.map { $0 - 0x41 } ?? 2] = String(name.dropFirst(3))
        case 0x3C, 0x3D: openFile(path(), cpu, fail)
        case 0x3E: if !close(cpu.bx) { fail(6) }
        case 0x3F: read(cpu, fail)
        case 0x40: write(cpu, fail)
        case 0x41: if files.removeValue(forKey: path()) == nil { fail(2) }
        case 0x42: seek(cpu, fail)
        case 0x43:
            if cpu.al == 1 { attributes[path()] = cpu.cl }
            if files[path()] != nil {
                cpu.cx = UInt16(attributes[path()] ?? 0x20)
            } else if directories.contains(path()) {
                cpu.cx = 0x10
            } else {
                fail(2)
            }
        case 0x44:
            guard let index = file(cpu.bx) else { fail(6); break }
            cpu.dx = open[index].path == "" ? 0x80D3 : open[index].path == "NUL" ? 0x8084 : 2
        case 0x45:
            guard let index = file(cpu.bx), let handle = newHandle(OpenFile(path: "")) else { fail(6); break }
            memory.write8(slot(handle), UInt8(index))
            open[index].uses += 1
            cpu.ax = handle
        case 0x46:
            guard let index = file(cpu.bx), cpu.cx < 20 else { fail(6); break }
            _ = close(cpu.cx)
            memory.write8(slot(cpu.cx), UInt8(index))
            open[index].uses += 1
        case 0x47:
            guard let directory = current[cpu.dl == 0 ? drive : cpu.dl - 1] else { fail(15); break }
            memory.writeBytes(FarPointer(cpu.ds, cpu.si), Array(directory.utf8) + [0])
        case 0x48:
            if cpu.bx == 0xFFFF { (cpu.ax, cpu.bx) = (8, 0x5000); cpu.flags |= Flag.carry; break }
            memory.write8(FarPointer(nextBlock, 0), 0x4D)
            memory.write16(FarPointer(nextBlock, 1), psp)
            memory.write16(FarPointer(nextBlock, 3), cpu.bx)
            cpu.ax = nextBlock + 1
            nextBlock += cpu.bx + 1
        case 0x49: freed.append(cpu.es)
        case 0x4A: break
        case 0x4B: execute(path(), cpu, fail)
        case 0x4C: return .ended(cpu.al)
        case 0x4D: cpu.ax = UInt16(lastProgram.exitType) << 8 | UInt16(lastProgram.exitCode)
        case 0x4E: findFirst(path(), cpu, fail)
        case 0x4F: findNext(cpu, fail)
        case 0x51: cpu.bx = psp
        case 0x54: cpu.al = 0
        case 0x56:
            let target = whole(String(decoding: memory.readString(FarPointer(cpu.es, cpu.di)), as: UTF8.self))
            guard let bytes = files[path()], files[target] == nil else { fail(5); break }
            files[path()] = nil
            files[target] = bytes
        case 0x57: (cpu.cx, cpu.dx) = (0, 0)
        case 0x5A:
            temporary += 1
            let name =
                String(decoding: memory.readString(FarPointer(cpu.ds, cpu.dx)), as: UTF8.self) + "TMP\(temporary)"
            memory.writeBytes(FarPointer(cpu.ds, cpu.dx), Array(name.utf8) + [0])
            openFile(whole(name), cpu, fail)
        case 0x60:
            let name = whole(String(decoding: memory.readString(FarPointer(cpu.ds, cpu.si)), as: UTF8.self))
            memory.writeBytes(FarPointer(cpu.es, cpu.di), Array(name.utf8) + [0])
        default: fail(1)
        }
        return .answered
    }

    private func openFile(_ path: String, _ cpu: Registers, _ fail: (UInt16) -> Void) {
        if let device = device(path) {
            guard let handle = newHandle(OpenFile(path: device)) else { return fail(4) }
            cpu.ax = handle
            return
        }
        if cpu.ah == 0x3D {
            guard files[path] != nil else { return fail(2) }
        } else {
            guard directories.contains(parent(path)), !directories.contains(path) else { return fail(3) }
            if let bits = attributes[path], bits & 1 != 0 { return fail(5) }
            files[path] = []
        }
        guard let handle = newHandle(OpenFile(path: path)) else { return fail(4) }
        cpu.ax = handle
    }

    private func close(_ handle: UInt16) -> Bool {
        guard let index = file(handle) else { return false }
        open[index].uses -= 1
        memory.write8(slot(handle), 0xFF)
        return true
    }

    private func read(_ cpu: Registers, _ fail: (UInt16) -> Void) {
        guard let index = file(cpu.bx) else { return fail(6) }
        let path = open[index].path
        if path == "NUL" { return cpu.ax = 0 }
        if path == "" {
            let line = typed.isEmpty ? [0x1A] : Array((typed.removeFirst() + "\r\n").utf8)
            memory.writeBytes(FarPointer(cpu.ds, cpu.dx), line)
            return cpu.ax = UInt16(line.count)
        }
        let bytes = Array((files[path] ?? []).dropFirst(open[index].position).prefix(Int(cpu.cx)))
        memory.writeBytes(FarPointer(cpu.ds, cpu.dx), bytes)
        open[index].position += bytes.count
        cpu.ax = UInt16(bytes.count)
    }

    private func write(_ cpu: Registers, _ fail: (UInt16) -> Void) {
        guard let index = file(cpu.bx) else { return fail(6) }
        put(memory.readBytes(FarPointer(cpu.ds, cpu.dx), Int(cpu.cx)), index)
        cpu.ax = cpu.cx
    }

    private func put(_ bytes: [UInt8], _ index: Int) {
        switch open[index].path {
        case "": console += String(decoding: bytes, as: UTF8.self)
        case "NUL": break
        default:
            var content = files[open[index].path] ?? []
            let position = min(open[index].position, content.count)
            content.replaceSubrange(position..<min(position + bytes.count, content.count), with: bytes)
            files[open[index].path] = content
            open[index].position += bytes.count
        }
    }

    private func seek(_ cpu: Registers, _ fail: (UInt16) -> Void) {
        guard let index = file(cpu.bx) else { return fail(6) }
        let offset = Int(cpu.cx) << 16 | Int(cpu.dx)
        open[index].position =
            offset + (cpu.al == 2 ? (files[open[index].path] ?? []).count : cpu.al == 1 ? open[index].position : 0)
        cpu.ax = UInt16(truncatingIfNeeded: open[index].position)
        cpu.dx = UInt16(truncatingIfNeeded: open[index].position >> 16)
    }

    // MARK: Searches and programs

    private func findFirst(_ path: String, _ cpu: Registers, _ fail: (UInt16) -> Void) {
        let directory = parent(path)
        let pattern = Array(path[(path.lastIndex(of: "\\") ?? path.startIndex)...].dropFirst().utf8)
        guard directories.contains(directory) else { return fail(3) }
        let wanted = UInt8(truncatingIfNeeded: cpu.cx)
        guard wanted != 8 else { return fail(18) }
        var found: [(String, UInt8, Int)] = []
        for name in (Array(files.keys) + directories).sorted() where parent(name) == directory && name.count > 3 {
            let bits = directories.contains(name) ? 0x10 : attributes[name] ?? 0x20
            let last = String(name[(name.lastIndex(of: "\\") ?? name.startIndex)...].dropFirst())
            guard bits & 0x16 & ~wanted == 0, ShellPath.matches(pattern: pattern, name: Array(last.utf8)) else {
                continue
            }
            found.append((last, bits, files[name]?.count ?? 0))
        }
        searches.append(found)
        memory.write16(FarPointer(psp, ShellLayout.dta), UInt16(searches.count - 1))
        memory.write16(FarPointer(psp, ShellLayout.dta + 2), 0)
        findNext(cpu, fail, none: 2)
    }

    private func findNext(_ cpu: Registers, _ fail: (UInt16) -> Void, none: UInt16 = 18) {
        let dta = FarPointer(psp, ShellLayout.dta)
        let list = searches[Int(memory.read16(dta))]
        let position = Int(memory.read16(dta + 2))
        guard position < list.count else { return fail(none) }
        memory.write16(dta + 2, UInt16(position + 1))
        let (name, bits, size) = list[position]
        memory.write8(dta + 0x15, bits)
        memory.write16(dta + 0x16, 0x6920)
        memory.write16(dta + 0x18, 0x1422)
        memory.write32(dta + 0x1A, UInt32(size))
        memory.writeBytes(dta + 0x1E, Array(name.utf8) + [0])
    }

    private func execute(_ path: String, _ cpu: Registers, _ fail: (UInt16) -> Void) {
        let tail = memory.readPointer(FarPointer(cpu.es, cpu.bx) + 2)
        let text = memory.readBytes(tail + 1, Int(memory.read8(tail)))
        executed.append(path + "|" + String(decoding: text, as: UTF8.self))
        lastProgram = programs[path] ?? Program()
        if let error = lastProgram.loadError { return fail(error) }
        if let index = file(1) {
            put(Array(lastProgram.output.utf8), index)
            if lastProgram.isFilter, let input = file(0) { put(files[open[input].path] ?? [], index) }
        }
    }
}

extension String {
    fileprivate var replacingSlashes: String { String(map { $0 == "/" ? "\\" : $0 }) }
}
