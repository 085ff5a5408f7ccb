package rlaif.cli.config;

import java.util.Arrays;
import java.util.Optional;

/// One setting: its name, its default as written in a file, and what it means.
public enum Key {
    DATA_DIR("data.dir", ".rlaif", "folder of the embedded cluster, checkpoints and state"),
    CHECKPOINTS_DIR(
            "checkpoints.dir",
            "",
            "folder of checkpoints that all processes see, where each has a data.dir of its own; empty: below data.dir"),
    SEED("seed", "1", "whole number from which every other seed is derived"),

    CLUSTER_PORT("cluster.port", "0", "port of the embedded broker; 0: a free one"),
    CLUSTER_REGISTRY_PORT(
            "cluster.registryPort", "0", "port of the embedded schema registry; 0: a free one"),

    TOPICS_PREFIX("topics.prefix", "", "put before every topic, group and transaction name"),
    TOPICS_PARTITIONS(
            "topics.partitions", "12", "partitions of each record topic (embedded cluster: 4)"),
    TOPICS_REPLICATION(
            "topics.replication", "3", "replicas of each partition (embedded cluster: 1)"),

    PROMPTS_SOURCE("prompts.source", "file", "file or world"),
    PROMPTS_FILE("prompts.file", "", "JSONL, one {\"id\"?, \"prompt\", \"category\"?} a line"),
    PROMPTS_WORLD(
            "prompts.world",
            "nine-rule-chat",
            "practice world that asks, with prompts.source: world: nine-rule-chat or fact-sheet"),
    PROMPTS_FOLLOW("prompts.follow", "false", "true: wait for more lines at the end of the file"),
    PROMPTS_PASSES("prompts.passes", "1", "times the file is asked, at least 1"),
    PROMPTS_MAX_BACKLOG("prompts.maxBacklog", "256", "prompts that may wait for a rollout worker"),

    POLICY_NAME("policy.name", "policy", "name under which policy versions are announced"),
    POLICY_MODEL(
            "policy.model",
            "world",
            "Hugging Face folder of the first policy, or world: train one on the practice world's"
                    + " demonstrations"),

    RETENTION_KEEP_LAST(
            "retention.keepLast",
            "16",
            "newest versions of policy and reward model that keep their files, 10 at least; older ones are deleted"),
    RETENTION_KEEP_EVERY(
            "retention.keepEvery",
            "0",
            "versions whose number this divides keep their files for ever; 0: none"),
    RETENTION_KEEP_BEST(
            "retention.keepBest", "0", "versions best by retention.metric that keep their files"),
    RETENTION_METRIC(
            "retention.metric",
            "",
            "metric of the announcements, as policy show prints them, by which keepBest compares; a"
                    + " leading -: lowest is best"),

    TRAINERS_DETERMINISTIC(
            "trainers.deterministic",
            "false",
            "true: the same log gives the same batches; a trainer then waits for each partition's share"),
    TENSORBOARD_DIR(
            "tensorboard.dir",
            "",
            "folder to which what every trainer measures is written for TensorBoard; empty: not at all"),

    SFT_STEPS("sft.steps", "2400", "optimizer steps, where there are demonstrations"),
    SFT_BATCH("sft.batch", "32", "demonstrations a step"),
    SFT_LEARNING_RATE(
            "sft.learningRate",
            "",
            "highest, after 20 steps; falls linearly to 0; empty: 5e-3, for a policy.model of your own"
                    + " 2e-5, with lora.rank 2e-4"),
    SFT_DEMONSTRATIONS(
            "sft.demonstrations",
            "",
            "JSONL, one {\"prompt\", \"completion\"} a line, on which a policy.model of your own is"
                    + " trained before it is version 0; empty: it is taken as it is"),
    SFT_STEPS_PER_CHECKPOINT(
            "sft.stepsPerCheckpoint",
            "200",
            "steps that a kill repeats at most, below data.dir; 0: all of them"),

    TRAIN_MICRO_BATCH_TOKENS(
            "train.microBatchTokens",
            "0",
            "tokens of a training step, or of what a reward model scores, that are in memory at once,"
                    + " padding included; 0: the whole step, and 16,384 that are scored"),

    TRAIN_MAX_TOKENS(
            "train.maxTokens",
            "4096",
            "longest prompt and completion together that is trained on; a longer one is refused"),

