package elysia.cli.feed.input;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// The reason why the file system refused something, in words.
public final class IoReason {
  private IoReason() {}

  public static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "there is no such file";
      case FileSystemException system when system.getReason() != null ->
        system.getReason().replaceFirst(" or unable to access attributes of symbolic link$", "");
      default -> String.valueOf(e.getMessage());
    };
  }
}
