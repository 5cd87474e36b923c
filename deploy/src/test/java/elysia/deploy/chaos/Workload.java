package elysia.deploy.chaos;

import elysia.core.json.Json;
import elysia.testkit.git.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// One user: commits into some repositories, asks for syncs, adds and removes others, changes a
/// setting, names changes of his own; and remembers what was acknowledged. Drawn from a seed.
final class Workload implements Runnable {
  private static final int EDITS = 6;
  static final String SHARED = "Shared";
  static final String FEED = "Feed";

  /// What something may be: the last value that was acknowledged, or one of unknown outcome, which
  /// may still have been under way when that was sent.
  static final class Known {
    private Optional<String> certain = Optional.empty();
    private final Set<String> unsure = new HashSet<>();

    void sent(String value, boolean acknowledged) {
      if (acknowledged)
        certain = Optional.of(value);
      else
        unsure.add(value);
    }

    boolean mustBe() {
      return certain.isPresent();
    }

    boolean allows(String value) {
      return certain.filter(value::equals).isPresent() || unsure.contains(value);
    }

    @Override
    public String toString() {
      return certain + " or one of " + unsure;
    }
  }

  /// What is known of a repository.
  static final class Subject {
    final String name;
    final GitRepository git;
    /// The last commit was followed by a command to sync that was acknowledged.
    boolean asked;
    final Known schedule = new Known();

    Subject(String name, GitRepository git) {
      this.name = name;
      this.git = git;
    }
  }

  private final int number;
  private final Client client;
  private final SplittableRandom random;
  private final AtomicBoolean ended;
  private final List<Subject> subjects = new ArrayList<>();
  private final GitRepository side;
  private final Map<String, Boolean> extras = new HashMap<>();
  private final Map<String, Known> fed = new TreeMap<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private int texts;

  Workload(int number, Path folder, int repositories, int files, Client client,
      SplittableRandom random, AtomicBoolean ended) throws IOException {
    this.number = number;
    this.client = client;
    this.random = random;
    this.ended = ended;
    for (int i = 0; i < repositories; i++) {
      String name = "u" + number + "r" + i;
      GitRepository git = GitRepository.create(folder.resolve(name));
      for (int f = 0; f < files; f++)
        git.write("src/file" + f + ".py", text());
      git.commit("First");
      subjects.add(new Subject(name, git));
    }
    side = GitRepository.create(folder.resolve("side" + number)).write("side.txt", "aside\n");
    side.commit("Aside");
  }

  List<Subject> subjects() {
    return subjects;
  }

  GitRepository side() {
    return side;
  }

  /// Names of the repositories that came and went, and whether each must be there at the end.
  Map<String, Boolean> extras() {
    return extras;
  }

  String fedRepository() {
    return "feed" + number;
  }

  /// What each path may hold.
  Map<String, Known> fed() {
    return fed;
  }

  int acknowledged() {
    return acknowledged.get();
  }

  int refused() {
    return refused.get();
  }

  /// The half of them is read in place, the others are cloned; the half shares a collection.
  Map<String, Object> addition(Subject subject) {
    int i = subjects.indexOf(subject);
    String location = i % 2 == 0 ? subject.git.folder().toString() : subject.git.url();
    return i % 4 < 2
        ? Map.of("name", subject.name, "location", location)
        : Map.of("name", subject.name, "location", location, "collection", SHARED);
  }

  static String collection(Subject subject, int place) {
    return place % 4 < 2 ? subject.name : SHARED;
  }

  @Override
  public void run() {
    try {
      while (!ended.get()) {
        switch (random.nextInt(10)) {
          case 0 -> settings();
          case 1 -> extra();
          case 2 -> feed();
          default -> commit();
        }
        Thread.sleep(random.nextInt(100, 1_200));
      }
    } catch (IOException e) {
      throw new AssertionError("user " + number, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Client.Answer command(String method, String target, Object body) {
    Client.Answer answer = client.send(random, method, target, body);
    if (answer.good())
      acknowledged.incrementAndGet();
    else if (answer.status() / 100 == 4 && answer.status() != 404)
      throw new AssertionError(method + " " + target + ": " + answer);
    else
      refused.incrementAndGet();
    return answer;
  }

  private Subject any() {
    return subjects.get(random.nextInt(subjects.size()));
  }

  private void commit() throws IOException {
    Subject subject = any();
    List<String> there = subject.git.git("ls-files").lines().toList();
    for (int i = 0; i < EDITS && !there.isEmpty(); i++) {
      String file = there.get(random.nextInt(there.size()));
      Path path = subject.git.folder().resolve(file);
      if (!Files.exists(path))
        continue;
      switch (i) {
        case 0 -> Files.delete(path);
        case 1 -> Files.move(path, path.resolveSibling("moved" + texts++ + ".py"));
        default -> subject.git.write(file, text());
      }
    }
    for (int i = 0; i < 2; i++)
      subject.git.write("src/new" + texts + ".py", text());
    subject.git.commit("Change");
    subject.asked = command("POST", "/v1/repositories/" + subject.name + "/sync", "").good();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int lines = random.nextInt(3, 40);
    int number = texts++;
    for (int i = 0; i < lines; i++)
      text.append("value_").append(this.number).append('_').append(number).append('_').append(i)
          .append(" = compute(").append(random.nextInt(1_000)).append(")\n");
    return text.toString();
  }

  private void settings() {
    Subject subject = any();
    String schedule = random.nextInt(6, 600) + "h";
    subject.schedule.sent(schedule, command("PATCH", "/v1/repositories/" + subject.name,
        Map.of("schedule", schedule)).good());
  }

  private void extra() {
    String name = "u" + number + "x" + extras.size();
    boolean added = command("POST", "/v1/repositories",
        Map.of("name", name, "location", side.folder().toString(), "collection", SHARED)).good();
    if (added)
      extras.put(name, true);
    List<String> there = extras.entrySet().stream().filter(Map.Entry::getValue)
        .map(Map.Entry::getKey).sorted().toList();
    if (there.size() < 3)
      return;
    String old = there.get(random.nextInt(there.size()));
    Client.Answer removed = command("DELETE", "/v1/repositories/" + old, "");
    if (removed.good())
      extras.put(old, false);
    else
      extras.remove(old); // it may be there or not
  }

  private void feed() throws IOException {
    String path = "fed" + random.nextInt(20) + ".txt";
    String content = text();
    String line = Json.mapper().writeValueAsString(
        Map.of("op", "add", "repo", fedRepository(), "path", path, "content", content)) + "\n";
    Client.Answer answer = command("POST", "/v1/collections/" + FEED + "/changes", line);
    boolean done = answer.good() && answer.text().contains("\"acknowledged\":1")
        && !answer.text().contains("\"error\"");
    fed.computeIfAbsent(path, _ -> new Known()).sent(content, done);
  }
}
