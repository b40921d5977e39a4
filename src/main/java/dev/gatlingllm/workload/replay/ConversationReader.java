package dev.gatlingllm.workload.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatlingllm.Tokenizer;
import dev.gatlingllm.prompt.Passage;
import dev.gatlingllm.workload.ConversationScript;
import dev.gatlingllm.workload.ConversationScript.Question;
import dev.gatlingllm.workload.replay.RecordedConversation.RecordedTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Makes scripts of recorded conversations; counts their tokens when a script is made. */
final class ConversationReader implements EntryReader {

  private final MessageLists lists;
  private final Tokenizer tokenizer;
  private final OutputLengths outputLengths;
  private final ConcurrentMap<Integer, Passage> systemPrompts = new ConcurrentHashMap<>();

  ConversationReader(MessageLists lists, Tokenizer tokenizer, OutputLengths outputLengths) {
    this.lists = lists;
    this.tokenizer = tokenizer;
    this.outputLengths = outputLengths;
  }

  @Override
  public Entry check(JsonNode json) throws BrokenEntryException {
    return new Entry(lists.read(json).systemPrompt(), 0);
  }

  @Override
  public ConversationScript script(JsonNode json, Told told) throws BrokenEntryException {
    RecordedConversation conversation = lists.read(json);
    Passage systemPrompt =
        systemPrompts.computeIfAbsent(told.group(), group -> counted(conversation.systemPrompt()));
    List<Question> questions = new ArrayList<>();
    List<Passage> replies = new ArrayList<>();
    for (RecordedTurn turn : conversation.turns()) {
      Passage reply = counted(turn.reply());
      OptionalInt recorded =
          conversation.maxTokens().isPresent() || reply.tokens() == 0
              ? conversation.maxTokens()
              : OptionalInt.of(reply.tokens());
      int outputTokens = outputLengths.of(told.number(), questions.size() + 1, recorded);
      questions.add(new Question(counted(turn.question()), outputTokens));
      replies.add(reply);
    }
    return new RecordedScript(
        told, systemPrompt, List.of(), List.copyOf(questions), List.copyOf(replies));
  }

  private Passage counted(String text) {
    if (text.isEmpty()) {
      return Passage.EMPTY;
    }
    int[] ids = tokenizer.encode(text);
    return Passage.of(text, ids.length, same -> ids.clone());
  }
}
