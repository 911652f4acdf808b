extension DOSKernel {
    /// The memory functions of INT 21h; nil for a number that is not among them.
    func memoryFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        switch number {
        default: return nil
        }
    }
}
