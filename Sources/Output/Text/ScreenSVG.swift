import Core

/// Draws a text screen as an SVG picture: sharp at any size, and its text can be searched.
///
/// Letters take the viewer's monospaced font; lines and blocks are shapes. Cells have 8 by 16 units. The picture
/// depends on the screen alone, so equal screens give equal files.
public enum ScreenSVG {
    public static func draw(_ screen: TextScreen) -> String {
        let (width, height) = (screen.columns * BoxDrawing.width, screen.rows * BoxDrawing.height)
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" font-family="'DejaVu Sans Mono','Liberation Mono','Courier New',monospace" \
            font-size="13.3" shape-rendering="crispEdges">
            <rect width="\(width)" height="\(height)" fill="#000000"/>

            """
        for row in 0..<screen.rows {
            for run in runs(screen, row) {
                svg += background(run, row)
                svg += contents(run, row, screen.codePage)
            }
        }
        if let cursor = screen.cursor {
            let (x, y) = (cursor.column * BoxDrawing.width, cursor.row * BoxDrawing.height)
            svg += "<rect x=\"\(x)\" y=\"\(y + 13)\" width=\"8\" height=\"2\" fill=\"#AAAAAA\"/>\n"
        }
        return svg + "</svg>\n"
    }

    /// Neighbouring cells of one row with the same colours.
    private struct Run {
        var column: Int
        var characters: [UInt8]
        var foreground: Int
        var background: Int
    }

    private static func runs(_ screen: TextScreen, _ row: Int) -> [Run] {
        var runs: [Run] = []
        for column in 0..<screen.columns {
            let cell = screen.cells[row * screen.columns + column]
            let foreground = Int(cell.attribute & 15)
            let background = Int(cell.attribute >> 4) & (screen.isBlinkEnabled ? 7 : 15)
            if let last = runs.last, last.foreground == foreground, last.background == background {
                runs[runs.count - 1].characters.append(cell.character)
            } else {
                runs.append(
                    Run(column: column, characters: [cell.character], foreground: foreground, background: background))
            }
        }
        return runs
    }

    private static func background(_ run: Run, _ row: Int) -> String {
        guard run.background != 0 else { return "" }
        let (x, y) = (run.column * BoxDrawing.width, row * BoxDrawing.height)
        let width = run.characters.count * BoxDrawing.width
        return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"16\" fill=\"\(color(run.background))\"/>\n"
    }

    private static func contents(_ run: Run, _ row: Int, _ codePage: CodePage) -> String {
        var strokes = ""
        var svg = ""
        var word: (column: Int, text: String)?
        let color = color(run.foreground)
        func endWord() {
            guard let ended = word else { return }
            let x = ended.column * BoxDrawing.width
            let length = ended.text.unicodeScalars.count * BoxDrawing.width
            svg += "<text x=\"\(x)\" y=\"\(row * BoxDrawing.height + 12)\" textLength=\"\(length)\" fill=\"\(color)\">"
            svg += escaped(ended.text) + "</text>\n"
            word = nil
        }
        for (index, character) in run.characters.enumerated() {
            let column = run.column + index
            let (x, y) = (column * BoxDrawing.width, row * BoxDrawing.height)
            let scalar = character == 0 ? " " : codePage.scalars[Int(character)]
            if let path = BoxDrawing.strokes(scalar, x: x, y: y) {
                endWord()
                strokes += path
            } else if let block = BoxDrawing.block(scalar, x: x, y: y) {
                endWord()
                svg += "<path d=\"\(block.path)\" fill=\"\(color)\" fill-opacity=\"\(block.opacity)\"/>\n"
            } else if scalar == " " || scalar == "\u{A0}" {
                endWord()
            } else {
                word = (word?.column ?? column, (word?.text ?? "") + String(scalar))
            }
        }
        endWord()
        if !strokes.isEmpty { svg += "<path d=\"\(strokes)\" stroke=\"\(color)\" fill=\"none\"/>\n" }
        return svg
    }

    private static func color(_ number: Int) -> String {
        let (red, green, blue) = TextPalette.rgb[number]
        return "#" + hex(red) + hex(green) + hex(blue)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
