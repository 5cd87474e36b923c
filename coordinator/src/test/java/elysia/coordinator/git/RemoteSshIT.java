package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.source.SourceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Over SSH, against a server on loopback.
@Timeout(120)
class RemoteSshIT extends GitFixture {
  private final ServedRepositories repositories = new ServedRepositories();

  /// What is there only while a test runs.
  private static final class ServedRepositories {
    private Optional<Sshd> sshd = Optional.empty();
    private Optional<ServedRepository> served = Optional.empty();
  }

  @BeforeEach
  void startServer() throws Exception {
    repositories.sshd = Optional.of(Sshd.start(folder.resolve("ssh")));
    repositories.served = Optional.of(
        ServedRepository.create(folder.resolve("served"), folder.resolve("author")));
  }

  @AfterEach
  void stopServer() {
    repositories.sshd.ifPresent(Sshd::close);
  }

  private Sshd sshd() {
    return repositories.sshd.orElseThrow();
  }

  private ServedRepository served() {
    return repositories.served.orElseThrow();
  }

  private SourceSpec spec() {
    return named("app", sshd().url(served().bare()));
  }

  private GitSource source(Path key, String knownHosts, String options) throws IOException {
    return sourceIn(Map.of("GIT_SSH_COMMAND",
        "ssh -F " + sshd().client(key, knownHosts) + options));
  }

  @Test
  void repositoryIsFollowedWithAKeyFromAKnownHost() throws IOException {
    served().assertFollowedBy(source(sshd().userKey(), sshd().knownHost(), " -oBatchMode=yes"),
        spec());
  }

  @Test
  void unknownHostIsRefusedWithoutAPrompt() throws IOException {
    for (String options : new String[]{" -oBatchMode=yes", ""})
      assertThat(ServedRepository.reason(source(sshd().userKey(), "", options).pull(spec())))
          .startsWith("repository_unreadable").contains("Host key verification failed");
    assertThat(clones.resolve("app")).doesNotExist();
  }

  @Test
  void keyThatTheServerDoesNotKnowIsRefusedWithoutAPrompt() throws IOException {
    for (String options : new String[]{" -oBatchMode=yes", ""})
      assertThat(ServedRepository.reason(
          source(sshd().hostKey(), sshd().knownHost(), options).pull(spec())))
          .startsWith("repository_unreadable").contains("Permission denied");
  }

  @Test
  void missingRepositoryIsRefused() throws IOException {
    assertThat(ServedRepository.reason(source(sshd().userKey(), sshd().knownHost(), "")
        .pull(named("app", sshd().url(folder.resolve("none.git"))))))
        .startsWith("repository_unreadable").contains("does not appear to be a git repository");
  }

  @Test
  void serverThatIsGoneLeavesTheCloneAndSaysSo() throws IOException {
    GitSource source = source(sshd().userKey(), sshd().knownHost(), " -oBatchMode=yes");
    SourceSpec spec = spec();
    String commit = source.pull(spec).orElseThrow().commit().orElseThrow();
    sshd().close();
    assertThat(ServedRepository.reason(source.pull(spec))).startsWith("busy: ")
        .contains("Connection refused");
    assertThat(source.reachable(spec, commit)).isTrue();
  }
}
