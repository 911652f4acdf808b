import Core

/// How a character goes over an asynchronous line.
public struct SerialFormat: Hashable, Sendable {
    /// Ticks of one bit.
    public var bitTime: Tick
    /// 5 to 8.
    public var dataBits: Int
    public var hasParity: Bool
    /// Stop bits by two: 2, 3 or 4.
    public var halfStopBits: Int

    public init(bitTime: Tick, dataBits: Int, hasParity: Bool = false, halfStopBits: Int = 2) {
        self.bitTime = bitTime
        self.dataBits = dataBits
        self.hasParity = hasParity
        self.halfStopBits = halfStopBits
    }

    /// From the edge of the start bit to the end of the stop bits.
    public var characterTime: Tick {
        Tick(bitTime.count * Int64((1 + dataBits + (hasParity ? 1 : 0)) * 2 + halfStopBits) / 2)
    }
}

/// Who hears the characters of a line.
public protocol SerialReceiver: AnyObject {
    /// A whole character has arrived; `now` is the end of its stop bits.
    func receive(_ character: UInt8, as format: SerialFormat, at now: Tick)
}

/// A device at the far end of a serial cable.
public protocol SerialLineDevice: SerialReceiver {
    /// The port's outputs Data Terminal Ready and Request to Send.
    func setModemOutputs(dtr: Bool, rts: Bool, at now: Tick)
    /// Where the device sends its characters. Set once, while the machine is wired.
    func connect(to receiver: any SerialReceiver)
}