    LORA_RANK(
            "lora.rank",
            "0",
            "rank of the adapters that SL-CAI, reward model and policy train; 0: every weight"),
    LORA_ALPHA("lora.alpha", "16", "adapters are scaled by this over lora.rank"),
    LORA_TARGETS(
            "lora.targets",
            "q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj",
            "matrices of each layer that get adapters, divided by commas"),

    REVISE_URL(
            "revise.url",
            "judge",
            "base URL of the model that criticises and revises, world: a simulated one, or judge: the judge's, with judge.kind http"),
    REVISE_MODEL("revise.model", "", "model that the endpoint is asked for; empty: the judge's"),
    REVISE_NAME("revise.name", "reviser", "name of the reviser in every revision"),
    REVISE_API_KEY_ENV(
            "revise.apiKeyEnv",
            "",
            "environment variable that holds the API key of a revise.url of its own"),
    REVISE_ROUNDS("revise.rounds", "4", "critiques and revisions of each completion, 1 to 4"),
    REVISE_ROLLOUTS_PER_GROUP(
            "revise.rolloutsPerGroup", "1", "rollouts of each group that are revised"),
    REVISE_CATEGORIES(
            "revise.categories",
            "",
            "categories of prompts whose rollouts are revised, divided by commas; empty: all"),
    REVISE_MAX_TOKENS("revise.maxTokens", "512", "longest critique and longest revision, tokens"),
    REVISE_BUDGET_REQUESTS(
            "revise.budget.requests", "0", "requests after which revising pauses; 0: without end"),
    REVISE_BUDGET_TOKENS(
            "revise.budget.tokens", "0", "tokens after which revising pauses; 0: without end"),
    REVISE_BUDGET_DOLLARS(
            "revise.budget.dollars",
            "0",
            "US dollars, by revise.price, after which revising pauses; 0: without end"),
    REVISE_PRICE_PROMPT(
            "revise.price.promptTokens",
            "0",
            "US dollars a million prompt tokens of a revise.url of its own; with the judge's: judge.price"),
    REVISE_PRICE_COMPLETION(
            "revise.price.completionTokens",
            "0",
            "US dollars a million completion tokens, likewise"),
    REVISE_CRITIQUE_TEMPLATE(
            "revise.critiqueTemplate", "shipped", "file of the critique template, or shipped"),
    REVISE_REVISION_TEMPLATE(
            "revise.revisionTemplate", "shipped", "file of the revision template, or shipped"),

    SL_CAI_ENABLED(
            "slCai.enabled",
            "false",
            "true: train the first policy on its own revisions (SL-CAI) before anything else"),
    SL_CAI_REVISIONS(
            "slCai.revisions",
            "4096",
            "revisions to train on, in whole steps of slCai.batch; then reinforcement starts"),
    SL_CAI_PER_CHECKPOINT(
            "slCai.revisionsPerCheckpoint",
            "0",
            "revisions between two policy versions; 0: one version at the end"),
    SL_CAI_BATCH("slCai.batch", "16", "revisions a step"),
    SL_CAI_ROUNDS(
            "slCai.rounds", "all", "rounds of each revision that are trained on: all or last"),
    SL_CAI_LEARNING_RATE(
            "slCai.learningRate",
            "",
            "highest, then falls to 0; empty: 2.5e-3, for a policy.model of your own 1e-5, with"
                    + " lora.rank 1e-4"),
    SL_CAI_HELPFUL_SHARE(
            "slCai.helpfulShare",
            "0.5",
            "share of helpful demonstrations among the examples, in [0, 1)"),
    SL_CAI_HELPFUL_FILE(
            "slCai.helpfulFile",
            "",
            "JSONL, one {\"prompt\", \"completion\"} a line; empty: the practice world's"),

    ROLLOUTS_GROUP_SIZE("rollouts.groupSize", "4", "completions a prompt, at least 2"),
    ROLLOUTS_MAX_TOKENS("rollouts.maxTokens", "64", "longest completion, tokens"),
    ROLLOUTS_TEMPERATURE("rollouts.temperature", "1.0", "sampling temperature, above 0"),
    ROLLOUTS_PROMPTS_PER_BATCH(
            "rollouts.promptsPerBatch", "16", "prompts whose rollouts are written together"),
    ROLLOUTS_TOGETHER(
            "rollouts.together",
            "256",
            "completions decoded together at most, be there more in one batch; others wait for room"),
    ROLLOUTS_SWAP(
            "rollouts.swap",
            "between-groups",
            "when a newer policy takes over: between-groups, or in-flight: between two tokens"),
    ROLLOUTS_PAUSE_ON(
            "rollouts.pauseOn",
            "",
            "role: records that may wait for it before sampling pauses (judge, revise,"
                    + " train-reward-model, score, train-ppo, train-dpo)",
            true),

