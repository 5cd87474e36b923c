package elysia.worker.weaviate;

import static elysia.testkit.store.TestChunks.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.outcome.Outcome;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreQuery;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import elysia.testkit.weaviate.Fault;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The faults where batches go to the REST interface.
class WeaviateFaultsIT extends WeaviateFaults {
  WeaviateFaultsIT() throws IOException {
    super(false);
  }

  @Test
  void theWaitThatTheServerAsksForIsHandedUp() {
    store.create(NAME, MODEL).orElseThrow();
    server.faults().add(Fault.next(Kind.RATE_LIMIT, On.BATCH, 1).withNumber(30));
    Outcome<WriteReport> outcome = store.write(NAME, chunks(1), WriteMode.UPSERT);
    assertThat(outcome).isEqualTo(new Outcome.Busy<WriteReport>("store_unavailable",
        "rate limit of Weaviate at " + URI.create(server.url()).getAuthority(),
        Duration.ofSeconds(30)));
    assertThat(store.health().ok()).isFalse();
    assertThat(store.search(new StoreQuery(NAME, "text", Optional.empty(), SearchMode.KEYWORD,
        List.of(), Optional.empty(), Optional.empty(), 1)).orElseThrow()).isEmpty();
    assertThat(store.health().ok()).isTrue();
  }
}
