package dev.gatlingllm.workload.replay;

import static dev.gatlingllm.prompt.SeededRandom.mix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.ReplayTiming;
import dev.gatlingllm.prompt.ExactText;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.prompt.SeededRandom;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Block;
import dev.gatlingllm.workload.ConversationScript.Parent;
import dev.gatlingllm.workload.ConversationScript.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the traces of coding agents of kv-cache-tester. Each prompt is written from its own hash
 * ids, because histories are not linear: agents compact and reset them. Ids are local to a
 * conversation. The end of a prompt, for which there is no id, is text that no other prompt has.
 */
record WekaReader(ReplayShape shape, ExactText text) implements EntryReader {

  private static final int BLOCK_TOKENS = 64;

  // purposes of random numbers
  private static final long BLOCK = 0x3E4A;
  private static final long REST = 0x3E4B;
  private static final long WITHIN_SECOND = 0x3E4C;

  /**
   * The requests of one conversation: the main one of an entry, or that of an agent.
   *
   * @param at when it begins in the main conversation, in seconds
   */
  private record Run(double at, List<Request> requests) {

    void addTo(PrefixCount prompts, int blockTokens) {
      Set<Long> own = new HashSet<>();
      for (Request request : requests) {
        int tokens = request.inputTokens();
        prompts.add(tokens, TraceReader.blocks(request.hashIds(), tokens, blockTokens), own);
      }
    }
  }

  /**
   * A recorded request.
   *
   * @param at seconds since the beginning of its conversation
   * @param pause seconds since the response before, if known
   */
  private record Request(
      int inputTokens,
      int outputTokens,
      JsonNode hashIds,
      double at,
      OptionalDouble pause,
      boolean ofTools) {}

  @Override
  public Checked check(JsonNode json) throws BrokenEntryException {
    List<Run> runs = runs(json);
    int blockTokens = blockTokens(json);
    int agents = runs.size() - 1;
    if (isGlobal(json)) {
      return new Checked(
          "", 0, false, agents, count -> runs.forEach(run -> run.addTo(count, blockTokens)));
    }
    PrefixCount ofEntry = new PrefixCount();
    for (Run run : runs) {
      PrefixCount ofRun = new PrefixCount();
      run.addTo(ofRun, blockTokens);
      ofEntry.add(ofRun);
    }
    return new Checked("", 0, false, agents, count -> count.add(ofEntry));
  }

  private static boolean isGlobal(JsonNode json) {
    return json.path("hash_id_scope").asText().equals("global");
  }

