package elysia.testkit.index;

import elysia.core.identity.FilePath;
import elysia.testkit.git.GitRepository;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A regular file of a commit, read with plain git.
///
/// @param path as the API writes it
/// @param text of the whole file
/// @param hash SHA-256 of its bytes
record TreeFile(String path, String text, String hash) {
  private static final int LOOKED_AT_FOR_NUL = 8_000;

  /// The files of a commit that belong in an index by the words of the design, found without any
  /// code of the product: regular, not too large, not binary, not blank.
  static List<TreeFile> indexable(GitRepository repository, String commit, long maxSize) {
    List<String> objects = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (byte[] entry : split(repository
        .gitWith(new byte[0], "ls-tree", "-r", "-z", "-l", "--full-tree", commit).bytes())) {
      String line = new String(entry, StandardCharsets.ISO_8859_1);
      String[] head = line.substring(0, line.indexOf('\t')).split(" +", -1);
      boolean regular = head[0].equals("100644") || head[0].equals("100755");
      if (!regular || Long.parseLong(head[3]) > maxSize)
        continue;
      objects.add(head[2]);
      paths.add(FilePath.ofBytes(line.substring(line.indexOf('\t') + 1)
          .getBytes(StandardCharsets.ISO_8859_1)).value());
    }
    byte[] contents = repository.gitWith(
        (String.join("\n", objects) + "\n").getBytes(StandardCharsets.US_ASCII), "cat-file",
        "--batch").bytes();
    List<TreeFile> files = new ArrayList<>();
    int at = 0;
    for (String path : paths) {
      int lineEnd = at;
      while (contents[lineEnd] != '\n')
        lineEnd++;
      String[] head = new String(contents, at, lineEnd - at, StandardCharsets.US_ASCII)
          .split(" ", -1);
      int size = Integer.parseInt(head[2]);
      byte[] content = Arrays.copyOfRange(contents, lineEnd + 1, lineEnd + 1 + size);
      at = lineEnd + 1 + size + 1;
      String text = decoded(content);
      if (!binary(content) && !text.isBlank())
        files.add(new TreeFile(path, text, StoreFileCheck.sha256(content)));
    }
    return files;
  }

  private static List<byte[]> split(byte[] bytes) {
    List<byte[]> parts = new ArrayList<>();
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    for (byte b : bytes) {
      if (b != 0) {
        part.write(b);
        continue;
      }
      parts.add(part.toByteArray());
      part.reset();
    }
    return parts;
  }

  private static boolean binary(byte[] content) {
    for (int i = 0; i < Math.min(content.length, LOOKED_AT_FOR_NUL); i++)
      if (content[i] == 0)
        return true;
    return false;
  }

  /// UTF-8, else the one other charset that these tests use.
  private static String decoded(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      return new String(content, StandardCharsets.ISO_8859_1);
    }
  }

  /// Its lines without their ends; line n stands at n - 1.
  List<String> lines() {
    return List.of(text.replaceFirst("^\ufeff", "").split("\r?\n", -1));
  }
}
