import Boards
import Chips
import Core
import TestSupport
import Testing

/// A small generator, the same on every run.
private struct Dice {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func roll(_ sides: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % sides
    }
}

/// The main board of an AT or XT with a display adapter, without a processor.
private final class Board {
    let scheduler = Scheduler()
    let memory = GuestMemory(extendedKilobytes: 64)
    let ports = PortMap()
    let pics: InterruptControllerPair
    let keyboard: any KeyboardDevice
    let dma: DMABoard
    let adapter: any DisplayAdapter
    let chunks: [any StateChunk]
    private let wires: [Line]
    private(set) var now = Tick.zero
    private(set) var vectors: [UInt8] = []
    private let request = Line()

    init(isAT: Bool) {
        let pics = InterruptControllerPair(hasSlave: isAT, output: request)
        let (irq0, irq1, irq8, irq12, gate, speaker) = (Line(), Line(), Line(), Line(), Line(), Line())
        for (line, number) in [(irq0, 0), (irq1, 1), (irq8, 8), (irq12, 12)] { pics.connect(line, toIRQ: number) }
        let timer = Intel8254(
            variant: isAT ? .i8254 : .i8253, outputs: [irq0, Line(), Line()],
            slots: [scheduler.makeSlot("timer"), nil, nil])
        gate.connect(to: timer, as: 2)
        ports.attach(timer, at: 0x40...0x43)
        let dma = DMABoard(
            isAT: isAT, memory: memory, slot: scheduler.makeSlot("dma"), refreshTimer: isAT ? nil : timer)
        let retrace = Line()
        let adapter: any DisplayAdapter =
            isAT
            ? VGAAdapter(memory: memory, interrupt: retrace, slot: scheduler.makeSlot("vertical retrace"))
            : CRTCAdapter(kind: .cga, memory: memory)
        pics.connect(retrace, toIRQ: 2)
        let typematic = scheduler.makeSlot("typematic")
        let test = scheduler.makeSlot("keyboard test")
        let cable = scheduler.makeSlot("keyboard cable")
        var chunks: [any StateChunk] = [scheduler, memory, timer, adapter] + pics.chunks + dma.chunks
        var wires = [irq0, irq1, irq8, irq12, gate, speaker]
        if isAT {
            let (a20, fastA20, slowA20, reset, fastReset, nmi) = (Line(), Line(), Line(), Line(), Line(), Line())
            let gateA20 = OrGate(chunkID: ChunkID("A20 "), output: a20)
            slowA20.connect(to: gateA20, as: 0)
            fastA20.connect(to: gateA20, as: 1)
            let keyboard = IBMATKeyboard(typematicSlot: typematic, testSlot: test)
            let controller = Intel8042(
                keyboard: keyboard, slot: cable, keyboardInterrupt: irq1, auxiliaryInterrupt: irq12, a20: slowA20,
                reset: reset)
            let clock = MotorolaMC146818(
                date: ClockDate(year: 1990, month: 2, day: 28, hour: 23, minute: 59), interrupt: irq8, nmiMask: nmi,
                slot: scheduler.makeSlot("clock"))
            let control = SystemControlPort(timer: timer, timerGate: gate, speakerData: speaker)
            let fast = SystemControlPortA(a20: fastA20, reset: fastReset)
            ports.attach(controller, at: 0x60...0x60)
            ports.attach(controller, at: 0x64...0x64)
            ports.attach(clock, at: 0x70...0x71)
            control.attach(to: ports)
            fast.attach(to: ports)
            chunks += [gateA20, keyboard, controller, clock, control, fast]
            wires += [a20, fastA20, slowA20, reset, nmi]
            self.keyboard = keyboard
        } else {
            let keyboard = IBMXTKeyboard(typematicSlot: typematic, testSlot: test)
            let peripherals = XTPeripherals(
                model: .xt, switches: 0x6D, keyboard: keyboard, slot: cable, timer: timer, keyboardInterrupt: irq1,
                timerGate: gate, speakerData: speaker)
            peripherals.attach(to: ports)
            chunks += peripherals.chunks
            self.keyboard = keyboard
        }
        for attach in [pics.attach, dma.attach, adapter.attach] { attach(ports) }
        (self.pics, self.dma, self.adapter, self.chunks, self.wires) = (pics, dma, adapter, chunks, wires)
    }

    var levels: [Bool] { wires.map(\.isAsserted) + [request.isAsserted] }

