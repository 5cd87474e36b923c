package elysia.cli.index;

import elysia.core.change.Line;
import elysia.core.change.Place;
import elysia.core.feed.Renames;
import elysia.core.identity.FilePath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// Lines that are sent together, such that sending all of them again does no harm.
final class Batch implements Resolver.Sink {
  /// A line that failed, here or on the node.
  record Failed(long line, String path, String code, String message) {}

  /// A line for which nothing is sent on purpose.
  record Passed(long line, String path, String why) {}

  private final long first;
  private final List<Item> items = new ArrayList<>();
  private final List<Failed> unusable = new ArrayList<>();
  private final List<Passed> passed = new ArrayList<>();
  private final List<Line.Marker> markers = new ArrayList<>();
  private final Renames renames = new Renames();
  private Place through;
  private int lines;
  private long bytes;

  /// @param after
  ///          the last line before it
  Batch(Place after) {
    first = after.line() + 1;
    through = after;
  }

  @Override
  public void send(Item item) {
    items.add(item);
    bytes += item.size();
  }

  @Override
  public void passOver(long line, FilePath path, String why) {
    passed.add(new Passed(line, path.value(), why));
  }

  /// Adds a line.
  ///
  /// @param line
  ///          what became of it
  /// @return false when the batch must end before it
  boolean take(Batch line) {
    for (Item item : line.items)
      if (!renames.add(item.repo(), item.path(), item.newPath(), item.mayMove()) && lines > 0)
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

  void mark(Line.Marker marker) {
    markers.add(marker);
  }

  List<Line.Marker> markers() {
    return markers;
  }

  void fail(Failed failed) {
    unusable.add(failed);
  }

  void read(Place place) {
    through = place;
    lines++;
  }

  long first() {
    return first;
  }

  List<Item> items() {
    return items;
  }

  List<Failed> unusable() {
    return unusable;
  }

  List<Passed> passed() {
    return passed;
  }

  Place through() {
    return through;
  }

  int lines() {
    return lines;
  }

  long bytes() {
    return bytes;
  }

  /// Lines about a file.
  long changes() {
    return LongStream.concat(items.stream().mapToLong(Item::line),
        LongStream.concat(unusable.stream().mapToLong(Failed::line),
            passed.stream().mapToLong(Passed::line)))
        .distinct().count();
  }

  /// Renames without content.
  long moves() {
    return items.stream().filter(Item::moves).count();
  }

  Set<String> places() {
    Set<String> places = new HashSet<>();
    for (Item item : items)
      places.addAll(item.places());
    return places;
  }

  static byte[] body(List<Item> items) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Item item : items)
      body.writeBytes(item.json().getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }
}
