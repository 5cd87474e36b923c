package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.git.GitHttps;
import elysia.testkit.git.TestRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Over smart HTTPS, with and without a password, as user-guide.md says.
@Timeout(120)
class RemoteHttpsIT extends GitFixture {
  private static final String SECRET = "s3cr3t-Of-Bob";

  /// The ways to give credentials.
  enum Way {
    HELPER, NETRC, ENVIRONMENT
  }

  private ServedRepository served = new ServedRepository(folder, new TestRepository(folder));
  private Path home = folder;

  @BeforeEach
  void createRepository() throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    served = ServedRepository.create(folder.resolve("served"), folder.resolve("author"));
  }

  private GitHttps server(String credentials) {
    return GitHttps.start(folder.resolve("served"), folder.resolve("tls"),
        Optional.of(credentials).filter(text -> !text.isEmpty()));
  }

  private static Map<String, String> trusting(GitHttps server) {
    return new HashMap<>(Map.of("GIT_SSL_CAINFO", server.authority().toString()));
  }

  /// @return what the node's environment needs
  private Map<String, String> give(Way way, GitHttps server, String password) throws IOException {
    Map<String, String> environment = trusting(server);
    switch (way) {
      case HELPER -> {
        Path secrets = Files.writeString(home.resolve("secrets"),
            server.url("").replace("https://", "https://bob:" + password + "@") + "\n");
        Files.writeString(home.resolve(".gitconfig"),
            "[credential]\nhelper = store --file=" + secrets + "\n");
      }
      case NETRC -> Files.writeString(home.resolve(".netrc"),
          "machine 127.0.0.1 login bob password " + password + "\n");
      case ENVIRONMENT -> environment.putAll(Map.of("GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0",
          "http." + server.url("") + ".extraHeader", "GIT_CONFIG_VALUE_0",
          "Authorization: " + GitHttps.basic("bob:" + password)));
    }
    return environment;
  }

  @Test
  void publicRepositoryIsClonedAndFollowed() {
    try (GitHttps server = server("")) {
      served.assertFollowedBy(sourceIn(trusting(server)), named("app", server.url("app.git")));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void privateRepositoryIsFollowedAndTheSecretStaysWhereItWas(Way way) throws IOException {
    try (GitHttps server = server("bob:" + SECRET)) {
      served.assertFollowedBy(sourceIn(give(way, server, SECRET)),
          named("app", server.url("app.git")));
      assertThat(server.commandLines()).isNotEmpty();
      for (String form : new String[]{SECRET,
          Base64.getEncoder().encodeToString(("bob:" + SECRET).getBytes(StandardCharsets.UTF_8))}) {
        assertThat(server.commandLines()).noneMatch(line -> line.contains(form));
        ServedRepository.assertNowhereIn(clones, form);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void wrongPasswordIsRefusedAndNotRepeated(Way way) throws IOException {
    try (GitHttps server = server("bob:" + SECRET)) {
      String reason = ServedRepository.reason(sourceIn(give(way, server, "wr0ng-One"))
          .pull(named("app", server.url("app.git"))));
      assertThat(reason).startsWith("repository_unreadable").contains("git ls-remote")
          .doesNotContain("wr0ng-One");
    }
  }

  @Test
  void missingPasswordIsRefusedWithoutAPrompt() {
    try (GitHttps server = server("bob:" + SECRET)) {
      assertThat(ServedRepository.reason(sourceIn(trusting(server))
          .pull(named("app", server.url("app.git"))))).startsWith("repository_unreadable")
          .contains("terminal prompts disabled");
    }
  }

  @Test
  void unknownAuthorityIsNotTrusted() {
    try (GitHttps server = server("")) {
      assertThat(ServedRepository.reason(sourceIn(Map.of())
          .pull(named("app", server.url("app.git"))))).contains("certificate");
      assertThat(clones.resolve("app")).doesNotExist();
    }
  }

  @Test
  void missingRepositoryIsRefused() {
    try (GitHttps server = server("")) {
      assertThat(ServedRepository.reason(sourceIn(trusting(server))
          .pull(named("app", server.url("none.git"))))).startsWith("repository_unreadable")
          .contains("not found");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bob:" + SECRET})
  void serverThatIsGoneLeavesTheCloneAndSaysSo(String credentials) throws IOException {
    GitHttps server = server(credentials);
    try (server) {
      GitSource source = sourceIn(give(Way.HELPER, server, SECRET));
      var spec = named("app", server.url("app.git"));
      String commit = source.pull(spec).orElseThrow().commit().orElseThrow();
      server.close();
      assertThat(ServedRepository.reason(source.pull(spec))).startsWith("busy: ")
          .contains("127.0.0.1").containsIgnoringCase("connect").doesNotContain(SECRET);
      assertThat(source.reachable(spec, commit)).isTrue();
    }
  }
}
