import Boards
import Chips
import Core
import TestSupport
import Testing

@Suite struct DMABoardTests {
    private let memory = GuestMemory(extendedKilobytes: 64)
    private let ports = PortMap()

    private func makeBoard(isAT: Bool) -> DMABoard {
        let board = DMABoard(isAT: isAT, memory: memory)
        board.attach(to: ports)
        return board
    }

    private func out(_ port: UInt16, _ bytes: UInt8...) {
        for byte in bytes { ports.write8(port, byte, at: .zero) }
    }

    @Test("a disk read by channel 2 lands at page and address")
    func byteChannel() throws {
        let board = makeBoard(isAT: true)
        out(0x0B, 0x46)
        out(0x04, 0xFE, 0xFF)
        out(0x05, 0x03, 0x00)
        out(0x81, 0x02)
        out(0x0A, 0x02)
        let channel = try #require(board.channel(2))
        #expect(channel.remaining == 4)
        #expect((1...4).map { channel.write($0) } == [false, false, false, true])
        #expect(channel.write(5) == nil)
        // The address wraps inside its 64 KB.
        #expect([0x2_FFFE, 0x2_FFFF, 0x2_0000, 0x2_0001].map { memory.physical[$0] } == [1, 2, 3, 4])
        #expect(ports.read8(0x81, at: .zero) == 0x02)
    }

    @Test("word channels double the address and use even pages")
    func wordChannel() throws {
        let board = makeBoard(isAT: true)
        out(0xD6, 0x49)
        out(0xC4, 0x00, 0x10)
        out(0xC6, 0x00, 0x00)
        out(0x8B, 0x05)
        out(0xD4, 0x01)
        memory.physical[0x4_2000] = 0x34
        memory.physical[0x4_2001] = 0x12
        let channel = try #require(board.channel(5))
        let word = channel.read()
        #expect(word?.value == 0x1234)
        #expect(word?.isTerminalCount == true)
    }

    private final class Waiting: DMAListener {
        var opened: [Int] = []
        func channelDidOpen(_ number: Int, at now: Tick) { opened.append(number) }
    }

    @Test("who waits is told when a channel begins to answer, and then only")
    func opening() {
        let board = makeBoard(isAT: true)
        let waiting = Waiting()
        board.add(waiting)
        func opened(_ port: UInt16, _ value: UInt8) -> [Int] {
            waiting.opened = []
            out(port, value)
            return waiting.opened
        }
        #expect(opened(0x0A, 0x03) == [3] && opened(0x0A, 0x03) == [] && opened(0x0A, 0x07) == [])
        #expect(opened(0xD4, 0x01) == [5])
        #expect(opened(0x0F, 0x0C) == [0, 1] && opened(0x0E, 0x00) == [2, 3])
        // A cascade, and a controller that is off, serve nobody.
        #expect(opened(0x0B, 0xC1) == [] && opened(0x0B, 0x41) == [1])
        #expect(opened(0x08, 0x04) == [] && opened(0x08, 0x00) == [0, 1, 2, 3])
        #expect(opened(0x0D, 0x00) == [] && opened(0x02, 0x55) == [])
    }

    @Test("ROM is not written, memory that is not there floats")
    func odd() throws {
        let board = makeBoard(isAT: true)
        memory.route(0xF_0000..<0x10_0000, flags: .writeProtected)
        let channel = try #require(board.channel(1))
        out(0x0B, 0x55)
        out(0x02, 0x00, 0x00)
        out(0x03, 0x00, 0x00)
        out(0x83, 0x0F)
        out(0x0A, 0x01)
        _ = channel.write(0x77)
        #expect(memory.physical[0xF_0000] == 0)
        out(0x83, 0x10)
        _ = channel.write(0x77)
        #expect(memory.physical[0x10_0000] == 0x77)
        out(0x83, 0xFF)
        _ = channel.write(0x77)
        out(0x0B, 0x59)
        #expect(channel.read()?.value == 0xFF)
        // A verify cycle counts and moves nothing.
        out(0x0B, 0x51)
        out(0x83, 0x10)
        #expect(channel.write(0x11) == true)
        #expect(memory.physical[0x10_0000] == 0x77)
    }

    @Test("an XT has four channels and write-only four-bit pages")
    func xt() throws {
        let board = makeBoard(isAT: false)
        #expect(board.channel(5) == nil)
        #expect(board.channel(4) == nil)
        out(0x0B, 0x47)
        out(0x06, 0x00, 0x00)
        out(0x82, 0xF3)
        out(0x0A, 0x03)
        #expect(try #require(board.channel(3)).write(0x99) != nil)
        #expect(memory.physical[0x3_0000] == 0x99)
        #expect(ports.read8(0x82, at: .zero) == 0xFF)
    }

    @Test("state survives a round trip")
    func roundTrip() {
        let board = makeBoard(isAT: true)
        out(0x87, 0x55)
        out(0xC0, 0x12)
        let other = DMABoard(isAT: true, memory: memory)
        for (chunk, copy) in zip(board.chunks, other.chunks) {
            #expect(restore(copy, from: savedState(chunk)) == nil)
            #expect(savedState(copy) == savedState(chunk))
        }
        #expect(other.peekPort(0x87, at: .zero) == 0x55)
    }
}
