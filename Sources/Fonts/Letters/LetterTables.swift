/// Letters that look like others, and letters with marks.
enum LetterTables {
    /// Characters that are drawn as others.
    static let twins: [(Unicode.Scalar, Unicode.Scalar)] = pairs(
        // Cyrillic
        "АAВBЕEКKМMНHОOРPСCТTХXЅSІIЈJаaеeоoрpсcхxуyѕsіiјjГΓ"
            // Greek
            + "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoβßμµ"
            // No-break space, soft hyphen, ano teleia
            + "\u{A0} \u{AD}-\u{387}·")

    private static let twinOf = Dictionary(twins, uniquingKeysWith: { first, _ in first })

    /// What `scalar` is drawn as: itself if it has a picture of its own.
    static func twin(of scalar: Unicode.Scalar) -> Unicode.Scalar { twinOf[scalar] ?? scalar }

    /// Letters with their base letter and combining mark.
    static let composed: [(Unicode.Scalar, base: Unicode.Scalar, mark: Unicode.Scalar)] = marked.flatMap {
        (mark, letters) in pairs(letters).map { ($0, base: $1, mark: mark) }
    }

    /// By mark: letter, base, letter, base...
    private static let marked: [(Unicode.Scalar, String)] = [
        // Grave
        ("\u{300}", "ÀAÈEÌIÒOÙU"),
        // Acute, and tonos
        ("\u{301}", "ÁAÍIÓOÚUÝYýyĆCćcĹLĺlŃNńnŔRŕrŚSśsŹZźzΆΑΈΕΉΗΊΙΌΟΎΥΏΩάαέεήηίιόούυώωЃГЌКѓгќк"),
        // Circumflex
        ("\u{302}", "ÂAÊEÎIÔOÛU"),
        // Tilde
        ("\u{303}", "ÃAÕOãaõo"),
        // Breve
        ("\u{306}", "ĂAăaĞGğgЎУЙИйиўу"),
        // Dot above
        ("\u{307}", "İIŻZżz"),
        // Diaeresis
        ("\u{308}", "ËEÏIΪΙΫΥϊιϋυЁЕЇІёеїі"),
        // Ring
        ("\u{30A}", "ŮUůu"),
        // Double acute
        ("\u{30B}", "ŐOőoŰUűu"),
        // Caron
        ("\u{30C}", "ČCčcĎDĚEěeŇNňnŘRřrŠSšsŤTŽZžz"),
        // Cedilla
        ("\u{327}", "ŞSşsŢTţt"),
        // Ogonek
        ("\u{328}", "ĄAąaĘEęe"),
        // Dialytika and tonos
        ("\u{344}", "ΐιΰυ"),
    ]

    private static func pairs(_ text: String) -> [(Unicode.Scalar, Unicode.Scalar)] {
        let scalars = Array(text.unicodeScalars)
        return stride(from: 0, to: scalars.count - 1, by: 2).map { (scalars[$0], scalars[$0 + 1]) }
    }
}
