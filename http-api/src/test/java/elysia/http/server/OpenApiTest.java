package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import elysia.core.auth.NewToken;
import elysia.core.auth.TokenInfo;
import elysia.core.auth.TokenRequest;
import elysia.core.cluster.ClusterStatus;
import elysia.core.cluster.ClusterView;
import elysia.core.collection.CollectionStatus;
import elysia.core.diagnose.Check;
import elysia.core.diagnose.Diagnosis;
import elysia.core.json.Json;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Estimate;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import elysia.core.repository.UpdateRepository;
import elysia.core.repository.VerifyReport;
import elysia.core.search.SearchHit;
import elysia.core.search.SearchRequest;
import elysia.http.route.Endpoint;
import elysia.http.route.ProblemDocument;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static JsonNode document;

  @BeforeAll
  static void read() throws Exception {
    try (InputStream in = Objects
        .requireNonNull(OpenApiTest.class.getResourceAsStream("/elysia/http/openapi.json"))) {
      document = Json.mapper().readTree(in);
    }
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Method and path, with the query parameters and the scope.
  private static String line(String method, String path, Set<String> parameters, String scope) {
    return method.toUpperCase(Locale.ROOT) + " " + path + " " + parameters + " " + scope;
  }

  @Test
  void everyEndpointIsDescribedAndNothingElse() {
    Set<String> described = new TreeSet<>();
    document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
        .filter(operation -> METHODS.contains(operation.getKey())).forEach(operation -> {
          Set<String> parameters = new TreeSet<>();
          for (JsonNode parameter : operation.getValue().path("parameters"))
            if (parameter.path("in").asText().equals("query"))
              parameters.add(parameter.path("name").asText());
          described.add(line(operation.getKey(), path.getKey(), parameters,
              operation.getValue().path("security").path(0).path("token").path(0).asText("open")));
        }));
    Set<String> served = ApiEndpoints.all().stream()
        .map(endpoint -> line(endpoint.method().value(), endpoint.template(),
            new TreeSet<>(endpoint.parameters()),
            endpoint.scope().map(scope -> scope.name().toLowerCase(Locale.ROOT)).orElse("open")))
        .collect(Collectors.toCollection(TreeSet::new));
    assertThat(described).isEqualTo(served);
  }

  @Test
  void segmentsInBracesAreDescribed() {
    for (Endpoint endpoint : ApiEndpoints.all()) {
      Set<String> named = new TreeSet<>();
      for (String segment : endpoint.template().split("/", -1))
        if (segment.startsWith("{"))
          named.add(segment.substring(1, segment.length() - 1));
      Set<String> described = new TreeSet<>();
      for (JsonNode parameter : document.path("paths").path(endpoint.template())
          .path("parameters"))
        described.add(parameter.path("name").asText());
      assertThat(described).as(endpoint.template()).isEqualTo(named);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {AddRepository.class, UpdateRepository.class, RepositoryStatus.class,
      RepositoryStatus.Progress.class, RepositoryStatus.LastSync.class,
      RepositoryStatus.LastError.class, RepositoryStatus.Discovery.class, SyncCounts.class,
      VerifyReport.class, VerifyReport.Difference.class, Estimate.class, LogEntry.class,
      FileFailure.class, Diagnosis.class, Check.class, CollectionStatus.class, SearchRequest.class,
      SearchHit.class, TokenRequest.class, TokenInfo.class, NewToken.class, ClusterStatus.class,
      ClusterStatus.Member.class, ClusterView.Readiness.class,
      ProblemDocument.class})
  void schemasAreTheRecords(Class<?> type) {
    JsonNode schema = document.path("components").path("schemas").path(type.getSimpleName());
    boolean request = Set.of("AddRepository", "SearchRequest").contains(type.getSimpleName());
    TreeMap<String, Boolean> components = new TreeMap<>();
    for (RecordComponent component : type.getRecordComponents())
      components.put(new SnakeCaseStrategy().translate(component.getName()),
          component.getType() != Optional.class
              && !(request && List.class.isAssignableFrom(component.getType())));
    assertThat(names(schema.path("properties"))).isEqualTo(components.keySet());
    assertThat(texts(schema.path("required"))).isEqualTo(components.keySet().stream()
        .filter(name -> Boolean.TRUE.equals(components.get(name)))
        .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void referencesLeadSomewhereAndNoOperationIdIsTwice() {
    List<String> references = document.findValuesAsText("$ref");
    assertThat(references).isNotEmpty().allSatisfy(
        reference -> assertThat(document.at(reference.substring(1)).isObject()).isTrue());
    List<String> ids = document.findValuesAsText("operationId");
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
    Stream<String> unused = names(document.path("components").path("schemas")).stream()
        .filter(name -> !references.contains("#/components/schemas/" + name));
    assertThat(unused).isEmpty();
    assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
  }
}
