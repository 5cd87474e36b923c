package elysia.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.process.Failure;
import elysia.core.auth.NewToken;
import elysia.core.auth.TokenInfo;
import elysia.core.auth.TokenRequest;
import elysia.core.cluster.ClusterStatus;
import elysia.core.collection.CollectionStatus;
import elysia.core.diagnose.Diagnosis;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Added;
import elysia.core.repository.Estimate;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.Page;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.UpdateRepository;
import elysia.core.search.SearchHit;
import elysia.core.search.SearchRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/// The node's HTTP API. Blocking; safe for use by several threads. Every call throws
/// [elysia.cli.process.Failure].
public final class Api {
  private static final int PAGE = 500;
  private static final Duration QUICK = Duration.ofSeconds(30);
  /// An add looks at the remote before it answers, an estimate reads the whole tree.
  private static final Duration LONG = Duration.ofMinutes(30);

  private final Transport transport;

  public Api(NodeAddress address, Optional<String> token, Connections connections) {
    transport = new Transport(address, token, connections);
  }

  public Added add(AddRepository request) {
    Transport.Answer answer = transport.send("POST", "/v1/repositories", request, LONG);
    if (answer.body().path("status").isObject())
      return answer.as(Added.class);
    return new Added(answer.status() == 201, answer.as(RepositoryStatus.class));
  }

  public Estimate estimate(AddRepository request) {
    return transport.send("POST", "/v1/repositories?dry_run=true", request, LONG)
        .as(Estimate.class);
  }

  public RepositoryStatus repository(String name) {
    return transport.send("GET", repo(name), null, QUICK).as(RepositoryStatus.class);
  }

  /// Like [#repository(String)], empty when there is none of that name.
  public Optional<RepositoryStatus> find(String name) {
    try {
      return Optional.of(repository(name));
    } catch (Failure e) {
      if (e.code().filter("repository_not_found"::equals).isPresent())
        return Optional.empty();
      throw e;
    }
  }

  /// All repositories, page by page as they are read.
  public Iterator<RepositoryStatus> repositories() {
    return new Iterator<>() {
      private final ArrayDeque<RepositoryStatus> read = new ArrayDeque<>();
      private Optional<String> cursor = Optional.empty();
      private boolean last;

      @Override
      public boolean hasNext() {
        while (read.isEmpty() && !last) {
          Page<RepositoryStatus> page = page("/v1/repositories?limit=" + PAGE, cursor,
              RepositoryStatus.class);
          read.addAll(page.items());
          last = page.nextCursor().isEmpty() || page.nextCursor().equals(cursor);
          cursor = page.nextCursor();
        }
        return !read.isEmpty();
      }

      @Override
      public RepositoryStatus next() {
        if (!hasNext())
          throw new NoSuchElementException();
        return read.remove();
      }
    };
  }

  public RepositoryStatus update(String name, UpdateRepository request) {
    return transport.send("PATCH", repo(name), request, LONG).as(RepositoryStatus.class);
  }

  /// @param action such as `pause` or `sync?full=true`
  public RepositoryStatus act(String name, String action) {
    return transport.send("POST", repo(name) + "/" + action, null, LONG)
        .as(RepositoryStatus.class);
  }

  public void remove(String name, boolean deleteCollection) {
    transport.send("DELETE", repo(name) + (deleteCollection ? "?delete_collection=true" : ""), null,
        LONG);
  }

  /// Entries after the cursor; the newest when there is none.
  public List<LogEntry> log(String name, int limit, Optional<Long> after) {
    return page(repo(name) + "/log?limit=" + limit, after.map(String::valueOf), LogEntry.class)
        .items();
  }

  /// What happens to a repository, from now on.
  ///
  /// @return empty when the node does not tell it live
  public Optional<Live> live(String name) {
    Live live = new Live();
    return transport.listen("/ws?types=repo:*,sync:*&repo=" + encode(name), live)
        ? Optional.of(live)
        : Optional.empty();
  }

  public List<FileFailure> failures(String name) {
    return transport.send("GET", repo(name) + "/failures", null, QUICK).list(FileFailure.class);
  }

  /// @param accessOnly only whether the remote can be reached and read
  public Diagnosis diagnose(String name, boolean accessOnly) {
    return transport.send("POST",
        repo(name) + "/diagnose" + (accessOnly ? "?access_only=true" : ""), null, LONG)
        .as(Diagnosis.class);
  }

  public List<SearchHit> search(SearchRequest request) {
    return transport.send("POST", "/v1/search", request, Duration.ofMinutes(2))
        .list(SearchHit.class);
  }

  public List<CollectionStatus> collections() {
    return transport.send("GET", "/v1/collections", null, QUICK).list(CollectionStatus.class);
  }

  public CollectionStatus collection(String name) {
    return transport.send("GET", "/v1/collections/" + encode(name), null, QUICK)
        .as(CollectionStatus.class);
  }

  public void deleteCollection(String name) {
    transport.send("DELETE", "/v1/collections/" + encode(name), null, LONG);
  }

  /// Sends lines of the change contract.
  ///
  /// @param key names them: a sender that uses this key later takes them over
  /// @param again they may have been sent before
  /// @param answer takes each line of the answer, the totals last
  public void changes(String collection, byte[] lines, Optional<String> key, boolean dryRun,
      boolean again, Consumer<JsonNode> answer) {
    transport.lines("POST",
        "/v1/collections/" + encode(collection) + "/changes"
            + (dryRun ? "?dry_run=true" : again ? "?again=true" : ""),
        lines, key.map(k -> Map.of("Idempotency-Key", k)).orElse(Map.of()), LONG, answer);
  }

  /// Every file that the collection holds of a repository: `path`, `file_hash`.
  public void files(String collection, String repo, Consumer<JsonNode> answer) {
    transport.lines("GET",
        "/v1/collections/" + encode(collection) + "/files?repo=" + encode(repo), null, Map.of(),
        LONG, answer);
  }

  public NewToken createToken(TokenRequest request) {
    return transport.send("POST", "/v1/tokens", request, QUICK).as(NewToken.class);
  }

  public List<TokenInfo> tokens() {
    return transport.send("GET", "/v1/tokens", null, QUICK).list(TokenInfo.class);
  }

  /// @param last also when it is the last one
  public TokenInfo revokeToken(String name, boolean last) {
    return transport.send("DELETE", "/v1/tokens/" + encode(name) + (last ? "?last=true" : ""), null,
        QUICK).as(TokenInfo.class);
  }

  public ClusterStatus cluster() {
    return transport.send("GET", "/v1/cluster", null, QUICK).as(ClusterStatus.class);
  }

  private <T> Page<T> page(String path, Optional<String> cursor, Class<T> type) {
    String full = path + cursor.map(c -> "&cursor=" + encode(c)).orElse("");
    return transport.send("GET", full, null, QUICK).page(type);
  }

  private static String repo(String name) {
    return "/v1/repositories/" + encode(name);
  }

  private static String encode(String segment) {
    if (segment.isEmpty() || segment.equals(".") || segment.equals(".."))
      throw Failure.usage("\"" + segment + "\" is not a name", "");
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
