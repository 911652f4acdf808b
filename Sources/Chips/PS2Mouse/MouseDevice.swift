import Core

/// A mouse with a ball and buttons.
public protocol MouseDevice: AnyObject {
    /// The mouse moved by counts: right and down (towards the user) are positive.
    func move(dx: Int16, dy: Int16, at now: Tick)
    /// The buttons that are down now: bit 0 left, bit 1 right, bit 2 middle.
    func setButtons(_ buttons: UInt8, at now: Tick)
}
