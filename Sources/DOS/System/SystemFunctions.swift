extension DOSKernel {
    /// The system functions of INT 21h; nil for a number that is not among them.
    func systemFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        switch number {
        default: return nil
        }
    }
}
