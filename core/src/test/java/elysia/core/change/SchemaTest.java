package elysia.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import elysia.core.change.Line.BadLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The schema and the reader are of one opinion about every line of the tables.
class SchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchema SCHEMA = schema();

  @ParameterizedTest
  @MethodSource("good")
  void schemaAcceptsWhatTheReaderAccepts(String line) throws JsonProcessingException {
    assertThat(TestLines.one(line)).isNotInstanceOf(BadLine.class);
    assertThat(SCHEMA.validate(JSON.readTree(line))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void schemaRefusesWhatTheReaderRefuses(String line) throws JsonProcessingException {
    assertThat(TestLines.one(line)).isInstanceOf(BadLine.class);
    assertThat(SCHEMA.validate(JSON.readTree(line))).isNotEmpty();
  }

  @Test
  void samplesFollowTheSchema() throws IOException {
    for (String name : new String[]{"mgit-diff-uncommitted", "mgit-diff-embed-content",
        "mgit-diff-incremental-after-pull", "elysiactl-three-tier", "event-style-proposal"}) {
      try (InputStream in = SchemaTest.class.getResourceAsStream("/change/" + name + ".jsonl")) {
        for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
          if (!line.isEmpty() && !(TestLines.one(line) instanceof BadLine))
            assertThat(SCHEMA.validate(JSON.readTree(line))).as(line).isEmpty();
        }
      }
    }
  }

  static Stream<String> good() {
    return Stream.concat(
        changes("", "`content`:`x`", "`content`:null", "`content`:null,`content_ref`:`a`",
            "`content_base64`:`eA==`", "`content_base64`:``", "`content_ref`:`/a`", "`size`:0",
            "`size_bytes`:9223372036854775807", "`metadata`:{`a`:[]}", "`metadata`:null",
            "`skip_index`:true", "`timestamp`:`2026-01-31T12:00:00Z`",
            "`timestamp`:`2026-01-31T12:00:00.25+02:00`", "`content_hash`:``", "`commit`:`c`",
            "`unknown`:{}", "`content_hash`:`sha256:" + "aB".repeat(32) + "`", "`new_path`:null"),
        lines("{`repo`:`r`,`op`:`update`,`path`:`a\\\\b`}",
            "{`repo`:`r`,`op`:`delete`,`path`:`./a`}",
            "{`repo`:`r`,`op`:`rename`,`path`:`a`,`new_path`:`b/c`}",
            "{`repo`:`r`,`op`:`modify`,`path`:`a -> b`}",
            "{`repo`:`r`,`op`:`modify`,`path`:`\\`a b\\` -> b`}",
            "{`repo`:`r`,`op`:`add`,`path`:`d/`}",
            "{`repo`:`r`,`op`:`add`,`path`:`\\`\\\\303\\\\274\\``}",
            "{`repo`:`r`,`new_changeset`:{}}", "{`repo`:`r`,`new_changeset`:{`commit`:`c`,`x`:1}}",
            "{`event`:`batch_start`,`data`:{}}",
            "{`event`:`repo_sync_complete`,`data`:{`repo_id`:`r`}}",
            "{`event`:`file_deleted`,`data`:{`repo_id`:`r`,`file_path`:`p`}}",
            "{`path`:`../x`}", "{`path`:`x`,`line`:4}", "`x`"));
  }

  static Stream<String> bad() {
    return Stream.concat(
        changes("`content`:1", "`content`:`x`,`content_ref`:`y`",
            "`content`:`x`,`content_base64`:`eA==`", "`content_base64`:`eA`",
            "`content_base64`:`e===`",
            "`content_ref`:``", "`content_ref`:[]", "`size`:-1", "`size`:1.5", "`size`:`1`",
            "`size`:9223372036854775808", "`size`:1,`size_bytes`:1", "`mime`:`a`,`mime_type`:`a`",
            "`metadata`:[]", "`metadata`:`x`", "`skip_index`:1", "`timestamp`:`now`",
            "`timestamp`:5",
            "`content_hash`:`abc`", "`commit`:``", "`new_path`:`q`"),
        lines("{}", "[]", "{`repo`:`r`,`path`:`p`}", "{`repo`:`r`,`op`:`add`}",
            "{`op`:`add`,`path`:`p`}", "{`repo`:``,`op`:`add`,`path`:`p`}",
            "{`repo`:` `,`op`:`add`,`path`:`p`}", "{`repo`:`r`,`op`:`move`,`path`:`p`}",
            "{`repo`:`r`,`op`:`rename`,`path`:`p`}", "{`repo`:`r`,`op`:`add`,`path`:`/p`}",
            "{`repo`:`r`,`op`:`add`,`path`:`C:p`}", "{`repo`:`r`,`op`:`add`,`path`:`a/../p`}",
            "{`repo`:`r`,`op`:`add`,`path`:`..\\\\p`}", "{`repo`:`r`,`op`:`add`,`path`:`.`}",
            "{`repo`:`r`,`op`:`add`,`path`:``}", "{`repo`:`r`,`op`:`add`,`path`:`.git/config`}",
            "{`repo`:`r`,`op`:`add`,`path`:`a\\u0000`}", "{`repo`:`r`,`op`:`add`,`path`:`\\`a`}",
            "{`repo`:`r`,`op`:`delete`,`path`:`d/`}",
            "{`repo`:`r`,`op`:`add`,`path`:`d/`,`content`:`x`}", "{`repo`:`r`,`new_changeset`:`c`}",
            "{`repo`:`r`,`new_changeset`:{`commit`:5}}", "{`new_changeset`:{}}", "{`event`:5}",
            "{`event`:`file_moved`,`data`:{`repo_id`:`r`,`file_path`:`p`}}",
            "{`event`:`file_deleted`}", "{`event`:`file_deleted`,`data`:{`repo_id`:`r`}}",
            "{`event`:`repo_sync_complete`}", "{`path`:``}", "{`path`:5}", "{`path`:`x`,`extra`:1}",
            "``"));
  }

  private static Stream<String> changes(String... more) {
    return lines(Arrays.stream(more)
        .map(m -> "{`repo`:`r`,`op`:`add`,`path`:`p`" + (m.isEmpty() ? "" : ",") + m + "}")
        .toArray(String[]::new));
  }

  private static Stream<String> lines(String... lines) {
    return Arrays.stream(lines).map(line -> line.replace('`', '"'));
  }

  private static JsonSchema schema() {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(ChangeReader.class.getResourceAsStream("/schema/change.json"));
  }
}
