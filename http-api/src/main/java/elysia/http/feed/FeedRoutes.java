package elysia.http.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import elysia.core.change.ChangeSettings;
import elysia.core.feed.Changes;
import elysia.core.feed.IndexedFile;
import elysia.core.feed.Upload;
import elysia.core.identity.CollectionName;
import elysia.core.identity.Printable;
import elysia.core.identity.RepositoryName;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.http.route.ApiException;
import elysia.http.route.Endpoint;
import elysia.http.route.RequestContext;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/// `POST /v1/collections/{collection}/changes`, what the index holds of a repository, and the
/// schema of a change.
public final class FeedRoutes implements Routes {
  private static final String TYPE = "x-ndjson";
  private static final ContentType NDJSON = MediaTypes
      .applicationWithFixedCharset(TYPE, HttpCharsets.UTF_8).toContentType();
  private static final String KEY = "Idempotency-Key";
  private static final int MAX_KEY = 200;
  private static final int LISTED = 256;

  private final Supplier<Materializer> streams;
  private final Changes changes;
  private final ChangeSettings settings;
  private final byte[] schema;

  /// @param streams runs streams
  public FeedRoutes(Supplier<Materializer> streams, Changes changes, ChangeSettings settings) {
    this.streams = streams;
    this.changes = changes;
    this.settings = settings;
    try (InputStream in = Objects
        .requireNonNull(Changes.class.getResourceAsStream("/schema/change.json"))) {
      schema = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.change(HttpMethods.POST, "/v1/collections/{collection}/changes",
            Endpoint.Body.STREAM, this::post, "dry_run", "again"),
        Endpoint.get("/v1/collections/{collection}/files", this::files, "repo"),
        Endpoint.get("/schema/change.json", _ -> CompletableFuture
            .completedFuture(Responses.of(200, ContentTypes.APPLICATION_JSON, schema))));
  }

  private CompletionStage<HttpResponse> post(RequestContext context) {
    CollectionName collection = named(context.path("collection"), CollectionName::new);
    HttpRequest request = context.request();
    String type = request.entity().getContentType().mediaType().toString();
    // No form of another site can send this type.
    if (!type.equals("application/" + TYPE))
      throw new ApiException(415, "unsupported_media_type",
          "Content-Type: " + Printable.of(type) + " (expected: application/" + TYPE + ")", "");
    Responses.valueOf(changes.ready());
    boolean dry = context.flag("dry_run");
    boolean maybeSent = context.flag("again");
    Optional<String> key = request.getHeader(KEY).map(HttpHeader::value);
    if (key.isEmpty() || dry)
      return answer(context, collection, Optional.empty(), dry, maybeSent);
    if (key.get().isBlank() || key.get().length() > MAX_KEY)
      throw ApiException.invalid(KEY + ": " + key.get().length() + " characters (expected: 1 to "
          + MAX_KEY + ", not all blank)");
    return changes.begin(collection, key.get()).thenCompose(begun -> answer(context, collection,
        Optional.of(Responses.valueOf(begun)), false, maybeSent));
  }

  private CompletionStage<HttpResponse> answer(RequestContext context, CollectionName collection,
      Optional<Upload> upload, boolean dry, boolean maybeSent) {
    Ingest ingest = new Ingest(changes, collection, upload, dry, maybeSent, settings,
        context::stillAdmitted);
    return Responses.from(
        ingest.answer(context.request().entity().withoutSizeLimit().getDataBytes(), streams.get()),
        lines -> HttpResponse.create().withEntity(HttpEntities.create(NDJSON, lines)));
  }

  private CompletionStage<HttpResponse> files(RequestContext context) {
    CollectionName collection = named(context.path("collection"), CollectionName::new);
    String repo = context.text("repo")
        .orElseThrow(() -> ApiException.invalid("repo: missing (expected: a repository's name)"));
    RepositoryName name = named(repo, RepositoryName::new);
    Source<ByteString, NotUsed> lines = Source
        .<ByteString>queue(LISTED, OverflowStrategy.backpressure())
        .mapMaterializedValue(queue -> list(collection, name, queue));
    return CompletableFuture.completedFuture(
        HttpResponse.create().withEntity(HttpEntities.create(NDJSON, lines)));
  }

  /// A collection that does not exist holds no files.
  private NotUsed list(CollectionName collection, RepositoryName repo,
      SourceQueueWithComplete<ByteString> queue) {
    changes.files(collection, repo, file -> offer(queue, file)).whenComplete((outcome, error) -> {
      switch (outcome) {
        case null -> queue.fail(error == null ? new IllegalStateException() : error);
        case Outcome.Ok<Unit> _ -> queue.complete();
        case Outcome.Refused<Unit>(var problem) when problem.code()
            .equals("collection_not_found") ->
          queue.complete();
        case Outcome.Refused<Unit>(var problem) ->
          queue.fail(new IllegalStateException(problem.text()));
        case Outcome.Busy<Unit>(_, var reason, _) -> queue.fail(new IllegalStateException(reason));
      }
    });
    return NotUsed.getInstance();
  }

  private static void offer(SourceQueueWithComplete<ByteString> queue, IndexedFile file) {
    QueueOfferResult result = queue.offer(line(file)).toCompletableFuture().join();
    if (!result.isEnqueued())
      throw new IllegalStateException("the client went away");
  }

  static ByteString line(Object value) {
    try {
      return ByteString.fromString(Json.mapper().writeValueAsString(value) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T named(String text, Function<String, T> type) {
    try {
      return type.apply(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(String.valueOf(e.getMessage()));
    }
  }
}
