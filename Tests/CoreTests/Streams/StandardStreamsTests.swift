import Core
import Testing

@Suite struct StandardStreamsTests {
    private final class Sink: StreamSink {
        func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) {}
    }

    private func streams() -> (StandardStreams, Sink) {
        let (streams, sink) = (StandardStreams(), Sink())
        streams.attach(sink)
        return (streams, sink)
    }

    @Test("a program goes back in what it has read, and forward in what has come")
    func seeking() {
        let (streams, sink) = streams()
        streams.supply(0..<10)
        #expect(streams.read(atMost: 6) == [0, 1, 2, 3, 4, 5])
        #expect(streams.seek(to: 2) == .done)
        #expect(streams.position == 2)
        #expect(streams.readByte() == 2)
        #expect(streams.seek(to: 10) == .done)
        #expect(streams.readByte() == nil)
        #expect(streams.needsHost)
        withExtendedLifetime(sink) {}
    }

    @Test("a place that has not come yet needs the host; behind the end nothing can be read")
    func seekingAhead() {
        let (streams, sink) = streams()
        streams.supply(0..<10)
        #expect(streams.seek(to: 12) == .needsHost)
        #expect(streams.endPosition == nil)
        streams.supply(10..<14)
        #expect(streams.seek(to: 12) == .done)
        #expect(streams.readByte() == 12)
        streams.end()
        #expect(streams.endPosition == 14)
        #expect(streams.seek(to: 20) == .done)
        #expect(streams.position == 20)
        #expect(streams.readByte() == nil)
        #expect(streams.seek(to: 13) == .done)
        #expect(streams.readByte() == 13)
        withExtendedLifetime(sink) {}
    }

    @Test("at least `history` bytes can be gone back to; what is older is lost, and memory stays bounded")
    func history() {
        let (streams, sink) = streams()
        let block = [UInt8](repeating: 7, count: 65_536)
        for _ in 0..<40 {
            streams.supply(block)
            #expect(streams.read(atMost: block.count).count == block.count)
        }
        let position = streams.position
        #expect(position == 40 * 65_536)
        #expect(streams.seek(to: position - UInt64(StandardStreams.history)) == .done)
        #expect(streams.seek(to: 0) == .lost)
        #expect(streams.position == position - UInt64(StandardStreams.history))
        let coder = StateCoder.saving()
        streams.transfer(coder)
        #expect(coder.bytes.count < 4 * 65_536)
        withExtendedLifetime(sink) {}
    }

    @Test("a restored stream goes on, backwards too")
    func restoring() {
        let (streams, sink) = streams()
        streams.supply(0..<10)
        _ = streams.read(atMost: 6)
        let coder = StateCoder.saving()
        streams.transfer(coder)
        let copy = StandardStreams()
        copy.attach(sink)
        let loader = StateCoder.loading(coder.bytes)
        copy.transfer(loader)
        #expect(loader.isComplete)
        #expect(copy.position == 6)
        #expect(copy.seek(to: 3) == .done)
        #expect(copy.readByte() == 3)
    }
}
