package dev.gatlingllm.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The conversations up to the latest responses, which requests continue by {@code
 * previous_response_id}. Drops the oldest beyond its capacity. Thread-safe.
 */
final class ResponseStore {

  private final Map<String, List<String>> conversations;

  /**
   * @param capacity most responses to keep; 0 keeps none
   */
  ResponseStore(int capacity) {
    conversations =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Keeps the texts of a conversation, of which the response is the last. */
  synchronized void put(String responseId, List<String> texts) {
    conversations.put(responseId, List.copyOf(texts));
  }

  /**
   * Returns the texts of a conversation.
   *
   * @throws OpenAiError if the response is not kept
   */
  synchronized List<String> get(String responseId) throws OpenAiError {
    List<String> texts = conversations.get(responseId);
    if (texts == null) {
      throw OpenAiError.responseNotFound(responseId);
    }
    return texts;
  }
}
