package dev.gatlingllm.workload.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.workload.ConversationScript.Block;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PrefixCountTest {

  @Test
  void knowsTheEarlierPromptsOfAConversationAmongTooManyOthers() {
    PrefixCount count = new PrefixCount();
    int others = PrefixCount.MAX_PREFIXES;
    count.add(others, LongStream.range(0, others).mapToObj(id -> new Block(id, 1)).toList());
    assertThat(count.isPartial()).isTrue();

    Set<Long> own = new HashSet<>();
    List<Block> prompt = List.of(new Block(others + 1, others));
    count.add(others, prompt, own);
    count.add(others, prompt, own);
    count.add(others, prompt);

    assertThat(count.percent()).as("the second of four").isEqualTo(25);
  }
}
