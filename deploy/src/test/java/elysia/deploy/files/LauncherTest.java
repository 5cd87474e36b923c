package elysia.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The start script, with a java that says which locale it runs in.
class LauncherTest {
  @TempDir
  Path dist;

  @BeforeEach
  void makeDistribution() throws IOException {
    Files.createDirectories(dist.resolve("lib"));
    Files.createDirectories(dist.resolve("bin"));
    Files.createDirectories(dist.resolve("aot"));
    executable(dist.resolve("bin/elysiactl"),
        Files.readString(Path.of("src/main/dist/bin/elysiactl")));
    Path java = dist.resolve("java");
    executable(java, "#!/bin/sh\nlocale charmap\n");
    Files.writeString(dist.resolve("aot/java"), java.toString());
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String charmap(Map<String, String> locale) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(dist.resolve("bin/elysiactl").toString(), "help")
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().putAll(locale);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @ParameterizedTest
  @CsvSource({"LANG,xx_YY.UTF-8", "LC_ALL,xx_YY.UTF-8", "LC_CTYPE,xx_YY.utf8", "LANG,C",
      "LC_ALL,POSIX", "LANG,C.UTF-8"})
  void javaUsesUtf8WhateverTheLocaleSays(String variable, String value) throws IOException {
    assertThat(charmap(Map.of(variable, value))).isEqualTo("UTF-8");
  }

  @Test
  void javaUsesUtf8WithoutALocale() throws IOException {
    assertThat(charmap(Map.of())).isEqualTo("UTF-8");
  }
}
