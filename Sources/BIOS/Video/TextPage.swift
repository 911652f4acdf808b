import Core

/// A place on a text page.
struct TextPosition: Hashable {
    var row: Int
    var column: Int

    init(row: Int, column: Int) { (self.row, self.column) = (row, column) }

    /// As in DX: row in the high byte.
    init(_ word: UInt16) { (row, column) = (Int(word >> 8), Int(word & 0xFF)) }

    var word: UInt16 { UInt16(truncatingIfNeeded: row) << 8 | UInt16(truncatingIfNeeded: column) & 0xFF }
}

/// One page of text in video memory, as the data area describes it. Whatever a program has written there, addresses
/// stay inside the video segment.
struct TextPage {
    let memory: GuestMemory
    let columns: Int
    let rows: Int
    /// Segment B000h or B800h, and the page's offset in it.
    let segment: UInt16
    let offset: UInt16

    init(_ number: UInt8, data: BIOSDataArea, hasLastRow: Bool) {
        memory = data.memory
        let width = Int(data[.columns])
        columns = (1...255).contains(width) ? width : 80
        let lastRow = hasLastRow ? Int(data[.lastRow]) : 24
        rows = lastRow == 0 ? 25 : lastRow + 1
        segment = data[.videoMode] & 0x7F == 0x07 ? 0xB000 : 0xB800
        offset = data[.pageSize] &* UInt16(number & 7)
    }

    private func cell(_ position: TextPosition) -> FarPointer {
        let index = position.row &* columns &+ position.column
        return FarPointer(segment, (offset &+ UInt16(truncatingIfNeeded: index &* 2)) & 0x7FFF)
    }

    private func linear(row: Int, column: Int) -> UInt32 { cell(TextPosition(row: row, column: column)).linear }

    /// Character in the low byte, attribute in the high byte.
    subscript(_ position: TextPosition) -> UInt16 {
        get { memory.read16(cell(position)) }
        nonmutating set { memory.write16(cell(position), newValue) }
    }

    func setCharacter(_ character: UInt8, at position: TextPosition) { memory.write8(cell(position), character) }

    /// Scrolls a window, corners included, by `lines`: up if positive. New lines are blanks with `attribute`.
    /// Returns the number of cells that were written.
    func scroll(
        by lines: Int, up isUp: Bool, from topLeft: TextPosition, to bottomRight: TextPosition, attribute: UInt8
    ) -> Int {
        let (top, left) = (topLeft.row, topLeft.column)
        let (bottom, right) = (min(bottomRight.row, rows - 1), min(bottomRight.column, columns - 1))
        guard top <= bottom, left <= right else { return 0 }
        let (height, width) = (bottom - top + 1, right - left + 1)
        let blank = UInt16(attribute) << 8 | 0x20
        let moved = lines == 0 || lines >= height ? 0 : height - lines
        for step in 0..<moved {
            let target = isUp ? top + step : bottom - step
            let source = isUp ? target + lines : target - lines
            memory.copy(
                from: linear(row: source, column: left), to: linear(row: target, column: left), count: width * 2)
        }
        let cleared = isUp ? (top + moved)...bottom : top...(bottom - moved)
        for row in cleared { memory.fill16(linear(row: row, column: left), with: blank, count: width) }
        return height * width
    }
}
