import Core
import Storage

/// A program file while it is being loaded. It is opened and closed inside one call, so no state outlives it.
struct ProgramFile {
    private let volume: any Volume
    private let id: FileID
    let size: Int

    init(_ path: VolumePath, on volume: any Volume) throws(DOSError) {
        self.volume = volume
        do throws(VolumeError) {
            id = try volume.open(path, access: .read)
            size = Int(try volume.size(of: id))
        } catch { throw DOSError(error) }
    }

    func close() { try? volume.close(id) }

    /// At most `count` bytes from `offset`; fewer at the end of the file.
    func read(_ count: Int, at offset: Int) throws(DOSError) -> [UInt8] {
        let count = min(max(count, 0), max(size - offset, 0))
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = try readSome(&bytes, from: done, at: offset + done)
            if got == 0 { break }
            done += got
        }
        return Array(bytes.prefix(done))
    }

    private func readSome(_ bytes: inout [UInt8], from start: Int, at offset: Int) throws(DOSError) -> Int {
        var result: Result<Int, VolumeError> = .success(0)
        bytes.withUnsafeMutableBytes { buffer in
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
            do throws(VolumeError) {
                result = .success(try volume.read(id, at: UInt32(truncatingIfNeeded: offset), into: rest))
            } catch { result = .failure(error) }
        }
        switch result {
        case .success(let count): return min(max(count, 0), bytes.count - start)
        case .failure(let error): throw DOSError(error)
        }
    }
}

/// Where a loaded program begins.
struct ProgramEntry {
    var code: FarPointer
    var stack: FarPointer
}

extension DOSKernel {
    /// Copies an image to `segment`, which may cross 64 KB.
    private func place(_ bytes: [UInt8], at segment: UInt16, _ memory: GuestMemory) {
        let start = UInt32(segment) << 4
        for (index, byte) in bytes.enumerated() { memory.write8(start &+ UInt32(index), byte) }
    }

    /// Loads an .EXE's image at `segment` and relocates it by `factor`.
    /// - Throws: `invalidFormat` if the file is shorter than its header says by a page or more, or if a relocation
    ///   lies outside the file or the image.
    func loadImage(
        _ header: ExecutableHeader, of file: ProgramFile, at segment: UInt16, relocatedBy factor: UInt16,
        _ memory: GuestMemory
    ) throws(DOSError) {
        let paragraphs = header.imageParagraphs
        let image = try file.read(paragraphs * 16, at: header.headerParagraphs * 16)
        guard paragraphs * 16 - image.count < 512 else { throw .invalidFormat }
        let table = try file.read(header.relocationCount * 4, at: header.relocationOffset)
        guard table.count == header.relocationCount * 4 else { throw .invalidFormat }
        let offsets = stride(from: 0, to: table.count, by: 4).map { entry -> Int in
            let offset = Int(table[entry]) + Int(table[entry + 1]) * 0x100
            let segment = Int(table[entry + 2]) + Int(table[entry + 3]) * 0x100
            return segment * 16 + offset
        }
        guard offsets.allSatisfy({ $0 + 1 < paragraphs * 16 }) else { throw .invalidFormat }
        place(image, at: segment, memory)
        let start = UInt32(segment) << 4
        for offset in offsets {
            let address = start &+ UInt32(offset)
            let value = (UInt16(memory.read8(address)) | UInt16(memory.read8(address &+ 1)) << 8) &+ factor
            memory.write8(address, UInt8(truncatingIfNeeded: value))
            memory.write8(address &+ 1, UInt8(value >> 8))
        }
    }

    /// Loads an overlay (AL=03h): the file as it is, or a relocated .EXE.
    func loadOverlay(_ file: ProgramFile, at segment: UInt16, relocatedBy factor: UInt16, _ memory: GuestMemory)
        throws(DOSError)
    {
        guard let header = ExecutableHeader(try file.read(ExecutableHeader.byteCount, at: 0)) else {
            place(try file.read(0xFFFF, at: 0), at: segment, memory)
            return
        }
        guard header.imageParagraphs > 0 else { throw .invalidFormat }
        try loadImage(header, of: file, at: segment, relocatedBy: factor, memory)
    }

    /// Allocates memory for a program and loads it behind its PSP, which is not filled yet.
    /// - Returns: the PSP's segment, the first segment behind the block, where the program begins.
    func loadProgram(_ file: ProgramFile, _ memory: GuestMemory) throws(DOSError) -> (
        psp: UInt16, end: UInt16, entry: ProgramEntry
    ) {
        let chain = memoryChain(memory)
        guard file.size > 0 else { throw .invalidFormat }
        let header = ExecutableHeader(try file.read(ExecutableHeader.byteCount, at: 0))
        let available = try chain.largest()
        guard let header else { return try loadFlat(file, chain, available, memory) }
        guard header.imageParagraphs >= 0 else { throw .invalidFormat }
        guard let count = header.allocation(available: Int(available)) else { throw .insufficientMemory }
        let size = UInt16(truncatingIfNeeded: count)
        let psp = try chain.allocate(size, owner: MemoryChain.system, fit: allocationFit(memory))
        var segment = psp &+ PSP.paragraphs
        if header.loadsHigh { segment = psp &+ size &- UInt16(truncatingIfNeeded: header.imageParagraphs) }
        do throws(DOSError) {
            try loadImage(header, of: file, at: segment, relocatedBy: segment, memory)
        } catch {
            try chain.release(psp)
            throw error
        }
        let entry = ProgramEntry(
            code: FarPointer(header.cs &+ segment, header.ip), stack: FarPointer(header.ss &+ segment, header.sp))
        return (psp, psp &+ size, entry)
    }

    /// A .COM: the largest block, at most 64 KB of which it sees at the start.
    private func loadFlat(_ file: ProgramFile, _ chain: MemoryChain, _ available: UInt16, _ memory: GuestMemory)
        throws(DOSError) -> (psp: UInt16, end: UInt16, entry: ProgramEntry)
    {
        let room = min(Int(available) * 16, 0x1_0000) - PSP.byteCount
        guard room > 0, file.size < room else { throw .insufficientMemory }
        let image = try file.read(file.size, at: 0)
        let psp = try chain.allocate(available, owner: MemoryChain.system, fit: allocationFit(memory))
        place(image, at: psp &+ PSP.paragraphs, memory)
        let stack = FarPointer(psp, UInt16(truncatingIfNeeded: room + PSP.byteCount - 2))
        memory.write16(stack, 0)
        return (psp, psp &+ available, ProgramEntry(code: FarPointer(psp, 0x100), stack: stack))
    }
}
