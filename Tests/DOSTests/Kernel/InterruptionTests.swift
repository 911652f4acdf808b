import Core
import Storage
import Testing
import X86

@testable import DOS

@Suite struct InterruptionTests {
    @Test func controlCRestartsTheCallAfterIRET() throws {
        let machine = try DOSMachine()
        machine.type("\u{3}")
        var sawStack = FarPointer(0, 0)
        machine.handlers[0x23] = { cpu in
            sawStack = cpu.stackPointer
            machine.type("k")
            return false
        }
        let stack = machine.cpu.stackPointer
        #expect(machine.dos(0x0800) == .returned)
        #expect(machine.text == "^C\r\n")
        #expect(machine.cpu.al == UInt8(ascii: "k"))
        // IP, CS and FLAGS of the call are on top.
        #expect(sawStack == FarPointer(stack.segment, stack.offset - 6))
        #expect(machine.cpu.stackPointer == stack)
    }

    @Test func theRestartedCallHasTheHandlersRegisters() throws {
        let machine = try DOSMachine()
        machine.type("\u{3}")
        machine.handlers[0x23] = { cpu in
            cpu.ax = 0x0200
            cpu.dl = UInt8(ascii: "!")
            return false
        }
        #expect(machine.dos(0x0800) == .returned)
        #expect(machine.text == "^C\r\n!")
    }

    @Test func farReturnWithCarryEndsTheProcess() throws {
        let machine = try DOSMachine(files: ["CHILD.COM": [0xC3]])
        #expect(try ProcessTests.start("C:\\CHILD.COM", machine) == .transferred)
        machine.type("\u{3}")
        machine.handlers[0x23] = { cpu in
            cpu.flags |= Flag.carry
            return true
        }
        #expect(machine.dos(0x0800) == .transferred)
        machine.dos(0x4D00)
        #expect(machine.cpu.ax == 0x0100)
    }

    @Test func farReturnWithoutCarryGoesOn() throws {
        let machine = try DOSMachine()
        machine.type("\u{3}")
        machine.handlers[0x23] = { cpu in
            cpu.flags &= ~Flag.carry
            machine.type("m")
            return true
        }
        let stack = machine.cpu.stackPointer
        #expect(machine.dos(0x0800) == .returned)
        #expect(machine.cpu.al == UInt8(ascii: "m"))
        #expect(machine.cpu.stackPointer == stack)
    }

    @Test func breakIsOnlyLookedForEverywhereWhenItIsOn() throws {
        let machine = try DOSMachine()
        machine.type("\u{3}")
        machine.dos(0x3000)
        #expect(machine.interrupts.isEmpty)
        machine.dos(0x3301) { $0.dl = 1 }
        machine.dos(0x3000)
        #expect(machine.interrupts == [0x23])
    }

    @Test func outputToTheHostCanBeInterrupted() throws {
        let machine = try DOSMachine(isStream: true, terminals: [.output])
        machine.type("\u{3}")
        machine.dos(0x0200) { $0.dl = 0x2E }
        #expect(machine.interrupts == [0x23])
        let writer = try DOSMachine(isStream: true, terminals: [.output])
        writer.type("\u{3}")
        writer.place("abc")
        writer.dos(0x4000) {
            $0.bx = 1; $0.cx = 3; $0.dx = 0x4000
        }
        #expect(writer.interrupts == [0x23])
        #expect(writer.hostText == "^C\r\nabc")
    }

    @Test func outputToAFileOfTheHostDoesNotLookAtTheKeyboard() throws {
        let machine = try DOSMachine(isStream: true)
        machine.type("\u{3}")
        machine.place("abc")
        machine.dos(0x4000) {
            $0.bx = 1; $0.cx = 3; $0.dx = 0x4000
        }
        #expect(machine.interrupts.isEmpty)
        #expect(machine.hostText == "abc")
    }

    @Test func controlBreakIsAControlC() throws {
        let machine = try DOSMachine()
        // What the handler of INT 1Bh does.
        #expect(machine.memory.vector(0x1B) == DOSLayout.breakHandler)
        machine.memory.write8(DOSLayout.pendingScanCode, 3)
        machine.dos(0x0B00)
        #expect(machine.interrupts == [0x23])
    }

    // MARK: Critical errors

    /// A drive that is not ready until it is told.
    private func machineWithDoor() throws -> (DOSMachine, DoorVolume) {
        let door = DoorVolume()
        let machine = try DOSMachine { $0.drives.append((0, door)) }
        return (machine, door)
    }

