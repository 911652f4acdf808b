import Core
import X86

/// The bus unit, and the clock.
///
/// A bus cycle is Ts and Tc. Its address is on the address lines in the clock before Ts: the last Tc of the cycle before
/// it, or an idle state. So two cycles can follow each other without a gap, and a cycle that comes out of the blue is
/// seen a clock earlier. Requests of the execution unit come first, then the second half of a word at an odd address
/// before them all, and fetches last.
///
/// A fetch is decided on one clock before its address goes out: when the queue, with what is under way, has room for two
/// bytes. A fetch at an odd address, the first after a jump, brings one byte.
///
/// Source: [80286HRM] bus states and pipelined addresses. Measured: SingleStepTests/80286: when fetches begin.
extension ExactProcessor80286 {
    /// Lets one clock pass.
    ///
    /// It is inlined into the loops that let clocks pass, so that what it needs stays in host registers; what is rare is
    /// not inlined.
    @inline(__always) func tick() {
        let p = pipe
        var isLast = false
        var isFree = true
        if p.pointee.state == .status {
            p.pointee.state = .command
            p.pointee.waits = p.pointee.cycle.kind.isPort ? p.pointee.portWaits : p.pointee.memoryWaits
            if p.pointee.hasNarrowBus { narrowWaits() }
            isLast = p.pointee.waits == 0
            isFree = isLast
        } else if p.pointee.waits > 0 {
            p.pointee.waits &-= 1
            isLast = p.pointee.waits == 0
            isFree = isLast
        } else if p.pointee.clock >= p.pointee.holdClock && isHeld() {
            isFree = false
        } else if p.pointee.next.kind != .none {
            p.pointee.state = .status
            p.pointee.cycle = p.pointee.next
            p.pointee.next.kind = .none
            isFree = false
            if p.pointee.cycle.kind != .fetch { begin() }
        } else {
            p.pointee.state = .idle
        }
        if isFree {
            if p.pointee.request.kind != .none {
                accept()
            } else if p.pointee.isFetchWanted {
                nextFetch()
            }
        }
        p.pointee.isFetchWanted = p.pointee.level <= 4 && p.pointee.clock < p.pointee.fetchEnd
        if p.pointee.hold != 0 {
            if p.pointee.hold & Pipeline80286.holdsForExtension != 0 { extensionDidPass() }
        } else if p.pointee.queueCount > 0 {
            takeByte()
        } else if p.pointee.level == Pipeline80286.segmentEnd {
            meetEnd()
        }
        if isLast {
            if p.pointee.cycle.kind == .fetch { finishFetch() } else { finishRead() }
        }
        if p.pointee.isTracing { record() }
        p.pointee.clock &+= 1
    }

    /// Gives the bus to the execution unit.
    @inline(never) private func accept() {
        pipe.pointee.next = pipe.pointee.request
        pipe.pointee.isAccepted = true
        splitRequest()
    }

    /// Keeps the second cycle of a word at an odd address as the request that comes next.
    @inline(__always) private func splitRequest() {
        let p = pipe
        guard p.pointee.request.rest > 0 else {
            p.pointee.request.kind = .none
            return
        }
        p.pointee.next.isLocked = p.pointee.isLocked && p.pointee.isLockHeld
        p.pointee.request.becomeSecond()
    }

    @inline(__always) private func nextFetch() {
        let p = pipe
        let offset = p.pointee.fetchOffset
        let address = p.pointee.codeBase &+ offset
        let size: UInt8 = address & 1 == 0 ? 2 : 1
        p.pointee.next = BusCycle80286(.fetch, size: size, address: address)
        p.pointee.fetchOffset = offset &+ UInt32(size)
        p.pointee.level &+= UInt64(size)
        if p.pointee.fetchOffset >= 0x1_0000 { reachEnd() }
    }

    /// The last fetch of the segment. Where its base is odd, that is one byte at an even address.
    @inline(never) private func reachEnd() {
        let p = pipe
        if p.pointee.fetchOffset > 0x1_0000 {
            p.pointee.fetchOffset = 0x1_0000
            p.pointee.level &-= 1
            p.pointee.next = BusCycle80286(.fetch, size: 1, address: p.pointee.next.address)
        }
        p.pointee.level |= Pipeline80286.segmentEnd
    }

