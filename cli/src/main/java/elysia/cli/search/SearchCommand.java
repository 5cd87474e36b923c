package elysia.cli.search;

import elysia.cli.output.Console;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.search.SearchHit;
import elysia.core.search.SearchRequest;
import elysia.core.store.SearchMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl search`.
@Command(name = "search", description = "Find the places in the indexed code that a question is about")
public final class SearchCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "QUERY", description = "what to look for; several words need no quotes")
  List<String> words = List.of();

  @Option(names = "--collection", paramLabel = "C", split = ",", description = "only in these (default: all)")
  List<String> collections = new ArrayList<>();

  @Option(names = "--repo", paramLabel = "NAME", split = ",", description = "only in these (default: all)")
  List<String> repos = new ArrayList<>();

  @Option(names = "--path", paramLabel = "GLOB", description = "only in files matching")
  @Nullable
  String path;

  @Option(names = "--language", paramLabel = "L", description = "only in files of this language")
  @Nullable
  String language;

  @Option(names = "--limit", paramLabel = "N", description = "how many (default 10)")
  int limit = 10;

  @Option(names = "--mode", paramLabel = "MODE", description = "hybrid, vector or keyword (default hybrid)")
  @Nullable
  String mode;

  private final Session session;

  public SearchCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    SearchRequest request = request();
    List<SearchHit> hits = session.api().search(request);
    if (!session.output().table())
      session.output().many(hits.iterator());
    else if (hits.isEmpty())
      session.console().note("Nothing found");
    else
      print(hits, new Snippet(session.console(), request.query()));
    return ExitCode.OK;
  }

  private SearchRequest request() {
    try {
      return new SearchRequest(String.join(" ", words),
          collections.stream().map(CollectionName::new).toList(),
          repos.stream().map(RepositoryName::new).toList(), Optional.ofNullable(path),
          Optional.ofNullable(language), Optional.ofNullable(mode).map(SearchMode::of),
          Optional.of(limit));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()), "");
    }
  }

  private void print(List<SearchHit> hits, Snippet snippet) {
    Console console = session.console();
    boolean several = hits.stream().map(SearchHit::repo).distinct().count() > 1;
    boolean first = true;
    for (SearchHit hit : hits) {
      if (!first)
        console.data("");
      first = false;
      String commit = hit.indexedCommit().orElse(hit.commit());
      console.data(console.bold(Text.safe(hit.path()) + ":" + hit.startLine() + "-" + hit.endLine())
          + (several ? "  " + Text.safe(hit.repo()) : "")
          + console.dim(String.format(Locale.ROOT, "  %.4f", hit.score())
              + (commit.isEmpty() ? "" : "  @" + Text.shortCommit(commit))));
      snippet.lines(hit).forEach(console::data);
    }
  }
}
