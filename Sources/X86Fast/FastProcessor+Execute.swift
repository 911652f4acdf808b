import X86

/// The loop. One function holds the cases of all opcodes, so that the dispatch is one jump and the decoder stays in
/// host registers; that is why it is longer than other functions. Seldom used instructions are functions of their own.
extension FastProcessor {
    func execute() -> StopReason {
        var ip = state.pointee.ip
        var budget = work.pointee.budget
        var code = ram
        while true {
            if budget <= 0 {
                state.pointee.ip = ip
                work.pointee.budget = budget
                if let reason = attend() { return reason }
                ip = state.pointee.ip
                code = codeOrigin.pointee
                if state.pointee.isRepeating { ip = goOnRepeating() }
                budget = work.pointee.budget
                if budget <= 0 { continue }
            }
            let start = ip
            do throws(ProcessorFault) {
                work.pointee.startBudget = budget
                work.pointee.executed &+= 1
                if Int(start) > lastCheckedStart { try checkLength(at: start) }
                var d = Decoder(ip: start, code: code + Int(words[Slot.cs]) &<< 4, budget: budget)
                decode: while true {
                    d.opcode = d.byte()
                    d.budget &-= Int(tables.base[Int(d.opcode)])
                    switch unsafeBitCast(d.opcode, to: Opcode.self) {
                    // MARK: Prefixes
                    case .overrideES:
                        d.segment = Slot.es
                        try checkPrefix(d, start)
                        continue decode
                    case .overrideCS:
                        d.segment = Slot.cs
                        try checkPrefix(d, start)
                        continue decode
                    case .overrideSS:
                        d.segment = Slot.ss
                        try checkPrefix(d, start)
                        continue decode
                    case .overrideDS:
                        d.segment = Slot.ds
                        try checkPrefix(d, start)
                        continue decode
                    case .lock:
                        try checkPrefix(d, start)
                        continue decode
                    case .lockAlias:
                        if model == .i80186 { throw .invalidOpcode }
                        try checkPrefix(d, start)
                        continue decode
                    case .repnz, .rep:
                        d.repeatPrefix = d.opcode
                        try checkPrefix(d, start)
                        continue decode

                    // MARK: Arithmetic
                    case .addEbGb: ebGb(&d) { add8($0, $1) }
                    case .addEvGv: try evGv(&d) { add16($0, $1) }
                    case .addGbEb: gbEb(&d) { add8($0, $1) }
                    case .addGvEv: try gvEv(&d) { add16($0, $1) }
                    case .addALIb: bytes[Slot.al] = add8(bytes[Slot.al], d.byte())
                    case .addAXIv: words[Slot.ax] = add16(words[Slot.ax], d.word())
                    case .orEbGb: ebGb(&d) { logic8($0 | $1) }
                    case .orEvGv: try evGv(&d) { logic16($0 | $1) }
                    case .orGbEb: gbEb(&d) { logic8($0 | $1) }
                    case .orGvEv: try gvEv(&d) { logic16($0 | $1) }
                    case .orALIb: bytes[Slot.al] = logic8(bytes[Slot.al] | d.byte())
                    case .orAXIv: words[Slot.ax] = logic16(words[Slot.ax] | d.word())
                    case .adcEbGb: ebGb(&d) { add8($0, $1, carryBit) }
                    case .adcEvGv: try evGv(&d) { add16($0, $1, carryBit) }
                    case .adcGbEb: gbEb(&d) { add8($0, $1, carryBit) }
                    case .adcGvEv: try gvEv(&d) { add16($0, $1, carryBit) }
                    case .adcALIb: bytes[Slot.al] = add8(bytes[Slot.al], d.byte(), carryBit)
                    case .adcAXIv: words[Slot.ax] = add16(words[Slot.ax], d.word(), carryBit)
                    case .sbbEbGb: ebGb(&d) { sub8($0, $1, carryBit) }
                    case .sbbEvGv: try evGv(&d) { sub16($0, $1, carryBit) }
                    case .sbbGbEb: gbEb(&d) { sub8($0, $1, carryBit) }
                    case .sbbGvEv: try gvEv(&d) { sub16($0, $1, carryBit) }
                    case .sbbALIb: bytes[Slot.al] = sub8(bytes[Slot.al], d.byte(), carryBit)
                    case .sbbAXIv: words[Slot.ax] = sub16(words[Slot.ax], d.word(), carryBit)
                    case .andEbGb: ebGb(&d) { logic8($0 & $1) }
                    case .andEvGv: try evGv(&d) { logic16($0 & $1) }
                    case .andGbEb: gbEb(&d) { logic8($0 & $1) }
                    case .andGvEv: try gvEv(&d) { logic16($0 & $1) }
                    case .andALIb: bytes[Slot.al] = logic8(bytes[Slot.al] & d.byte())
                    case .andAXIv: words[Slot.ax] = logic16(words[Slot.ax] & d.word())
                    case .subEbGb: ebGb(&d) { sub8($0, $1) }
                    case .subEvGv: try evGv(&d) { sub16($0, $1) }
                    case .subGbEb: gbEb(&d) { sub8($0, $1) }
                    case .subGvEv: try gvEv(&d) { sub16($0, $1) }
                    case .subALIb: bytes[Slot.al] = sub8(bytes[Slot.al], d.byte())
                    case .subAXIv: words[Slot.ax] = sub16(words[Slot.ax], d.word())
                    case .xorEbGb: ebGb(&d) { logic8($0 ^ $1) }
                    case .xorEvGv: try evGv(&d) { logic16($0 ^ $1) }
                    case .xorGbEb: gbEb(&d) { logic8($0 ^ $1) }
                    case .xorGvEv: try gvEv(&d) { logic16($0 ^ $1) }
                    case .xorALIb: bytes[Slot.al] = logic8(bytes[Slot.al] ^ d.byte())
                    case .xorAXIv: words[Slot.ax] = logic16(words[Slot.ax] ^ d.word())
                    case .cmpEbGb:
                        let modRM = d.byte()
                        sub8(loadByte(&d, modRM), bytes[registerByte(modRM)])
                    case .cmpEvGv:
                        let modRM = d.byte()
                        sub16(try loadWord(&d, modRM), words[registerWord(modRM)])
                    case .cmpGbEb:
                        let modRM = d.byte()
                        let source = loadByte(&d, modRM)
                        sub8(bytes[registerByte(modRM)], source)
                    case .cmpGvEv:
                        let modRM = d.byte()
                        let source = try loadWord(&d, modRM)
                        sub16(words[registerWord(modRM)], source)
                    case .cmpALIb: sub8(bytes[Slot.al], d.byte())
                    case .cmpAXIv: sub16(words[Slot.ax], d.word())
                    case .incAX: words[Slot.ax] = inc16(words[Slot.ax])
                    case .incCX: words[Slot.cx] = inc16(words[Slot.cx])
                    case .incDX: words[Slot.dx] = inc16(words[Slot.dx])
                    case .incBX: words[Slot.bx] = inc16(words[Slot.bx])
                    case .incSP: words[Slot.sp] = inc16(words[Slot.sp])
                    case .incBP: words[Slot.bp] = inc16(words[Slot.bp])
                    case .incSI: words[Slot.si] = inc16(words[Slot.si])
                    case .incDI: words[Slot.di] = inc16(words[Slot.di])
                    case .decAX: words[Slot.ax] = dec16(words[Slot.ax])
                    case .decCX: words[Slot.cx] = dec16(words[Slot.cx])
                    case .decDX: words[Slot.dx] = dec16(words[Slot.dx])
                    case .decBX: words[Slot.bx] = dec16(words[Slot.bx])
                    case .decSP: words[Slot.sp] = dec16(words[Slot.sp])
                    case .decBP: words[Slot.bp] = dec16(words[Slot.bp])
                    case .decSI: words[Slot.si] = dec16(words[Slot.si])
                    case .decDI: words[Slot.di] = dec16(words[Slot.di])
                    case .group1EbIb, .group1EbIbAlias:
                        let modRM = d.byte()
                        if modRM >= 0xC0 {
                            let slot = byteSlot(modRM & 7)
                            if let result = arithmetic8(modRM >> 3, bytes[slot], d.byte()) { bytes[slot] = result }
                        } else {
                            let place = memoryPlace(&d, modRM)
                            let value = read8(&d, place.segment, place.offset)
                            if let result = arithmetic8(modRM >> 3, value, d.byte()) {
                                write8(&d, place.segment, place.offset, result)
                            }
                        }
                    case .group1EvIv:
                        let modRM = d.byte()
                        if modRM >= 0xC0 {
                            let slot = Int(modRM & 7)
                            if let result = arithmetic16(modRM >> 3, words[slot], d.word()) { words[slot] = result }
                        } else {
                            let place = memoryPlace(&d, modRM)
                            let value = try read16(&d, place.segment, place.offset)
                            if let result = arithmetic16(modRM >> 3, value, d.word()) {
                                try write16(&d, place.segment, place.offset, result)
                            }
                        }
                    case .group1EvIb:
                        let modRM = d.byte()
                        if modRM >= 0xC0 {
                            let slot = Int(modRM & 7)
                            if let result = arithmetic16(modRM >> 3, words[slot], d.signedByte()) {
                                words[slot] = result
                            }
                        } else {
                            let place = memoryPlace(&d, modRM)
                            let value = try read16(&d, place.segment, place.offset)
                            if let result = arithmetic16(modRM >> 3, value, d.signedByte()) {
                                try write16(&d, place.segment, place.offset, result)
                            }
                        }
                    case .testEbGb:
                        let modRM = d.byte()
                        logic8(loadByte(&d, modRM) & bytes[registerByte(modRM)])
                    case .testEvGv:
                        let modRM = d.byte()
                        logic16(try loadWord(&d, modRM) & words[registerWord(modRM)])
                    case .testALIb: logic8(bytes[Slot.al] & d.byte())
                    case .testAXIv: logic16(words[Slot.ax] & d.word())
                    case .cbw: words[Slot.ax] = UInt16(bitPattern: Int16(Int8(bitPattern: bytes[Slot.al])))
                    case .cwd: words[Slot.dx] = words[Slot.ax] & 0x8000 != 0 ? 0xFFFF : 0
                    case .shiftEb1:
                        let modRM = d.byte()
                        if modRM & 0x38 == 0x20 && modRM >= 0xC0 {
                            let slot = byteSlot(modRM & 7)
                            bytes[slot] = add8(bytes[slot], bytes[slot])
                        } else {
                            let target = place(&d, modRM)
                            lend(d)
                            shiftByte(target, modRM, count: 1)
                            takeBack(&d)
                        }
                    case .shiftEv1:
                        let modRM = d.byte()
                        if modRM >= 0xC0 && modRM & 0x38 == 0x20 {
                            let slot = Int(modRM & 7)
                            words[slot] = add16(words[slot], words[slot])
                        } else if modRM >= 0xC0 && modRM & 0x38 == 0x28 {
                            let slot = Int(modRM & 7)
                            words[slot] = shiftRight16(words[slot])
                        } else {
                            let target = place(&d, modRM)
                            lend(d)
                            try shiftWord(target, modRM, count: 1)
                            takeBack(&d)
                        }
                    case .shiftEbCL:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        chargeShift(&d, bytes[Slot.cl])
                        lend(d)
                        shiftByte(target, modRM, count: bytes[Slot.cl])
                        takeBack(&d)
                    case .shiftEvCL:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        chargeShift(&d, bytes[Slot.cl])
                        lend(d)
                        try shiftWord(target, modRM, count: bytes[Slot.cl])
                        takeBack(&d)
                    case .unaryEb:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        if modRM & 0x30 == 0 {
                            chargeGroup(&d, .unary8, modRM)
                            let value = read8(&d, target)
                            logic8(value & d.byte())
                        } else {
                            lend(d)
                            d.ip = try unaryByte(target, modRM, repeatPrefix: d.repeatPrefix, next: d.ip)
                            takeBack(&d)
                        }
                    case .unaryEv:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        if modRM & 0x30 == 0 {
                            chargeGroup(&d, .unary16, modRM)
                            let value = try read16(&d, target)
                            logic16(value & d.word())
                        } else {
                            lend(d)
                            d.ip = try unaryWord(target, modRM, repeatPrefix: d.repeatPrefix, next: d.ip)
                            takeBack(&d)
                        }
                    case .stepEb:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        chargeGroup(&d, .step8, modRM)
                        switch modRM >> 3 & 7 {
                        case 0:
                            let value = read8(&d, target)
                            write8(&d, target, inc8(value))
                        case 1:
                            let value = read8(&d, target)
                            write8(&d, target, dec8(value))
                        default:
                            lend(d)
                            d.ip = try transfer(target, modRM, next: d.ip, isByte: true)
                            takeBack(&d)
                        }
                    case .stepEv:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        chargeGroup(&d, .step16, modRM)
                        switch modRM >> 3 & 7 {
                        case 0:
                            let value = try read16(&d, target)
                            try write16(&d, target, inc16(value))
                        case 1:
                            let value = try read16(&d, target)
                            try write16(&d, target, dec16(value))
                        default:
                            lend(d)
                            d.ip = try transfer(target, modRM, next: d.ip, isByte: false)
                            takeBack(&d)
                        }

                    // MARK: Moves
                    case .movEbGb:
                        let modRM = d.byte()
                        storeByte(&d, modRM, bytes[registerByte(modRM)])
                    case .movEvGv:
                        let modRM = d.byte()
                        try storeWord(&d, modRM, words[registerWord(modRM)])
                    case .movGbEb:
                        let modRM = d.byte()
                        bytes[registerByte(modRM)] = loadByte(&d, modRM)
                    case .movGvEv:
                        let modRM = d.byte()
                        words[registerWord(modRM)] = try loadWord(&d, modRM)
                    case .movALIb, .movCLIb, .movDLIb, .movBLIb, .movAHIb, .movCHIb, .movDHIb, .movBHIb:
                        bytes[byteSlot(d.opcode & 7)] = d.byte()
                    case .movAXIv, .movCXIv, .movDXIv, .movBXIv, .movSPIv, .movBPIv, .movSIIv, .movDIIv:
                        words[Int(d.opcode & 7)] = d.word()
                    case .movEbIb:
                        let modRM = d.byte()
                        if modRM & 0x38 != 0 && !isOriginal { throw .invalidOpcode }
                        let target = place(&d, modRM)
                        let value = d.byte()
                        write8(&d, target, value)
                    case .movEvIv:
                        let modRM = d.byte()
                        if modRM & 0x38 != 0 && !isOriginal { throw .invalidOpcode }
                        let target = place(&d, modRM)
                        let value = d.word()
                        try write16(&d, target, value)
                    case .movALOb:
                        let offset = d.word()
                        bytes[Slot.al] = read8(&d, d.dataSegment, offset)
                    case .movAXOv:
                        let offset = d.word()
                        words[Slot.ax] = try read16(&d, d.dataSegment, offset)
                    case .movObAL:
                        let offset = d.word()
                        write8(&d, d.dataSegment, offset, bytes[Slot.al])
                    case .movOvAX:
                        let offset = d.word()
                        try write16(&d, d.dataSegment, offset, words[Slot.ax])
                    case .movEwSw:
                        let modRM = d.byte()
                        if modRM & 0x20 != 0 && !isOriginal { throw .invalidOpcode }
                        try storeWord(&d, modRM, words[Slot.es + Int(modRM >> 3 & 3)])
                    case .movSwEw:
                        let modRM = d.byte()
                        if !isOriginal && (modRM & 0x20 != 0 || modRM & 0x38 == 0x08) { throw .invalidOpcode }
                        let value = try loadWord(&d, modRM)
                        let slot = Slot.es + Int(modRM >> 3 & 3)
                        loadSegment(slot, value)
                        if isOriginal || slot == Slot.ss { castShadow(isDeep: true) }
                    case .lea:
                        let modRM = d.byte()
                        if modRM < 0xC0 {
                            words[registerWord(modRM)] = memoryPlace(&d, modRM).offset
                        } else if !isOriginal {
                            throw .invalidOpcode
                        }
                    case .les: try loadFarPointer(&d, Slot.es)
                    case .lds: try loadFarPointer(&d, Slot.ds)
                    case .xchgEbGb:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        let slot = registerByte(modRM)
                        let value = read8(&d, target)
                        write8(&d, target, bytes[slot])
                        bytes[slot] = value
                    case .xchgEvGv:
                        let modRM = d.byte()
                        let target = place(&d, modRM)
                        let slot = registerWord(modRM)
                        let value = try read16(&d, target)
                        try write16(&d, target, words[slot])
                        words[slot] = value
                    case .nop: break
                    case .xchgCX, .xchgDX, .xchgBX, .xchgSP, .xchgBP, .xchgSI, .xchgDI:
                        let slot = Int(d.opcode & 7)
                        let value = words[slot]
                        words[slot] = words[Slot.ax]
                        words[Slot.ax] = value
                    case .xlat:
                        let offset = words[Slot.bx] &+ UInt16(bytes[Slot.al])
                        bytes[Slot.al] = read8(&d, d.dataSegment, offset)

                    // MARK: Stack
                    case .pushAX, .pushCX, .pushDX, .pushBX, .pushBP, .pushSI, .pushDI:
                        try push(&d, words[Int(d.opcode & 7)])
                    case .pushSP:
                        // Before the 80286, the value pushed is the new one.
                        try push(&d, is286 ? words[Slot.sp] : words[Slot.sp] &- 2)
                    case .popAX, .popCX, .popDX, .popBX, .popSP, .popBP, .popSI, .popDI:
                        let value = try pop(&d)
                        words[Int(d.opcode & 7)] = value
                    case .pushES: try push(&d, words[Slot.es])
                    case .pushCS: try push(&d, words[Slot.cs])
                    case .pushSS: try push(&d, words[Slot.ss])
                    case .pushDS: try push(&d, words[Slot.ds])
                    case .popES:
                        loadSegment(Slot.es, try pop(&d))
                        if isOriginal { castShadow(isDeep: true) }
                    case .popSS:
                        loadSegment(Slot.ss, try pop(&d))
                        castShadow(isDeep: true)
                    case .popDS:
                        loadSegment(Slot.ds, try pop(&d))
                        if isOriginal { castShadow(isDeep: true) }
                    case .popEv:
                        let modRM = d.byte()
                        if modRM & 0x38 != 0 && !isOriginal { throw .invalidOpcode }
                        // The operand's address is worked out before SP moves, and SP keeps the value popped to
                        // also when the store faults.
                        let target = place(&d, modRM)
                        let value = try pop(&d)
                        try write16(&d, target, value)
                    case .pushf: try push(&d, flags)
                    case .popf:
                        let value = try pop(&d)
                        loadFlags(model.normalizedFlags(value))
                        lend(d)
                        flagsDidChange()
                        takeBack(&d)
                    case .sahf:
                        setArithmeticFlags(flags & Flag.overflow | UInt16(bytes[Slot.ah]) & 0x00D5)
                    case .lahf: bytes[Slot.ah] = UInt8(truncatingIfNeeded: flags)

                    // MARK: Transfers
                    case .jo: jump(&d, if: isOverflow)
                    case .jno: jump(&d, if: !isOverflow)
                    case .jb: jump(&d, if: isCarry)
                    case .jnb: jump(&d, if: !isCarry)
                    case .jz: jump(&d, if: isZero)
                    case .jnz: jump(&d, if: !isZero)
                    case .jbe: jump(&d, if: isBelowOrEqual())
                    case .jnbe: jump(&d, if: !isBelowOrEqual())
                    case .js: jump(&d, if: isSign)
                    case .jns: jump(&d, if: !isSign)
                    case .jp: jump(&d, if: isParity)
                    case .jnp: jump(&d, if: !isParity)
                    case .jl: jump(&d, if: isLess())
                    case .jnl: jump(&d, if: !isLess())
                    case .jle: jump(&d, if: isLessOrEqual())
                    case .jnle: jump(&d, if: !isLessOrEqual())
                    case .loopnz:
                        words[Slot.cx] &-= 1
                        jump(&d, if: words[Slot.cx] != 0 && !isZero)
                    case .loopz:
                        words[Slot.cx] &-= 1
                        jump(&d, if: words[Slot.cx] != 0 && isZero)
                    case .loop:
                        words[Slot.cx] &-= 1
                        jump(&d, if: words[Slot.cx] != 0)
                    case .jcxz: jump(&d, if: words[Slot.cx] == 0)
                    case .jmpJb:
                        let distance = d.signedByte()
                        d.ip &+= distance
                    case .jmpJv:
                        let distance = d.word()
                        d.ip &+= distance
                    case .callJv:
                        let distance = d.word()
                        try push(&d, d.ip)
                        d.ip &+= distance
                    case .ret: d.ip = try pop(&d)
                    case .retIw:
                        let count = d.word()
                        d.ip = try pop(&d)
                        words[Slot.sp] &+= count
                    case .jmpFar:
                        let offset = d.word()
                        loadSegment(Slot.cs, d.word())
                        d.ip = offset
                    case .callFar:
                        let offset = d.word()
                        let segment = d.word()
                        lend(d)
                        d.ip = try callFar(segment, offset, next: d.ip)
                        takeBack(&d)
                    case .retFar:
                        lend(d)
                        d.ip = try returnFar(dropping: 0)
                        takeBack(&d)
                    case .retFarIw:
                        let count = d.word()
                        lend(d)
                        d.ip = try returnFar(dropping: count)
                        takeBack(&d)
                    case .int3:
                        lend(d)
                        d.ip = try softwareInterrupt(3, next: d.ip)
                        takeBack(&d)
                    case .intIb:
                        let vector = d.byte()
                        lend(d)
                        d.ip = try softwareInterrupt(vector, next: d.ip)
                        takeBack(&d)
                    case .into:
                        if isOverflow {
                            d.budget &-= Int(tables.taken[Int(d.opcode)])
                            lend(d)
                            d.ip = try softwareInterrupt(4, next: d.ip)
                            takeBack(&d)
                        }
                    case .iret:
                        lend(d)
                        d.ip = try returnFromInterrupt()
                        takeBack(&d)
                    case .hlt:
                        state.pointee.isHalted = true
                        lend(d)
                        stopSoon()
                        takeBack(&d)

                    // MARK: Ports and strings
                    case .inALIb:
                        let port = UInt16(d.byte())
                        lend(d)
                        bytes[Slot.al] = readPort8(port)
                        takeBack(&d)
                    case .inAXIb:
                        let port = UInt16(d.byte())
                        lend(d)
                        words[Slot.ax] = readPort16(port)
                        takeBack(&d)
                    case .outIbAL:
                        let port = UInt16(d.byte())
                        lend(d)
                        writePort8(port, bytes[Slot.al])
                        takeBack(&d)
                    case .outIbAX:
                        let port = UInt16(d.byte())
                        lend(d)
                        writePort16(port, words[Slot.ax])
                        takeBack(&d)
                    case .inALDX:
                        lend(d)
                        bytes[Slot.al] = readPort8(words[Slot.dx])
                        takeBack(&d)
                    case .inAXDX:
                        lend(d)
                        words[Slot.ax] = readPort16(words[Slot.dx])
                        takeBack(&d)
                    case .outDXAL:
                        lend(d)
                        writePort8(words[Slot.dx], bytes[Slot.al])
                        takeBack(&d)
                    case .outDXAX:
                        lend(d)
                        writePort16(words[Slot.dx], words[Slot.ax])
                        takeBack(&d)
                    case .movsb, .movsw, .cmpsb, .cmpsw, .stosb, .stosw, .lodsb, .lodsw, .scasb, .scasw:
                        lend(d)
                        d.ip = try string(d.opcode, d.repeatPrefix, d.dataSegment, start: start, next: d.ip)
                        takeBack(&d)
                    case .insb, .insw, .outsb, .outsw:
                        if isOriginal {
                            jump(&d, if: condition(d.opcode))
                        } else {
                            lend(d)
                            d.ip = try string(d.opcode, d.repeatPrefix, d.dataSegment, start: start, next: d.ip)
                            takeBack(&d)
                        }

                    // MARK: Flags
                    case .cmc: setCarry(!isCarry)
                    case .clc: setCarry(false)
                    case .stc: setCarry(true)
                    case .cld: state.pointee.flags &= ~Flag.direction
                    case .std: state.pointee.flags |= Flag.direction
                    case .cli: state.pointee.flags &= ~Flag.interrupt
                    case .sti:
                        if !is286 || state.pointee.flags & Flag.interrupt == 0 { castShadow(isDeep: false) }
                        state.pointee.flags |= Flag.interrupt
                        lend(d)
                        flagsDidChange()
                        takeBack(&d)

                    // MARK: What only an 8086 or only its successors have
                    case .escape0F:
                        if let trap = serviceTrap(d) {
                            state.pointee.ip = d.ip &+ 3
                            lend(d)
                            settle()
                            return trap
                        }
                        if isOriginal {
                            words[Slot.cs] = try pop(&d)
                            castShadow(isDeep: true)
                        } else {
                            lend(d)
                            d.ip = try system(d)
                            takeBack(&d)
                        }
                    case .pusha, .popa, .bound, .x63, .x64, .x65, .x66, .x67, .pushIv, .imulGvEvIv, .pushIb,
                        .imulGvEvIb:
                        if isOriginal {
                            jump(&d, if: condition(d.opcode))
                        } else {
                            lend(d)
                            d.ip = try extended(d)
                            takeBack(&d)
                        }
                    case .shiftEbIb:
                        if isOriginal {
                            let count = d.word()
                            d.ip = try pop(&d)
                            words[Slot.sp] &+= count
                        } else {
                            let modRM = d.byte()
                            let target = place(&d, modRM)
                            let count = d.byte()
                            chargeShift(&d, count)
                            lend(d)
                            shiftByte(target, modRM, count: count)
                            takeBack(&d)
                        }
                    case .shiftEvIb:
                        if isOriginal {
                            d.ip = try pop(&d)
                        } else {
                            let modRM = d.byte()
                            let target = place(&d, modRM)
                            let count = d.byte()
                            chargeShift(&d, count)
                            lend(d)
                            try shiftWord(target, modRM, count: count)
                            takeBack(&d)
                        }
                    case .enter:
                        if isOriginal {
                            let count = d.word()
                            lend(d)
                            d.ip = try returnFar(dropping: count)
                            takeBack(&d)
                        } else {
                            lend(d)
                            d.ip = try extended(d)
                            takeBack(&d)
                        }
                    case .leave:
                        lend(d)
                        d.ip = isOriginal ? try returnFar(dropping: 0) : try extended(d)
                        takeBack(&d)
                    case .salc:
                        if model == .i80186 { throw .invalidOpcode }
                        bytes[Slot.al] = isCarry ? 0xFF : 0
                    case .wait:
                        if state.pointee.msw & 0x000A == 0x000A && is286 { throw .coprocessorMissing }
                        if hasCoprocessor {
                            lend(d)
                            d.ip = try wait(start: start, next: d.ip)
                            takeBack(&d)
                        }
                    case .esc0, .esc1, .esc2, .esc3, .esc4, .esc5, .esc6, .esc7:
                        if is286 && state.pointee.msw & 0x000C != 0 { throw .coprocessorMissing }
                        if hasCoprocessor {
                            lend(d)
                            d.ip = try escape(d, start: start)
                            takeBack(&d)
                            break decode
                        }
                        let modRM = d.byte()
                        if modRM < 0xC0 {
                            let place = memoryPlace(&d, modRM)
                            _ = try read16(&d, place.segment, place.offset)
                        }

                    // MARK: Decimal
                    case .daa: daa()
                    case .das: das()
                    case .aaa: aaa()
                    case .aas: aas()
                    case .aam:
                        let divisor = d.byte()
                        if !aam(divisor) {
                            lend(d)
                            d.ip = try divideError(next: d.ip)
                            takeBack(&d)
                        }
                    case .aad: aad(d.byte())
                    }
                    break decode
                }
                ip = d.ip
                budget = d.budget
            } catch {
                ip = deliverFault(error, start: start)
                budget = work.pointee.budget
            }
        }
    }
}