    PAIRING_PAIRS_PER_GROUP("pairing.pairsPerGroup", "2", "pairs drawn from a group; 0: all"),
    PAIRING_TIMEOUT_SECONDS(
            "pairing.timeoutSeconds", "600", "an incomplete group is a dead letter after this"),

    JUDGE_KIND(
            "judge.kind",
            "http",
            "http: an endpoint; local: a model folder, in this process; computed: a rule or a"
                    + " program"),
    JUDGE_LOCAL_MODEL(
            "judge.local.model", "", "Hugging Face folder of the judge, with judge.kind: local"),
    JUDGE_LOCAL_THREADS(
            "judge.local.threads", "1", "native threads of an operation; at most the cores"),
    JUDGE_LOCAL_MAX_BATCH("judge.local.maxBatch", "16", "most judge prompts in one batch"),
    JUDGE_LOCAL_MAX_BATCH_TOKENS(
            "judge.local.maxBatchTokens", "8192", "most tokens in one batch, padding included"),
    JUDGE_LOCAL_MAX_TOKENS(
            "judge.local.maxTokens",
            "8192",
            "longest judge prompt that is read; a longer one is a dead letter"),
    JUDGE_LOCAL_MAX_WAIT_MILLIS(
            "judge.local.maxWaitMillis", "5", "most time that a prompt waits for others"),
    JUDGE_COMPUTED_FEEDBACK(
            "judge.computed.feedback",
            "length",
            "length, regex or command, with judge.kind: computed"),
    JUDGE_COMPUTED_LENGTH(
            "judge.computed.length", "shorter", "shorter, longer, or the best number of words"),
    JUDGE_COMPUTED_REGEX("judge.computed.regex", "", "regular expression searched for"),
    JUDGE_COMPUTED_REGEX_WANTED(
            "judge.computed.regexWanted", "count", "count (more is better), present or absent"),
    JUDGE_COMPUTED_COMMAND(
            "judge.computed.command",
            "",
            "program and arguments, split at spaces, or a JSON list; reads {\"prompt\","
                    + " \"completion\"}, writes a number"),
    JUDGE_COMPUTED_MAX_PROCESSES(
            "judge.computed.maxProcesses", "2", "programs that may run at once"),
    JUDGE_COMPUTED_DEADLINE_SECONDS(
            "judge.computed.deadlineSeconds", "10", "most time for one completion"),
    JUDGE_COMPUTED_SCALE(
            "judge.computed.scale", "1", "difference of worth that makes P = 0.73, above 0"),
    JUDGE_COMPUTED_CENTRE("judge.computed.centre", "0", "worth that scores 5.5 of 1 to 10"),
    JUDGE_URL(
            "judge.url",
            "world",
            "base URL of an OpenAI-compatible endpoint, or world: the simulated judge"),
    JUDGE_LABELER(
            "judge.labeler",
            "large",
            "how well the simulated judge judges: large, small or extra-small"),
    JUDGE_MODEL("judge.model", "simulated", "model that the endpoint is asked for"),
    JUDGE_NAME("judge.name", "judge", "name of the judge in every label"),
    JUDGE_API(
            "judge.api",
            "auto",
            "auto, chat or completions: which endpoint below the URL is asked"),
    JUDGE_READING(
            "judge.reading",
            "auto",
            "auto, logprobs, sampling or grammar: how a verdict is read from replies"),
    JUDGE_TEMPLATE(
            "judge.template",
            "base",
            "base, base-few-shot, base-cot, detailed, detailed-few-shot, detailed-cot, or a file;"
                    + " cot: a rationale first"),
    JUDGE_SCORE_TEMPLATE(
            "judge.scoreTemplate", "score", "score, or a file: template where the judge scores"),
    JUDGE_SAMPLES(
            "judge.samples",
            "8",
            "replies counted for one verdict, with reading: sampling; 1 to 128"),
    JUDGE_SAMPLE_TEMPERATURE(
            "judge.sampleTemperature", "1.0", "of replies that are sampled, above 0, at most 2"),
    JUDGE_RATIONALE_TOKENS(
            "judge.rationaleTokens", "512", "longest rationale, with a cot template"),
    JUDGE_API_KEY_ENV("judge.apiKeyEnv", "", "environment variable that holds the API key"),
    JUDGE_MAX_IN_FLIGHT("judge.maxInFlight", "64", "calls that may wait for an answer at once"),
    JUDGE_DEADLINE_SECONDS("judge.deadlineSeconds", "60", "longest wait for one answer"),
    JUDGE_PROBE_SECONDS(
            "judge.probeSeconds",
            "60",
            "longest time, at the start, for asking an endpoint how it answers"),
    JUDGE_CONSTITUTION(
            "judge.constitution",
            "nine-rules",
            "YAML file, or one that is shipped: nine-rules, or fact-sheet for summaries"),
    JUDGE_ABSTAIN_ON_DISAGREEMENT(
            "judge.abstainOnDisagreement",
            "false",
            "true: no preference where the two orders choose different completions"),
    JUDGE_SECOND_ORDER(
            "judge.secondOrder",
            "always",
            "always, or uncertain: only where the first order is not sure, and in the audit share"),
    JUDGE_SECOND_ORDER_THRESHOLD(
            "judge.secondOrderThreshold",
            "0.4",
            "the first order is sure where |p - 1/2| is at least this, 0 to 0.5"),
    JUDGE_AUDIT_SHARE(
            "judge.auditShare",
            "0.05",
            "share of all pairs whose second order is asked whatever the first says, 0 to 1"),
    JUDGE_SELF_CONSISTENCY(
            "judge.selfConsistency", "1", "verdicts asked for in each order, averaged; 1: off"),
    JUDGE_PRINCIPLES(
            "judge.principles",
            "drawn",
            "drawn: one principle a pair, or a group that is scored, by seed and weight; or all"),
    JUDGE_CACHE_ENTRIES(
            "judge.cacheEntries", "10000", "readable replies remembered in memory; 0: none"),
    JUDGE_CANARY_SHARE(
            "judge.canaryShare",
            "0.01",
            "share of pairs beside which the judge is asked about a shipped attack, 0 to 1"),
    JUDGE_CANARY_LIMIT(
            "judge.canaryLimit",
            "0.1",
            "share of the last 200 attacks that may succeed, 0 to 1; an alarm sounds where even the"
                    + " lower end of its 95 % interval is above"),
    JUDGE_ITEM_DEADLINE_SECONDS(
            "judge.itemDeadlineSeconds",
            "1800",
            "a pair whose request takes longer while the judge answers others is a dead letter"),
    JUDGE_BREAKER_FAILURES(
            "judge.breaker.failures",
            "5",
            "failures in a row, over two seconds, after which judging pauses"),
    JUDGE_BREAKER_LONGEST_PAUSE_SECONDS(
            "judge.breaker.longestPauseSeconds",
            "30",
            "longest time between two trials while judging pauses"),
    JUDGE_BUDGET_REQUESTS(
            "judge.budget.requests", "0", "requests after which judging pauses; 0: without end"),
    JUDGE_BUDGET_TOKENS(
            "judge.budget.tokens", "0", "tokens after which judging pauses; 0: without end"),
    JUDGE_BUDGET_DOLLARS(
            "judge.budget.dollars",
            "0",
            "US dollars, by judge.price, after which judging pauses; 0: without end"),
    JUDGE_PRICE_PROMPT(
            "judge.price.promptTokens", "0", "US dollars a million prompt tokens; 0: not known"),
    JUDGE_PRICE_COMPLETION(
            "judge.price.completionTokens",
            "0",
            "US dollars a million completion tokens; 0: not known"),
    JUDGE_COMMIT_INTERVAL_MILLIS(
            "judge.commitIntervalMillis",
            "100",
            "time between transactions: 100 for quick labels, 1000 for many"),
    JUDGE_STREAM_THREADS(
            "judge.streamThreads",
            "1",
            "stream threads of the judging stage, at most 64; those beyond the partitions have nothing to do"),

