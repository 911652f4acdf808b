/// A sound device of the host that plays what it pulls from a feed.
protocol AudioDevice: AnyObject {
    /// Why the device plays no more; nil while it does.
    var failure: String? { get }
    /// Stops and gives the device back.
    func close()
}

/// How sound is to be played.
struct AudioFormat: Hashable, Sendable {
    /// Frames a second.
    var rate: Int
    /// Frames that the device takes at once.
    var period: Int
}

/// Why a sound device cannot be opened, in a line.
struct AudioDeviceError: Error, Hashable, Sendable {
    var message: String

    init(_ message: String) { self.message = message }
}