    /// Ts: the data of a write leave the processor.
    @inline(never) private func begin() {
        if pipe.pointee.cycle.passesOn {
            pipe.pointee.cycle.data =
                pipe.pointee.cycle.isHighByte ? pipe.pointee.data >> 8 : pipe.pointee.data
        }
        switch pipe.pointee.cycle.kind {
        case .memoryWrite: write()
        case .portWrite: writePort()
        default: break
        }
    }

    private func write() {
        let cycle = pipe.pointee.cycle
        let address = Int(cycle.address)
        if address >= GuestMemory.viewSize { return writeAbove(cycle) }
        let isPlain = pageFlags[address &>> 12] == 0
        if isPlain {
            ram[address] = UInt8(truncatingIfNeeded: cycle.data)
            if cycle.size == 2 { ram[address &+ 1] = UInt8(truncatingIfNeeded: cycle.data >> 8) }
            return
        }
        memory.writeSpecial(cycle.address, UInt8(truncatingIfNeeded: cycle.data))
        if cycle.size == 2 { memory.writeSpecial(cycle.address &+ 1, UInt8(truncatingIfNeeded: cycle.data >> 8)) }
        pipe.pointee.isLookNeeded = true
    }

    /// A write to extended memory above what real mode reaches: LOADALL's segments lead there.
    private func writeAbove(_ cycle: BusCycle80286) {
        memory.writeBus(cycle.address, UInt8(truncatingIfNeeded: cycle.data))
        if cycle.size == 2 { memory.writeBus(cycle.address &+ 1, UInt8(truncatingIfNeeded: cycle.data >> 8)) }
    }

    /// Bytes from wherever an address leads.
    @inline(never) private func readAbove(_ cycle: BusCycle80286) -> UInt64 {
        let low = UInt64(memory.readBus(cycle.address))
        return cycle.size == 2 ? low | UInt64(memory.readBus(cycle.address &+ 1)) << 8 : low
    }

    @inline(never) private func writePort() {
        let cycle = pipe.pointee.cycle
        let port = UInt16(truncatingIfNeeded: cycle.address)
        if cycle.size == 2 {
            bus.writePort16(port, cycle.data, at: now)
        } else {
            bus.writePort8(port, UInt8(truncatingIfNeeded: cycle.data), at: now)
        }
        pipe.pointee.isLookNeeded = true
    }

    /// The last Tc of a fetch: its bytes go into the queue.
    @inline(__always) private func finishFetch() {
        let p = pipe
        if p.pointee.droppedFetches > 0 {
            p.pointee.droppedFetches &-= 1
            return
        }
        let place = UnsafeRawPointer(ram) + Int(p.pointee.cycle.address)
        let size = p.pointee.cycle.size
        let value =
            Int(p.pointee.cycle.address) >= GuestMemory.viewSize
            ? readAbove(p.pointee.cycle)
            : size == 2 ? UInt64(place.loadUnaligned(as: UInt16.self)) : UInt64(place.load(as: UInt8.self))
        p.pointee.queue |= value &<< (8 &* p.pointee.queueCount)
        p.pointee.queueCount &+= UInt64(size)
    }

    /// The last Tc of a data cycle: what was read is there.
    @inline(never) private func finishRead() {
        let p = pipe
        let cycle = p.pointee.cycle
        guard cycle.kind == .memoryRead || cycle.kind == .portRead else { return }
        let value: UInt16
        if cycle.kind == .portRead {
            value = readPort(cycle)
        } else {
            let address = Int(cycle.address)
            if address >= GuestMemory.viewSize {
                value = UInt16(truncatingIfNeeded: readAbove(cycle))
            } else if pageFlags[address &>> 12] & PageFlags.deviceRead.rawValue != 0 {
                value = readDevice(cycle)
            } else if cycle.size == 2 {
                value = UnsafeRawPointer(ram + address).loadUnaligned(as: UInt16.self)
            } else {
                value = UInt16(ram[address])
            }
        }
        p.pointee.cycle.data = value
        p.pointee.data = cycle.isHighByte ? p.pointee.data & 0xFF | value << 8 : value
        p.pointee.reads &-= 1
    }

