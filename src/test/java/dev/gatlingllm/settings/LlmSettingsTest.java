package dev.gatlingllm.settings;

import static dev.gatlingllm.settings.Setting.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.BodyShape.HistoryForm;
import dev.gatlingllm.conversation.BodyShape.MaxTokensField;
import dev.gatlingllm.conversation.BodyShape.PromptFormat;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.workload.ArrivalPattern;
import dev.gatlingllm.workload.ArrivalRate;
import dev.gatlingllm.workload.Shard;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlmSettingsTest {

  private static Properties properties(String... settings) {
    Properties properties = new Properties();
    for (String setting : settings) {
      properties.setProperty(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    return properties;
  }

  private static LlmSettings read(String... settings) {
    return LlmSettings.read(LlmSettingsTest.class.getClassLoader(), Map.of(), properties(settings));
  }

  @Test
  void valuesThatAreSetReplaceThoseOfOtherSettings() {
    LlmSettings others =
        read().with(PRIVATE_CONTEXT_TOKENS, Distribution.constant(7)).with(GROUPS, 9);
    LlmSettings merged = read("llm.groups=2").over(others);

    assertThat(merged.get(GROUPS)).isEqualTo(2);
    assertThat(merged.get(PRIVATE_CONTEXT_TOKENS)).hasToString("7");
    assertThat(merged.isSet(PRIVATE_CONTEXT_TOKENS)).isTrue();
    assertThat(merged.get(USERS)).isEqualTo(8);
  }

  @Test
  void aValueThatIsSetInCodeIsRejectedByOneMessage() {
    assertThatThrownBy(() -> GROUPS.check(0))
        .hasMessage("groups must be at least 1, got 0")
        .as("Gatling prints the root cause first")
        .hasNoCause();
  }

  @Test
  void defaultsAreTheOnesOfTheContract() {
    LlmSettings settings = read();

    assertThat(settings.find(BASE_URL)).isEmpty();
    assertThat(settings.get(API)).isEqualTo(Api.CHAT);
    assertThat(settings.get(MODEL)).isEqualTo("simulated");
    assertThat(settings.get(TOKENIZER)).isEqualTo("o200k_base");
    assertThat(settings.get(USERS)).isEqualTo(8);
    assertThat(settings.find(RATE)).isEmpty();
    assertThat(settings.get(DURATION)).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.get(WARMUP)).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.groups().groups()).isEqualTo(4);
    assertThat(settings.groups()).hasToString("equal");
    assertThat(settings.sharedPrefixShape().perGroup()).isZero();
    assertThat(settings.get(SYSTEM_PROMPT_TOKENS)).hasToString("512");
    assertThat(settings.get(QUESTION_TOKENS)).hasToString("normal(64,16).clamp(8,256)");
    assertThat(settings.get(OUTPUT_TOKENS)).hasToString("64");
    assertThat(settings.get(TURNS)).hasToString("uniform(3,6)");
    assertThat(settings.get(THINK_TIME)).hasToString("0");
    assertThat(settings.rules()).isEqualTo(ConversationRules.DEFAULT);
    assertThat(settings.bodyShape(Api.CHAT))
        .isEqualTo(
            new BodyShape(
                Api.CHAT,
                SystemRole.SYSTEM,
                HistoryForm.MESSAGES,
                PromptFormat.TEXT,
                MaxTokensField.MAX_TOKENS,
                BodyShape.NO_MINIMUM,
                BodyShape.CacheControl.OFF));
    assertThat(settings.fields().value("ignore_eos")).isEmpty();
    assertThat(settings.models()).hasToString("simulated");
    assertThat(settings.find(AFFINITY_HEADER)).isEmpty();
    assertThat(settings.get(SEED)).isEqualTo(42);
    assertThat(settings.find(GOODPUT)).isEmpty();
    assertThat(settings.get(CHUNK_TIMES)).isFalse();
    assertThat(settings.get(REQUEST_TIMEOUT)).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.get(VARIABLE_PREFIX)).isEmpty();
    assertThat(settings.find(REPLAY)).isEmpty();
  }

  @Test
  void propertiesOverrideTheEnvironmentAndItOverridesTheFile(@TempDir Path folder)
      throws IOException {
    Files.writeString(
        folder.resolve("llm.conf"), "llm { users = 64, groups = 3, maxModelTokens = 3 }");
    Map<String, String> environment =
        Map.of("LLM_MAX_MODEL_TOKENS", "4096", "LLM_GROUPS", "4", "LLM_SEED", " ");
    try (URLClassLoader classPath =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, LlmSettingsTest.class.getClassLoader())) {
      LlmSettings settings = LlmSettings.read(classPath, environment, properties("llm.groups=5"));

      assertThat(settings.get(USERS)).isEqualTo(64);
      assertThat(settings.get(MAX_MODEL_TOKENS)).isEqualTo(4096);
      assertThat(settings.get(GROUPS)).isEqualTo(5);
      assertThat(settings.get(SEED)).isEqualTo(42);
    }
  }

  @Test
  void readsTheSettingsOfTheRunOnceAndTakesNoLockAfterwards() throws Exception {
    LlmSettings settings = LlmSettings.get();

    synchronized (LlmSettings.class) {
      assertThat(CompletableFuture.supplyAsync(LlmSettings::get).get(10, TimeUnit.SECONDS))
          .isSameAs(settings);
    }
  }

  @Test
  void ignoresEnvironmentVariablesOfOtherPrograms() {
    Map<String, String> environment =
        Map.of("LLM_USER_PATH", "/home", "LLM_USER", "3", "LLM_API_KEY", "secret");

    LlmSettings settings =
        LlmSettings.read(LlmSettingsTest.class.getClassLoader(), environment, properties());

    assertThat(settings.get(USERS)).isEqualTo(8);
  }

  private static LlmSettings inEnvironment(Map<String, String> environment, String... settings) {
    return LlmSettings.read(
        LlmSettingsTest.class.getClassLoader(), environment, properties(settings));
  }

  @Test
  void takesTheShardFromTheEnvironmentWhereAsked() {
    Map<String, String> job =
        Map.of("LLM_SHARD", "auto", "JOB_COMPLETION_INDEX", "2", "LLM_SHARDS", "4");

    assertThat(inEnvironment(job).get(SHARD))
        .isEqualTo(new Shard(3, 4, "JOB_COMPLETION_INDEX=2, LLM_SHARDS=4"));
    assertThat(inEnvironment(job).isSet(SHARD)).isTrue();
    assertThat(inEnvironment(job, "llm.shard=1/2").get(SHARD)).hasToString("1/2");
    assertThat(inEnvironment(Map.of("JOB_COMPLETION_INDEX", "2"), "llm.shard=2/4").get(SHARD))
        .isEqualTo(new Shard(2, 4, "llm.shard"));
    assertThat(inEnvironment(Map.of("JOB_COMPLETION_INDEX", "2")).get(SHARD)).hasToString("1/1");
  }

  @Test
  void refusesAShardThatTheEnvironmentDoesNotTell() {
    assertThatThrownBy(() -> inEnvironment(Map.of("JOB_COMPLETION_INDEX", "2"), "llm.shard=auto"))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.shard = auto: JOB_COMPLETION_INDEX=2 is set, but LLM_SHARDS is not; set LLM_SHARDS"
                + " to the completions of the Kubernetes Job");
    assertThatThrownBy(() -> inEnvironment(Map.of("LLM_SHARDS", "4")))
        .isInstanceOf(SettingException.class)
        .hasMessage("LLM_SHARDS=4 has no effect without llm.shard; set LLM_SHARD=auto");
  }

  @Test
  void readsEveryKindOfValue() {
    LlmSettings settings =
        read(
            "llm.baseUrl=http://127.0.0.1:8000/",
            "llm.api=completions",
            "llm.rate=2.5",
            "llm.duration=2m",
            "llm.conversationsPerGroup=16",
            "llm.questionTokens=lognormal(64,16)",
            "llm.turns=forever",
            "llm.thinkTime=exponential(1.5)",
            "llm.onFailure=retry(3,2s)",
            "llm.abandon=12.5%",
            "llm.abandonAfter=uniform(5, 50) tokens",
            "llm.goodput=ttft<500ms",
            "llm.chunkTimes=true");

    assertThat(settings.get(BASE_URL)).isEqualTo("http://127.0.0.1:8000");
    assertThat(settings.get(Setting.ABANDON)).isEqualTo(0.125);
    assertThat(settings.get(API)).isEqualTo(Api.COMPLETIONS);
    assertThat(settings.get(RATE)).isEqualTo(ArrivalRate.parse("2.5"));
    assertThat(settings.get(DURATION)).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.get(CONVERSATIONS_PER_GROUP)).isEqualTo(16);
    assertThat(settings.get(QUESTION_TOKENS)).isEqualTo(Distribution.lognormal(64, 16));
    assertThat(settings.get(TURNS)).isEqualTo(FOREVER);
    assertThat(settings.get(THINK_TIME)).isEqualTo(Distribution.exponential(1.5));
    assertThat(settings.get(ON_FAILURE)).isEqualTo(FailurePolicy.retry(3, Duration.ofSeconds(2)));
    assertThat(settings.get(GOODPUT)).isEqualTo("ttft<500ms");
    assertThat(settings.get(CHUNK_TIMES)).isTrue();
    assertThat(read("llm.thinkTime=250ms").get(THINK_TIME)).hasToString("0.25");
    assertThat(read("llm.thinkTime=250 millis").get(THINK_TIME)).hasToString("0.25");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llm.user=3 | Unknown setting llm.user; did you mean llm.users?",
        "llm.questiontoken=3 | Unknown setting llm.questiontoken; did you mean llm.questionTokens?",
        "llm.concurrency=3 | Unknown setting llm.concurrency; did you mean llm.users?",
        "llm.isl=3 | Unknown setting llm.isl; did you mean llm.questionTokens?",
        "llm.maxTokens=3 | Unknown setting llm.maxTokens; did you mean llm.outputTokens?",
        "llm.request_rate=3 | Unknown setting llm.request_rate; did you mean llm.rate?",
        "llm.xyzzyxyzzyxyzzy=3 | Unknown setting llm.xyzzyxyzzyxyzzy",
        "llm.users=none | llm.users must be a whole number, got none",
        "llm.users=0 | llm.users must be at least 1, got 0",
        "llm.rate=-1 | llm.rate must be a number above 0, ramp(from,to) or steps(a,b,…) with rates"
            + " from 0, such as 5, ramp(1,20) or steps(5,10,20), got -1",
        "llm.arrivals=bursty | llm.arrivals must be poisson, constant, gamma(burstiness) or trace,"
            + " got bursty",
        "llm.arrivals=gamma(0) | llm.arrivals must be gamma(burstiness) with a burstiness from 0.01"
            + " to 1000, got gamma(0)",
        "llm.duration=soon | llm.duration must be a duration with its unit, such as 250us, 10ms or"
            + " 1.5s, got soon",
        "llm.duration=30 | llm.duration must be a duration with its unit",
        "llm.warmup=30 | llm.warmup must be a duration with its unit",
        "llm.thinkTime=2 | llm.thinkTime must be a duration with its unit",
        "llm.requestTimeout=2.5 | llm.requestTimeout must be a duration with its unit",
        "llm.thinkTime= | llm.thinkTime must be a duration with its unit",
        "llm.model= | llm.model must be a model's name",
        "llm.duration=10ms | llm.duration must be at least 1s, got 10ms",
        "llm.baseUrl=gpu-box:8000 | llm.baseUrl must be http://… or https://…, such as"
            + " http://127.0.0.1:8000, got gpu-box:8000",
        "llm.api=bard | llm.api must be chat, completions, messages or responses, got bard",
        "llm.questionTokens=normal(64) | got normal(64): normal takes 2 numbers",
        "llm.questionTokens=0 | llm.questionTokens must be at least 1, got 0",
        "llm.outputTokens=uniform(0,8) | llm.outputTokens must be at least 1, got uniform(0,8)",
        "llm.systemPromptTokens=-5 | llm.systemPromptTokens must be at least 0, got -5",
        "llm.contextPolicy=drop | llm.contextPolicy must be dropOldest, keepPrefix(n), stop or"
            + " fail, got drop",
        "llm.onFailure=retry(0) | llm.onFailure must retry at least 1 time, got retry(0)",
        "llm.onFailure=panic | llm.onFailure must be skip, retry(n), retry(n,500ms) or abandon, got"
            + " panic",
        "llm.abandon=150% | llm.abandon must be a share from 0% to 100%, such as 10% or 0.1, got 150%",
        "llm.abandon=some | llm.abandon must be a share such as 10% or 0.1, got some",
        "llm.abandonAfter=20 | llm.abandonAfter must be a number or distribution of tokens such as"
            + " 20 tokens, a time such as 2s, or beforeFirstToken, got 20",
        "llm.abandonAfter=2s | llm.abandonAfter has no effect without llm.abandon",
        "llm.onAbandon=leave | llm.onAbandon must be end or skip, got leave",
        "llm.groupWeights=1,2 | llm.groupWeights must be a weight for each of 4 groups, got 2",
        "llm.groupWeights=zipf(x) | llm.groupWeights must be equal, zipf(s) or numbers such as"
            + " 0.5,0.3,0.2, got zipf(x)",
        "llm.startAt=noon | llm.startAt must be an instant with its time zone, such as"
            + " 2026-11-27T12:00:00Z, or seconds since 1970, such as 1795780800 or 1795780800+30s,"
            + " got noon",
        "llm.startAt=2026-11-27T12:00:00 | llm.startAt must be an instant with its time zone",
        "llm.startAt=1795780800000 | llm.startAt must be an instant with its time zone",
        "llm.startAt=1795780800+30 | llm.startAt must be an instant with its time zone",
        "llm.shard=0/2 | llm.shard must be i/n with i from 1 to n, such as 1/4, got 0/2",
        "llm.shard=second | llm.shard must be auto or i/n with i from 1 to n, such as 1/4, got"
            + " second",
        "llm.lengths=/nowhere/lengths.csv | give the path of a CSV or JSON file",
        "llm.corpus=/nowhere/corpus.txt | llm.corpus must be the path of a text file, got"
            + " /nowhere/corpus.txt",
        "llm.maxConversations=0 | llm.maxConversations must be at least 1, got 0",
        "llm.replyInHistory=none | llm.replyInHistory must be received or canned, got none",
        "llm.seed=x | llm.seed must be a whole number, got x",
        "llm.replayLoop=false | llm.replayLoop has no effect without llm.replay; set llm.replay"
            + " too",
        "llm.chunkTimes=yes | llm.chunkTimes must be true or false, got yes",
        "llm.systemRole=boss | llm.systemRole must be system, developer or user, got boss",
        "llm.promptFormat=ids | llm.promptFormat must be text or tokenIds, got ids",
        "llm.promptFormat=tokenIds | llm.promptFormat must be text for chat completions, got"
            + " tokenIds",
        "llm.history=server | llm.history must be messages or text for chat completions, got"
            + " server",
        "llm.maxTokensField=max | llm.maxTokensField must be max_tokens or max_completion_tokens,"
            + " got max",
        "llm.minTokens=x | llm.minTokens must be a whole number or max, got x",
        "llm.minTokens=0 | llm.minTokens must be at least 1 or max, got 0",
        "llm.temperature=-1 | llm.temperature must be at least 0, got -1",
        "llm.topP=1.5 | llm.topP must be above 0 and up to 1, got 1.5",
        "llm.stop=[1 | llm.stop must be valid JSON",
        "llm.stop=[\"a\",1] | llm.stop must be a text or a JSON list of texts, got [\"a\",1]",
        "llm.stop=[] | llm.stop must be a text or a JSON list of texts, got []",
        "llm.extraBody=20 | llm.extraBody must be a JSON object",
        "llm.extraBody={\"model\":\"m\"} | set it with model(…)",
        "llm.models=base | llm.models must be weights such as base=3,lora-a=1, got base",
        "llm.models=a=0 | llm.models must give a a weight above 0, got 0",
        "llm.jsonSchema=/nowhere.json | llm.jsonSchema must be the path of a readable file with a"
            + " JSON schema, got /nowhere.json",
        "llm.toolTime=x | llm.toolTime must be a duration with its unit",
        "llm.consistency=150% | llm.consistency must be a share above 0% and up to 100%, such as 5% or"
            + " 0.05, got 150%",
        "llm.consistency=0 | llm.consistency must be a share above 0% and up to 100%",
        "llm.images=-1 | llm.images must be at least 0, got -1",
        "llm.imageSize=512 | llm.imageSize must be width x height in pixels such as 512x512, got"
            + " 512",
        "llm.imageSize=512x9000 | must be from 1 to 8192, got 9000",
        "llm.toolTime=2s | llm.toolTime has no effect without llm.toolRounds; set llm.toolRounds"
            + " too",
        "llm.imageTurns=last | llm.imageTurns must be first or all, got last",
        "llm.imageTokens=256 | llm.imageTokens has no effect without llm.images; set llm.images"
            + " too",
        "llm.modelChoice=turn | llm.modelChoice has no effect without llm.models",
        "llm.affinityHeader=a b | llm.affinityHeader must be a header's name such as X-Session-ID,"
            + " got a b",
        "llm.affinityValue=x | llm.affinityValue has no effect without llm.affinityHeader"
      })
  void rejectsInvalidSettings(String setting, String message) {
    assertThatThrownBy(() -> read(setting))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | which must be valid JSON: error in line 1",
        "[] | which must be a JSON object such as {\"type\":\"object\"}"
      })
  void namesTheFileOfAnInvalidJsonSchema(String text, String reason, @TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("schema.json"), text);

    assertThatThrownBy(() -> read("llm.jsonSchema=" + file))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(
            "llm.jsonSchema must be the path of a file with a JSON schema, got %s, %s",
            file, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llm.apiKey=LEAKED | Unknown setting llm.apiKey; an API key is no setting: set LLM_API_KEY",
        "llm.extraBody={\"any_name\":\"LEAKED\",} | llm.extraBody must be valid JSON: error in line"
            + " 1",
        "llm.extraBody=LEAKED | llm.extraBody must be valid JSON",
        "llm.extraBody=\"LEAKED\" | llm.extraBody must be a JSON object",
        "llm.baseUrl=https://bob:LEAKED@llm.example | without user and password",
        "llm.baseUrl=https://bob:LEAKED@llm.example?x | llm.baseUrl must be the root of a server",
        "llm.baseUrl=bob:LEAKED@llm.example | llm.baseUrl must be http://… or https://…",
        "llm.baseUrl=https://llm.example/v1?any=LEAKED | got https://llm.example/v1?…",
        "llm.model=m;llm.modelChoice=api_key=LEAKED | llm.modelChoice must be conversation or turn",
      })
  void showsNoSecretOfAnInvalidSetting(String settings, String message) {
    assertThatThrownBy(() -> read(settings.split(";")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("LEAKED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llm.replayFormat=csv | llm.replayFormat must be auto, sharegpt, messages, mlperf, prompts,"
            + " weka, mooncake, bailian, azure or burstgpt, got csv",
        "llm.replayTimeUnit=h | llm.replayTimeUnit must be ns, us, ms or s, got h",
        "llm.replaySpeed=-1 | llm.replaySpeed must be above 0 or ignore, got -1",
        "llm.replayBlockTokens=0 | llm.replayBlockTokens must be at least 1, got 0",
        "llm.replayOnError=warn | llm.replayOnError must be fail or skip, got warn",
        "llm.turns=3 | llm.replay and llm.turns exclude each other; set one of them"
      })
  void rejectsInvalidSettingsOfReplays(String setting, String message) {
    assertThatThrownBy(() -> read("llm.replay=chats.jsonl", setting))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(message);
  }

  @Test
  void allowsReplayWithIgnoredArrivalsAndGivenLengths() {
    LlmSettings settings =
        read("llm.replay=a.jsonl", "llm.replaySpeed=ignore", "llm.outputTokens=7", "llm.users=3");

    assertThat(settings.replayShape().file()).isEqualTo(Path.of("a.jsonl"));
    assertThat(settings.replayShape().speed()).isZero();
    assertThat(settings.replayShape().outputTokens()).contains(Distribution.constant(7));
    assertThat(settings.isSet(USERS)).isTrue();
    assertThat(read("llm.replay=a.jsonl").replayShape().outputTokens()).isEmpty();
  }

  @Test
  void imagesNeedMessagesAndKnownTokensWhereTheContextWindowIsLimited() {
    assertThatThrownBy(() -> read("llm.images=1", "llm.api=completions"))
        .hasMessageContaining("llm.images needs messages; set llm.api to another one");
    assertThatThrownBy(() -> read("llm.images=1", "llm.history=text"))
        .hasMessageContaining("llm.images needs messages");
    assertThatThrownBy(() -> read("llm.images=1", "llm.maxModelTokens=9000"))
        .hasMessageContaining("llm.imageTokens must be set where images and maxModelTokens are");
    assertThat(read("llm.images=1", "llm.maxModelTokens=9000", "llm.imageTokens=256").isSet(IMAGES))
        .isTrue();
    assertThat(read("llm.images=1", "llm.api=responses", "llm.history=server").isSet(IMAGES))
        .isTrue();
  }

  @Test
  void arrivalsNeedARateOrATrace() {
    assertThat(read("llm.rate=2").get(ARRIVALS)).isEqualTo(ArrivalPattern.POISSON);
    assertThat(read("llm.ratePerShard=ramp(1,2)", "llm.arrivals=gamma(0.5)").get(ARRIVALS))
        .isEqualTo(ArrivalPattern.gamma(0.5));
    assertThatThrownBy(() -> read("llm.arrivals=constant"))
        .hasMessage("llm.arrivals = constant has no effect without llm.rate; set llm.rate too");
    assertThatThrownBy(() -> read("llm.arrivals=trace"))
        .hasMessage("llm.arrivals = trace needs a trace; set llm.replay to its file");
    assertThatThrownBy(() -> read("llm.arrivals=trace", "llm.replay=a.jsonl", "llm.rate=2"))
        .hasMessage("llm.arrivals = trace and llm.rate exclude each other; set one of them");
  }

  @Test
  void arrivalsOfARateReplaceTheTimesOfATrace() {
    assertThat(read("llm.replay=a.jsonl", "llm.arrivals=trace").replayShape().speed()).isOne();
    assertThat(
            read("llm.replay=a.jsonl", "llm.arrivals=poisson", "llm.rate=2").replayShape().speed())
        .isZero();
  }

  @Test
  void rejectsRampedAgesOfEndlessConversationsOrWithoutUsers() {
    LlmSettings settings = read("llm.rampedAges=true", "llm.users=6", "llm.shard=2/3");

    assertThat(settings.sharedPrefixShape().aged()).isEqualTo(6);
    assertThat(
            read("llm.rampedAges=true", "llm.usersPerShard=6", "llm.shard=2/3")
                .sharedPrefixShape()
                .aged())
        .isEqualTo(18);
    assertThatThrownBy(() -> read("llm.rampedAges=true", "llm.turns=forever"))
        .hasMessage(
            "llm.rampedAges needs conversations that end; set llm.turns to a number of turns");
    assertThatThrownBy(() -> read("llm.rampedAges=true", "llm.rate=2"))
        .hasMessageContaining("llm.rampedAges and llm.rate exclude each other");
    assertThatThrownBy(() -> read("llm.rampedAges=true", "llm.ratePerShard=2"))
        .hasMessageContaining("llm.rampedAges and llm.ratePerShard exclude each other");
  }

  @Test
  void aHistoryOnTheServerNeedsResponsesAsReceived() {
    assertThat(read("llm.api=responses", "llm.history=server").messagesShape().history())
        .as("of a request of the user's own, which has the whole conversation")
        .isEqualTo(HistoryForm.MESSAGES);
    assertThatThrownBy(
            () -> read("llm.api=responses", "llm.history=server", "llm.replyInHistory=canned"))
        .hasMessage(
            "llm.history = server needs llm.replyInHistory = received: the server holds the"
                + " responses that it gave");
  }

  @Test
  void lengthTriplesReplaceSeparateLengths(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("lengths.csv"), "1000,20,30");

    assertThat(read("llm.lengths=" + file).sharedPrefixShape().lengths().least()).isEqualTo(1050);
    assertThatThrownBy(() -> read("llm.lengths=" + file, "llm.outputTokens=5"))
        .hasMessageContaining("llm.lengths and llm.outputTokens exclude each other");
  }

  @Test
  void aLoadReplacesAnotherFormOfItFromALowerPlace() {
    LlmSettings settings = inEnvironment(Map.of("LLM_USERS", "3"), "llm.rate=2");

    assertThat(settings.rate()).isPresent();
    assertThat(settings.isSet(USERS)).isFalse();
    assertThatThrownBy(() -> inEnvironment(Map.of("LLM_USERS", "3", "LLM_RATE", "2")))
        .hasMessageContaining("llm.rate and llm.users exclude each other");
  }

  @ParameterizedTest
  @CsvSource({
    "users, rate", "users, usersPerShard", "users, ratePerShard",
    "rate, usersPerShard", "rate, ratePerShard", "usersPerShard, ratePerShard"
  })
  void rejectsTwoSettingsOfTheLoad(String one, String other) {
    assertThatThrownBy(() -> read("llm." + one + "=3", "llm." + other + "=2"))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("llm." + one)
        .hasMessageContaining("llm." + other)
        .hasMessageContaining("exclude each other; set one of them");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-27T12:00:00Z",
        "2026-11-27T13:00+01:00",
        "1795780800",
        "1795780770+30s",
        "1795780740 + 1m"
      })
  void readsAnInstantInSeveralForms(String text) {
    assertThat(read("llm.startAt=" + text).get(START_AT)).isEqualTo("2026-11-27T12:00:00Z");
  }

  @Test
  void aBenchmarkIsNoPartOfALoad() {
    read("llm.shard=1/1").requireOneLoadGenerator();

    assertThatThrownBy(() -> read("llm.shard=2/4").requireOneLoadGenerator())
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.shard = 2/4: a benchmark runs on one load generator, because scores cannot be"
                + " merged; leave the setting out");
    assertThatThrownBy(() -> read("llm.startAt=1795780800").requireOneLoadGenerator())
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.startAt = 2026-11-27T12:00:00Z: the forks of a benchmark start one after another;"
                + " leave the setting out");
  }

  @Test
  void usersAndRatesAreThoseOfAllShards() {
    assertThat(read("llm.users=9", "llm.shard=2/3").users()).isEqualTo(9);
    assertThat(read("llm.usersPerShard=9", "llm.shard=2/3").users()).isEqualTo(27);
    assertThat(read("llm.rate=1.5", "llm.shard=2/3").rate()).contains(ArrivalRate.parse("1.5"));
    assertThat(read("llm.ratePerShard=1.5", "llm.shard=2/3").rate())
        .contains(ArrivalRate.parse("4.5"));
    assertThat(read("llm.users=9").rate()).isEmpty();
  }

  @Test
  void settingsShapeTheRequest() {
    LlmSettings settings =
        read(
            "llm.systemRole=developer",
            "llm.maxTokensField=max_completion_tokens",
            "llm.minTokens=max",
            "llm.temperature=0.5",
            "llm.topP=0.9",
            "llm.requestSeed=7",
            "llm.stop=[\"a\",\"b\"]",
            "llm.ignoreEos=true",
            "llm.extraBody={\"top_k\":20,\"stream_options\":null}",
            "llm.models=base=3,lora-a=1");

    assertThat(settings.bodyShape(Api.CHAT))
        .isEqualTo(
            new BodyShape(
                Api.CHAT,
                SystemRole.DEVELOPER,
                HistoryForm.MESSAGES,
                PromptFormat.TEXT,
                MaxTokensField.MAX_COMPLETION_TOKENS,
                BodyShape.EXACT_LENGTH,
                BodyShape.CacheControl.OFF));
    assertThat(settings.fields().value("temperature")).contains("0.5");
    assertThat(settings.fields().value("top_p")).contains("0.9");
    assertThat(settings.fields().value("seed")).contains("7");
    assertThat(settings.fields().value("stop")).contains("[\"a\",\"b\"]");
    assertThat(settings.fields().value("ignore_eos")).contains("true");
    assertThat(settings.fields().value("top_k")).contains("20");
    assertThat(settings.fields().value("stream_options")).isEmpty();
    assertThat(settings.models()).hasToString("base=3,lora-a=1");
    assertThat(read("llm.stop=END").fields().value("stop")).contains("\"END\"");
    assertThat(read("llm.stop=[\"a\\n\", \"\\\"],[\"]").fields().value("stop"))
        .contains("[\"a\\n\",\"\\\"],[\"]");
  }

  @Test
  void rejectsFieldsThatAreSetTwice() {
    assertThatThrownBy(() -> read("llm.model=a", "llm.models=a=1,b=1"))
        .hasMessage("llm.models and llm.model exclude each other; set one of them");
    assertThatThrownBy(() -> read("llm.topP=1", "llm.extraBody={\"top_p\":1}"))
        .hasMessageContaining("top_p is set by llm.topP too");
    assertThatThrownBy(() -> read("llm.toolRounds=1", "llm.extraBody={\"tools\":[]}"))
        .hasMessage(
            "llm.toolRounds and the field tools of llm.extraBody exclude each other; leave one out,"
                + " or set llm.toolDefinitionTokens to 0");
    assertThat(
            read("llm.toolRounds=1", "llm.extraBody={\"tools\":[]}", "llm.toolDefinitionTokens=0")
                .fields()
                .value("tools"))
        .contains("[]");
    assertThatThrownBy(() -> read("llm.api=completions", "llm.systemRole=user"))
        .hasMessage(
            "llm.systemRole must be system for text completions, which have no roles, got user");
  }

  @Test
  void rejectsInvalidValuesFromBuildersAsFromText() {
    assertThatThrownBy(() -> read().with(QUESTION_TOKENS, Distribution.constant(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("questionTokens must be at least 1, got 0");
  }

  @Test
  void saltGivesAnotherSeedThatIsTheSameOnEveryRun() {
    assertThat(read().with(SEED, 3L).saltedSeed()).isEqualTo(3);
    assertThat(salted("fork 1", 3))
        .isEqualTo(salted("fork 1", 3))
        .isNotEqualTo(3)
        .isNotEqualTo(salted("fork 2", 3))
        .isNotEqualTo(salted("fork 1", 4));
  }

  @Test
  void theContextWindowMustHoldATurnOfTheLengthsThatASimulationStates() {
    LlmSettings settings = read("llm.maxModelTokens=256");

    assertThatThrownBy(settings::requireRoomForATurn)
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.maxModelTokens must be at least 584 for system prompt, private context, tools,"
                + " question and response, got 256; raise it or shorten systemPromptTokens or"
                + " privateContextTokens");
    settings.with(Setting.SYSTEM_PROMPT_TOKENS, Distribution.constant(100)).requireRoomForATurn();
  }

  private static long salted(String salt, long seed) {
    return read("llm.salt=" + salt).with(SEED, seed).saltedSeed();
  }
}
