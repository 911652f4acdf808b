import Core
import Hosting
import Output

/// What the screenshot key of the window does.
enum Screenshot {
    /// Writes the screen to a new file in `directory`, which is made if it is not there. Returns a line that says so.
    static func write(_ machine: any GuestMachine, in directory: String) -> String {
        guard let screen = machine.textScreen() else { return "no picture: only text screens can be written yet" }
        if let message = HostFile.makeDirectories(directory) { return "no picture: \(message)" }
        guard let file = HostFile.firstFree(in: directory, prefix: "ochenta-", suffix: ".svg") else {
            return "no picture: \(directory) is full"
        }
        if let message = HostFile.write(ScreenSVG.draw(screen), to: file) { return "no picture: \(message)" }
        return "written: \(file)"
    }
}
