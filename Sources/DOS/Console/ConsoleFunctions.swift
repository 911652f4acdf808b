extension DOSKernel {
    /// The console functions of INT 21h; nil for a number that is not among them.
    func consoleFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        switch number {
        default: return nil
        }
    }
}
