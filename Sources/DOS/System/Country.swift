import Core

/// Country 001, with the code page of the configuration. Source: Ralf Brown's interrupt list, INT 21h AH=38h, table 01399, and AH=65h, tables
/// 01750 to 01758; the collating order is that of the IBM character set for the United States.
extension DOSKernel {
    private static let country: UInt16 = 1
    private var codePageNumber: UInt16 { configuration.codePage.number }

    /// Places the tables in the DOS data segment.
    func initialiseCountry(_ memory: GuestMemory) {
        let page = configuration.codePage
        let upper = (0x80...0xFF).map { page.uppercase(UInt8($0)) }
        for table in [DOSLayout.upperCaseTable, DOSLayout.fileUpperCaseTable] {
            memory.writeBytes(table, [128, 0] + upper)
        }
        // Lowest and highest character, excluded range, and the separators.
        let separators = Array(".\"/\\[]:|<>+=;,".utf8)
        let characters: [UInt8] = [0x01, 0x00, 0xFF, 0x00, 0x00, 0x20, 0x02, UInt8(separators.count)] + separators
        memory.writeBytes(DOSLayout.fileCharacterTable, [UInt8(characters.count), 0] + characters)
        memory.writeBytes(DOSLayout.collatingTable, [0, 1] + (0...255).map { page.weight(UInt8($0)) })
        memory.writeBytes(DOSLayout.doubleByteTable, [0, 0, 0, 0])
        // CMP AL,80h; JB +8; PUSH BX; MOV BX,table-80h; CS: XLAT; POP BX; RETF
        let base = DOSLayout.upperCaseTable.offset &+ 2 &- 0x80
        memory.writeBytes(
            DOSLayout.caseMapRoutine,
            [0x3C, 0x80, 0x72, 0x07, 0x53, 0xBB, UInt8(base & 0xFF), UInt8(base >> 8), 0x2E, 0xD7, 0x5B, 0xCB])
    }

    /// The 34 bytes of AH=38h.
    private var countryBytes: [UInt8] {
        var bytes: [UInt8] = [0, 0]
        func field(_ text: String, _ count: Int) {
            bytes += Array(text.utf8) + [UInt8](repeating: 0, count: count - text.utf8.count)
        }
        field("$", 5)
        field(",", 2)
        field(".", 2)
        field("-", 2)
        field(":", 2)
        bytes += [0, 2, 0]
        for word in [DOSLayout.caseMapRoutine.offset, DOSLayout.caseMapRoutine.segment] {
            bytes += [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)]
        }
        field(",", 2)
        field("", 10)
        return bytes
    }

    /// AH=38h: AL, or BX if AL is FFh, is the country; 0 is the present one. DX = FFFFh sets it.
    func countryInformation(_ call: Call) throws(DOSError) {
        let wanted = call.registers.al == 0xFF ? call.registers.bx : UInt16(call.registers.al)
        guard wanted == 0 || wanted == DOSKernel.country else { throw .fileNotFound }
        call.registers.carry = false
        guard call.registers.dx != 0xFFFF else { return }
        call.memory.writeBytes(call.registers.dsdx, countryBytes)
        call.registers.bx = DOSKernel.country
        call.registers.ax = DOSKernel.country
    }

    /// AH=65h: tables of the country, and upper case by the tables.
    func extendedCountry(_ call: Call) throws(DOSError) {
        let memory = call.memory
        if call.registers.al >= 0x20 {
            try capitalize(call)
            call.registers.carry = false
            return
        }
        let (page, country) = (call.registers.bx, call.registers.dx)
        guard page == 0xFFFF || page == codePageNumber, country == 0xFFFF || country == DOSKernel.country
        else { throw .fileNotFound }
        let table: FarPointer
        switch call.registers.al {
        case 0x01:
            guard call.registers.cx >= 5 else { throw .invalidFunction }
            let rest = countryBytes
            let length = UInt16(4 + rest.count)
            var all: [UInt8] = [1]
            for word in [length, DOSKernel.country, codePageNumber] {
                all += [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)]
            }
            all += rest
            let taken = min(Int(call.registers.cx), all.count)
            memory.writeBytes(call.registers.esdi, Array(all.prefix(taken)))
            call.registers.cx = UInt16(taken)
            call.registers.carry = false
            return
        case 0x02: table = DOSLayout.upperCaseTable
        case 0x04: table = DOSLayout.fileUpperCaseTable
        case 0x05: table = DOSLayout.fileCharacterTable
        case 0x06: table = DOSLayout.collatingTable
        case 0x07: table = DOSLayout.doubleByteTable
        default: throw .invalidFunction
        }
        guard call.registers.cx >= 5 else { throw .invalidFunction }
        memory.write8(call.registers.esdi, call.registers.al)
        memory.writePointer(call.registers.esdi + 1, table)
        call.registers.cx = 5
        call.registers.carry = false
    }

    /// AX=6520h to 6523h, and 65A0h to 65A2h by the table for file names.
    private func capitalize(_ call: Call) throws(DOSError) {
        let memory = call.memory
        let page = configuration.codePage
        func upper(_ byte: UInt8) -> UInt8 { page.uppercase(byte) }
        switch call.registers.al {
        case 0x20, 0xA0: call.registers.dl = upper(call.registers.dl)
        case 0x21, 0xA1:
            let text = memory.readBytes(call.registers.dsdx, Int(call.registers.cx))
            memory.writeBytes(call.registers.dsdx, text.map(upper))
        case 0x22, 0xA2:
            let text = memory.readString(call.registers.dsdx, limit: 0x1_0000)
            memory.writeBytes(call.registers.dsdx, text.map(upper))
        case 0x23:
            switch upper(call.registers.dl) {
            case UInt8(ascii: "N"): call.registers.ax = 0
            case UInt8(ascii: "Y"): call.registers.ax = 1
            default: call.registers.ax = 2
            }
        default: throw .invalidFunction
        }
    }

    /// AH=66h: the code page; only the one of the configuration is there.
    func codePage(_ call: Call) throws(DOSError) {
        switch call.registers.al {
        case 0x01: (call.registers.bx, call.registers.dx) = (codePageNumber, codePageNumber)
        case 0x02: guard call.registers.bx == codePageNumber else { throw .fileNotFound }
        default: throw .invalidFunction
        }
        call.registers.carry = false
    }

    /// AX=6300h: DS:SI is the list of lead bytes of double-byte characters, which is empty.
    func doubleByteTable(_ call: Call) throws(DOSError) {
        guard call.registers.al == 0 else { throw .invalidFunction }
        let table = DOSLayout.doubleByteTable + 2
        (call.registers.ds, call.registers.si) = (table.segment, table.offset)
        call.registers.al = 0
        call.registers.carry = false
    }
}
