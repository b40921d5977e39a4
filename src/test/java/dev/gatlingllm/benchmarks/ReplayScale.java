package dev.gatlingllm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.Conversation;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.Conversations;
import dev.gatlingllm.conversation.RequestBody;
import dev.gatlingllm.conversation.RequestFields;
import dev.gatlingllm.conversation.Turn;
import dev.gatlingllm.prompt.Tokenizers;
import dev.gatlingllm.settings.LlmSettings;
import dev.gatlingllm.settings.Setting;
import dev.gatlingllm.workload.replay.Replay;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Measures how soon a large file of recorded agents can be replayed, and in how much memory: a file
 * of 500 MB in a heap of 256 MB, or of another size.
 *
 * <pre>{@code
 * mvn test-compile exec:exec@replay-scale -Dexec.args=500
 * }</pre>
 */
public final class ReplayScale {

  private static final int CONVERSATIONS = 200;
  private static final String[] WORDS =
      "alpha beta return value function the file is not found while reading list name".split(" ");

  private final Random random = new Random(1);

  private ReplayScale() {}

  /** Writes a file of so many MB and prints the figures. */
  public static void main(String[] arguments) throws IOException {
    long bytes = (arguments.length == 0 ? 500 : Long.parseLong(arguments[0])) * 1_000_000;
    Path file = Files.createTempFile("replay-scale", ".jsonl");
    try {
      new ReplayScale().write(file, bytes);
      measure(file);
    } finally {
      Files.delete(file);
    }
  }

  private static void measure(Path file) throws IOException {
    LlmSettings settings = LlmSettings.defaults().with(Setting.REPLAY, file);
    var tokenizer = Tokenizers.resolve("o200k_base");
    long begin = System.nanoTime();
    long cpuBegin = cpuNanos();
    Replay replay = Replay.open(settings.replayShape(), tokenizer);
    double opened = seconds(begin);
    Conversations conversations =
        new Conversations("", 1, ConversationRules.DEFAULT, PromptFormat.TEXT);
    RequestBody bodies =
        new RequestBody(LlmSettings.defaults().bodyShape(Api.CHAT), RequestFields.DEFAULT);
    bodies.of(conversations.begin(0, replay.script(0).orElseThrow()).next(), "model");
    double first = seconds(begin);
    double cpu = (cpuNanos() - cpuBegin) / 1e9;
    long requests = 0;
    for (int user = 0; user < CONVERSATIONS; user++) {
      Conversation conversation = conversations.begin(user, replay.script(user).orElseThrow());
      while (conversation.hasNextTurn()) {
        Turn turn = conversation.next();
        bodies.of(turn, "model");
        conversation = turn.succeeded("received", 1, null);
        requests++;
      }
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%,d MB, %,d conversations: checked in %.1f s, first request after %.1f s (%.1f s of"
            + " CPU time); %,d requests of"
            + " %,d conversations; heap: %,d MB in use at the end, %,d MB at its peak, %,d MB at"
            + " most; %,d cores%n",
        Files.size(file) / 1_000_000,
        replay.size(),
        opened,
        first,
        cpu,
        requests,
        CONVERSATIONS,
        (runtime.totalMemory() - runtime.freeMemory()) >> 20,
        peak() >> 20,
        runtime.maxMemory() >> 20,
        runtime.availableProcessors());
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(java.lang.management.MemoryUsage::getUsed)
        .sum();
  }

  /** Writes conversations of agents whose tools return up to some kilobytes. */
  private void write(Path file, long bytes) throws IOException {
    long written = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      while (written < bytes) {
        String line = conversation();
        out.write(line);
        written += line.length();
      }
    }
  }

  private String conversation() {
    StringBuilder line = new StringBuilder("{\"messages\":[");
    line.append(message("system", words(300))).append(',').append(message("user", words(100)));
    int rounds = 3 + random.nextInt(40);
    for (int i = 0; i < rounds; i++) {
      line.append(
          (",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c%d\",\"type\":"
                  + "\"function\",\"function\":{\"name\":\"read\",\"arguments\":\"{}\"}}]},{\"role\":"
                  + "\"tool\",\"tool_call_id\":\"c%d\",\"delay_seconds\":0.2,\"content\":\"%s\"}")
              .formatted(i, i, words(20 + random.nextInt(1_500))));
    }
    return line.append(',').append(message("assistant", words(100))).append("]}\n").toString();
  }

  private static String message(String role, String content) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
  }

  private String words(int count) {
    return String.join(" ", random.ints(count, 0, WORDS.length).mapToObj(i -> WORDS[i]).toList());
  }
}
