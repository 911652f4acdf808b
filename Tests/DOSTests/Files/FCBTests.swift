import Core
import Storage
import Testing
import X86

@testable import DOS

/// File control blocks. Measured: MS-DOS 4.00 with a program that makes the same calls.
@Suite struct FCBTests {
    private static let place: UInt16 = 0x4000

    private func block(_ machine: DOSMachine, _ name: String, drive: UInt8 = 0, newName: String = "") {
        var bytes = [drive] + Array(name.utf8) + [UInt8](repeating: 0, count: 25)
        for (index, byte) in newName.utf8.enumerated() { bytes[0x11 + index] = byte }
        machine.place(bytes, at: FCBTests.place)
    }

    /// Calls a function with the block; AL.
    @discardableResult
    private func call(_ machine: DOSMachine, _ function: UInt16, cx: UInt16 = 0) -> UInt8 {
        machine.call(function << 8) { ($0.dx, $0.cx) = (FCBTests.place, cx) }
        return machine.cpu.al
    }

    private func setTransferArea(_ machine: DOSMachine, _ offset: UInt16) { machine.call(0x1A00) { $0.dx = offset } }

    private func word(_ machine: DOSMachine, _ offset: UInt16) -> UInt16 {
        machine.memory.read16(machine.data(FCBTests.place + offset))
    }

    private func set(_ machine: DOSMachine, _ offset: UInt16, _ value: UInt16) {
        machine.memory.write16(machine.data(FCBTests.place + offset), value)
    }

    @Test("records are written and read in sequence, at random and in blocks")
    func records() throws {
        let machine = try DOSMachine()
        block(machine, "FCBFILE DAT")
        #expect(call(machine, 0x16) == 0)
        #expect(word(machine, 0x0E) == 128)
        #expect(machine.memory.read8(machine.data(FCBTests.place)) == 3)
        machine.place((0..<128).map { UInt8($0) }, at: 0x5000)
        setTransferArea(machine, 0x5000)
        #expect(call(machine, 0x15) == 0)
        #expect(call(machine, 0x15) == 0)
        set(machine, 0x0E, 100)
        #expect(call(machine, 0x15) == 0)
        // Record 2 of 100 bytes; the file has 300 bytes.
        #expect(word(machine, 0x10) == 300)
        #expect(call(machine, 0x10) == 0)
        #expect(call(machine, 0x10) == 0)

        #expect(call(machine, 0x0F) == 0)
        #expect(word(machine, 0x10) == 300)
        set(machine, 0x20, 0)
        #expect(call(machine, 0x14) == 0)
        #expect(call(machine, 0x14) == 0)
        #expect(call(machine, 0x14) == 3)
        #expect(machine.memory.read8(machine.data(0x5000 + 44)) == 0)
        #expect(call(machine, 0x14) == 1)
        set(machine, 0x21, 1)
        set(machine, 0x23, 0)
        #expect(call(machine, 0x21) == 0)
        #expect(word(machine, 0x20) & 0xFF == 1)
        set(machine, 0x21, 5)
        #expect(call(machine, 0x21) == 1)
        set(machine, 0x21, 0)
        #expect(call(machine, 0x27, cx: 5) == 3)
        #expect(machine.cpu.cx == 3)
        #expect(word(machine, 0x21) == 3)
        // Writing no records sets the size.
        set(machine, 0x21, 1)
        #expect(call(machine, 0x28, cx: 0) == 0)
        #expect(word(machine, 0x10) == 128)
        #expect(call(machine, 0x23) == 0)
        #expect(word(machine, 0x21) == 1)
    }

    @Test("a transfer that does not fit the segment of the area")
    func wrap() throws {
        let machine = try DOSMachine()
        block(machine, "FCBFILE DAT")
        #expect(call(machine, 0x16) == 0)
        setTransferArea(machine, 0xFFC0)
        #expect(call(machine, 0x14) == 2)
        #expect(call(machine, 0x27, cx: 2) == 2)
        #expect(machine.cpu.cx == 0)
        #expect(call(machine, 0x28, cx: 2) == 2)
    }

    @Test("what is not there gives FFh, a transfer without a file 01h")
    func missing() throws {
        let machine = try DOSMachine()
        for function: UInt16 in [0x0F, 0x10, 0x11, 0x12, 0x13, 0x17, 0x23] {
            block(machine, "NO      DAT", newName: "X          ")
            #expect(call(machine, function) == 0xFF, "function \(function)")
        }
        for function: UInt16 in [0x14, 0x15, 0x21, 0x22, 0x27, 0x28] {
            block(machine, "NO      DAT")
            #expect(call(machine, function, cx: 1) == 1, "function \(function)")
        }
        block(machine, "SHELL   COM", drive: 17)
        #expect(call(machine, 0x0F) == 0xFF)
    }

    @Test("a search gives directory entries; an extended block asks for attributes")
    func search() throws {
        let machine = try DOSMachine(files: ["A.TXT": [1, 2, 3], "DIR\\X": []])
        setTransferArea(machine, 0x5000)
        block(machine, "????????TXT")
        #expect(call(machine, 0x11) == 0)
        #expect(machine.memory.readBytes(machine.data(0x5000), 12) == [3] + Array("A       TXT".utf8))
        #expect(machine.memory.read32(machine.data(0x501D)) == 3)
        #expect(call(machine, 0x12) == 0xFF)
        let extended = [0xFF, 0, 0, 0, 0, 0, 0x10, 0] + Array("???????????".utf8) + [UInt8](repeating: 0, count: 25)
        machine.place(extended, at: FCBTests.place)
        var names: [String] = []
        var result = call(machine, 0x11)
        while result == 0, names.count < 9 {
            #expect(machine.memory.read8(machine.data(0x5000)) == 0xFF)
            names.append(String(decoding: machine.memory.readBytes(machine.data(0x5008), 11), as: UTF8.self))
            result = call(machine, 0x12)
        }
        #expect(names == ["A       TXT", "DIR        ", "SHELL   COM"])
    }

