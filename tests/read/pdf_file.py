"""Builds small PDF files, so that none has to be stored."""

Line = tuple[int, int, str]  # points from the left and from the foot, and the text


def pdf_bytes(pages: list[list[Line]], *, encryption: str = "") -> bytes:
    """Give a PDF file of 11 point lines on US Letter pages."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for place, lines in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * place} 0 R >>"
        )
        shown = "\n".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, text in lines)
        stream = f"BT /F1 11 Tf\n{shown}\nET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    written, offsets = "%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {encryption}>>\n"
    return f"{written}startxref\n{start}\n%%EOF\n".encode("latin-1")
