import Core

/// Somebody who looks at the machine at moments of emulated time, beside front end and script: a film being made.
public protocol SessionObserver: AnyObject {
    /// When it wants to look next; nil when it does not.
    var nextTime: Tick? { get }
    /// Looks. Called before the first run too.
    func observe(_ machine: any GuestMachine)
}
