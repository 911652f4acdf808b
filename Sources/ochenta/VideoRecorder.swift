import Core
import Hosting
import Machine
import Output

/// `--video`: takes every frame and the sound of the machine for a film.
final class VideoRecorder: SessionObserver, SoundListener {
    private let recording: VideoRecording
    private(set) var nextTime: Tick? = .zero
    private var lastEnd: Tick?

    /// - Parameter soundRate: frames of sound a second.
    init(path: String, soundRate: Int) { recording = VideoRecording(path: path, soundRate: soundRate) }

    func hear(_ block: AudioBlock, isLive: Bool) { recording.add(block) }

    func observe(_ machine: any GuestMachine) {
        machine.isPictureWatched = true
        // The run ends an instruction after the frame; the film counts by the frame.
        let end = nextTime ?? machine.now
        let next = max(machine.frameEnd, machine.now + Tick(1))
        nextTime = next
        guard lastEnd != nil, let frame = machine.frame() else {
            lastEnd = machine.now
            return
        }
        recording.add(frame, at: end, period: next - end)
        if recording.failure != nil || recording.isCut { nextTime = nil }
    }

    /// Closes the files. Returns a warning, if something is to be said.
    func finish() throws(HostingError) -> String? {
        if let failure = recording.finish() { throw HostingError("--video \(failure)", status: ExitStatus.ownFailure) }
        if recording.fileCount == 0 { return "--video: nothing was drawn, so there is no film" }
        return recording.isCut
            ? "--video: the film ends after \(VideoRecording.fileLimit) files; the program changes its mode too often"
            : nil
    }
}
