package dev.gatlingllm.server;

/** How real servers differ from OpenAI's API in the chunks and the usage of their responses. */
public enum Dialect {
  /** OpenAI's own API, as vLLM and SGLang serve it. */
  OPENAI,
  /** Content is an array of text parts, and reasoning an array of thinking parts. */
  MISTRAL,
  /**
   * Reasoning is in {@code reasoning_details}, and a whole {@code chat.completion} with the usage
   * repeats the message at the end of a stream.
   */
  MINIMAX,
  /** Each chunk of a stream repeats the text so far. */
  DASHSCOPE,
  /**
   * Usage is in the last chunk's choice, with {@code cached_tokens} beside {@code prompt_tokens}.
   */
  MOONSHOT,
  /** Cached tokens are {@code prompt_cache_hit_tokens}. */
  DEEPSEEK,
  /** Usage is in {@code x_groq} of the chunk that ends a choice. */
  GROQ,
  /**
   * {@code timings} lists the evaluated ({@code prompt_n}) and cached ({@code cache_n}) prompt
   * tokens; {@code usage} has no cached tokens.
   */
  LLAMA_CPP
}
