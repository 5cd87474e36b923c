package elysia.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Columns of text, as wide as their widest cell. Cells may hold text from outside: it is made
/// printable here.
public final class Table {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... header) {
    this.header = List.of(header);
  }

  public void row(String... cells) {
    if (cells.length != header.size())
      throw new IllegalArgumentException(
          cells.length + " cells (expected: " + header.size() + ")");
    rows.add(List.of(cells).stream().map(Text::safe).toList());
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  public void print(Console console) {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = length(header.get(i));
      for (List<String> row : rows)
        widths[i] = Math.max(widths[i], length(row.get(i)));
    }
    console.data(console.bold(line(header, widths).toUpperCase(Locale.ROOT)));
    for (List<String> row : rows)
      console.data(line(row, widths));
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell);
      if (i < widths.length - 1)
        line.repeat(" ", widths[i] - length(cell) + 2);
    }
    return line.toString().stripTrailing();
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