    @Test func aDriveThatIsNotReadyCallsINT24() throws {
        let (machine, _) = try machineWithDoor()
        var seen: (ax: UInt16, di: UInt16, stack: FarPointer)?
        machine.handlers[0x24] = { cpu in
            seen = (cpu.ax, cpu.di, cpu.stackPointer)
            #expect(machine.memory.read16(cpu.stackPointer) == 0x3D00)
            #expect(machine.memory.read8(DOSLayout.criticalErrorFlag) == 1)
            #expect(machine.memory.read8(DOSLayout.inDOS) == 0)
            cpu.al = 3
            return false
        }
        machine.place("A:\\X.TXT")
        let stack = machine.cpu.stackPointer
        #expect(machine.dos(0x3D00) { $0.dx = 0x4000 } == .returned)
        let answer = try #require(seen)
        #expect(answer.di == 2)
        #expect(answer.ax & 0x80FF == 0)
        #expect(answer.stack.offset == stack.offset - 24)
        #expect(machine.carry)
        #expect(machine.cpu.ax == 5)
        machine.dos(0x5900)
        #expect(machine.cpu.ax == 0x53)
    }

    @Test func retryRunsTheCallAgain() throws {
        let (machine, door) = try machineWithDoor()
        machine.handlers[0x24] = { cpu in
            door.isClosed = true
            cpu.al = 1
            return false
        }
        machine.place("A:\\X.TXT")
        machine.dos(0x3D00) { $0.dx = 0x4000 }
        #expect(machine.interrupts == [0x24])
        #expect(machine.carry)
        #expect(machine.cpu.ax == 2)
    }

    @Test func abortEndsTheProcess() throws {
        let (machine, _) = try machineWithDoor()
        try machine.drive.load(["CHILD.COM": [0xC3]])
        #expect(try ProcessTests.start("C:\\CHILD.COM", machine) == .transferred)
        machine.handlers[0x24] = { cpu in
            cpu.al = 2
            return false
        }
        machine.place("A:\\X.TXT")
        #expect(machine.dos(0x3D00) { $0.dx = 0x4000 } == .transferred)
        machine.dos(0x4D00)
        #expect(machine.cpu.ax == 0x0200)
    }
}

/// A drive without a disk until its door is closed; then it is empty.
final class DoorVolume: Volume {
    var isClosed = false
    let label: ShortName? = nil
    let serialNumber: UInt32 = 1
    let isReadOnly = true

    private func check() throws(VolumeError) { if !isClosed { throw .notReady } }

    func space() throws(VolumeError) -> VolumeSpace {
        try check()
        return VolumeSpace(sectorsPerCluster: 1, bytesPerSector: 512, totalClusters: 1, freeClusters: 1)
    }
    func entry(at path: VolumePath) throws(VolumeError) -> DirectoryEntry {
        try check()
        throw .fileNotFound
    }
    func entries(in directory: VolumePath) throws(VolumeError) -> [DirectoryEntry] {
        try check()
        return []
    }
    func open(_ path: VolumePath, access: FileAccess) throws(VolumeError) -> FileID {
        try check()
        throw .fileNotFound
    }
    func create(_ path: VolumePath, attributes: FileAttributes, mustBeNew: Bool) throws(VolumeError) -> FileID {
        try check()
        throw .writeProtected
    }
    func read(_ file: FileID, at offset: UInt32, into buffer: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int
    { throw .invalidHandle }
    func write(_ file: FileID, at offset: UInt32, from buffer: UnsafeRawBufferPointer) throws(VolumeError) -> Int {
        throw .invalidHandle
    }
    func setSize(_ file: FileID, _ size: UInt32) throws(VolumeError) { throw .invalidHandle }
    func size(of file: FileID) throws(VolumeError) -> UInt32 { throw .invalidHandle }
    func modified(_ file: FileID) throws(VolumeError) -> FileTime { throw .invalidHandle }
    func setModified(_ file: FileID, _ time: FileTime) throws(VolumeError) { throw .invalidHandle }
    func commit(_ file: FileID) throws(VolumeError) { throw .invalidHandle }
    func close(_ file: FileID) throws(VolumeError) { throw .invalidHandle }
    func remove(_ path: VolumePath) throws(VolumeError) { throw .writeProtected }
    func rename(_ path: VolumePath, to target: VolumePath) throws(VolumeError) { throw .writeProtected }
    func setAttributes(_ path: VolumePath, _ attributes: FileAttributes) throws(VolumeError) { throw .writeProtected }
    func makeDirectory(_ path: VolumePath) throws(VolumeError) { throw .writeProtected }
    func removeDirectory(_ path: VolumePath) throws(VolumeError) { throw .writeProtected }
    func digest(of file: FileID) throws(VolumeError) -> UInt64 { throw .invalidHandle }
}