  @Override
  public ConversationScript script(JsonNode json, Position position) throws BrokenEntryException {
    Run run = runs(json).get(position.agent());
    boolean isGlobal = isGlobal(json);
    long key = isGlobal ? 0 : mix(position.number() + 1);
    Map<Block, Passage> texts = new HashMap<>();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < run.requests().size(); i++) {
      Request request = run.requests().get(i);
      List<Block> known =
          TraceReader.blocks(request.hashIds(), request.inputTokens(), blockTokens(json)).stream()
              .map(block -> new Block(key ^ block.id(), block.tokens()))
              .toList();
      known.forEach(block -> texts.computeIfAbsent(block, this::written));
      Block rest =
          new Block(
              mix(mix(position.number() + 1) + REST + i),
              request.inputTokens() - known.stream().mapToInt(Block::tokens).sum());
      texts.put(rest, written(rest));
      steps.add(
          new Step(
              Stream.concat(known.stream(), Stream.of(rest))
                  .filter(block -> block.tokens() > 0)
                  .toList(),
              shape.outputTokens(position.number(), i + 1, OptionalInt.of(request.outputTokens())),
              pause(run, i, position.number()).map(shape::replayed)));
    }
    return new WekaScript(
        position.id(),
        position.group(),
        position.repeats(),
        // which blocks the earlier prompts of other shards have is not kept
        isGlobal && shape.shard().count() > 1
            ? OptionalInt.empty()
            : OptionalInt.of(position.tokensOfOtherShards(0)),
        position.agent() == 0
            ? Optional.empty()
            : Optional.of(
                new Parent(
                    shape.shard().count() == 1 ? position.agent() : 0,
                    shape.atSpeed(seconds(run.at())))),
        List.copyOf(steps),
        Map.copyOf(texts));
  }

  private Passage written(Block block) {
    return text.write(block.tokens(), SeededRandom.of(shape.seed(), BLOCK, block.id()));
  }

  /** Returns what precedes a request; empty if unknown. */
  private Optional<Pause> pause(Run run, int index, long number) {
    Request request = run.requests().get(index);
    Pause.Kind kind = request.ofTools() ? Pause.Kind.TOOL : Pause.Kind.THINK;
    if (shape.timing() == ReplayTiming.TIMES) {
      double begin = within(run.requests().get(0).at(), number, 0);
      double at = Math.max(0, within(request.at(), number, index) - begin);
      return Optional.of(new Pause(seconds(at), kind, true));
    }
    return index == 0 || request.pause().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Pause(seconds(within(request.pause().getAsDouble(), number, index)), kind));
  }

  /** Returns a time, spread within its second if it is a whole number and the replay does that. */
  private double within(double seconds, long number, int index) {
    return shape.spread() && seconds == Math.rint(seconds)
        ? seconds + SeededRandom.of(shape.seed(), WITHIN_SECOND, number, index).nextDouble()
        : seconds;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  private int blockTokens(JsonNode json) {
    return shape.blockTokens().orElse(json.path("block_size").asInt(BLOCK_TOKENS));
  }

  /** Returns the main conversation and those of its agents, in order. */
  private List<Run> runs(JsonNode json) throws BrokenEntryException {
    List<Run> runs = new ArrayList<>();
    addRun(json, 0, Math.max(1, blockTokens(json)), runs);
    if (runs.get(0).requests().isEmpty()) {
      throw new BrokenEntryException("its \"requests\" have none of type s or n");
    }
    return List.copyOf(runs);
  }

  private static void addRun(JsonNode json, double start, int blockTokens, List<Run> runs)
      throws BrokenEntryException {
    List<Request> requests = new ArrayList<>();
    List<JsonNode> agents = new ArrayList<>();
    @Nullable JsonNode before = null;
    for (JsonNode request : json.path("requests")) {
      double at = requireTime(request);
      if (!requests.isEmpty() && at < requests.get(requests.size() - 1).at()) {
        throw new BrokenEntryException("\"t\" is earlier than that of the request before");
      }
      if (request.path("type").asText().equals("subagent")) {
        agents.add(request);
        continue;
      }
      int inputTokens = EntryFile.wholeNumber(request, "in", 1);
      TraceReader.requireHashIds(request.path("hash_ids"), inputTokens, blockTokens);
      requests.add(
          new Request(
              inputTokens,
              EntryFile.wholeNumber(request, "out", 0),
              request.path("hash_ids"),
              at,
              pause(before, request, at),
              request.path("input_types").toString().contains("tool_result")));
      before = request;
    }
    if (runs.isEmpty() || !requests.isEmpty()) {
      runs.add(new Run(start, requests));
    }
    for (JsonNode agent : agents) {
      addRun(agent, start + agent.path("t").doubleValue(), blockTokens, runs);
    }
  }

  private static double requireTime(JsonNode request) throws BrokenEntryException {
    JsonNode time = request.path("t");
    if (!time.isNumber() || !(time.doubleValue() >= 0)) {
      throw new BrokenEntryException("\"t\" of a request must be a number of at least 0");
    }
    return time.doubleValue();
  }

  /** Returns the recorded pause, or what the times of requests leave for it. */
  private static OptionalDouble pause(@Nullable JsonNode before, JsonNode request, double at) {
    if (request.path("think_time").isNumber()) {
      return OptionalDouble.of(Math.max(0, request.path("think_time").doubleValue()));
    }
    if (before == null || !before.path("api_time").isNumber()) {
      return OptionalDouble.empty();
    }
    double ended = before.path("t").doubleValue() + before.path("api_time").doubleValue();
    return OptionalDouble.of(Math.max(0, at - ended));
  }

  /**
   * A request to send.
   *
   * @param blocks its prompt; the last one is its own, for the end without an id
   */
  private record Step(List<Block> blocks, int outputTokens, Optional<Pause> pause) {}

  /**
   * A conversation whose prompts are put together when they are sent: all of them together would be
   * a hundred times as long as their texts.
   *
   * @param texts of the blocks of all steps
   */
  private record WekaScript(
      String id,
      int group,
      boolean repeats,
      OptionalInt tokensOfOtherShards,
      Optional<Parent> parent,
      List<Step> steps,
      Map<Block, Passage> texts)
      implements ConversationScript {

    @Override
    public Passage systemPrompt() {
      return Passage.EMPTY;
    }

    @Override
    public int turns() {
      return steps.size();
    }

    @Override
    public boolean carriesHistory() {
      return false;
    }

    @Override
    public List<Block> blocks(int turn) {
      return steps.get(turn - 1).blocks();
    }

    @Override
    public Passage response(int turn) {
      return Passage.EMPTY;
    }

    @Override
    public Question question(int turn) {
      Step step = steps.get(turn - 1);
      Passage prompt = Passage.joined(step.blocks().stream().map(this::text).toList());
      return new Question(prompt, step.outputTokens(), Map.of(), List.of(), step.pause());
    }

    @Override
    public int questionTokens(int turn) {
      return steps.get(turn - 1).blocks().stream().mapToInt(Block::tokens).sum();
    }

    private Passage text(Block block) {
      return Objects.requireNonNull(texts.get(block));
    }
  }
}