    JUDGE_STAGES(
            "judge.stages",
            "",
            "parts of the judge role that run: some of pairing,judging,preferences; empty: as"
                    + " labels.* need them"),

    LABELS_SOURCE(
            "labels.source", "ai", "who labels pairs: ai, human or mixed, by labels.humanShare"),
    LABELS_HUMAN_SHARE(
            "labels.humanShare",
            "",
            "category: share in [0, 1] of its pairs that people label, with labels.source: mixed,"
                    + " which needs one above 0",
            true),
    LABELS_MERGE(
            "labels.merge",
            "none",
            "what a person's label does to a judge's: none, supersede (it takes its place) or"
                    + " weigh"),
    LABELS_HUMAN_WEIGHT(
            "labels.humanWeight", "3", "people's weight against a judge's 1, with merge: weigh"),
    LABELS_HARD("labels.hard", "false", "true: labels of 0 or 1 in place of probabilities"),
    LABELS_MIN_MARGIN(
            "labels.minMargin", "0", "least |p - 1/2| of a judge's label that is trained on"),
    LABELS_JUDGE("labels.judge", "", "the one judge whose judgments count; empty: every one"),
    LABELS_READ_PREFIX(
            "labels.readPrefix",
            "",
            "prefix of the judgments that are labelled anew, for a replay, which judges nothing itself;"
                    + " a single dot: the topics without a prefix; empty: topics.prefix"),
    LABELS_SIMULATED_PEOPLE(
            "labels.simulatedPeople",
            "1",
            "people of the practice world who label each pair that is left to people"),

