/// A file of stereo samples that is being written.
protocol SampleFile: AnyObject {
    /// Whether the format takes no more.
    var isFull: Bool { get }
    var failure: String? { get }
    /// Adds frames, left first, as far as the format takes them.
    func append(_ samples: ArraySlice<Int16>)
    /// Completes the file. Returns what went wrong since it was made, or nil.
    func close() -> String?
}
