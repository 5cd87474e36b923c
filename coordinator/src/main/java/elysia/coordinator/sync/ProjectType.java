package elysia.coordinator.sync;

import elysia.core.identity.FilePath;
import java.util.Map;

/// Tells a project's kind by the build file in its root.
final class ProjectType {
  private static final Map<String, String> BY_FILE = Map.ofEntries(Map.entry("pom.xml", "maven"),
      Map.entry("build.gradle", "gradle"),
      Map.entry("build.gradle.kts", "gradle"), Map.entry("package.json", "npm"),
      Map.entry("Cargo.toml", "cargo"), Map.entry("go.mod", "go"),
      Map.entry("pyproject.toml", "python"), Map.entry("setup.py", "python"),
      Map.entry("requirements.txt", "python"), Map.entry("Gemfile", "ruby"),
      Map.entry("composer.json", "php"), Map.entry("CMakeLists.txt", "cmake"),
      Map.entry("Makefile", "make"), Map.entry("build.sbt", "sbt"),
      Map.entry("mix.exs", "elixir"), Map.entry("Package.swift", "swift"),
      Map.entry("pubspec.yaml", "dart"), Map.entry("meson.build", "meson"),
      Map.entry("WORKSPACE", "bazel"), Map.entry("MODULE.bazel", "bazel"));

  private ProjectType() {}

  /// Empty when this path tells nothing.
  static String of(FilePath path) {
    String name = path.text();
    if (name.endsWith(".sln") && name.indexOf('/') < 0)
      return "dotnet";
    String type = BY_FILE.get(name);
    return type == null ? "" : type;
  }
}
