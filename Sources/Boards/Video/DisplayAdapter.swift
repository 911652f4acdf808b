import Core

/// A display adapter: registers, memory, and a beam that draws.
///
/// The beam's place is a function of the emulated time and of the registers that are in force; nothing is called once a
/// line. An adapter catches its beam up, drawing what it passes with the registers as they were, before it takes a
/// register's new value, and at the end of a frame. In fast profiles it finds what has changed in plain video memory by
/// comparing with a copy at these moments; exact profiles catch up at each write too.
///
/// Its memory is shared between the beam and the processor, which waits; exact profiles ask for how long.
public protocol DisplayAdapter: PortDevice, StateChunk {
    /// When its memory is the processor's.
    var sharedMemory: SharedMemory { get }

    /// Ports and memory are attached by this; some adapters move their memory later.
    func attach(to ports: PortMap)

    /// Whether somebody looks at pictures. Off, as at first, nothing is drawn. It is no part of the state and changes
    /// nothing that the program could see.
    var isWatched: Bool { get set }

    /// When the frame that the beam draws at `now` ends: the beginning of the next vertical retrace. While the
    /// registers make no retrace, a fiftieth of a second later.
    func frameEnd(after now: Tick) -> Tick

    /// The last frame that was complete at `now`; before the first one, the picture that the present registers and
    /// memory give. Equal to the one before when nothing has changed, at no cost.
    func frame(at now: Tick) -> Frame?

    /// The picture that the present registers and memory give, drawn at once: for a machine that has stopped.
    func still(at now: Tick) -> Frame?

    /// What a text mode shows; nil in a graphics mode and when no character is displayed.
    func textScreen(at now: Tick) -> TextScreen?
}
