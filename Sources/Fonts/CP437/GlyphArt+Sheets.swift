/// The sheets of code page 437, by height.
extension GlyphArt {
    static let sheets8: [StaticString] = [
        x8From00, x8From20, x8From40, x8From60, x8From80, x8FromA0, x8FromC0, x8FromE0,
    ]

    static let sheets14: [StaticString] = [
        x14From00, x14From10, x14From20, x14From30, x14From40, x14From50, x14From60, x14From70, x14From80,
        x14From90, x14FromA0, x14FromB0, x14FromC0, x14FromD0, x14FromE0, x14FromF0,
    ]

    static let sheets16: [StaticString] = [
        x16From00, x16From10, x16From20, x16From30, x16From40, x16From50, x16From60, x16From70, x16From80,
        x16From90, x16FromA0, x16FromB0, x16FromC0, x16FromD0, x16FromE0, x16FromF0,
    ]
}
