import Core
import X86

/// The bus interface unit, one clock at a time.
///
/// In a clock, the bus cycle moves first, then the execution unit runs its microcode line, then the loader may take an
/// opcode, and last the prefetcher decides. `tick` is called by the execution unit behind its line: it ends the present
/// clock and begins the next one up to the point where the next line runs.
///
/// Source: [XTCE]; [PREFETCH]; measured against [SST86].
extension ExactProcessor8086 {
    @inline(never) func tick() {
        let w = work
        // The end of the present clock.
        let previous = w.pointee.busState
        var next = w.pointee.nextState
        if previous == .t4 && w.pointee.lastCycle == .fetch { endFetch() }
        if w.pointee.cycle != .passive {
            if next == .idle {
                next = .t1
                if w.pointee.cycle == .fetch { beginFetch() } else { beginAccess() }
            }
        } else if w.pointee.hold == 0 && previous != .t4 {
            w.pointee.cycle = .fetch
        }
        if w.pointee.isFlushing {
            w.pointee.isFlushing = false
            w.pointee.hold &= ~Hold8086.suspended
        }
        // The next clock.
        w.pointee.busState = next
        w.pointee.now &+= w.pointee.period
        if w.pointee.now >= w.pointee.nextRequest { stepTransfer() }
        switch next {
        case .idle:
            w.pointee.nextState = .idle
            if w.pointee.hold & Hold8086.full != 0 { lookForRoom(isBehindFetch: previous == .t4) }
        case .t1: w.pointee.nextState = .t2
        case .t2:
            w.pointee.waitStates = waitStates()
            w.pointee.nextState = .t3
        case .t3:
            // A fetch that will fill the queue stops the next one before it is decided on.
            if w.pointee.cycle == .fetch && w.pointee.queueCount >= fetchLimit {
                w.pointee.hold |= Hold8086.full
            }
            complete()
        case .wait: complete()
        case .t4:
            w.pointee.nextState = .idle
            w.pointee.lastT4 = w.pointee.now
        }
        if w.pointee.isTracing { record() }
    }

    /// `count` clocks of the execution unit in which it asks for nothing. While the bus is idle and no fetch may start
    /// they differ in the time only.
    @inline(never) func ticks(_ count: Int) {
        let w = work
        var left = Int64(count)
        while left > 0 {
            let end = w.pointee.now &+ left &* w.pointee.period
            if isQuiet && end < w.pointee.nextRequest && !w.pointee.isTracing {
                w.pointee.now = end
                return
            }
            tick()
            left &-= 1
        }
    }

    @inline(__always) private var isQuiet: Bool {
        let w = work
        guard w.pointee.busState == .idle, w.pointee.nextState == .idle, w.pointee.cycle == .passive,
            !w.pointee.isFlushing
        else { return false }
        return w.pointee.hold & Hold8086.full != 0
            ? w.pointee.queueCount > fetchRoom : w.pointee.hold & Hold8086.suspended != 0
    }

    /// Bytes in the queue that, with those that are being fetched, fill it.
    @inline(__always) private var fetchLimit: Int { 3 }

    /// The queue is looked at again in idle clocks. Right behind a fetch a queue with one fetch missing counts as full
    /// for a clock more.
    @inline(__always) private func lookForRoom(isBehindFetch: Bool) {
        let w = work
        let count = w.pointee.queueCount
        if count < 3 || count <= fetchRoom && !(isBehindFetch && w.pointee.lastCycle == .fetch) {
            w.pointee.hold &= ~Hold8086.full
        }
    }

