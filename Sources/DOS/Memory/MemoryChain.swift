import Core

/// The chain of memory blocks in guest memory, each under a header of one paragraph.
///
/// Header: +0 `M`, or `Z` for the last; +1 owner (0 is free, 8 is DOS); +3 size in paragraphs; +8 owner's name.
/// Source: Ralf Brown's interrupt list, INT 21h AH=52h, table 01628; behaviour as MS-DOS allocates.
struct MemoryChain {
    /// The segment of the first header.
    let first: UInt16
    let memory: GuestMemory

    static let free: UInt16 = 0
    static let system: UInt16 = 8
    private static let inner = UInt8(ascii: "M")
    private static let last = UInt8(ascii: "Z")

    /// How AH=48h chooses among the free blocks that are large enough.
    enum Fit: UInt8 {
        case first = 0, best = 1, last = 2
    }

    /// A block by the segment of its header.
    struct Block {
        let header: UInt16
        let memory: GuestMemory

        var signature: UInt8 {
            get { memory.read8(FarPointer(header, 0)) }
            nonmutating set { memory.write8(FarPointer(header, 0), newValue) }
        }
        var owner: UInt16 {
            get { memory.read16(FarPointer(header, 1)) }
            nonmutating set { memory.write16(FarPointer(header, 1), newValue) }
        }
        /// Paragraphs behind the header.
        var size: UInt16 {
            get { memory.read16(FarPointer(header, 3)) }
            nonmutating set { memory.write16(FarPointer(header, 3), newValue) }
        }
        /// Eight bytes, padded with zeros.
        func setName(_ name: some Sequence<UInt8>) {
            let bytes = Array(name.prefix(8))
            memory.writeBytes(FarPointer(header, 8), bytes + [UInt8](repeating: 0, count: 8 - bytes.count))
        }

        var data: UInt16 { header &+ 1 }
        var isValid: Bool { signature == MemoryChain.inner || signature == MemoryChain.last }
        var isLast: Bool { signature == MemoryChain.last }
        var next: Block { Block(header: header &+ 1 &+ size, memory: memory) }
    }

    func block(of data: UInt16) -> Block { Block(header: data &- 1, memory: memory) }

    /// Makes one free block of everything up to `end`.
    func format(end: UInt16) {
        let block = Block(header: first, memory: memory)
        memory.writeBytes(FarPointer(first, 0), [UInt8](repeating: 0, count: 16))
        block.signature = MemoryChain.last
        block.owner = MemoryChain.free
        block.size = end &- first &- 1
    }

    /// All blocks in order. A chain that a program has destroyed is an error; it cannot be longer than memory.
    func blocks() throws(DOSError) -> [Block] {
        var result: [Block] = []
        var block = Block(header: first, memory: memory)
        while true {
            guard block.isValid else { throw .memoryBlocksDestroyed }
            result.append(block)
            if block.isLast { return result }
            let next = block.next
            guard next.header > block.header else { throw .memoryBlocksDestroyed }
            block = next
        }
    }

    /// Joins `block` with the free blocks behind it.
    private func join(_ block: Block) throws(DOSError) {
        while !block.isLast {
            let next = block.next
            guard next.isValid, next.header > block.header else { throw .memoryBlocksDestroyed }
            guard next.owner == MemoryChain.free else { return }
            block.size = block.size &+ next.size &+ 1
            block.signature = next.signature
        }
    }

    /// Cuts `block` to `size` paragraphs; the rest becomes a free block. `size` is smaller than the block.
    private func split(_ block: Block, _ size: UInt16) {
        let rest = Block(header: block.header &+ 1 &+ size, memory: memory)
        memory.writeBytes(FarPointer(rest.header, 0), [UInt8](repeating: 0, count: 16))
        rest.signature = block.signature
        rest.owner = MemoryChain.free
        rest.size = block.size &- size &- 1
        block.signature = MemoryChain.inner
        block.size = size
    }

    /// The largest free block, in paragraphs.
    func largest() throws(DOSError) -> UInt16 {
        var most: UInt16 = 0
        for block in try freeBlocks() { most = max(most, block.size) }
        return most
    }

    private func freeBlocks() throws(DOSError) -> [Block] {
        var block = Block(header: first, memory: memory)
        var result: [Block] = []
        while true {
            guard block.isValid else { throw .memoryBlocksDestroyed }
            if block.owner == MemoryChain.free {
                try join(block)
                result.append(block)
            }
            if block.isLast { return result }
            let next = block.next
            guard next.header > block.header else { throw .memoryBlocksDestroyed }
            block = next
        }
    }

    /// A block of `size` paragraphs for `owner`: the segment of its data.
    /// - Throws: `insufficientMemory` when no free block is large enough; `memoryBlocksDestroyed`.
    func allocate(_ size: UInt16, owner: UInt16, fit: Fit) throws(DOSError) -> UInt16 {
        let fitting = try freeBlocks().filter { $0.size >= size }
        guard let first = fitting.first, let last = fitting.last else { throw .insufficientMemory }
        var chosen = first
        switch fit {
        case .first: break
        case .best: for block in fitting where block.size <= chosen.size { chosen = block }
        case .last:
            chosen = last
            if chosen.size > size {
                split(chosen, chosen.size &- size &- 1)
                chosen = chosen.next
            }
        }
        if chosen.size > size { split(chosen, size) }
        chosen.owner = owner
        return chosen.data
    }

    /// Gives a block back. - Throws: `invalidBlock` if there is no header before `data`.
    func release(_ data: UInt16) throws(DOSError) {
        let block = block(of: data)
        guard block.isValid else { throw .invalidBlock }
        block.owner = MemoryChain.free
    }

    /// What became of a block that should change its size.
    enum Resize: Equatable {
        case done
        /// There was not enough behind it. As in DOS, the block now has all there was: so many paragraphs.
        case short(UInt16)
    }

    /// - Throws: `memoryBlocksDestroyed` if there is no header before `data`; MS-DOS gives this number here.
    func resize(_ data: UInt16, to size: UInt16, owner: UInt16) throws(DOSError) -> Resize {
        let block = block(of: data)
        guard block.isValid else { throw .memoryBlocksDestroyed }
        try join(block)
        guard size <= block.size else { return .short(block.size) }
        if size < block.size { split(block, size) }
        block.owner = owner
        return .done
    }

    /// Frees all blocks of a process that has ended; a destroyed chain stops it.
    func releaseAll(of owner: UInt16) {
        guard let blocks = try? blocks() else { return }
        for block in blocks where block.owner == owner { block.owner = MemoryChain.free }
    }
}
