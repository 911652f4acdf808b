import Automation
import Core
import Hosting

/// What the screenshot key of the window does.
enum Screenshot {
    /// Writes the picture to a new PNG file in `directory`, which is made if it is not there. Returns a line that says so.
    static func write(_ machine: any GuestMachine, _ form: PictureForm, in directory: String) -> String {
        guard let frame = machine.isPictureWatched ? machine.frame() : machine.still() else {
            return "no picture: the machine's adapter draws none"
        }
        if let message = HostFile.makeDirectories(directory) { return "no picture: \(message)" }
        guard let file = HostFile.firstFree(in: directory, prefix: "ochenta-", suffix: ".png") else {
            return "no picture: \(directory) is full"
        }
        if let message = PictureFile.write(frame, form, to: file) { return "no picture: \(message)" }
        return "written: \(file)"
    }
}
