package elysia.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import elysia.core.source.Location.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {
  @ParameterizedTest
  @CsvSource({"https://example.org/a/b.git,HTTP,example.org,b",
      "http://127.0.0.1:8080/x,HTTP,127.0.0.1,x", "https://[::1]:8443/x.git,HTTP,[::1],x",
      "https://org@dev.azure.com/org/proj/_git/repo,HTTP,dev.azure.com,repo",
      "ssh://git@example.org:2222/a/b,SSH,example.org,b",
      "git@example.org:a/b.git,SSH,example.org,b",
      "alias:b.git,SSH,alias,b", "file:///srv/git/a.git,FILE,,a",
      "/home/me/My Repo/,LOCAL,,My-Repo",
      "/home/me/thing/.git,LOCAL,,thing", "/home/me/.dotfiles,LOCAL,,dotfiles"})
  void validLocationHasKindHostAndName(String text, Kind kind, String host, String name) {
    Location location = Location.parse(text).orElseThrow();
    assertThat(location.kind()).isEqualTo(kind);
    assertThat(location.host()).isEqualTo(Optional.ofNullable(host));
    assertThat(location.defaultName().orElseThrow().value()).isEqualTo(name);
    assertThat(location.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "ext::sh -c id", "fd::17", "ext::https://x/y", "-uhttps://x/y",
      "--upload-pack=id", "git://example.org/x", "ftp://example.org/x", "relative/path", "./x",
      "../x", "~/x", "C:\\x", "https://-oProxyCommand=id/x", "ssh://-oProxyCommand=id/x",
      "-oProxyCommand=id:x", "git@-oProxyCommand=id:x", "git@host:-x", "https://host", "https:///x",
      "file://host/x", "file://", "https://example.org/x\n", "https://example.org/x\u001b[2J",
      "https://example.org/x?access_token=s3cret", "https://user:top/s3cret@example.org/x",
      "/tmp/a\u0000b", "https://example.org/\u202ex"})
  void whatGitWouldTakeForSomethingElseIsRefused(String text) {
    assertThat(Location.parse(text)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
      assertThat(refused.problem().code()).isEqualTo("invalid_location");
      assertThat(refused.problem().text()).doesNotContain("s3cret");
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://user:s3cret@example.org/x", "https://:s3cret@example.org/x",
      "https://user%3As3cret@example.org/x", "ssh://git:s3cret@example.org/x",
      "https://ghp_s3cret@example.org/x", "https://glpat-s3cret@example.org/x",
      "ftp://user:s3cret@example.org/x", "user:s3cret@example.org:x"})
  void credentialsAreRefusedAndNeverRepeated(String text) {
    assertThat(Location.parse(text)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
      assertThat(refused.problem().code()).isEqualTo("credentials_in_location");
      assertThat(refused.problem().text()).doesNotContain("s3cret");
    });
  }

  @Test
  void nameIsCutToWhatCanBeManaged() {
    assertThat(Location.parse("https://h/" + "x".repeat(300)).orElseThrow().defaultName()
        .orElseThrow().managed()).isTrue();
    assertThat(Location.parse("https://h/___").orElseThrow().defaultName()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "feature/x", "release-1.2", "ünïcode", "a@b", "refs"})
  void branchOfAnyHonestNameIsFine(String name) {
    assertThat(Branch.problem(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x", "--upload-pack=id", "a b", "a..b", "a~1", "a^", "a:b", "a?",
      "a*",
      "a[b", "a\\b", "@{-1}", "@", "HEAD", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.",
      "a\nb"})
  void branchThatGitForbidsIsRefused(String name) {
    assertThat(Branch.problem(name)).isPresent();
  }
}
