package dev.gatlingllm.server;

import dev.gatlingllm.server.RequestTruth.RequestOutcome;
import dev.gatlingllm.server.engine.Engine;
import dev.gatlingllm.server.engine.Generation;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Handles generation requests. Parsing JSON and counting tokens takes milliseconds for a long
 * prompt, so it runs on separate threads, while event loops write the tokens of other streams.
 */
final class GenerationEndpoint {

  private final AtomicLong ids = new AtomicLong();
  private final AtomicInteger turns = new AtomicInteger();
  private final ServerSettings settings;
  private final RequestReader reader;
  private final ResponseStore store;
  private final RequestLimiter limiter;
  private final CachingTokenizer tokenizer;
  private final SimulatedModel model;
  private final List<Engine> engines;
  private final TruthLog truths;
  private final FaultInjector faults;
  private final Executor readers;

  GenerationEndpoint(
      ServerSettings settings,
      CachingTokenizer tokenizer,
      List<Engine> engines,
      TruthLog truths,
      FaultInjector faults,
      Executor readers) {
    this.settings = settings;
    this.store = new ResponseStore(settings.storedResponses);
    this.reader = new RequestReader(settings.modelName, settings.rejectUnknownFields, store);
    this.limiter = new RequestLimiter(settings);
    this.tokenizer = tokenizer;
    this.model = new SimulatedModel(settings);
    this.engines = engines;
    this.truths = truths;
    this.faults = faults;
    this.readers = readers;
  }

  void addTo(Routes routes) {
    for (GenerationApi api : GenerationApi.values()) {
      routes.add(HttpMethod.POST, api.path, exchange -> handle(api, exchange));
    }
  }

  private void handle(GenerationApi api, HttpExchange exchange) {
    try {
      exchange.setPermit(limiter.acquire());
      readers.execute(() -> read(api, exchange));
    } catch (OpenAiError e) {
      new TruthRecorder(truths, exchange).recordError(e);
      exchange.sendError(e.retryAfter(settings.retryAfter));
    }
  }

  private void read(GenerationApi api, HttpExchange exchange) {
    TruthRecorder truth = new TruthRecorder(truths, exchange);
    try {
      exchange.onLoop(prepare(api, exchange, truth));
    } catch (Throwable e) {
      // errors too: the request must not keep its place in the limits
      OpenAiError error = OpenAiError.of(e);
      exchange.onLoop(
          () -> {
            truth.recordError(error);
            exchange.sendError(error);
          });
    }
  }

  /** Returns the task that responds to a request, to be run on its event loop. */
  private Runnable prepare(GenerationApi api, HttpExchange exchange, TruthRecorder truth)
      throws OpenAiError {
    Fault fault = faults.forRequest(exchange);
    if (fault != null && fault.kind().stage == FaultKind.Stage.INSTEAD_OF_RESPONSE) {
      return new FaultResponse(fault, exchange, truth);
    }
    GenerationRequest request = reader.read(api, exchange.request().body());
    if (settings.strictModel && !request.model().equals(settings.modelName)) {
      throw OpenAiError.modelNotFound(request.model());
    }
    return respond(request, exchange, truth, fault);
  }