    @inline(never) private func readDevice(_ cycle: BusCycle80286) -> UInt16 {
        var value = UInt16(memory.readDevice(cycle.address))
        if cycle.size == 2 { value |= UInt16(memory.readDevice(cycle.address &+ 1)) << 8 }
        pipe.pointee.isLookNeeded = true
        return value
    }

    @inline(never) private func readPort(_ cycle: BusCycle80286) -> UInt16 {
        let port = UInt16(truncatingIfNeeded: cycle.address)
        pipe.pointee.isLookNeeded = true
        return cycle.size == 2 ? bus.readPort16(port, at: now) : UInt16(bus.readPort8(port, at: now))
    }

    // MARK: Emptying

    /// Empties the prefetch queue and the decoded instructions, and fetches from CS:`ip` on.
    func redirect(_ ip: UInt16) {
        let p = pipe
        p.pointee.queue = 0
        p.pointee.queueCount = 0
        p.pointee.level = 0
        p.pointee.droppedFetches = 0
        if p.pointee.cycle.kind == .fetch && p.pointee.state != .idle
            && !(p.pointee.state == .command && p.pointee.waits == 0)
        {
            p.pointee.droppedFetches = 1
        }
        if p.pointee.next.kind == .fetch { p.pointee.droppedFetches &+= 1 }
        p.pointee.isFetchWanted = false
        p.pointee.fetchEnd = .max
        p.pointee.fetchOffset = UInt32(ip)
        p.pointee.codeBase =
            state.pointee.caches.areLoaded
            ? state.pointee.address(Slot80286.cs, 0) : UInt32(words[Slot80286.cs]) &<< 4
        restartDecoding()
    }

    /// Everything that was fetched and decoded is void; the registers have changed.
    func empty() {
        redirect(state.pointee.ip)
        pipe.pointee.isWaiting = false
        pipe.pointee.nextCS = state.pointee.cs
        pipe.pointee.nextIP = state.pointee.ip
    }

    /// RESET: no bus cycle is under way.
    func quiet() {
        let p = pipe
        p.pointee.state = .idle
        p.pointee.waits = 0
        p.pointee.cycle = BusCycle80286()
        p.pointee.next = BusCycle80286()
        p.pointee.request = BusCycle80286()
        p.pointee.reads = 0
        p.pointee.isAccepted = false
        p.pointee.isLocked = false
    }

    // MARK: Trace

    /// What the pins show in this clock.
    @inline(never) private func record() {
        let p = pipe
        var record = ClockRecord()
        var cycle = p.pointee.cycle
        // Also of a fetch that a transfer has overtaken.
        if cycle.kind == .fetch { cycle.data = UInt16(truncatingIfNeeded: readAbove(cycle)) }
        record.isReadyHigh = true
        record.state = p.pointee.state.rawValue
        record.status = BusKind80286.none.rawValue
        record.bus = 0xFF_FFFF
        switch p.pointee.state {
        case .status:
            record.isAddressLatched = true
            record.status = cycle.kind.rawValue
            record.bus = cycle.address & 0xFF_FFFF
            record.isBHEHigh = cycle.isBHEHigh
            record.isLockHigh = !cycle.isLocked
            if cycle.kind == .memoryWrite || cycle.kind == .portWrite { record.data = cycle.dataOnBus }
        case .command:
            record.isBHEHigh = cycle.isBHEHigh
            record.isLockHigh = !cycle.isLocked
            record.data = cycle.dataOnBus
            switch cycle.kind {
            case .fetch, .memoryRead: record.memoryCommand = .read
            case .memoryWrite: record.memoryCommand = .write
            case .portRead: record.portCommand = .read
            case .portWrite: record.portCommand = .write
            default: break
            }
            if p.pointee.next.kind != .none { record.bus = p.pointee.next.address & 0xFF_FFFF }
        case .idle:
            if p.pointee.next.kind != .none { record.bus = p.pointee.next.address & 0xFF_FFFF }
        }
        tracePlace.pointee?.append(record)
    }
}

extension BusCycle80286 {
    /// The high half of the data bus takes part.
    var isBHEHigh: Bool { size != 2 && address & 1 == 0 }
    /// The data as they lie on the bus: a byte at an odd address is in the high half.
    var dataOnBus: UInt16 { size == 1 && address & 1 != 0 ? data << 8 : data }
}
