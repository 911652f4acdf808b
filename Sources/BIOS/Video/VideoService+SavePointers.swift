import Core
import X86

/// What programs put in place of the tables of an EGA's or a VGA's BIOS: the save pointer table, to which 0040:00A8 points.
///
/// Its pointers, from the first: the parameter table, the dynamic save area, the fonts of text and of graphics modes, and
/// on a VGA the secondary table. Each of the middle three is 0:0 as long as nobody wants it.
///
/// Sources: [RBIL] MEMORY.LST, 0040:00A8h and its tables; the ROM of [IBM VGA] for what it does with the secondary ones.
extension VideoService {
    private enum SavePointer: Int {
        case parameters = 0
        case dynamicSaveArea = 4
        case textFont = 8
        case graphicsFont = 12
        case secondary = 16
    }

    /// Pointers of a VGA's secondary table, which begins with its size.
    private enum SecondaryPointer: Int {
        case displayCombinations = 2
        case secondFont = 6
        case colors = 10
    }

    /// Nil if there is no such table.
    private func pointer(_ entry: SavePointer, _ memory: GuestMemory) -> FarPointer? {
        let table = VideoService.known(memory.readPointer(FarPointer(BIOSDataArea.segment, 0xA8)))
        return table.flatMap { VideoService.known(memory.readPointer($0 + entry.rawValue)) }
    }

    private func pointer(_ entry: SecondaryPointer, _ memory: GuestMemory) -> FarPointer? {
        guard isVGA else { return nil }
        return pointer(.secondary, memory).flatMap { VideoService.known(memory.readPointer($0 + entry.rawValue)) }
    }

    private static func known(_ pointer: FarPointer) -> FarPointer? {
        pointer.segment == 0 && pointer.offset == 0 ? nil : pointer
    }

    /// What mode `mode` sets on an EGA or a VGA.
    func parameters(_ mode: UInt8, _ data: BIOSDataArea) -> VideoParameters {
        let index = VideoParameters.index(
            of: mode & 0x7F, lines: lines(data), isEGA: !isVGA, hasTwoPlanes: configuration.hasTwoPlanes(data))
        let builtIn = isVGA ? VideoParameters.vga : VideoParameters.ega
        guard builtIn.indices.contains(index) else { return .unused }
        guard let table = pointer(.parameters, data.memory) else { return builtIn[index] }
        let size = VideoParameters.size
        return VideoParameters(bytes: data.memory.readBytes(table + index * size, size)) ?? builtIn[index]
    }

    /// What programs have put in, as AH=1Bh says it. Bit 0 second font, 1 dynamic save area, 2 text font, 3 graphics font, 4
    /// colours, 5 another table of displays than the ROM's.
    func savePointerFlags(_ memory: GuestMemory) -> UInt8 {
        let displays = pointer(.displayCombinations, memory)
        let isSet = [
            pointer(.secondFont, memory) != nil, pointer(.dynamicSaveArea, memory) != nil,
            pointer(.textFont, memory) != nil, pointer(.graphicsFont, memory) != nil, pointer(.colors, memory) != nil,
            displays.map { $0.segment != ServiceROM.segment } ?? false,
        ]
        return isSet.enumerated().reduce(0) { flags, entry in flags | (entry.element ? 1 << UInt8(entry.offset) : 0) }
    }

    /// The pairs of displays that AH=1Ah knows, by their places.
    func displayCombinations(_ memory: GuestMemory) -> [[UInt8]] {
        guard let table = pointer(.displayCombinations, memory) else { return VideoTables.displayCombinations }
        return (0..<Int(memory.read8(table))).map { memory.readBytes(table + 4 + $0 * 2, 2) }
    }

    /// A second font of the mode's height, for attributes with bit 3.
    func loadSecondFont(_ mode: UInt8, _ context: ServiceContext) {
        let memory = context.memory
        let height = BIOSDataArea(memory: memory)[.characterHeight]
        guard let table = pointer(.secondFont, memory), isListed(mode, at: table + 7, memory),
            height <= 32, UInt16(memory.read8(table)) == height
        else { return }
        let block = memory.read8(table + 1)
        loadFont(
            from: memory.readPointer(table + 3), height: Int(height), characters: 0..<256, block: block, context)
        let fonts = context.indexed(0x3C4, 3) & 0b01_0011
        context.out(0x3C5, fonts | (block & 3) << 2 | (block & 4) << 3)
    }

    /// The colours and the underline that a program wants in mode `mode` of a VGA.
    func loadColorOverride(_ mode: UInt8, _ context: ServiceContext) {
        let memory = context.memory
        let data = BIOSDataArea(memory: memory)
        guard let table = pointer(.colors, memory), isListed(mode, at: table + 0x14, memory) else { return }
        if data[.vgaFlags] & 0b0000_1000 == 0 {
            let (count, first) = (min(Int(memory.read16(table + 4)), 17), Int(memory.read16(table + 6)))
            let values = memory.readBytes(memory.readPointer(table + 8), count)
            for (index, value) in values.enumerated() where first + index <= 16 {
                writeAttribute(first + index == 16 ? 0x11 : UInt8(first + index), value, context)
            }
            let colors = min(Int(memory.read16(table + 0x0C)), 256)
            let levels = memory.readBytes(memory.readPointer(table + 0x10), colors * 3)
            writeDAC(first: memory.read8(table + 0x0E), levels, context)
        }
        let underline = memory.read8(table)
        if underline != 0 {
            let line = UInt8(truncatingIfNeeded: data[.characterHeight]) &- 1
            writeCRTC(0x14, underline & 0x80 == 0 ? line : 0x1F, context)
        }
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
        setCharacterHeight(height, context)
        let rows = memory.read8(table + 10)
        if rows != 0xFF { BIOSDataArea(memory: memory)[.lastRow] = rows &- 1 }
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