  private Runnable respond(
      GenerationRequest request, HttpExchange exchange, TruthRecorder truth, @Nullable Fault fault)
      throws OpenAiError {
    List<ResponseChoice> choices = new ArrayList<>();
    List<Generation> generations = new ArrayList<>();
    int promptTokens = 0;
    Engine engine = nextEngine(exchange);
    for (Prompt prompt : request.prompts()) {
      int[] tokens = prompt.encode(tokenizer);
      int maxTokens = maxTokens(request, tokens.length);
      promptTokens += tokens.length;
      for (int i = 0; i < request.n(); i++) {
        Completion completion = model.complete(request, tokens, i, maxTokens, limiter.corrupts());
        choices.add(choice(request, choices.size(), tokens.length, completion));
        generations.add(
            engine.prepare(
                new Engine.Job(
                    tokens,
                    completion.tokenIds(),
                    completion.finishReason().end(),
                    exchange.request().receivedNanos()),
                request.model()));
      }
    }
    String id = request.api().idPrefix + ids.incrementAndGet();
    boolean whole = fault != null && fault.kind() == FaultKind.WHOLE;
    boolean stream = request.delivery().stream() && !whole;
    int outputTokens = choices.stream().mapToInt(choice -> choice.completion().tokens()).sum();
    truth.accepted(id, promptTokens, stream ? outputTokens : 0);
    ResponseJson json = json(request, id, choices.get(0).completion());
    ResponseWriter writer =
        stream
            ? new StreamedResponse(
                exchange, json, truth, settings, request.delivery(), choices.size())
            : new WholeResponse(exchange, json, truth, settings, choices.size());
    Runnable cancel = () -> generations.forEach(Generation::cancel);
    List<Generation.Listener> listeners =
        new ArrayList<>(choices.stream().map(writer::listener).toList());
    if (fault != null) {
      // a fault in the first choice ends the whole response
      listeners.set(
          0,
          new FaultyResponse(
              fault, choices.get(0), listeners.get(0), exchange, truth, cancel, json, stream));
    }
    Runnable start =
        () -> {
          for (int i = 0; i < generations.size(); i++) {
            generations.get(i).start(exchange.loop(), listeners.get(i));
          }
        };
    return () -> {
      exchange.onDisconnect(
          () -> {
            truth.clientLeft();
            generations.forEach(settings.keepGenerating ? Generation::detach : Generation::cancel);
            if (truths.isClosing()) {
              // the engine may end before it can tell
              truth.end(RequestOutcome.GONE);
              return;
            }
            for (Generation generation : generations) {
              generation.onRelease(
                  exchange.loop(),
                  (count, nanos) -> truth.released(count, nanos, generations.size()));
            }
          });
      if (fault != null && fault.kind() == FaultKind.INTERIM) {
        exchange.sendEarlyHints();
        exchange.loop().schedule(start, fault.time().toNanos(), TimeUnit.NANOSECONDS);
      } else {
        start.run();
      }
    };
  }

  private ResponseJson json(GenerationRequest request, String id, Completion first) {
    long created = System.currentTimeMillis() / 1000;
    return switch (request.api()) {
      case CHAT, COMPLETIONS ->
          new OpenAiJson(request.api(), id, request.model(), created, settings);
      case MESSAGES -> new MessagesJson(id, request.model(), first, settings);
      case RESPONSES ->
          new ResponsesJson(
              id, request.model(), created, first, settings, () -> keep(request, id, first));
    };
  }

  /** Keeps a response for requests that continue it, as a chat would send it again. */
  private void keep(GenerationRequest request, String id, Completion completion) {
    if (request.kept() != null) {
      List<String> texts = new ArrayList<>(request.kept());
      texts.add(completion.text(Completion.PartKind.CONTENT));
      for (Completion.Part call : completion.parts(Completion.PartKind.TOOL_CALL)) {
        texts.add(call.requireCall().name());
        texts.add(call.allText());
      }
      store.put(id, texts);
    }
  }

  private Engine nextEngine(HttpExchange exchange) {
    int replica = Math.floorMod(turns.getAndIncrement(), engines.size());
    if (engines.size() > 1) {
      exchange.setServedBy("replica-" + replica);
    }
    return engines.get(replica);
  }

  private int maxTokens(GenerationRequest request, int promptTokens) throws OpenAiError {
    int limit = settings.maxModelTokens;
    int maxTokens = model.maxTokens(request, limit - promptTokens);
    if ((long) promptTokens + maxTokens > limit) {
      throw OpenAiError.contextLengthExceeded(request.api(), limit, promptTokens, maxTokens);
    }
    return maxTokens;
  }

  private ResponseChoice choice(
      GenerationRequest request, int index, int promptTokens, Completion completion) {
    int alternatives = request.delivery().logprobs();
    Logprobs logprobs =
        alternatives < 0 ? null : new Logprobs(model.vocabulary(), completion.hash(), alternatives);
    return new ResponseChoice(index, index / request.n(), promptTokens, completion, logprobs);
  }
}
