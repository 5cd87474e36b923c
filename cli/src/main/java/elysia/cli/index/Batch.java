package elysia.cli.index;

import elysia.core.change.Place;
import elysia.core.identity.FilePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// Lines that are sent together.
final class Batch implements Resolver.Sink {
  /// A line that failed, here or on the node.
  record Failed(long line, String path, String code, String message) {}

  /// A line for which nothing is sent on purpose.
  record Passed(long line, String path, String why) {}

  private final long first;
  private final List<Item> items = new ArrayList<>();
  private final List<Failed> unusable = new ArrayList<>();
  private final List<Passed> passed = new ArrayList<>();
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

  Set<String> places() {
    Set<String> places = new HashSet<>();
    for (Item item : items)
      places.addAll(item.places());
    return places;
  }

  static byte[] body(List<Item> items) {
    StringBuilder body = new StringBuilder();
    for (Item item : items)
      body.append(item.json());
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
