import Core
import Storage

/// Upper case and order of a code page, for the tables of INT 21h AH=65h.
extension CodePage {
    /// Upper case. Page 437 has DOS's own table; in the others a letter has the capital that Unicode gives it, if the page
    /// has that.
    func uppercase(_ byte: UInt8) -> UInt8 {
        if number == 437 || byte < 0x80 { return ShortName.uppercase(byte) }
        let mapping = scalars[Int(byte)].properties.uppercaseMapping.unicodeScalars
        guard mapping.count == 1, let capital = mapping.first, let code = code(of: capital) else { return byte }
        return code
    }

    /// The place of a character in the order of sorting: letters without case and accents. Letters of other scripts are in
    /// the order of their capitals.
    func weight(_ byte: UInt8) -> UInt8 {
        if byte < 0x80 { return ShortName.uppercase(byte) }
        return CodePage.baseLetters[scalars[Int(byte)]] ?? uppercase(byte)
    }

    private static let baseLetters: [Unicode.Scalar: UInt8] = {
        let letters: [(Character, String)] = [
            ("A", "ÄÅàáâäåæÆªÀÁÂÃãĂăĄą"), ("C", "ÇçĆćČč"), ("D", "ĎďĐđÐð"), ("E", "ÉèéêëÈÊËĖėĘęĚě"), ("G", "Ğğ"),
            ("I", "ìíîïÌÍÎÏİı"), ("L", "ĹĺĽľŁł"), ("N", "ÑñŃńŇň"), ("O", "ÖòóôöºÒÓÔÕõŐőØø"), ("R", "ŔŕŘř"),
            ("S", "ßŚśŞşŠš"), ("T", "ŢţŤť"), ("U", "ÜùúûüÙÚÛŮůŰű"), ("Y", "ÿÝý"), ("Z", "ŹźŻżŽž"), ("$", "¢£¥₧ƒ€¤"),
            ("\"", "«»"), ("!", "¡"), ("?", "¿"),
        ]
        var weights: [Unicode.Scalar: UInt8] = [:]
        for (letter, forms) in letters {
            for scalar in forms.unicodeScalars { weights[scalar] = letter.asciiValue }
        }
        return weights
    }()
}