    LABEL_STATS_ENABLED(
            "labelStats.enabled",
            "false",
            "true: `run` and `demo` count labels too, as the role label-stats does"),
    LABEL_STATS_WINDOW_SECONDS("labelStats.windowSeconds", "60", "length of a window of counts"),
    LABEL_STATS_GRACE_SECONDS(
            "labelStats.graceSeconds",
            "60",
            "how long after its end a window still counts judgments that come late, and a partition may be"
                    + " silent before it holds no window open"),
    LABEL_STATS_REFERENCE(
            "labelStats.referenceJudgments",
            "500",
            "first labels of a judge under a principle that drift is measured against"),
    LABEL_STATS_PEOPLE_DAYS(
            "labelStats.waitForPeopleDays",
            "7",
            "how long judgments and people's labels of one pair wait for each other"),

    SCORE_BY(
            "score.by",
            "reward-model",
            "who scores rollouts: reward-model, or judge: the judge itself, and PPO needs no reward"
                    + " model"),

    REWARD_MODEL_ENABLED("rewardModel.enabled", "true", "false: label only, train nothing"),
    REWARD_MODEL_WARMUP(
            "rewardModel.warmupPreferences", "3072", "preferences before the first reward model"),
    REWARD_MODEL_PER_CHECKPOINT(
            "rewardModel.preferencesPerCheckpoint", "512", "preferences between two versions"),
    REWARD_MODEL_BATCH("rewardModel.batch", "64", "preferences a step"),
    REWARD_MODEL_LEARNING_RATE(
            "rewardModel.learningRate",
            "",
            "of AdamW, above 0; the highest, where it changes; empty: 1e-3, for a policy.model of your"
                    + " own 1e-5, with lora.rank 1e-4"),
    REWARD_MODEL_WARMUP_STEPS(
            "rewardModel.warmupSteps",
            "0",
            "steps over which the learning rate rises to its highest; 0: it starts there"),
    REWARD_MODEL_TOTAL_STEPS(
            "rewardModel.totalSteps",
            "0",
            "steps after which the learning rate has fallen to 0, in a line; 0: it stays, as a stream has no end"),