    /// A board with the same state.
    func copy(isAT: Bool) -> Board {
        let board = Board(isAT: isAT)
        let coders = chunks.map { savedState($0) }
        for (chunk, bytes) in zip(board.chunks, coders) {
            let coder = StateCoder.loading(bytes)
            chunk.transfer(coder)
            #expect(coder.isComplete, "\(chunk.chunkID): \(coder.failure ?? "bytes are left over")")
        }
        for chunk in board.chunks { chunk.stateDidRestore() }
        board.now = now
        return board
    }

    private static let hotPorts: [UInt16] = [
        0x20, 0x21, 0x40, 0x41, 0x42, 0x43, 0x60, 0x61, 0x63, 0x64, 0x70, 0x71, 0x92, 0xA0, 0xA1, 0x3C0, 0x3D4,
        0x3D5, 0x3DA,
    ]

    /// One thing that a program, a person or a device might do. What can be seen is recorded in `vectors`.
    func act(_ dice: inout Dice) {
        let (kind, a, b) = (dice.roll(10), dice.roll(0x400), UInt8(dice.roll(256)))
        switch kind {
        case 0...3:
            let port = a & 1 == 0 ? Board.hotPorts[a % Board.hotPorts.count] : UInt16(a)
            ports.write8(port, b, at: now)
        case 4, 5:
            let port = a & 1 == 0 ? Board.hotPorts[a % Board.hotPorts.count] : UInt16(a)
            vectors.append(ports.read8(port, at: now))
        case 6: keyboard.key(UInt16(a & 0x5F) | (b > 200 ? 0xE000 : 0), isDown: b & 1 != 0, at: now)
        case 7: if request.isAsserted { vectors.append(pics.acknowledge(at: now)) }
        case 8:
            vectors.append(UInt8(truncatingIfNeeded: dma.channel(a % 8)?.read()?.value ?? 0))
            _ = dma.channel(a % 8)?.write(UInt16(b))
        default: run(Tick(Int64(a + 1) << Int64(b % 24)))
        }
        run(ClockPeriod.timer * Int64(b % 5))
    }

    /// Time passes from event to event, as in the main loop.
    private func run(_ span: Tick) {
        let end = now + span
        while scheduler.nextDeadline <= end {
            now = max(now, scheduler.nextDeadline)
            scheduler.deliver(through: now)
        }
        now = end
    }
}

@Suite struct RandomOperationTests {
    @Test("nothing that is written to any port traps, and a copy at any time goes on alike", arguments: 1...12)
    func randomOperations(seed: UInt64) {
        for isAT in [true, false] {
            var dice = Dice(seed: seed)
            let board = Board(isAT: isAT)
            for _ in 0..<150 { board.act(&dice) }
            let copy = board.copy(isAT: isAT)
            #expect(copy.levels == board.levels)
            for (chunk, other) in zip(board.chunks, copy.chunks) {
                #expect(savedState(chunk) == savedState(other), "\(chunk.chunkID)")
            }
            let seen = board.vectors.count
            var (first, second) = (dice, dice)
            for _ in 0..<150 {
                board.act(&first)
                copy.act(&second)
            }
            #expect(Array(board.vectors[seen...]) == copy.vectors)
            #expect(copy.levels == board.levels)
            for (chunk, other) in zip(board.chunks, copy.chunks) {
                #expect(savedState(chunk) == savedState(other), "\(chunk.chunkID)")
            }
            _ = board.adapter.textScreen(at: board.now)
        }
    }

    @Test("random bytes as a state are refused or taken, never a trap")
    func randomStates() {
        var dice = Dice(seed: 77)
        for isAT in [true, false] {
            for _ in 0..<20 {
                let board = Board(isAT: isAT)
                for chunk in board.chunks where chunk.chunkID != ChunkID("MEMO") {
                    var bytes = savedState(chunk)
                    for _ in 0..<8 where !bytes.isEmpty { bytes[dice.roll(bytes.count)] = UInt8(dice.roll(256)) }
                    let coder = StateCoder.loading(bytes)
                    chunk.transfer(coder)
                }
                for chunk in board.chunks { chunk.stateDidRestore() }
                for _ in 0..<40 { board.act(&dice) }
                #expect(board.scheduler.nextDeadline > board.now)
                _ = board.adapter.textScreen(at: board.now)
            }
        }
    }
}
