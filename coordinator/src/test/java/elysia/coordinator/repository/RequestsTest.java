package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.EmbeddingModel;
import elysia.core.outcome.Outcome;
import elysia.core.repository.AddRepository;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.UpdateRepository;
import elysia.testkit.store.TestChunks;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final EmbeddingModel MODEL = TestChunks.MODEL;

  private static AddRepository add(String location, Optional<String> name,
      Optional<String> branch, Optional<String> schedule, Optional<String> vectorizer) {
    return new AddRepository(location, name, Optional.empty(), branch, Optional.empty(), schedule,
        List.of(), List.of(), Optional.empty(), vectorizer, Optional.empty());
  }

  private static AddRepository add(String location) {
    return add(location, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static String refused(Outcome<RepositorySettings> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<RepositorySettings>) outcome).problem().message();
  }

  private static UpdateRepository update(Optional<String> schedule, Optional<String> branch) {
    return new UpdateRepository(schedule, branch, Optional.empty(), Optional.empty(),
        Optional.empty());
  }

  @Test
  void whatIsNotSaidHasDefaults() {
    RepositorySettings settings = Requests.settings(add("https://example.org/x/App.git"), MODEL)
        .orElseThrow();
    assertThat(settings.name().value()).isEqualTo("App");
    assertThat(settings.collection().value()).isEqualTo("App");
    assertThat(settings.rules().maxFileSize()).isEqualTo(1_000_000);
    assertThat(settings.model()).isEqualTo(MODEL);
    assertThat(settings.schedule()).isEmpty();
  }

  @Test
  void whatIsMalformedIsRefusedBySayingWhatIsExpected() {
    assertThat(refused(Requests.settings(add("not a url"), MODEL))).contains("location");
    assertThat(refused(Requests.settings(add("/repo", Optional.of("a/b"), Optional.empty(),
        Optional.empty(), Optional.empty()), MODEL))).contains("name", "expected");
    for (String branch : List.of("--upload-pack=x", "a b", "a..b", ""))
      assertThat(refused(Requests.settings(add("/repo", Optional.empty(), Optional.of(branch),
          Optional.empty(), Optional.empty()), MODEL))).contains("branch");
    assertThat(refused(Requests.settings(add("/repo", Optional.empty(), Optional.empty(),
        Optional.of("sometimes"), Optional.empty()), MODEL))).contains("schedule");
    assertThat(refused(Requests.settings(add("/repo", Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.of("openai")), MODEL))).contains("vectorizer");
  }

  @Test
  void modulesOfTheStoreAreTaken() {
    EmbeddingModel model = Requests.settings(add("/repo", Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.of("text2vec-openai")), MODEL).orElseThrow().model();
    assertThat(model.inStore()).isTrue();
    assertThat(model.dimension()).isZero();
  }

  @Test
  void updateChangesOnlyWhatItNames() {
    RepositorySettings now = Samples.SETTINGS;
    assertThat(Requests.changed(now, update(Optional.empty(), Optional.empty())).orElseThrow())
        .isEqualTo(now);
    RepositorySettings changed = Requests
        .changed(now, update(Optional.of("none"), Optional.of("dev"))).orElseThrow();
    assertThat(changed.schedule()).isEmpty();
    assertThat(changed.source().branch()).contains("dev");
    assertThat(changed.rules()).isEqualTo(now.rules());
    assertThat(Requests.changed(now, update(Optional.empty(), Optional.of(""))).orElseThrow()
        .source().branch()).isEmpty();
    assertThat(refused(Requests.changed(now, update(Optional.of("1s"), Optional.empty()))))
        .contains("at least 5s");
  }
}
