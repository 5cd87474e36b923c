package elysia.worker.bert;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import elysia.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The word pieces of a BERT model as a trie in three flat arrays: longest match
/// without allocation.
final class Vocabulary {
  static final int NONE = -1;
  private static final int ROOT = 0;

  /// Char to its number in the alphabet of the vocabulary; 0 is no part of it.
  private final char[] letters = new char[1 << 16];
  private int alphabet = 1;
  /// Open addressing: `node * 4096 + letter + 1` to child node.
  private int[] keys = new int[1 << 18];
  private int[] children = new int[1 << 18];
  private int[] ids = filled(1 << 14);
  private int nodes = 1;
  private final int continuation;

  private Vocabulary(InputStream tokenizerJson) throws IOException {
    try (JsonParser json = Json.mapper().createParser(tokenizerJson)) {
      while (!(json.nextToken() == JsonToken.FIELD_NAME && json.currentName().equals("vocab")))
        if (json.currentToken() == null)
          throw new IOException(
              "tokenizer: no vocab in it (expected: tokenizer.json of a BERT model)");
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String piece = json.currentName();
        json.nextToken();
        add(piece, json.getIntValue());
      }
    }
    int node = child(ROOT, '#');
    continuation = node == NONE ? NONE : child(node, '#');
    if (continuation == NONE || nodes > 1 << 19 || alphabet > 4000)
      throw new IOException("tokenizer: not the vocabulary of a BERT model");
  }

  /// Reads `tokenizer.json`.
  static Vocabulary read(InputStream tokenizerJson) throws IOException {
    return new Vocabulary(tokenizerJson);
  }

  /// The longest piece that begins at `from`, packed: end offset in the high, id in the low 32
  /// bits; negative when there is none.
  long longest(char[] word, int from, int length) {
    int node = from == 0 ? ROOT : continuation;
    long best = NONE;
    for (int i = from; i < length; i++) {
      node = child(node, word[i]);
      if (node == NONE)
        break;
      if (ids[node] != NONE)
        best = (long) (i + 1) << 32 | ids[node];
    }
    return best;
  }

  private int child(int node, char c) {
    int letter = letters[c];
    if (letter == 0)
      return NONE;
    int key = (node << 12) + letter + 1;
    int slot = slot(key, keys.length);
    while (keys[slot] != 0) {
      if (keys[slot] == key)
        return children[slot];
      slot = (slot + 1) & (keys.length - 1);
    }
    return NONE;
  }

  private void add(String piece, int id) {
    int node = ROOT;
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (letters[c] == 0)
        letters[c] = (char) alphabet++;
      int next = child(node, c);
      if (next == NONE) {
        next = nodes++;
        if (nodes * 2 > keys.length)
          grow();
        put((node << 12) + letters[c] + 1, next);
      }
      node = next;
    }
    if (node >= ids.length) {
      int old = ids.length;
      ids = Arrays.copyOf(ids, Math.max(node + 1, old * 2));
      Arrays.fill(ids, old, ids.length, NONE);
    }
    ids[node] = id;
  }

  private void put(int key, int child) {
    int slot = slot(key, keys.length);
    while (keys[slot] != 0)
      slot = (slot + 1) & (keys.length - 1);
    keys[slot] = key;
    children[slot] = child;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldChildren = children;
    keys = new int[oldKeys.length * 2];
    children = new int[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++)
      if (oldKeys[i] != 0)
        put(oldKeys[i], oldChildren[i]);
  }

  private static int slot(int key, int size) {
    int h = key * 0x9e3779b9;
    return (h ^ h >>> 15) & (size - 1);
  }

  private static int[] filled(int size) {
    int[] array = new int[size];
    Arrays.fill(array, NONE);
    return array;
  }
}
