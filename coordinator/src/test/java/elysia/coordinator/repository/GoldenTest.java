package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// What the first version wrote to journals can be read for ever. A new event adds a file (printed
/// by the failing test); a file that is there is never changed.
class GoldenTest {
  private static final String FOLDER = "/golden/events/v1/";
  private static final ActorTestKit KIT = ActorTestKit
      .create(ActorRig.CONFIG.withFallback(ConfigFactory.load()));

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private static Map<String, Wire> samples() {
    Map<String, Wire> samples = new LinkedHashMap<>();
    Samples.events().forEach(event -> samples.put(event.getClass().getSimpleName(), event));
    samples.put("Snapshot", Samples.state());
    return samples;
  }

  private static SerializerWithStringManifest serializer(Object message) {
    return (SerializerWithStringManifest) SerializationExtension.get(KIT.system())
        .findSerializerFor(message);
  }

  @Test
  void everyEventHasASample() {
    assertThat(Arrays.stream(RepositoryEvent.class.getPermittedSubclasses())
        .map(Class::getSimpleName).collect(Collectors.toSet())).isEqualTo(
            Samples.events().stream().map(e -> e.getClass().getSimpleName())
                .collect(Collectors.toSet()));
  }

  @Test
  void whatEarlierVersionsWroteIsStillRead() throws IOException {
    for (Map.Entry<String, Wire> sample : samples().entrySet()) {
      SerializerWithStringManifest serializer = serializer(sample.getValue());
      String manifest = serializer.manifest(sample.getValue());
      try (InputStream golden = GoldenTest.class.getResourceAsStream(
          FOLDER + sample.getKey() + ".cbor.base64")) {
        assertThat(golden).as("%s is missing; it would be %s", sample.getKey(),
            Base64.getMimeEncoder().encodeToString(serializer.toBinary(sample.getValue())))
            .isNotNull();
        byte[] bytes = Base64.getMimeDecoder().decode(golden.readAllBytes());
        assertThat(serializer.fromBinary(bytes, manifest)).isEqualTo(sample.getValue());
      }
    }
  }

  @Test
  void everythingThatAStateHoldsSurvivesASnapshot() {
    RepositoryState state = Samples.state();
    assertThat(state.sync()).isPresent();
    assertThat(state.synced()).isPresent();
    assertThat(state.lastError()).isPresent();
    assertThat(state.wanted().removal()).isPresent();
    assertThat(state.failures()).hasSize(2);
    assertThat(KIT.serializationTestKit().verifySerialization(state, true)).isEqualTo(state);
  }
}
