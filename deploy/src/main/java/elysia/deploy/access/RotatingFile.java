package elysia.deploy.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A file that is only appended to. When it is full it becomes `NAME.1`, that one `NAME.2`, and the
/// oldest goes. Thread-safe.
final class RotatingFile {
  private final Path file;
  private final long size;
  private final int files;

  /// @param size bytes of one file, at most a line more
  /// @param files in all
  RotatingFile(Path file, long size, int files) {
    this.file = file;
    this.size = size;
    this.files = files;
  }

  synchronized void append(byte[] line) throws IOException {
    if (!Files.exists(file))
      create();
    else if (Files.size(file) >= size) {
      for (int i = files - 2; i >= 0; i--)
        if (Files.exists(numbered(i)))
          Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
      create();
    }
    Files.write(file, line, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  private Path numbered(int i) {
    return i == 0 ? file : file.resolveSibling(file.getFileName() + "." + i);
  }

  private void create() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix"))
      Files.createFile(file,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    else
      Files.createFile(file);
  }
}
