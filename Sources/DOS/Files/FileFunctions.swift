extension DOSKernel {
    /// The file functions of INT 21h; nil for a number that is not among them.
    func fileFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        switch number {
        default: return nil
        }
    }
}
