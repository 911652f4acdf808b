import Automation
import Core
import Hosting
import Output

/// PNG files of frames.
enum PictureFile {
    /// Writes a frame, replacing what was there. Returns what was wrong, or nil.
    static func write(_ frame: Frame, _ form: PictureForm, to path: String) -> String? {
        let picture =
            switch form {
            case .raw: Picture.raw(frame)
            case .square: Picture.square(frame)
            }
        guard let bytes = PNGFile.encode(picture) else { return "\(path): no memory for the picture" }
        return HostFile.write(bytes, to: path)
    }
}
