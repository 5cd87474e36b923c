package elysia.cli.feed.upload;

import elysia.cli.feed.content.LineResolver;
import elysia.cli.feed.content.ResolvedChange;
import elysia.core.change.Line;
import elysia.core.change.LinePosition;
import elysia.core.feed.RepeatableGroup;
import elysia.core.identity.FilePath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// Lines that are sent together, such that sending all of them again does no harm.
public final class LineBatch implements LineResolver.Sink {
  /// A line that failed, here or on the node.
  public record Failed(long line, String path, String code, String message) {}

  /// A line for which nothing is sent on purpose.
  public record Passed(long line, String path, String why) {}

  private final long first;
  private final List<ResolvedChange> items = new ArrayList<>();
  private final List<Failed> unusable = new ArrayList<>();
  private final List<Passed> passed = new ArrayList<>();
  private final List<Line.Marker> markers = new ArrayList<>();
  private final RepeatableGroup repeatable = new RepeatableGroup();
  private LinePosition through;
  private int lines;
  private long bytes;

  /// @param after the last line before it
  public LineBatch(LinePosition after) {
    first = after.line() + 1;
    through = after;
  }

  @Override
  public void send(ResolvedChange item) {
    items.add(item);
    bytes += item.size();
  }

  @Override
  public void passOver(long line, FilePath path, String why) {
    passed.add(new Passed(line, path.value(), why));
  }

  /// Adds a line.
  ///
  /// @param line what became of it
  /// @return false when the batch must end before it
  public boolean take(LineBatch line) {
    if (!repeatable.add(line.items.stream().map(ResolvedChange::touched).toList()))
      return false;
    items.addAll(line.items);
    unusable.addAll(line.unusable);
    passed.addAll(line.passed);
    markers.addAll(line.markers);
    bytes += line.bytes;
    through = line.through;
    lines += line.lines;
    return true;
  }

  public void mark(Line.Marker marker) {
    markers.add(marker);
  }

  public List<Line.Marker> markers() {
    return markers;
  }

  public void fail(Failed failed) {
    unusable.add(failed);
  }

  public void read(LinePosition position) {
    through = position;
    lines++;
  }

  public long first() {
    return first;
  }

  public List<ResolvedChange> items() {
    return items;
  }

  public List<Failed> unusable() {
    return unusable;
  }

  public List<Passed> passed() {
    return passed;
  }

  public LinePosition through() {
    return through;
  }

  public int lines() {
    return lines;
  }

  public long bytes() {
    return bytes;
  }

  /// Lines about a file.
  public long changes() {
    return LongStream.concat(items.stream().mapToLong(ResolvedChange::line),
        LongStream.concat(unusable.stream().mapToLong(Failed::line),
            passed.stream().mapToLong(Passed::line)))
        .distinct().count();
  }

  /// Renames without content.
  public long moves() {
    return items.stream().filter(ResolvedChange::moves).count();
  }

  public Set<String> places() {
    Set<String> places = new HashSet<>();
    for (ResolvedChange item : items)
      places.addAll(item.places());
    return places;
  }

  public static byte[] body(List<ResolvedChange> items) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (ResolvedChange item : items)
      body.writeBytes(item.json().getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }
}
