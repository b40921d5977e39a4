package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.Distribution;
import dev.gatlingllm.FailurePolicy;
import dev.gatlingllm.SystemRole;
import dev.gatlingllm.conversation.Api;
import dev.gatlingllm.conversation.BodyShape;
import dev.gatlingllm.conversation.ConversationRules;
import dev.gatlingllm.conversation.MaxTokensField;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlmSettingsTest {

  private static LlmSettings read(String... settings) {
    Properties properties = new Properties();
    for (String setting : settings) {
      properties.setProperty(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    return LlmSettings.read(LlmSettingsTest.class.getClassLoader(), properties);
  }

  @Test
  void theDefaultsAreTheOnesOfTheContract() {
    LlmSettings settings = read();

    assertThat(settings.baseUrl()).isEmpty();
    assertThat(settings.api()).isEqualTo(Api.CHAT);
    assertThat(settings.model()).isEqualTo("simulated");
    assertThat(settings.tokenizer()).isEqualTo("o200k_base");
    assertThat(settings.users()).isEqualTo(8);
    assertThat(settings.rate()).isEmpty();
    assertThat(settings.duration()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.warmup()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.workload().groups().groups()).isEqualTo(4);
    assertThat(settings.workload().groups()).hasToString("equal");
    assertThat(settings.workload().conversationsPerGroup()).isZero();
    assertThat(settings.workload().lengths().system()).hasToString("512");
    assertThat(settings.workload().lengths().question()).hasToString("normal(64,16).clamp(8,256)");
    assertThat(settings.workload().lengths().output()).hasToString("64");
    assertThat(settings.workload().turns()).hasToString("uniform(3,6)");
    assertThat(settings.thinkTime()).hasToString("0");
    assertThat(settings.rules()).isEqualTo(ConversationRules.DEFAULT);
    assertThat(settings.turn().shape(Api.CHAT)).isEqualTo(BodyShape.of(Api.CHAT));
    assertThat(settings.turn().fields().value("ignore_eos")).isEmpty();
    assertThat(settings.turn().models()).hasToString("simulated");
    assertThat(settings.turn().affinity()).isEmpty();
    assertThat(settings.seed()).isEqualTo(42);
    assertThat(settings.goodput()).isEmpty();
    assertThat(settings.chunkTimes()).isFalse();
    assertThat(settings.requestTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.variablePrefix()).isEmpty();
  }

  @Test
  void aFileOnTheClassPathGoesOverTheDefaultsAndAPropertyOverTheFile(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("llm.conf"), "llm { users = 64, groups = 3 }");
    Properties properties = new Properties();
    properties.setProperty("llm.groups", "5");
    try (URLClassLoader classPath =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, LlmSettingsTest.class.getClassLoader())) {
      LlmSettings settings = LlmSettings.read(classPath, properties);

      assertThat(settings.users()).isEqualTo(64);
      assertThat(settings.workload().groups().groups()).isEqualTo(5);
      assertThat(settings.seed()).isEqualTo(42);
    }
  }

  @Test
  void everySettingCanBeSaid() {
    LlmSettings settings =
        read(
            "llm.baseUrl=http://127.0.0.1:8000/",
            "llm.api=completions",
            "llm.rate=2.5",
            "llm.duration=2m",
            "llm.conversationsPerGroup=16",
            "llm.turns=forever",
            "llm.thinkTime=exponential(1.5)",
            "llm.onFailure=retry(3)",
            "llm.goodput=ttft<500ms",
            "llm.chunkTimes=true");

    assertThat(settings.baseUrl()).contains("http://127.0.0.1:8000");
    assertThat(settings.api()).isEqualTo(Api.COMPLETIONS);
    assertThat(settings.rate()).hasValue(2.5);
    assertThat(settings.duration()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.workload().conversationsPerGroup()).isEqualTo(16);
    assertThat(settings.workload().turns()).isEqualTo(WorkloadSettings.FOREVER);
    assertThat(settings.thinkTime()).isEqualTo(Distribution.exponential(1.5));
    assertThat(settings.rules().onFailure()).isEqualTo(FailurePolicy.retry(3));
    assertThat(settings.goodput()).contains("ttft<500ms");
    assertThat(settings.chunkTimes()).isTrue();
    assertThat(read("llm.thinkTime=250ms").thinkTime()).hasToString("0.25");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llm.user=3 | there is no such setting; the nearest known one is llm.users",
        "llm.questiontoken=3 | the nearest known one is llm.questionTokens",
        "llm.users=none | give a whole number from 1 on",
        "llm.users=0 | give a whole number from 1 on",
        "llm.rate=-1 | give a number above 0",
        "llm.duration=soon | give a duration such as 500ms, 30s, 10m or 2h",
        "llm.duration=10ms | give a second or more",
        "llm.baseUrl=gpu-box:8000 | give the server's root such as http://127.0.0.1:8000",
        "llm.baseUrl=http://gpu-box:8000/v1 | leave /v1 out, it is added to each request:"
            + " http://gpu-box:8000",
        "llm.api=responses | is no API; write chat or completions",
        "llm.questionTokens=normal(64) | normal takes 2 numbers",
        "llm.questionTokens=0 | lengths below 1 are not possible; write 0.clamp(1,…)",
        "llm.outputTokens=uniform(0,8) | lengths below 1 are not possible",
        "llm.systemPromptTokens=-5 | lengths below 0 are not possible",
        "llm.contextPolicy=drop | write dropOldest, keepPrefix(n), stop or fail",
        "llm.onFailure=retry(0) | never retries; write skip",
        "llm.onFailure=panic | write skip, retry(n), retry(n,500ms) or abandon",
        "llm.maxModelTokens=256 | the system prompt, a question and a reply need 584 tokens at"
            + " least; raise the limit or shorten llm.systemPromptTokens",
        "llm.groupWeights=1,2 | 2 weights for 4 groups; give one for each",
        "llm.groupWeights=zipf(x) | write equal, zipf(s), or numbers such as 0.5,0.3,0.2",
        "llm.shard=0/2 | 0/2 is no shard; write i/n with i from 1 to n, such as 1/4",
        "llm.shard=second | is no shard; write i/n",
        "llm.lengths=/nowhere/lengths.csv | give the path of a CSV or JSON file",
        "llm.corpus=/nowhere/corpus.txt | there is no such file; give a plain text in UTF-8",
        "llm.maxConversations=0 | give a whole number from 1 on",
        "llm.privateContextTokens=-1 | lengths below 0 are not possible",
        "llm.replyInHistory=none | write received or canned",
        "llm.seed=x | give a whole number",
        "llm.replayLoop=false | this has a meaning for replays only; give llm.replay",
        "llm.chunkTimes=yes | give true or false",
        "llm.inferencePerfFiles=yes | give true or false",
        "llm.systemRole=boss | write system, developer or user",
        "llm.history=none | write messages or text",
        "llm.promptFormat=ids | write text or tokenIds",
        "llm.promptFormat=tokenIds | chat completions take no token ids",
        "llm.maxTokensField=max | write max_tokens or max_completion_tokens",
        "llm.minTokens=0 | give a whole number from 1 on, or max",
        "llm.temperature=-1 | give a number from 0 on",
        "llm.topP=1.5 | give a number above 0 and up to 1",
        "llm.requestSeed=x | give a whole number",
        "llm.stop=[1 | this is no JSON",
        "llm.extraBody=20 | give a JSON object",
        "llm.extraBody={\"model\":\"m\"} | set it by model(…)",
        "llm.models=base | write models as base=3,lora-a=1",
        "llm.modelChoice=user | write conversation or turn",
        "llm.modelChoice=turn | name several by llm.models",
        "llm.affinityHeader=a b | give a name such as X-Session-ID",
        "llm.affinityValue=x | set llm.affinityHeader = X-Session-ID"
      })
  void aMistakeIsToldByNameValueAndRemedy(String setting, String remedy) {
    assertThatThrownBy(() -> read(setting))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(setting.replaceFirst("=", " = ") + ":")
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llm.replayFormat=csv | write auto, sharegpt, messages or mooncake",
        "llm.replaySpeed=-1 | give a number above 0",
        "llm.replayBlockTokens=0 | give a whole number from 1 on",
        "llm.replayOnError=warn | write fail or skip",
        "llm.turns=3 | llm.replay is given too, and its file says this"
      })
  void aMistakeInAReplayIsToldByNameValueAndRemedy(String setting, String remedy) {
    assertThatThrownBy(() -> read("llm.replay=chats.jsonl", setting))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(setting.replaceFirst("=", " = ") + ":")
        .hasMessageContaining(remedy);
  }

  @Test
  void aReplayMayIgnoreArrivalsAndChooseLengthsOfReplies() {
    ReplaySettings replay =
        read("llm.replay=a.jsonl", "llm.replaySpeed=ignore", "llm.outputTokens=7", "llm.users=3")
            .replay();

    assertThat(replay.file()).contains(Path.of("a.jsonl"));
    assertThat(replay.speed()).isZero();
    assertThat(replay.outputTokens()).hasValueSatisfying(l -> assertThat(l).hasToString("7"));
    assertThat(replay.load()).contains("llm.users");
    assertThat(read().replay().file()).isEmpty();
    assertThat(read().replay().outputTokens()).isEmpty();
  }

  @Test
  void rampedAgesNeedAnEndAndANumberOfUsers() {
    LlmSettings settings = read("llm.rampedAges=true", "llm.users=6", "llm.shard=2/3");

    assertThat(settings.shape().aged()).isEqualTo(18);
    assertThatThrownBy(() -> read("llm.rampedAges=true", "llm.turns=forever"))
        .hasMessageContaining("have no steady age; give a number of turns");
    assertThatThrownBy(() -> read("llm.rampedAges=true", "llm.rate=2"))
        .hasMessageContaining("give llm.users instead");
  }

  @Test
  void lengthsThatGoTogetherTakeThePlaceOfTheOthers(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("lengths.csv"), "1000,20,30");

    assertThat(read("llm.lengths=" + file).workload().lengths().least()).isEqualTo(1050);
    assertThatThrownBy(() -> read("llm.lengths=" + file, "llm.outputTokens=5"))
        .hasMessageContaining("llm.lengths gives these lengths too; leave one of the two out");
  }

  @Test
  void usersAndRateExcludeEachOther() {
    assertThatThrownBy(() -> read("llm.users=3", "llm.rate=2"))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("llm.rate = 2: llm.users is given too");
  }

  @Test
  void aRequestIsShapedAsSaid() {
    TurnSettings turn =
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
                "llm.models=base=3,lora-a=1",
                "llm.affinityHeader=X-Session-ID")
            .turn();

    assertThat(turn.shape(Api.CHAT))
        .isEqualTo(
            BodyShape.of(Api.CHAT)
                .withSystemRole(SystemRole.DEVELOPER)
                .withMaxTokens(MaxTokensField.MAX_COMPLETION_TOKENS)
                .withMinTokens(BodyShape.EXACT_LENGTH));
    assertThat(turn.fields().value("temperature")).contains("0.5");
    assertThat(turn.fields().value("top_p")).contains("0.9");
    assertThat(turn.fields().value("seed")).contains("7");
    assertThat(turn.fields().value("stop")).contains("[\"a\",\"b\"]");
    assertThat(turn.fields().value("ignore_eos")).contains("true");
    assertThat(turn.fields().value("top_k")).contains("20");
    assertThat(turn.fields().value("stream_options")).isEmpty();
    assertThat(turn.models()).hasToString("base=3,lora-a=1");
    assertThat(turn.affinity()).contains(new SessionAffinity("X-Session-ID", Optional.empty()));
    assertThat(read("llm.stop=END").turn().fields().value("stop")).contains("\"END\"");
  }

  @Test
  void whatIsSaidTwiceIsToldWithBothNames() {
    assertThatThrownBy(() -> read("llm.model=a", "llm.models=a=1,b=1"))
        .hasMessageStartingWith("llm.models = a=1,b=1: llm.model is given too");
    assertThatThrownBy(() -> read("llm.topP=1", "llm.extraBody={\"top_p\":1}"))
        .hasMessageContaining("top_p is set by llm.topP too");
    assertThatThrownBy(() -> read("llm.api=completions", "llm.systemRole=user"))
        .hasMessageStartingWith("llm.systemRole = user: text completions have no roles");
  }
}
