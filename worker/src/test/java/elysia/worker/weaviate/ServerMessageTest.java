package elysia.worker.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.worker.weaviate.ServerMessage.Meaning;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerMessageTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      no such prop with name 'nope' found in class 'Zz' in the schema                    | FINAL     | false
      invalid integer property 'chunk' on class 'Zz': requires an integer                | FINAL     | false
      Validate vector index for e428: insert called with a vector of the wrong size: 2   | FINAL     | false
      insert to vector index: vector dimensions do not match the index dimensions        | FINAL     | true
      insert to vector index: cannot insert: not enough memory                           | TRANSIENT | true
      cannot process batch: not enough memory                                            | TRANSIENT | false
      store is read-only due to: resource pressure                                       | TRANSIENT | false
      store is READ-ONLY due to: manually set by user                                    | TRANSIENT | false
      open /data/x.db: too many open files                                               | TRANSIENT | false
      write: no space left on device                                                     | TRANSIENT | false
      resolve node name "node1" to host                                                  | TRANSIENT | false
      leader not found                                                                   | TRANSIENT | false
      memory pressure: cannot init shard: not enough memory mappings                     | TRANSIENT | false
      context deadline exceeded                                                          | TRANSIENT | false
      connection to: OpenAI API failed with status: 429 error: rate limit reached        | TRANSIENT | false
      connection to: OpenAI API failed with status: 503                                  | TRANSIENT | false
      connection to: OpenAI API failed with status: 401 error: incorrect key             | FINAL     | false
      the shard has gone fishing                                                         | UNKNOWN   | false
      panic occurred: runtime error: invalid memory address or nil pointer dereference   | TRANSIENT | false
      failed to execute query: rpc error: code = Unavailable                             | TRANSIENT | false
      authorization, forbidden action: user 'x' has insufficient permissions to update_data | FORBIDDEN | false
      class 'Nope' not present in schema                                                 | NO_CLASS  | false
      validate: failed to get class: Nope                                                | NO_CLASS  | false
      explorer: list class: search: tried to browse non-existing index for Nope          | NO_CLASS  | false
      Cannot query field "Nope" on type "GetObjectsObj".                                 | NO_CLASS  | false
      Cannot query field "Nope" on type "AggregateObjectsObj".                           | NO_CLASS  | false
      """)
  void theWordsTellWhetherItMayWorkLater(String text, Meaning meaning, boolean kept) {
    ServerMessage message = ServerMessage.of(text);
    assertThat(message.meaning()).isEqualTo(meaning);
    assertThat(message.keptUnindexed()).isEqualTo(kept);
  }
}
