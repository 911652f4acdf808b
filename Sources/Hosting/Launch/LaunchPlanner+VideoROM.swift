/// The image of another video BIOS.
extension LaunchPlanner {
    /// What the setting video.bios names; empty for the machine's own.
    func videoROM() throws(HostingError) -> [UInt8] {
        let name = value("video", "bios")
        guard name != "built-in" else { return [] }
        let origin = configuration.origin("video", "bios")
        guard let bytes = try HostFile.read(name) else { throw HostingError("\(origin): \(name): no such file") }
        if let complaint = LaunchPlanner.complaint(aboutROM: bytes) {
            throw HostingError("\(origin): \(name): \(complaint)")
        }
        return bytes
    }

    /// Why these bytes are not an option ROM for C0000h; nil if they are.
    static func complaint(aboutROM bytes: [UInt8]) -> String? {
        guard bytes.count >= 512, bytes[0] == 0x55, bytes[1] == 0xAA, bytes[2] > 0 else {
            return "no option ROM: it does not begin with 55h, AAh and a length"
        }
        let length = Int(bytes[2]) * 512
        guard length <= bytes.count else { return "cut off: \(bytes.count) of \(length) bytes" }
        guard bytes.count <= 0x1_0000 else { return "\(bytes.count) bytes; a video BIOS has 64 KB at most" }
        let sum = bytes.prefix(length).reduce(UInt8(0), &+)
        return sum == 0 ? nil : "its bytes make \(sum) and not 0, so that no PC would start it"
    }
}
