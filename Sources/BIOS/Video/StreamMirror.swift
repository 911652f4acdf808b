import Core

/// Sends to standard output what programs write through INT 10h, when the host's streams are attached.
///
/// Teletype output (AH=0Eh, the way of DOS's console) goes out byte by byte, unchanged. Where a program moves the cursor
/// itself and writes there, a new line or blanks stand for the movement, so that the text stays readable.
final class StreamMirror {
    private let streams: StandardStreams
    /// Where on the screen the stream has arrived.
    private var row: UInt8 = 0
    private var column: UInt8 = 0

    init(streams: StandardStreams) { self.streams = streams }

    var isActive: Bool { streams.isAttached }

    /// Where the stream is to go on, before a byte of teletype output at `position`.
    func catchUp(to position: TextPosition) {
        guard isActive else { return }
        if position.row == Int(row), position.column == Int(column) { return }
        if position.row != Int(row) || position.column < Int(column) {
            if column != 0 { streams.write([0x0D, 0x0A]) }
            column = 0
        }
        if position.column > Int(column) {
            streams.write([UInt8](repeating: 0x20, count: position.column - Int(column)))
        }
        move(to: position)
    }

    /// The cursor now stands at `position`, and the stream with it.
    func move(to position: TextPosition) {
        (row, column) = (UInt8(clamping: position.row), UInt8(clamping: position.column))
    }

    func write(_ byte: UInt8) {
        guard isActive else { return }
        streams.write([byte])
    }

    /// `count` cells with one character, without cursor movement. Blanks are not sent: what follows them pads.
    func writeCells(_ character: UInt8, count: Int, at position: TextPosition, columns: Int) {
        let isBlank = character <= 0x20 || character == 0x7F || character == 0xFF
        guard isActive, !isBlank, count > 0, columns > 0 else { return }
        catchUp(to: position)
        var position = position
        var rest = min(count, 4_096)
        while rest > 0 {
            let part = min(rest, max(columns - position.column, 1))
            streams.write([UInt8](repeating: character, count: part))
            rest -= part
            move(to: TextPosition(row: position.row, column: position.column + part))
            if rest > 0 {
                position = TextPosition(row: position.row + 1, column: 0)
                catchUp(to: position)
            }
        }
    }

    func transfer(_ coder: StateCoder) {
        coder.field("row", &row)
        coder.field("column", &column)
    }
}
