import Core
import Testing
import X86

@testable import ProcessorSuites

/// A processor model in one of the engines.
struct Chip: Sendable, CustomTestStringConvertible {
    let model: ProcessorModel
    let engine: SuiteEngine
    /// Every instruction takes so many clocks; nil for those of the model.
    var fixedClocks: Int?

    var testDescription: String {
        "\(model), \(engine.name)" + (fixedClocks.map { ", \($0) clocks an instruction" } ?? "")
    }

    static let original = [ProcessorModel.i8086, .i8088].flatMap { model in
        [Chip(model: model, engine: .fast), Chip(model: model, engine: .exact)]
    }
    static let i80186 = [Chip(model: .i80186, engine: .fast)]
    static let i80286 = [Chip(model: .i80286, engine: .fast), Chip(model: .i80286, engine: .exact)]
    static let successors = i80186 + i80286
    static let all = original + successors
}

/// Registers and all memory that differs from what a machine starts with.
struct HandState: Equatable {
    var ax: UInt16 = 0x1234
    var bx: UInt16 = 0x5678
    var cx: UInt16 = 0x9ABC
    var dx: UInt16 = 0xDEF0
    var sp: UInt16 = 0x0100
    var bp: UInt16 = 0x0200
    var si: UInt16 = 0x0300
    var di: UInt16 = 0x0400
    var cs: UInt16 = 0x1000
    var ss: UInt16 = 0x2000
    var ds: UInt16 = 0x3000
    var es: UInt16 = 0x4000
    var ip: UInt16 = 0x0100
    var flags: UInt16 = 0
    var msw: UInt16 = 0xFFF0
    var gdtBase: UInt32 = 0
    var gdtLimit: UInt16 = 0xFFFF
    var idtBase: UInt32 = 0
    var idtLimit: UInt16 = 0x03FF
    /// By physical address.
    var memory: [UInt32: UInt8] = [:]

    /// A general register by its number in instructions.
    subscript(number: Int) -> UInt16 {
        get { self[keyPath: Self.general[number]] }
        set { self[keyPath: Self.general[number]] = newValue }
    }
    nonisolated(unsafe) private static let general: [WritableKeyPath<HandState, UInt16>] = [
        \.ax, \.cx, \.dx, \.bx, \.sp, \.bp, \.si, \.di,
    ]

    init() {}

    init(_ s: CPUState) {
        (ax, bx, cx, dx, sp, bp, si, di) = (s.ax, s.bx, s.cx, s.dx, s.sp, s.bp, s.si, s.di)
        (cs, ss, ds, es, ip, flags, msw) = (s.cs, s.ss, s.ds, s.es, s.ip, s.flags, s.msw)
        (gdtBase, gdtLimit, idtBase, idtLimit) = (s.gdtBase, s.gdtLimit, s.idtBase, s.idtLimit)
    }

    func store(_ s: UnsafeMutablePointer<CPUState>) {
        (s.pointee.ax, s.pointee.bx, s.pointee.cx, s.pointee.dx) = (ax, bx, cx, dx)
        (s.pointee.sp, s.pointee.bp, s.pointee.si, s.pointee.di) = (sp, bp, si, di)
        (s.pointee.cs, s.pointee.ss, s.pointee.ds, s.pointee.es) = (cs, ss, ds, es)
        (s.pointee.ip, s.pointee.flags, s.pointee.msw) = (ip, flags, msw)
        (s.pointee.gdtBase, s.pointee.gdtLimit) = (gdtBase, gdtLimit)
        (s.pointee.idtBase, s.pointee.idtLimit) = (idtBase, idtLimit)
    }

    mutating func poke(_ segment: UInt16, _ offset: UInt16, _ bytes: UInt8...) {
        for (index, byte) in bytes.enumerated() {
            memory[(UInt32(segment) << 4 + UInt32(offset &+ UInt16(index))) & 0xF_FFFF] = byte
        }
    }

    mutating func pokeWord(_ segment: UInt16, _ offset: UInt16, _ words: UInt16...) {
        for (index, word) in words.enumerated() {
            let offset = offset &+ 2 &* UInt16(index)
            poke(segment, offset, UInt8(truncatingIfNeeded: word))
            poke(segment, offset &+ 1, UInt8(word >> 8))
        }
    }

    mutating func push(_ words: UInt16...) {
        for word in words {
            sp &-= 2
            pokeWord(ss, sp, word)
        }
    }

    /// Into the handler of `vector`, and past the HLT there.
    mutating func enter(_ vector: UInt8, from ip: UInt16) {
        push(flags, cs, ip)
        flags &= ~(Flag.trap | Flag.interrupt)
        (cs, self.ip) = (HandMachine.handlers, UInt16(vector) * 16 + 1)
    }
}

/// A processor with memory, for a few bytes of code and what they must do by hand.
///
/// Code is at 1000:0100 with a HLT behind it, the stack at 2000:0100, data at 3000 (DS) and 4000 (ES). Every vector n points
/// to 5000:n*10h, where a HLT stands.
final class HandMachine {
    static let handlers: UInt16 = 0x5000
    let machine: ComparedProcessor
    /// What code, data and vectors are at the start.
    private let start: [UInt32: UInt8]

