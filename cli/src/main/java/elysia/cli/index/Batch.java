package elysia.cli.index;

import elysia.core.change.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Lines that are sent together.
final class Batch {
  /// A line that failed, here or on the node.
  record Failed(long line, String path, String code, String message) {}

  private final long first;
  private final List<Item> items = new ArrayList<>();
  private final List<Failed> unusable = new ArrayList<>();
  private Place through;
  private int lines;
  private long bytes;

  /// @param after
  ///          the last line before it
  Batch(Place after) {
    first = after.line() + 1;
    through = after;
  }

  void add(Item item) {
    items.add(item);
    bytes += item.size();
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

  Place through() {
    return through;
  }

  int lines() {
    return lines;
  }

  long bytes() {
    return bytes;
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
