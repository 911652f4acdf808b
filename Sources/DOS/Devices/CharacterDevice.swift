/// The character devices of DOS, in the order of their headers behind NUL.
enum CharacterDevice: UInt8, CaseIterable {
    case con, nul, aux, prn, clock, com1, com2, com3, com4, lpt1, lpt2, lpt3
}

/// What became of a transfer to or from a character device.
enum DeviceTransfer {
    /// So many bytes were transferred.
    case finished(UInt16)
    /// The function returns this result and runs again; `call.progress` holds its place.
    case pending(CallResult)
}
