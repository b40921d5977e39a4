package dev.gatlingllm.report.runs;

import dev.gatlingllm.report.RunInfo;
import dev.gatlingllm.report.StateFile;
import dev.gatlingllm.report.runs.ShardCheck.Begun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Waits until all shards of a load have left complete files. Looks once a second, and never takes a
 * file that is still being written or copied.
 */
final class ShardWait {

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Something new is told after this time at the earliest. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** The same is told again after this time. */
  private static final Duration LONG_QUIET = Duration.ofMinutes(1);

  /** The time that passes while waiting. */
  interface Timer {

    /** Returns a time in nanoseconds, of which only differences count. */
    long nanos();

    /** Lets time pass. */
    void pause(Duration time) throws InterruptedException;
  }

  private final List<String> arguments;
  private final ShardCheck shards;
  private final PrintWriter out;
  private final Timer timer;
  private final Set<Path> whole = new HashSet<>();

  /**
   * Creates a wait.
   *
   * @param arguments folders and patterns of {@link RunFolders}, which need not exist yet
   * @param shards what must be there
   * @param out receives what it waits for
   */
  ShardWait(List<String> arguments, ShardCheck shards, PrintWriter out, Timer timer) {
    this.arguments = arguments;
    this.shards = shards;
    this.out = out;
    this.timer = timer;
  }

  /**
   * Returns the folders of the shards, in their order, when all are complete.
   *
   * @param longest how long to wait; 0 looks once
   * @throws MergeException if the shards are not there after that time, or cannot be merged
   */
  List<Path> await(Duration longest) throws IOException, MergeException, InterruptedException {
    long start = timer.nanos();
    String told = "";
    long toldAt = start;
    while (true) {
      List<Begun> begun = new ArrayList<>();
      String missing = look(begun);
      if (missing.isEmpty()) {
        return begun.stream().sorted(Begun.BY_SHARD).map(Begun::folder).toList();
      }
      long now = timer.nanos();
      if (now - start >= longest.toNanos()) {
        throw new MergeException(
            "Cannot merge: "
                + missing
                + (longest.isZero()
                    ? ". --wait waits for what is missing"
                    : ". Waited " + words(longest)));
      }
      Duration since = Duration.ofNanos(now - toldAt);
      if (told.isEmpty() || since.compareTo(missing.equals(told) ? LONG_QUIET : QUIET) >= 0) {
        out.println("Waiting: " + missing);
        out.flush();
        told = missing;
        toldAt = now;
      }
      timer.pause(PAUSE);
    }
  }

  private static String words(Duration time) {
    return time.toSeconds() % 60 == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }

  /**
   * Looks for the shards.
   *
   * @param begun receives the runs that were found
   * @return what is missing, or empty
   */
  private String look(List<Begun> begun) throws IOException, MergeException {
    List<String> problems = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    for (String argument : arguments) {
      int before = begun.size() + problems.size();
      for (Path folder : RunFolders.find(List.of(argument))) {
        try {
          begun(folder).ifPresent(begun::add);
        } catch (IOException unreadable) {
          whole.remove(folder);
          problems.add(String.valueOf(unreadable.getMessage()));
        }
      }
      if (begun.size() + problems.size() == before) {
        empty.add(argument);
      }
    }
    String missing = shards.missing(begun);
    if (!missing.isEmpty()) {
      problems.add(0, missing);
      if (!empty.isEmpty()) {
        problems.add("there is no run in " + String.join(", ", empty));
      }
    }
    return String.join("; ", problems);
  }

  private Optional<Begun> begun(Path folder) throws IOException {
    Optional<StateFile.Head> head = StateFile.readHead(folder);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    RunInfo info = head.get().run();
    // the run writes its last state when Gatling's assertions are judged
    boolean complete = head.get().complete() && info.assertions().gatlings() != null;
    if (complete && whole.add(folder)) {
      StateFile.requireWhole(folder);
    }
    return Optional.of(new Begun(folder, complete, info));
  }
}