    /// Memory without them. A write of zero must be seen.
    private static let image: [UInt8] = {
        var image = [UInt8](repeating: 0, count: 0x10_0000)
        for address in 0x1_0000..<0x5_0000 { image[address] = 0xCC }
        for vector in 0..<256 {
            let entry = [UInt8(vector << 4 & 0xFF), UInt8(vector >> 4), 0, UInt8(handlers >> 8)]
            image.replaceSubrange(vector * 4..<vector * 4 + 4, with: entry)
            image[0x5_0000 + vector * 16] = 0xF4
        }
        return image
    }()

    init(_ chip: Chip, _ code: [UInt8], _ start: HandState) throws {
        machine = try #require(ComparedProcessor(chip.model, chip.engine))
        let code = (code + [0xF4]).enumerated().map { (0x1_0100 + UInt32($0.offset), $0.element) }
        self.start = start.memory.merging(code) { placed, _ in placed }
        let physical = machine.memory.physical
        _ = physical.update(fromContentsOf: Self.image)
        for (address, byte) in self.start { physical[Int(address)] = byte }
        machine.engine.fixedInstructionClocks = chip.fixedClocks
        start.store(machine.registers.state)
        machine.engine.skip(to: machine.engine.now + Tick(1))
    }

    func close() { machine.close() }

    var registers: Registers { machine.registers }

    /// Runs to a HLT.
    func run(_ limit: Int = 1_000) -> ComparedProcessor.Step {
        for _ in 0..<limit {
            switch machine.step() {
            case .instruction, .interrupt: continue
            case let end: return end
            }
        }
        return .endless
    }

    /// Registers, and the memory that has changed.
    var state: HandState {
        var state = HandState(registers.state.pointee)
        for address in machine.touched { state.memory[address] = machine.memory.physical[Int(address)] }
        return changed(state)
    }

    /// `state` without the memory that is as it was at the start.
    func changed(_ state: HandState) -> HandState {
        var state = state
        state.memory = state.memory.filter { $0.value != start[$0.key] ?? Self.image[Int($0.key)] }
        return state
    }
}

/// Runs `code` to the HLT behind it or in a handler, once with all arithmetic flags clear and once with all set. `after` makes
/// of the state before what it must be afterwards; IP is behind the HLT already. It may take from `got` what is not defined.
func check(
    _ chip: Chip, _ code: [UInt8], _ prepare: (inout HandState) -> Void = { _ in },
    at location: SourceLocation = #_sourceLocation, after: (inout HandState, _ got: HandState) -> Void,
    end: ComparedProcessor.Step = .halted
) throws {
    for flags in [0, Flag.arithmetic] {
        var start = HandState()
        start.flags = flags
        prepare(&start)
        start.flags = chip.model.normalizedFlags(start.flags)
        let machine = try HandMachine(chip, code, start)
        defer { machine.close() }
        #expect(machine.run() == end, "the end of \(hexes(code))", sourceLocation: location)
        let got = machine.state
        var wanted = start
        wanted.ip = 0x0101 + UInt16(code.count)
        after(&wanted, got)
        wanted = machine.changed(wanted)
        #expect(got == wanted, "\(hexes(code)): \(differences(got, wanted))", sourceLocation: location)
    }
}

/// As above, with a result that does not depend on what came out.
func check(
    _ chip: Chip, _ code: [UInt8], _ prepare: (inout HandState) -> Void = { _ in },
    at location: SourceLocation = #_sourceLocation, after: (inout HandState) -> Void,
    end: ComparedProcessor.Step = .halted
) throws {
    try check(chip, code, prepare, at: location, after: { state, _ in after(&state) }, end: end)
}

/// `code` raises the exception `vector` and changes nothing; the address of its first byte is pushed.
func checkFault(
    _ chip: Chip, _ code: [UInt8], _ vector: UInt8, _ prepare: (inout HandState) -> Void = { _ in },
    at location: SourceLocation = #_sourceLocation
) throws {
    try check(chip, code, prepare, at: location) { $0.enter(vector, from: 0x0100) }
}

private func hexes(_ bytes: [UInt8]) -> String { bytes.map { hex($0) }.joined(separator: " ") }

private func differences(_ got: HandState, _ wanted: HandState) -> String {
    var lines: [String] = []
    for (a, b) in zip(Mirror(reflecting: got).children, Mirror(reflecting: wanted).children) {
        if let x = a.value as? UInt16, let y = b.value as? UInt16, x != y {
            lines.append("\(a.label ?? "") is \(hex(x)), should be \(hex(y))")
        }
    }
    for address in Set(got.memory.keys).union(wanted.memory.keys).sorted()
    where got.memory[address] != wanted.memory[address] {
        let (x, y) = (got.memory[address], wanted.memory[address])
        lines.append(
            "[\(hex(address))] is \(x.map { hex($0) } ?? "unchanged"), should be \(y.map { hex($0) } ?? "unchanged")")
    }
    return lines.joined(separator: ", ")
}
