import Chips

/// How lines are drawn with the registers as they are.
struct VGAScan {
    enum Kind {
        /// The border's colour everywhere.
        case blank
        case text
        /// One bit from each plane.
        case planar
        /// Two bits from each of two planes, as on the CGA.
        case interleaved
        /// The planes one after the other, four bits a dot.
        case nibbles
        /// The planes one after the other, eight bits for two dots.
        case packed
        /// The same for one dot each: two words a character.
        case linear
    }

    var kind: Kind
    var raster: VGARaster
    /// Dots of a character.
    var dots: Int
    /// Pairs of nibbles make one colour of 256.
    var isWide: Bool
    /// Dots by which the line begins further to the right in memory; `lowerPanning` below a split.
    var panning: Int
    var lowerPanning: Int
    /// Bits of an offset that reach memory.
    var offsetMask: Int
    /// Characters for which one word of the planes lasts, less one.
    var loadMask: Int

    // Text.
    var fontOff: Int
    var fontOn: Int
    var extendsLines: Bool
    var isBlinking: Bool
    var underline: Int
    /// The display address of the cursor; -1 if it is off.
    var cursor: Int
    var cursorFirst: Int
    var cursorLast: Int
    /// The EGA's cursor ends before its last line, and goes round.
    var isCursorEGA: Bool

    /// The cursor is on line `scan` of its row.
    func hasCursor(_ scan: Int) -> Bool {
        guard isCursorEGA else { return scan >= cursorFirst && scan <= cursorLast }
        if cursorFirst == cursorLast { return scan == cursorFirst }
        if cursorFirst < cursorLast { return scan >= cursorFirst && scan < cursorLast }
        return scan >= cursorFirst || scan < cursorLast
    }

    /// A cursor blinks with every 8 frames, a character with every 16.
    static func showsCursor(_ frames: Int64) -> Bool { frames >> 3 & 1 == 0 }
    static func showsCharacters(_ frames: Int64) -> Bool { frames >> 4 & 1 == 0 }
}

extension VGAAdapter {
    var scan: VGAScan { scan() }

    /// - Parameter isFeedback: what the attribute controller gives out, though the sequencer keeps the screen dark.
    func scan(isFeedback: Bool = false) -> VGAScan {
        let (sequencer, graphics, attributes, crtc) = (
            state.sequencer, state.graphics, state.attributes, state.crtc
        )
        let isDark = !isFeedback && (sequencer.isScreenOff || sequencer.isReset) || !attributes.isPaletteShown
        let kind: VGAScan.Kind =
            isDark
            ? .blank
            : isExtended
                ? (state.display.isPacked ? .linear : .planar)
                : !graphics.isGraphics
                    ? .text
                    : graphics.isPacked && !isEGA
                        ? (attributes.hasWidePixels ? .packed : .nibbles)
                        : graphics.isInterleaved ? .interleaved : .planar
        let isWide = attributes.hasWidePixels && !isEGA && kind != .text && !isExtended
        let dots = characterWidth
        var panning = dots == 9 ? (attributes.panning >= 8 ? 0 : attributes.panning + 1) : attributes.panning & 7
        if isWide { panning &= 6 }
        if isExtended { panning = state.display.xOffset & (state.display.isPacked ? 3 : 7) }
        let fonts = sequencer.fontOffsets(isEGA: isEGA)
        return VGAScan(
            kind: kind, raster: raster, dots: dots, isWide: isWide, panning: panning,
            lowerPanning: attributes.pansUpperPartOnly && !isEGA ? 0 : panning, offsetMask: planes.offsetMask,
            loadMask: kind == .planar && !isExtended ? sequencer.charactersPerLoad(isEGA: isEGA) - 1 : 0,
            fontOff: fonts.off, fontOn: fonts.on, extendsLines: attributes.extendsLines,
            isBlinking: attributes.isBlinking, underline: crtc.underline,
            cursor: crtc.isCursorOff && !isEGA ? -1 : (crtc.cursorLocation + crtc.cursorSkew) & 0xFFFF,
            cursorFirst: crtc.cursorFirstLine, cursorLast: crtc.cursorLastLine, isCursorEGA: isEGA)
    }
}
