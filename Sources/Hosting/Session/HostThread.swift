import Glibc

/// A thread of the host that runs one body.
public struct HostThread {
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private let thread: pthread_t

    /// As much as the main thread usually has, in bytes.
    private static let stackSize = 8 << 20

    /// Nil with errno set if the host has no thread to give.
    public init?(_ run: @escaping () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, HostThread.stackSize)
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let error = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard error == 0 else {
            body.release()
            errno = error
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end of the body.
    public func join() { pthread_join(thread, nil) }
}