    /// T3 or Tw: the transfer, unless there are wait states left.
    @inline(__always) private func complete() {
        let w = work
        if w.pointee.waitStates > 0 || w.pointee.isBusTaken {
            if w.pointee.waitStates > 0 { w.pointee.waitStates &-= 1 }
            w.pointee.nextState = .wait
            return
        }
        transfer()
        if w.pointee.cycle == .fetch {
            w.pointee.fetched = w.pointee.isWide ? w.pointee.data : UInt16(taken())
            w.pointee.fetchedCount = w.pointee.isWide ? 2 : 1
        }
        w.pointee.lastCycle = w.pointee.cycle
        w.pointee.cycle = .passive
        w.pointee.nextState = .t4
    }

    @inline(__always) private func waitStates() -> UInt8 {
        let w = work
        switch w.pointee.cycle {
        case .readPort, .writePort: return waits[Self.portWaitsStart &+ Int(w.pointee.address >> 5)]
        case .readMemory, .writeMemory, .fetch:
            let count = waits[Int(w.pointee.address >> 12)]
            return count == Self.sharedWaits ? waitsForSharedMemory() : count
        default: return 0
        }
    }

    /// Clocks until shared memory is free, from T2 on.
    @inline(never) private func waitsForSharedMemory() -> UInt8 {
        guard let slots = work.pointee.slots else { return 0 }
        let now = work.pointee.now
        let wait = max(slots.pointee.accessEnd(at: Tick(now)).count &- now, 0)
        return UInt8(clamping: (wait &+ clockPeriod.count &- 1) / clockPeriod.count)
    }

    // MARK: Fetching

    @inline(__always) func pushQueue(_ byte: UInt32) {
        let w = work
        w.pointee.queue |= UInt64(byte & 0xFF) &<< UInt64(8 &* w.pointee.queueCount)
        w.pointee.queueCount &+= 1
    }

    @inline(__always) private func beginFetch() {
        let w = work
        let address = (UInt32(words[Slot8086.cs]) &<< 4 &+ UInt32(w.pointee.fetchPointer)) & 0xF_FFFF
        w.pointee.address = address
        w.pointee.segment = 2
        w.pointee.isWide = isWideBus && address & 1 == 0
        w.pointee.isBHEHigh = !isWideBus
        w.pointee.isFetchStale = false
    }

    @inline(__always) private func beginAccess() {
        let w = work
        w.pointee.address = w.pointee.wantedAddress
        w.pointee.data = w.pointee.wantedData
        w.pointee.segment = w.pointee.wantedSegment
        w.pointee.isWide = w.pointee.wantedIsWide
        w.pointee.isBHEHigh = !isWideBus || w.pointee.address & 1 == 0 && !w.pointee.isWide
    }

    @inline(__always) private func endFetch() {
        let w = work
        if w.pointee.isFetchStale { return w.pointee.isFetchStale = false }
        let count = Int(w.pointee.fetchedCount)
        w.pointee.queue |= UInt64(w.pointee.fetched) &<< UInt64(8 &* w.pointee.queueCount)
        w.pointee.queueCount &+= count
        w.pointee.fetchPointer &+= UInt16(truncatingIfNeeded: count)
    }

    // MARK: Transfers

    @inline(__always) private func transfer() {
        let w = work
        switch w.pointee.cycle {
        case .fetch, .readMemory:
            let address = Int(w.pointee.address)
            if pageFlags[address &>> 12] & PageFlags.deviceRead.rawValue != 0 { return transferDevice() }
            if w.pointee.isWide {
                w.pointee.data = UnsafeRawPointer(ram + address).loadUnaligned(as: UInt16.self)
            } else {
                w.pointee.data = placed(ram[address])
            }
        case .writeMemory:
            let address = Int(w.pointee.address)
            if pageFlags[address &>> 12] != 0 { return transferDevice() }
            if w.pointee.isWide {
                UnsafeMutableRawPointer(ram + address).storeBytes(of: w.pointee.data, as: UInt16.self)
            } else {
                ram[address] = taken()
            }
        case .readPort, .writePort, .acknowledge: transferPort()
        case .halt, .passive: break
        }
    }