    TRAIN_ALGORITHM(
            "train.algorithm",
            "ppo",
            "ppo; rloo or grpo: scores compared within a group, no value model; dpo: labels, no scores."
                    + " dpo reads dpo.* and ppo.versions, the others ppo.*"),
    DPO_LOSS("dpo.loss", "dpo", "dpo, or ipo, whose distance from the reference policy is finite"),
    DPO_BETA("dpo.beta", "0.1", "tie to the reference policy, above 0; the tau of ipo"),
    DPO_BATCH("dpo.batch", "128", "preferences a step"),
    DPO_MINIBATCHES("dpo.minibatches", "2", "updates a step"),
    DPO_LEARNING_RATE(
            "dpo.learningRate",
            "",
            "of the policy; empty: 5e-4, for a policy.model of your own 5e-7, with lora.rank 5e-6"),
    DPO_WARMUP_STEPS("dpo.warmupSteps", "0", "as rewardModel.warmupSteps, of the policy"),
    DPO_TOTAL_STEPS("dpo.totalSteps", "0", "as rewardModel.totalSteps, of the policy"),
    DPO_STEPS_PER_CHECKPOINT(
            "dpo.stepsPerCheckpoint", "1", "steps between two policy versions, at least 1"),
    DPO_MAX_STALENESS(
            "dpo.maxStaleness", "8", "versions; an older preference is dropped and counted"),
    PPO_VERSIONS(
            "ppo.versions", "0", "policy versions to train by any algorithm, then stop; 0: no end"),
    PPO_BATCH("ppo.batch", "256", "rollouts a step, a multiple of rollouts.groupSize"),
    PPO_LEARNING_RATE(
            "ppo.learningRate",
            "",
            "of the policy; empty: 5e-4, with grpo 3e-4; for a policy.model of your own 3e-6, with rloo"
                    + " or grpo 1e-6, ten times that with lora.rank"),
    PPO_VALUE_LEARNING_RATE(
            "ppo.valueLearningRate",
            "",
            "of the value model, which ppo alone has; empty: 1e-3, for a policy.model of your own 9e-6,"
                    + " with lora.rank 9e-5"),
    PPO_BETA(
            "ppo.beta",
            "",
            "KL penalty per nat, at least 0; where it adapts, the first one; empty: 0.1, with grpo 0.2"),
    PPO_KL_CONTROLLER(
            "ppo.kl.controller",
            "fixed",
            "fixed: ppo.beta for ever; adaptive: steered to a target"),
    PPO_KL_TARGET("ppo.kl.target", "6", "nats a completion that an adaptive penalty steers to"),
    PPO_KL_HORIZON(
            "ppo.kl.horizon",
            "10000",
            "rollouts over which an adaptive penalty changes by a fifth"),
    PPO_KL_ESTIMATOR(
            "ppo.kl.estimator",
            "k1",
            "k1, k2 or k3: of the KL at a token, from behaviour logprobs; grpo has k3 in its loss and"
                    + " takes no other"),
    PPO_DECOUPLED(
            "ppo.decoupled",
            "true",
            "false: PPO's own objective, clipped around the sampler, which stale rollouts break"),
    PPO_CLIP_RANGE(
            "ppo.clipRange",
            "0.2",
            "how far a ratio to the weights at the start of a step may leave 1 and still be rewarded; in (0, 1)"),
    PPO_VALUE_CLIP_RANGE(
            "ppo.valueClipRange",
            "0.2",
            "scores that a value may move in a step, above 0; ppo alone has values"),
    PPO_LAMBDA(
            "ppo.lambda",
            "0.95",
            "of the advantage estimate, 0 to 1: 0 trusts the value model, 1 the scores; ppo alone has it"),
    PPO_MISSING_END_PENALTY(
            "ppo.missingEndPenalty",
            "2",
            "scores taken off a completion that never ended, at least 0"),
    PPO_WARMUP_STEPS(
            "ppo.warmupSteps", "0", "as rewardModel.warmupSteps, of policy and value model"),
    PPO_TOTAL_STEPS("ppo.totalSteps", "0", "as rewardModel.totalSteps, of policy and value model"),
    PPO_STEPS_PER_CHECKPOINT(
            "ppo.stepsPerCheckpoint", "1", "steps between two policy versions, at least 1"),
    PPO_EPOCHS("ppo.epochs", "1", "passes over a batch"),
    PPO_MINIBATCHES("ppo.minibatches", "2", "updates a pass"),
    PPO_MAX_STALENESS("ppo.maxStaleness", "4", "versions; an older rollout is dropped and counted"),

    DEVICE("tensor.device", "cpu", "where models compute: cpu, gpu or gpu:N (CUDA)"),
    THREADS(
            "tensor.threads",
            "1",
            "threads of each worker that computes, at most as many as there are cores"),
    SFT_THREADS("tensor.sftThreads", "2", "threads of SFT, which runs alone; at most the cores");

    private final String key;
    private final String fallback;
    private final String meaning;
    private final boolean map;

    Key(String key, String fallback, String meaning) {
        this(key, fallback, meaning, false);
    }

    Key(String key, String fallback, String meaning, boolean map) {
        this.key = key;
        this.fallback = fallback;
        this.meaning = meaning;
        this.map = map;
    }

    /// Dotted name, as in a file.
    public String key() {
        return key;
    }

    /// Value when nothing is given.
    public String fallback() {
        return fallback;
    }

    /// What it means, with unit.
    public String meaning() {
        return meaning;
    }

    /// Whether it is a map, whose entries are written below its name.
    boolean isMap() {
        return map;
    }

    /// Name as an environment variable.
    public String variable() {
        return "RLAIF_" + key.replace('.', '_').toUpperCase(java.util.Locale.ROOT);
    }

    /// The setting that a dotted name belongs to; a name below a map's belongs to the map.
    public static Optional<Key> named(String name) {
        return Arrays.stream(values())
                .filter(k -> k.key.equals(name) || (k.map && name.startsWith(k.key + ".")))
                .findFirst();
    }
}
