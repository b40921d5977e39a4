package dev.gatlingllm.workload.replay;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.OnBrokenEntry;
import dev.gatlingllm.ReplayFormat;
import dev.gatlingllm.workload.Shard;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a file is replayed.
 *
 * @param file its path
 * @param format of its entries
 * @param onBroken what happens to entries that cannot be used
 * @param loop whether the file starts over when it is exhausted
 * @param speed of a trace's arrivals, 2 for twice as fast; 0 where its arrival times are ignored
 * @param blockTokens length of the text that one hash id of a trace stands for, in tokens
 * @param outputTokens length of replies to ask for, drawn for each turn; empty for the recorded
 *     ones
 * @param otherwise length of replies to ask for where nothing is recorded, drawn for each turn
 * @param shard which of several load generators this is
 * @param seed decides the texts of traces, and lengths that are drawn
 */
public record ReplayShape(
    Path file,
    ReplayFormat format,
    OnBrokenEntry onBroken,
    boolean loop,
    double speed,
    int blockTokens,
    Optional<Distribution> outputTokens,
    Distribution otherwise,
    Shard shard,
    long seed) {

  /** The same file in another format. */
  public ReplayShape withFormat(ReplayFormat format) {
    return new ReplayShape(
        file, format, onBroken, loop, speed, blockTokens, outputTokens, otherwise, shard, seed);
  }

  /** The same with broken entries treated otherwise. */
  public ReplayShape withOnBroken(OnBrokenEntry onBroken) {
    return new ReplayShape(
        file, format, onBroken, loop, speed, blockTokens, outputTokens, otherwise, shard, seed);
  }

  /** The same, starting over or not. */
  public ReplayShape withLoop(boolean loop) {
    return new ReplayShape(
        file, format, onBroken, loop, speed, blockTokens, outputTokens, otherwise, shard, seed);
  }

  /** The same at another speed. */
  public ReplayShape withSpeed(double speed) {
    return new ReplayShape(
        file, format, onBroken, loop, speed, blockTokens, outputTokens, otherwise, shard, seed);
  }

  /** The same with blocks of another length. */
  public ReplayShape withBlockTokens(int blockTokens) {
    return new ReplayShape(
        file, format, onBroken, loop, speed, blockTokens, outputTokens, otherwise, shard, seed);
  }

  /** The same with replies of other lengths than the recorded ones. */
  public ReplayShape withOutputTokens(Distribution outputTokens) {
    return new ReplayShape(
        file,
        format,
        onBroken,
        loop,
        speed,
        blockTokens,
        Optional.of(outputTokens),
        otherwise,
        shard,
        seed);
  }

  /** The same for another load generator. */
  public ReplayShape withShard(Shard shard) {
    return new ReplayShape(
        file, format, onBroken, loop, speed, blockTokens, outputTokens, otherwise, shard, seed);
  }

  /** The same with another seed. */
  public ReplayShape withSeed(long seed) {
    return new ReplayShape(
        file, format, onBroken, loop, speed, blockTokens, outputTokens, otherwise, shard, seed);
  }
}
