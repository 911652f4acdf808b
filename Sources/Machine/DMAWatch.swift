import Core

/// Looks for devices whose requests for DMA are not answered for a second: the program has not set up their channel, and they
/// are silent. A line for each channel, once.
struct DMAWatch {
    private var since = [Tick?](repeating: nil, count: 8)
    private var told: UInt8 = 0
    private static let patience = Tick.seconds(1)

    /// - Parameter waiting: the channels on which devices wait now, by the bits of their numbers.
    mutating func look(at waiting: UInt8, now: Tick) -> [MachineNotice] {
        var notices: [MachineNotice] = []
        for channel in 0..<8 where told >> UInt8(channel) & 1 == 0 {
            guard waiting >> UInt8(channel) & 1 != 0 else {
                since[channel] = nil
                continue
            }
            let start = since[channel] ?? now
            since[channel] = start
            guard now - start >= DMAWatch.patience else { continue }
            told |= 1 << UInt8(channel)
            notices.append(
                MachineNotice("a device waits for DMA channel \(channel), which the program has masked or not set up"))
        }
        return notices
    }
}