    @Test("renaming and deleting take wildcards; read-only files stay")
    func wildcards() throws {
        let machine = try DOSMachine(files: ["AB1.TXT": [], "AB2.TXT": [], "AC.TXT": []])
        block(machine, "AB?     TXT", newName: "X???????D??")
        #expect(call(machine, 0x17) == 0)
        #expect(machine.error(0x4300, "XB1.DXT") == nil)
        #expect(machine.error(0x4300, "XB2.DXT") == nil)
        #expect(call(machine, 0x17) == 0xFF)
        #expect(machine.error(0x4301, "XB2.DXT") { $0.cx = 1 } == nil)
        block(machine, "X???????DXT")
        #expect(call(machine, 0x13) == 0)
        #expect(machine.error(0x4300, "XB1.DXT") == 2)
        #expect(machine.error(0x4300, "XB2.DXT") == nil)
        block(machine, "X???????DXT")
        #expect(call(machine, 0x13) == 0xFF)
    }

    @Test("a device takes and gives records; an open with wildcards takes the first file")
    func devices() throws {
        let machine = try DOSMachine(files: ["Q.TXT": [0x41]])
        machine.place(Array("on the screen".utf8), at: 0x5000)
        setTransferArea(machine, 0x5000)
        block(machine, "CON        ")
        #expect(call(machine, 0x0F) == 0)
        set(machine, 0x0E, 13)
        #expect(call(machine, 0x15) == 0)
        #expect(machine.text == "on the screen")
        #expect(call(machine, 0x28, cx: 1) == 0)
        #expect(machine.cpu.cx == 1)
        machine.type("ab\r")
        set(machine, 0x0E, 10)
        #expect(call(machine, 0x14) == 3)
        #expect(machine.memory.readBytes(machine.data(0x5000), 5) == Array("ab\r\n".utf8) + [0])
        block(machine, "NUL        ")
        #expect(call(machine, 0x0F) == 0)
        #expect(call(machine, 0x14) == 1)
        #expect(call(machine, 0x15) == 0)
        #expect(call(machine, 0x10) == 0)
        block(machine, "?       TXT")
        #expect(call(machine, 0x0F) == 0)
        #expect(word(machine, 0x10) == 1)
    }

    @Test("more files than FCBS= are open by block: the first gives way and comes back")
    func manyBlocks() throws {
        var files: [String: [UInt8]] = [:]
        for index in 0..<20 { files["F\(index).DAT"] = [UInt8(index)] }
        let machine = try DOSMachine(files: files)
        setTransferArea(machine, 0x5000)
        for index in 0..<20 {
            let name = ("F\(index)" + String(repeating: " ", count: 8)).prefix(8) + "DAT"
            machine.place([0] + Array(name.utf8) + [UInt8](repeating: 0, count: 25), at: UInt16(0x6000 + index * 64))
            machine.call(0x0F00) { $0.dx = UInt16(0x6000 + index * 64) }
            #expect(machine.cpu.al == 0)
        }
        for index in 0..<20 {
            machine.call(0x1400) { $0.dx = UInt16(0x6000 + index * 64) }
            #expect(machine.cpu.al == 3)
            #expect(machine.memory.read8(machine.data(0x5000)) == UInt8(index))
        }
    }

    @Test(
        "names are read from command lines",
        arguments: [
            (1, "abc.def", 0, 0, "ABC     DEF", 7), (1, " ;, abc.def", 0, 0, "           ", 2),
            (1, ";abc", 0, 0, "ABC        ", 4), (0, ";abc", 0, 0, "           ", 0),
            (1, "a*.?x*", 1, 0, "A????????X?", 6),
            (1, "c:name", 0, 3, "NAME       ", 6), (1, "q:name", 0xFF, 17, "NAME       ", 6),
            (1, "longnameabc.defgh", 0, 0, "LONGNAMEDEF", 17), (1, ".ext", 0, 0, "        EXT", 4),
            (1, "ab.cd.ef", 0, 0, "AB      CD ", 5), (0x0F, ".y", 0, 0x2D, "--------Y  ", 2),
            (0x0F, "x", 0, 0x2D, "X       ---", 1), (1, "ab/cd", 0, 0, "AB         ", 2),
            (1, "ab+cd", 0, 0, "AB         ", 2),
            (1, "c:*.*", 1, 3, "???????????", 5),
        ] as [(UInt16, String, UInt8, UInt8, String, UInt16)])
    func parse(
        _ flags: UInt16, _ text: String, _ result: UInt8, _ drive: UInt8, _ name: String, _ length: UInt16
    ) throws {
        let machine = try DOSMachine()
        machine.place([UInt8](repeating: 0x2D, count: 16), at: 0x4400)
        machine.place(text + "\r")
        machine.call(0x2900 | flags) { ($0.si, $0.di) = (0x4000, 0x4400) }
        #expect(machine.cpu.al == result)
        #expect(machine.cpu.si == 0x4000 + length)
        #expect(machine.memory.readBytes(machine.data(0x4400), 12) == [drive] + Array(name.utf8))
    }
}
