import Core
import X86

/// INT 10h: text on all adapters, graphics on those that have them. A mode that the adapter's BIOS does not know is
/// reported and changes nothing.
///
/// Sources: RBIL INT 10h; IBM PC AT Technical Reference, "Video I/O"; IBM PS/2 BIOS Interface Technical Reference.
final class VideoService {
    let configuration: BIOSConfiguration
    let addresses: ROMAddresses
    let mirror: StreamMirror
    private let bell: Bell

    init(configuration: BIOSConfiguration, streams: StandardStreams, addresses: ROMAddresses, bell: Bell) {
        self.configuration = configuration
        self.addresses = addresses
        self.bell = bell
        mirror = StreamMirror(streams: streams)
    }

    /// For adapter `kind` in the same machine, as which it has no state of its own.
    init(_ kind: VideoKind, beside service: VideoService) {
        var configuration = service.configuration
        configuration.video = kind
        (self.configuration, addresses, bell, mirror) = (configuration, service.addresses, service.bell, service.mirror)
    }

    var isVGA: Bool { configuration.video == .vga }
    /// An EGA or a VGA.
    var isPlanar: Bool { configuration.video == .ega || isVGA }

    func transfer(_ coder: StateCoder) { mirror.transfer(coder) }

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        switch cpu.ah {
        case 0x00: setMode(call)
        case 0x01: setCursorShape(cpu.cx, call.context)
        case 0x02: setCursor(TextPosition(cpu.dx), page: cpu.bh & 7, call)
        case 0x03: readCursor(call)
        case 0x04: readLightPen(call)
        case 0x05 where configuration.video.hasSixteenColors && cpu.al & 0xFC == 0x80: selectMemoryPages(call)
        case 0x05: selectPage(cpu.al, call)
        case 0x06: scroll(call, up: true)
        case 0x07: scroll(call, up: false)
        case 0x08: readCell(call)
        case 0x09: writeCells(call, withAttribute: true)
        case 0x0A: writeCells(call, withAttribute: false)
        case 0x0B: setColor(call)
        case 0x0C, 0x0D: pixel(call)
        case 0x0E:
            if teletype(cpu.al, color: cpu.bl, call) { return bell.ring(call) }
        case 0x0F: readMode(call)
        case 0x13 where configuration.isAT || isPlanar:
            if writeString(call) { return bell.ring(call) }
        case 0x10 where configuration.video.hasSixteenColors: gateArrayPalette(call)
        case _ where !isPlanar:
            // The old adapters' BIOS ends here.
            call.reportUnknown()
        case 0x10: palette(call)
        case 0x11: characterGenerator(call)
        case 0x12: alternateSelect(call)
        case 0x1A...0x1C where !isVGA: call.reportUnknown()
        case 0x1A: displayCombination(call)
        case 0x1B: functionality(call)
        case 0x1C: saveOrRestore(call)
        case 0x4F where configuration.hasVideoExtension: videoExtension(call)
        case 0xFE, 0xFF:
            // Shadow buffers of multitasking programs: without one, ES:DI stays and there is nothing to update.
            break
        default: call.reportUnknown()
        }
        return .done
    }

    // MARK: Geometry

    func page(_ number: UInt8, _ call: BIOSCall) -> TextPage {
        TextPage(number, data: call.data, hasLastRow: isPlanar)
    }

    private func cursorSlot(_ page: UInt8) -> FarPointer {
        FarPointer(BIOSDataArea.segment, 0x50 + UInt16(page & 7) * 2)
    }

    func cursor(page: UInt8, _ call: BIOSCall) -> TextPosition {
        TextPosition(call.memory.read16(cursorSlot(page)))
    }

    func writeCRTC(_ register: UInt8, _ value: UInt8, _ context: ServiceContext) {
        let port = BIOSDataArea(memory: context.memory)[.videoPort]
        context.out(port, register)
        context.out(port &+ 1, value)
    }

    func writeCRTC16(_ register: UInt8, _ value: UInt16, _ context: ServiceContext) {
        writeCRTC(register, UInt8(value >> 8), context)
        writeCRTC(register + 1, UInt8(truncatingIfNeeded: value), context)
    }

    // MARK: Cursor and pages

    /// AH=01h: CH first line (bit 5: no cursor), CL last line, of 8 lines.
    func setCursorShape(_ shape: UInt16, _ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        data[.cursorShape] = shape
        writeCRTC16(0x0A, isPlanar ? emulated(shape, data) : shape, context)
    }

    /// AH=02h.
    func setCursor(_ position: TextPosition, page number: UInt8, _ call: BIOSCall) {
        call.memory.write16(cursorSlot(number), position.word)
        if number == call.data[.activePage] { showCursor(position, call) }
    }

    private func showCursor(_ position: TextPosition, _ call: BIOSCall) {
        let data = call.data
        let cell = UInt16(truncatingIfNeeded: position.row) &* data[.columns] &+ UInt16(position.word & 0xFF)
        let bytes = data[.pageStart] &+ cell &* 2
        // IBM's later BIOSes keep the highest bit, which graphics modes can have.
        writeCRTC16(0x0E, isPlanar ? bytes >> 1 | bytes & 0x8000 : bytes >> 1, call.context)
    }

    /// AH=03h: DX position, CX shape.
    private func readCursor(_ call: BIOSCall) {
        call.cpu.dx = call.memory.read16(cursorSlot(call.cpu.bh))
        call.cpu.cx = call.data[.cursorShape]
    }

    /// AH=05h.
    func selectPage(_ number: UInt8, _ call: BIOSCall) {
        guard number < 8 else { return }
        let data = call.data
        data[.activePage] = number
        data[.pageStart] = data[.pageSize] &* UInt16(number)
        // Text and the CGA's modes count words, the others bytes.
        writeCRTC16(0x0C, data[.videoMode] & 0x7F <= 7 ? data[.pageStart] >> 1 : data[.pageStart], call.context)
        showCursor(cursor(page: number, call), call)
    }

    /// AH=0Fh: AL mode, AH columns, BH page.
    private func readMode(_ call: BIOSCall) {
        let data = call.data
        // Bit 7: the mode was set without clearing the memory.
        call.cpu.al = data[.videoMode] | (isPlanar ? data[.videoInfo] & 0x80 : 0)
        call.cpu.ah = UInt8(truncatingIfNeeded: data[.columns])
        call.cpu.bh = data[.activePage]
    }

    // MARK: Cells

    /// AH=06h, 07h: scrolls the window CH,CL to DH,DL of the active page by AL lines; 0 clears it.
    private func scroll(_ call: BIOSCall, up: Bool) {
        let cpu = call.cpu
        if let screen = graphics(call) {
            let written = screen.scroll(
                by: Int(cpu.al), up: up, from: TextPosition(cpu.cx), to: TextPosition(cpu.dx), fill: cpu.bh)
            return call.spend(clocks: 200 + written * 8)
        }
        let written = page(call.data[.activePage], call).scroll(
            by: Int(cpu.al), up: up, from: TextPosition(cpu.cx), to: TextPosition(cpu.dx), attribute: cpu.bh)
        call.spend(clocks: 200 + written * 8)
    }

    /// AH=08h: AL character, AH attribute at the cursor of page BH.
    private func readCell(_ call: BIOSCall) {
        let number = call.cpu.bh & 7
        if let screen = graphics(call, page: number) {
            call.cpu.ax = UInt16(screen.character(at: cursor(page: screen.hasOnePage ? 0 : number, call)))
            return call.spend(clocks: 10_000)
        }
        call.cpu.ax = page(number, call)[cursor(page: number, call)]
    }

    /// AH=09h, 0Ah: CX times AL, with attribute BL, from the cursor of page BH, which stays.
    private func writeCells(_ call: BIOSCall, withAttribute: Bool) {
        let cpu = call.cpu
        let number = cpu.bh & 7
        if let screen = graphics(call, page: number) { return drawCells(screen, call) }
        let page = page(number, call)
        let start = cursor(page: number, call)
        // More than the 32 KB of video memory only goes round in it.
        let count = min(Int(cpu.cx), 0x4000)
        var position = start
        for _ in 0..<count {
            if withAttribute {
                page[position] = UInt16(cpu.bl) << 8 | UInt16(cpu.al)
            } else {
                page.setCharacter(cpu.al, at: position)
            }
            position.column += 1
        }
        mirror.writeCells(cpu.al, count: count, at: start, columns: page.columns)
        call.spend(clocks: 150 + count * 10)
    }

    // MARK: Teletype

    /// AH=0Eh: a character at the cursor of the active page, as a terminal shows it. True: it is a bell, to be rung.
    ///
    /// BH is ignored, as in IBM's BIOS from 1982 on: many programs leave anything in it. The colour is for graphics modes.
    @discardableResult
    func teletype(_ character: UInt8, color: UInt8 = 7, _ call: BIOSCall) -> Bool {
        call.spend(clocks: 200)
        return put(character, attribute: nil, color: color, background: 0, page: call.data[.activePage] & 7, call)
    }

    /// AH=13h: CX characters at ES:BP from DX on page BH. AL bit 0: the cursor moves; bit 1: attributes follow the
    /// characters, else BL. True: there was a bell.
    private func writeString(_ call: BIOSCall) -> Bool {
        let cpu = call.cpu
        guard cpu.al <= 3, cpu.cx > 0 else { return false }
        let hasAttributes = cpu.al & 2 != 0
        let number = cpu.bh & 7
        let old = cursor(page: number, call)
        setCursor(TextPosition(cpu.dx), page: number, call)
        var source = FarPointer(cpu.es, cpu.bp)
        var rings = false
        for _ in 0..<Int(cpu.cx) {
            let character = call.memory.read8(source)
            source = source + 1
            // Control characters have no attribute byte.
            let isControl = [0x07, 0x08, 0x0A, 0x0D].contains(character)
            var attribute = cpu.bl
            if hasAttributes, !isControl {
                attribute = call.memory.read8(source)
                source = source + 1
            }
            let color = cellColor(attribute, call.data)
            // The EGA's BIOS gives them to its teletype, which has the active page.
            let target = isControl && configuration.video == .ega ? call.data[.activePage] & 7 : number
            if put(character, attribute: attribute, color: color, background: cpu.bh, page: target, call) {
                rings = true
            }
        }
        call.spend(clocks: 200 * (1 + min(Int(cpu.cx), 0x1_0000)))
        if cpu.al & 1 == 0 { setCursor(old, page: number, call) }
        return rings
    }

    /// `color` and `background` are those of graphics modes.
    private func put(
        _ character: UInt8, attribute: UInt8?, color: UInt8, background: UInt8, page number: UInt8, _ call: BIOSCall
    ) -> Bool {
        let screen = graphics(call, page: number)
        let page = page(number, call)
        var position = cursor(page: number, call)
        mirror.catchUp(to: position)
        mirror.write(character)
        switch character {
        case 0x07: return true
        case 0x08: position.column = max(position.column - 1, 0)
        case 0x0A: position.row += 1
        case 0x0D: position.column = 0
        default:
            if let screen {
                let place = screen.hasOnePage && number != 0 ? cursor(page: 0, call) : position
                screen.draw(character, color: color, background: background, at: place)
                call.spend(clocks: 1_000)
            } else if let attribute {
                page[position] = UInt16(attribute) << 8 | UInt16(character)
            } else {
                page.setCharacter(character, at: position)
            }
            position.column += 1
            if position.column >= page.columns {
                position.column = 0
                position.row += 1
            }
        }
        if position.row >= page.rows {
            position.row = page.rows - 1
            let (first, last) = (
                TextPosition(row: 0, column: 0), TextPosition(row: position.row, column: page.columns - 1)
            )
            let written =
                screen?.scroll(by: 1, up: true, from: first, to: last, fill: 0) ?? scrollText(page, position)
            call.spend(clocks: written * 8)
        }
        setCursor(position, page: number, call)
        mirror.move(to: position)
        return false
    }

    /// One line up. The new line has the attribute that stands at the cursor.
    private func scrollText(_ page: TextPage, _ position: TextPosition) -> Int {
        page.scroll(
            by: 1, up: true, from: TextPosition(row: 0, column: 0),
            to: TextPosition(row: page.rows - 1, column: page.columns - 1), attribute: UInt8(page[position] >> 8))
    }

    // MARK: Colours of the CGA

    /// AH=0Bh: BH=0 border (text) colour BL; BH=1 palette of the graphics modes.
    private func setColor(_ call: BIOSCall) {
        let data = call.data
        let cpu = call.cpu
        if isPlanar { return setPlanarColor(call) }
        var register = data[.colorRegister]
        if cpu.bh == 0 {
            register = register & 0xE0 | cpu.bl & 0x1F
        } else {
            register = register & 0xDF | (cpu.bl & 1) << 5
        }
        data[.colorRegister] = register
        call.context.out(data[.videoPort] &+ 5, register)
        setGateArrayColor(call)
    }
}