    /// A byte on the half of the data bus that belongs to its address.
    @inline(__always) private func placed(_ byte: UInt8) -> UInt16 {
        isWideBus && work.pointee.address & 1 != 0 ? UInt16(byte) &<< 8 : UInt16(byte)
    }

    @inline(__always) func taken() -> UInt8 {
        let w = work
        return UInt8(
            truncatingIfNeeded: isWideBus && w.pointee.address & 1 != 0 ? w.pointee.data &>> 8 : w.pointee.data)
    }

    @inline(never) private func transferDevice() {
        let w = work
        let address = w.pointee.address
        if w.pointee.cycle == .writeMemory {
            memory.write8(address, taken())
            if w.pointee.isWide { memory.write8(address | 1, UInt8(truncatingIfNeeded: w.pointee.data >> 8)) }
        } else if w.pointee.isWide {
            let low = memory.read8(address)
            w.pointee.data = UInt16(low) | UInt16(memory.read8(address | 1)) << 8
        } else {
            w.pointee.data = placed(memory.read8(address))
        }
        w.pointee.deadline = bus.deadline.count
    }

    @inline(never) private func transferPort() {
        let w = work
        let port = UInt16(truncatingIfNeeded: w.pointee.address)
        let now = Tick(w.pointee.now)
        switch w.pointee.cycle {
        case .readPort where w.pointee.isWide: w.pointee.data = bus.readPort16(port, at: now)
        case .readPort: w.pointee.data = placed(bus.readPort8(port, at: now))
        case .writePort where w.pointee.isWide: bus.writePort16(port, w.pointee.data, at: now)
        case .writePort: bus.writePort8(port, taken(), at: now)
        default: if w.pointee.isSecondAcknowledge { w.pointee.data = UInt16(bus.acknowledgeInterrupt(at: now)) }
        }
        w.pointee.deadline = bus.deadline.count
    }

    // MARK: Trace

    @inline(never) private func record() {
        guard let trace = traceBox.pointee else { return }
        let w = work
        var record = ClockRecord()
        let state = w.pointee.busState
        let cycle = state == .t4 ? w.pointee.lastCycle : w.pointee.cycle
        // In T3 the cycle is over for the status lines, and `cycle` may name the next one already.
        let isOver = w.pointee.nextState == .t4
        let shown = isOver ? w.pointee.lastCycle : cycle
        record.isAddressLatched = state == .t1
        record.isBHEHigh = w.pointee.isBHEHigh
        record.bus = state == .t1 ? w.pointee.address : w.pointee.address & 0xF_0000 | UInt32(w.pointee.data)
        record.state = state == .wait ? 3 : state == .t4 ? 4 : state.rawValue
        if state != .idle && state != .t1 { record.segment = w.pointee.segment }
        if state == .t1 || state == .t2 || (state == .t3 || state == .wait) && !isOver {
            record.status = cycle.rawValue
        }
        if state == .t2 || state == .t3 || state == .wait {
            let isLate = state != .t2
            switch shown {
            case .fetch, .readMemory: record.memoryCommand = .read
            case .writeMemory: record.memoryCommand = isLate ? [.advancedWrite, .write] : .advancedWrite
            case .readPort: record.portCommand = .read
            case .writePort: record.portCommand = isLate ? [.advancedWrite, .write] : .advancedWrite
            default: break
            }
            if isLate && isOver { record.data = w.pointee.data }
        }
        if w.pointee.isHaltShown {
            w.pointee.isHaltShown = false
            record.isAddressLatched = true
            record.state = 1
            record.status = BusCycle8086.halt.rawValue
        }
        record.queueOperation = ClockRecord.QueueOperation(rawValue: w.pointee.queueOperation) ?? .none
        if record.queueOperation == .firstByte || record.queueOperation == .subsequentByte {
            record.queueByte = w.pointee.queueByte
        }
        w.pointee.queueOperation = 0
        trace.append(record)
    }
}
