package elysia.testkit.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Changes to folders from outside, while their owner runs.
public final class Folders {
  private Folders() {}

  /// Removes a folder and what is in it; what vanishes or comes meanwhile is no error.
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder))
      return;
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException)
          return FileVisitResult.CONTINUE;
        throw e;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) {
        dir.toFile().delete(); // stays when something came
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
