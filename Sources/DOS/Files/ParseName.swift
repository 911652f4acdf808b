import Core
import Storage

/// INT 21h AH=29h: reads a file name from a command line into a file control block.
/// Source: Ralf Brown's interrupt list, INT 21h AH=29h, table 01386.
extension DOSKernel {
    private static let separators = Array(":.;,=+ \t".utf8)
    private static let terminators = Array("\\/\"[]<>|".utf8)

    func parseName(_ call: Call) -> CallResult {
        let memory = call.memory
        let flags = call.registers.al
        let fcb = call.registers.esdi
        let text = memory.readBytes(call.registers.dssi, 128) + [0]
        var position = 0
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        func skipBlanks() { while position < 127, isBlank(text[position]) { position += 1 } }
        skipBlanks()
        if flags & 1 != 0, text[position] != UInt8(ascii: "."), DOSKernel.separators.contains(text[position]) {
            position += 1
            skipBlanks()
        }
        var result: UInt8 = 0
        if text[position] >= 0x21, text[position + 1] == UInt8(ascii: ":") {
            let letter = ShortName.uppercase(text[position])
            let isValid = (0x41...0x5A).contains(letter) && hasVolume(letter &- 0x41)
            if !isValid { result = 0xFF }
            memory.write8(fcb, letter &- 0x40)
            position += 2
        } else if flags & 2 == 0 {
            memory.write8(fcb, 0)
        }
        let name = parseField(text, &position, width: 8)
        store(name, at: fcb + 1, width: 8, keepsOld: flags & 4 != 0, memory)
        var suffix: [UInt8]?
        if text[position] == UInt8(ascii: ".") {
            position += 1
            suffix = parseField(text, &position, width: 3) ?? []
        }
        store(suffix, at: fcb + 9, width: 3, keepsOld: flags & 8 != 0, memory)
        if result == 0, memory.readBytes(fcb + 1, 11).contains(UInt8(ascii: "?")) { result = 1 }
        memory.write32(fcb + 0x0C, 0)
        call.registers.si = call.registers.si &+ UInt16(position)
        call.registers.al = result
        return .done
    }

    /// A field of a name, `*` filled up with `?`; nil if there is none.
    private func parseField(_ text: [UInt8], _ position: inout Int, width: Int) -> [UInt8]? {
        var field: [UInt8] = []
        let start = position
        while position < text.count - 1 {
            let byte = text[position]
            guard byte > 0x20, !DOSKernel.separators.contains(byte), !DOSKernel.terminators.contains(byte) else {
                break
            }
            position += 1
            if byte == UInt8(ascii: "*") {
                field += [UInt8](repeating: UInt8(ascii: "?"), count: max(0, width - field.count))
            } else {
                field.append(ShortName.uppercase(byte))
            }
        }
        return position == start ? nil : Array(field.prefix(width))
    }

    private func store(_ field: [UInt8]?, at place: FarPointer, width: Int, keepsOld: Bool, _ memory: GuestMemory) {
        if field == nil && keepsOld { return }
        let bytes = (field ?? []) + [UInt8](repeating: 0x20, count: width)
        memory.writeBytes(place, bytes.prefix(width))
    }
}
