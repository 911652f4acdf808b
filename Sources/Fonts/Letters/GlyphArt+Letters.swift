/// The sheets of letters that code page 437 lacks, by height. Their keys are Unicode scalars.
extension GlyphArt {
    static let letters8: [StaticString] = [
        latin8, greek8, cyrillicSmall8, cyrillicCapitals8,
    ]
    static let letters14: [StaticString] = [
        latinA14, latinB14, greek14, cyrillicCapitals14, cyrillicSmall14,
    ]
    static let letters16: [StaticString] = [
        latinA16, latinB16, greek16, cyrillicCapitals16, cyrillicSmall16,
    ]
}
