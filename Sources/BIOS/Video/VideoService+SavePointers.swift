import Core
import X86

/// What programs put in place of the tables of an EGA's or a VGA's BIOS: the save pointer table, to which 0040:00A8 points.
///
/// Its pointers, from the first: the parameter table, the dynamic save area, the fonts of text and of graphics modes, and
/// on a VGA the secondary table. Each of the middle three is 0:0 as long as nobody wants it.
///
/// Source: [RBIL] MEMORY.LST, 0040:00A8h and its tables.
extension VideoService {
    private enum SavePointer: Int {
        case parameters = 0
        case dynamicSaveArea = 4
        case textFont = 8
        case graphicsFont = 12
    }

    /// Nil if there is no such table.
    private func pointer(_ entry: SavePointer, _ memory: GuestMemory) -> FarPointer? {
        func known(_ pointer: FarPointer) -> FarPointer? {
            pointer.segment == 0 && pointer.offset == 0 ? nil : pointer
        }
        let table = known(memory.readPointer(FarPointer(BIOSDataArea.segment, 0xA8)))
        return table.flatMap { known(memory.readPointer($0 + entry.rawValue)) }
    }

    /// What mode `mode` sets on an EGA or a VGA.
    func parameters(_ mode: UInt8, _ data: BIOSDataArea) -> VideoParameters {
        let index = VideoParameters.index(of: mode & 0x7F, lines: lines(data), isEGA: !isVGA)
        let builtIn = isVGA ? VideoParameters.vga : VideoParameters.ega
        guard builtIn.indices.contains(index) else { return .unused }
        guard let table = pointer(.parameters, data.memory) else { return builtIn[index] }
        let size = VideoParameters.size
        return VideoParameters(bytes: data.memory.readBytes(table + index * size, size)) ?? builtIn[index]
    }

    /// What programs have put in, as AH=1Bh says it. Bit 1 dynamic save area, 2 text font, 3 graphics font; bits 0, 4 and
    /// 5 are those of the secondary table.
    func savePointerFlags(_ memory: GuestMemory) -> UInt8 {
        let entries: [(SavePointer, UInt8)] = [(.dynamicSaveArea, 1), (.textFont, 2), (.graphicsFont, 3)]
        return entries.reduce(0) { flags, entry in flags | (pointer(entry.0, memory) == nil ? 0 : 1 << entry.1) }
    }

    /// The palette registers and the border, as they were written last. On an EGA they cannot be read.
    func savePalette(_ register: UInt8, _ value: UInt8, _ memory: GuestMemory) {
        guard register < 16 || register == 0x11, let area = pointer(.dynamicSaveArea, memory) else { return }
        memory.write8(area + Int(min(register, 16)), value)
    }

    /// The font that a program wants in text mode `mode`: loaded into its block, and the rows follow its height.
    func loadFontOverride(_ mode: UInt8, _ context: ServiceContext) {
        let memory = context.memory
        guard let table = pointer(.textFont, memory), isListed(mode, at: table + 11, memory) else { return }
        let height = memory.read8(table)
        guard (1...32).contains(height) else { return }
        let first = min(Int(memory.read16(table + 4)), 256)
        let count = min(Int(memory.read16(table + 2)), 256 - first)
        loadFont(
            from: memory.readPointer(table + 6), height: Int(height), characters: first..<first + count,
            block: memory.read8(table + 1), context)
        setCharacterHeight(height, rows: memory.read8(table + 10), context)
    }

    /// The same for a graphics mode, whose font stays where the program has it.
    func useGraphicsFontOverride(_ mode: UInt8, _ context: ServiceContext) {
        let memory = context.memory
        guard let table = pointer(.graphicsFont, memory), isListed(mode, at: table + 7, memory) else { return }
        let data = BIOSDataArea(memory: memory)
        memory.setVector(0x43, memory.readPointer(table + 3))
        data[.lastRow] = memory.read8(table) &- 1
        data[.characterHeight] = memory.read16(table + 1)
    }

    /// Whether `mode` is in a list that ends with FFh. No list is longer than all modes.
    private func isListed(_ mode: UInt8, at list: FarPointer, _ memory: GuestMemory) -> Bool {
        for index in 0..<128 {
            let entry = memory.read8(list + index)
            if entry == 0xFF { return false }
            if entry == mode { return true }
        }
        return false
    }
}
